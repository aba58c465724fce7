/** Where our dialects differ from Apache on purpose, and why ours is right. Everything else is a failure. */
import { legacyAmbiguity, type Certificate } from "@sallyport/identity";

export type Found = {
  readonly dialect: string;
  readonly variable: string;
  readonly certificate: Certificate;
  /** As Apache sent it, spaces around it included. */
  readonly apache: string;
  /** What we write; `undefined` for nothing. */
  readonly ours: string | undefined;
  /** The code with which we refuse to write the subject. */
  readonly refusal: string | undefined;
};

export type Difference = { readonly why: string; readonly covers: (found: Found) => boolean };

const isName = ({ variable }: Found) => /_[SI]_DN$/.test(variable);
const refused = ({ refusal }: Found) => refusal === "subject-ambiguous";

export const differences: readonly Difference[] = [
  {
    why: "What is not there is left out. Apache writes the text (null), which is a name to a careless backend.",
    covers: ({ apache, ours, refusal }) => apache === "(null)" && ours === undefined && refusal === undefined,
  },
  {
    why: "HTTP takes away a space at the end, and a lone backslash would be left of the name: ours is written as \\20.",
    covers: (found) =>
      isName(found) && found.apache.endsWith(" ") && found.ours === found.apache.replace(/\\? $/, "\\20"),
  },
  {
    why: "The same in the slash form of an issuer, whose own escape is \\x20.",
    covers: (found) =>
      isName(found) && found.apache.endsWith(" ") && found.ours === found.apache.replace(/ $/, "\\x20"),
  },
  {
    why: "A value that is a single # is escaped (RFC 4514 section 2.4): bare, it begins a value in hex.",
    covers: (found) => isName(found) && found.ours === found.apache.replace(/=#(?=,|$)/, "=\\#"),
  },
  {
    why: "OpenSSL breaks the line behind 35 octets of a serial number, and mod_headers makes a space of the break: no number.",
    covers: ({ variable, apache, ours }) =>
      variable === "SSL_CLIENT_M_SERIAL" && apache.length > 70 && ours === apache.replaceAll("\\ ", ""),
  },
  {
    why: "OpenSSL's short name for uniqueIdentifier is uid, which reads as the user's name: ours is the OID.",
    covers: ({ variable, apache, ours }) =>
      variable === "SSL_CLIENT_S_DN" &&
      apache.includes("uid=unique") &&
      (ours === apache.replace("uid=unique", "0.9.2342.19200300.100.1.44=#0C06756E69717565") ||
        ours === apache.replace("uid=unique", "0.9.2342.19200300.100.1.44=unique")),
  },
  {
    why: "The slash form cannot carry this subject without doubt.",
    covers: (found) =>
      found.dialect === "mod_ssl-legacy" &&
      found.variable === "SSL_CLIENT_S_DN" &&
      refused(found) &&
      legacyAmbiguity(found.certificate.subject) !== undefined,
  },
  {
    why: "HTTP takes away the spaces around a value, and it would be another one's.",
    covers: (found) => !isName(found) && refused(found) && /^ | $/.test(found.apache),
  },
  {
    why: "A value that is no text reads as one where it is printed octet by octet.",
    covers: (found) =>
      /_[SI]_DN_/.test(found.variable) &&
      refused(found) &&
      found.certificate.subject.flat().some(({ value }) => value === undefined),
  },
  {
    why: "Apache counts UPNs that are no UTF8String, and cannot show them. Ours are numbered as in its environment variables.",
    covers: ({ variable, certificate, ours }) =>
      /_msUPN_\d$/.test(variable) && certificate.subjectAltNames.upns[Number(variable.at(-1))] === ours,
  },
];
