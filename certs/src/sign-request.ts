import type { Grant } from "./grants.ts";
import { issueFor } from "./issue.ts";
import type { IssueRequest, Recorded } from "./issue.ts";
import type { OpenAuthority } from "./open-authority.ts";
import { readRequest } from "./read-request.ts";

/** What a request's certificate is, whatever the request says: its names are granted, all else is fixed here. */
export type RequestPolicy = Pick<IssueRequest, "name" | "profile" | "days" | "allowAmbiguous"> & {
  readonly grant: Grant;
};

/**
 * Issues a certificate for a PKCS#10 request, PEM or DER. The private key stays with whoever made the request, and that
 * they have it is checked first.
 *
 * @throws CertsError when the request cannot be read or is not proven, and when the policy does not grant its names.
 */
export async function signRequest(
  authority: OpenAuthority,
  request: string | Uint8Array,
  { grant, ...policy }: RequestPolicy,
): Promise<Recorded> {
  const { publicKey, ...asked } = await readRequest(request);
  const { subject, alternativeNames } = grant(asked);
  return issueFor(authority, { ...policy, subject, alternativeNames }, publicKey);
}
