/** `/`: the gateway's own page. It says that the gateway works, and to whom it is talking. */
import { commonNameOf, printRfc4514, type ClientIdentity } from "@sallyport/identity";
import { ownAnswer, type OwnAnswer } from "./own-answer.ts";
import { escapeHtml, page, preferredType } from "./page.ts";

export function welcome(identity: ClientIdentity, accept: string | undefined): OwnAnswer {
  if (preferredType(accept, "text") !== "html") return ownAnswer(200, "text", "It works!\n");
  return ownAnswer(200, "html", page("It works!", `<h1>It works!</h1>${whoYouAre(identity)}`));
}

function whoYouAre(identity: ClientIdentity): string {
  if (identity.verify !== "SUCCESS")
    return "<p>You have not presented a certificate, so nobody here knows your name.</p>";
  const { subject, issuer, notAfter } = identity.certificate;
  const end = new Date(notAfter).toISOString();
  return `<p>Your certificate has been verified.</p>
<dl>
<dt>You are</dt><dd><bdi>${escapeHtml(nameOf(subject))}</bdi></dd>
<dt>Subject</dt><dd>${escapeHtml(printRfc4514(subject))}</dd>
<dt>Issued by</dt><dd>${escapeHtml(printRfc4514(issuer))}</dd>
<dt>Valid until</dt><dd><time datetime="${end}">${end.slice(0, 10)}</time></dd>
</dl>`;
}

function nameOf(subject: Parameters<typeof commonNameOf>[0]): string {
  try {
    return commonNameOf(subject);
  } catch {
    return printRfc4514(subject);
  }
}
