/** `/`: the gateway's own page. It says that the gateway works, and to whom it is talking. */
import { commonNameOf, printRfc4514, type ClientIdentity } from "@sallyport/identity";
import { escapeHtml, ownHeaders, page, preferredType } from "./page.ts";

export type OwnAnswer = { readonly status: number; readonly headers: string[]; readonly body: string };

export function welcome(identity: ClientIdentity, accept: string | undefined): OwnAnswer {
  if (preferredType(accept, "text") !== "html") {
    return {
      status: 200,
      headers: [...ownHeaders, "Content-Type", "text/plain; charset=utf-8"],
      body: "It works!\n",
    };
  }
  const body = `<h1>It works!</h1>\n${whoYouAre(identity)}`;
  return {
    status: 200,
    headers: [...ownHeaders, "Content-Type", "text/html; charset=utf-8"],
    body: page("It works!", body),
  };
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
