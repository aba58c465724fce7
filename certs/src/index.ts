/** The library's door: certificates in memory for tests, and the demo's files for whoever starts it. */
export { createAuthority, issueCertificate } from "./authority.ts";
export type {
  AlternativeName,
  AuthorityRequest,
  CertificateRequest,
  Issued,
  RawExtension,
} from "./authority.ts";
export { CertsError } from "./certs-error.ts";
export { makeDemo } from "./demo.ts";
export type { DemoOptions } from "./demo.ts";
export type { Entry } from "./entry.ts";
export type { KeyAlgorithm } from "./key-pair.ts";
export { createPkcs12 } from "./pkcs12.ts";
export type { Pkcs12Contents } from "./pkcs12.ts";
export { extendedKeyUsages, profiles } from "./profiles.ts";
export type { KeyUsage, Profile } from "./profiles.ts";
export { createRevocationList } from "./revocation-list.ts";
export type { RevocationListRequest, RevocationReason, RevokedCertificate } from "./revocation-list.ts";
export { defaultFolder, pathsOf } from "./store.ts";
export type { Paths } from "./store.ts";
export type { Attribute, Subject } from "./subject.ts";
