/** `/`: the gateway's own page. It says that the gateway works, to whom it is talking, and where to go on. */
import type { ClientIdentity } from "@sallyport/identity";
import { certificateFields } from "./certificate-fields.ts";
import { ownAnswer, type OwnAnswer } from "./own-answer.ts";
import { escapeHtml, page, preferredType } from "./page.ts";

/** @param prefixes of the routes that this client may try */
export function welcome(
  identity: ClientIdentity,
  prefixes: readonly string[],
  accept: string | undefined,
): OwnAnswer {
  if (preferredType(accept, "text") !== "html") return ownAnswer(200, "text", "It works!\n");
  const parts = [`<h1>It works!</h1>`, whoYouAre(identity), whereToGo(prefixes)];
  return ownAnswer(200, "html", page("It works!", parts.join("\n")));
}

function whoYouAre(identity: ClientIdentity): string {
  if (identity.verify !== "SUCCESS") {
    return `<p class="state warn"><span aria-hidden="true">!</span> You have not presented a certificate: nobody here knows your name.</p>`;
  }
  return `<p class="state good"><span aria-hidden="true">✓</span> Your certificate has been verified.</p>
${certificateFields(identity.certificate)}`;
}

function whereToGo(prefixes: readonly string[]): string {
  const links = prefixes.map(
    (prefix) => `<li><a href="${escapeHtml(prefix)}">${escapeHtml(prefix)}</a></li>`,
  );
  return links.length === 0 ? "" : `<h2>Go on to</h2>\n<ul>${links.join("\n")}</ul>`;
}
