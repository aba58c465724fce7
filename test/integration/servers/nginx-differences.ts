/** Where the dialect nginx differs from nginx on purpose, and why ours is right. Everything else is a failure. */
import { legacyAmbiguity, type Certificate } from "@sallyport/identity";

export type Found = {
  readonly header: string;
  readonly certificate: Certificate;
  /** As the backend reads it: nobody gets to see the spaces around a header's value. */
  readonly theirs: string | undefined;
  /** `undefined` for nothing. */
  readonly ours: string | undefined;
  /** The code with which we refuse to write the subject. */
  readonly refusal: string | undefined;
};

export type Difference = { readonly why: string; readonly covers: (found: Found) => boolean };

const isName = (header: string) => /-(?:subject|issuer)-dn$/.test(header);

export const differences: readonly Difference[] = [
  {
    why: "The slash form cannot carry this subject without doubt.",
    covers: ({ header, certificate, refusal }) =>
      header === "ssl-client-s-dn-legacy" &&
      refusal === "subject-ambiguous" &&
      legacyAmbiguity(certificate.subject) !== undefined,
  },
  {
    why: "HTTP takes away a space at the end, and a lone backslash would be left of the name: ours is written as \\20.",
    covers: ({ header, theirs, ours }) =>
      isName(header) && theirs !== undefined && /\\$/.test(theirs) && ours === `${theirs}20`,
  },
  {
    why: "The same in the slash form of an issuer, whose own escape is \\x20.",
    covers: ({ header, certificate, theirs = "", ours }) =>
      header === "ssl-client-i-dn-legacy" &&
      certificate.issuer.at(-1)?.at(-1)?.value?.endsWith(" ") === true &&
      ours === `${theirs}\\x20`,
  },
  {
    why: "A value that is a single # is escaped (RFC 4514 section 2.4): bare, it begins a value in hex.",
    covers: ({ header, theirs, ours }) => isName(header) && ours === theirs?.replace(/=#(?=,|$)/, "=\\#"),
  },
  {
    why: "OpenSSL's short name for uniqueIdentifier is uid, which reads as the user's name: ours is the OID.",
    covers: ({ header, theirs, ours }) =>
      isName(header) &&
      ours === theirs?.replace("uid=unique", "0.9.2342.19200300.100.1.44=#0C06756E69717565"),
  },
  {
    why: "The same in the slash form.",
    covers: ({ header, theirs, ours }) =>
      header === "ssl-client-s-dn-legacy" &&
      ours === theirs?.replace("uid=unique", "0.9.2342.19200300.100.1.44=unique"),
  },
];
