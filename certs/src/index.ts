/** The library's door: certificates in memory for tests, the demo's files, and an authority's folder for services. */
export { createAuthority, issueCertificate } from "./authority.ts";
export type {
  AlternativeName,
  AuthorityRequest,
  CertificateRequest,
  Issued,
  RawExtension,
} from "./authority.ts";
export type { AuthorityName, IndexEntry } from "./index-entry.ts";
export { CertsError, FolderError } from "./certs-error.ts";
export { makeDemo } from "./demo.ts";
export type { DemoOptions } from "./demo.ts";
export type { Entry } from "./entry.ts";
export { become, nothingElseThan } from "./grants.ts";
export type { Grant } from "./grants.ts";
export { importHelp } from "./import-guide.ts";
export type { ImportSystem } from "./import-steps.ts";
export { issue, issueFor } from "./issue.ts";
export type { IssueRequest, Recorded } from "./issue.ts";
export type { KeyAlgorithm } from "./key-pair.ts";
export { listIssued } from "./list-issued.ts";
export { openAuthority } from "./open-authority.ts";
export type { OpenAuthority, Signer } from "./open-authority.ts";
export { generatePassword } from "./password.ts";
export { personSubject } from "./person-subject.ts";
export { createPkcs12 } from "./pkcs12.ts";
export type { Pkcs12Contents } from "./pkcs12.ts";
export { extendedKeyUsages, profiles } from "./profiles.ts";
export type { KeyUsage, Profile } from "./profiles.ts";
export { readRequest } from "./read-request.ts";
export type { Names, ProvenRequest } from "./read-request.ts";
export { renew } from "./renew.ts";
export type { RenewOptions } from "./renew.ts";
export { createRevocationList } from "./revocation-list.ts";
export type { RevocationListRequest, RevocationReason, RevokedCertificate } from "./revocation-list.ts";
export { makeRoot } from "./root.ts";
export type { RootOptions } from "./root.ts";
export { revoke } from "./revoke.ts";
export type { Revocation } from "./revoke.ts";
export { signRequest } from "./sign-request.ts";
export type { RequestPolicy } from "./sign-request.ts";
export { defaultFolder, pathsOf } from "./store.ts";
export type { Paths } from "./store.ts";
export type { Attribute, Subject } from "./subject.ts";
export { writeCrl } from "./write-crl.ts";
export type { CrlOptions, WrittenCrl } from "./write-crl.ts";
