/** What mod_ssl says of a certificate, the client's and its own alike: `SSL_CLIENT_...`, `SSL_SERVER_...`. */
import { attributeTypes } from "../../attribute-types.ts";
import type { Certificate } from "../../certificate.ts";
import type { DistinguishedName } from "../../distinguished-name.ts";
import type { Connection } from "../dialect.ts";
import type { NameForm } from "./name-form.ts";
import { printPemLine } from "./pem-line.ts";
import { printDaysLeft, printTime } from "./time-text.ts";
import { printValue } from "./value-text.ts";
import type { Variable } from "./variable.ts";

/** Whose certificate is spoken of, and what is done where a value cannot be told as it is. */
export type Holder = {
  readonly prefix: "SSL_CLIENT_" | "SSL_SERVER_";
  readonly certificateOf: (connection: Connection) => Certificate | undefined;
  readonly printSubject: (subject: DistinguishedName, form: NameForm) => string;
  /** @param value text without controls that begins or ends with a space, or `undefined`: it is no text */
  readonly whenUntellable: (value: string | undefined, variable: string) => string | undefined;
};

/** mod_ssl's name for a part -> the attribute type. It has none for serialNumber, DC, street and what else there is. */
const parts = {
  C: "C", ST: "ST", L: "L", O: "O", OU: "OU", CN: "CN", T: "title", I: "initials", G: "GN", S: "SN", D: "description",
  UID: "UID", Email: "emailAddress",
} as const; // prettier-ignore

export function certificateVariables(holder: Holder): Variable[] {
  const { prefix, certificateOf, printSubject, whenUntellable } = holder;

  const single = (
    name: string,
    print: (certificate: Certificate, form: NameForm, now: number) => string,
  ) => ({
    name: prefix + name,
    numbering: "none" as const,
    read(connection: Connection, form: NameForm) {
      const certificate = certificateOf(connection);
      return [() => certificate && print(certificate, form, connection.now)];
    },
  });

  const list = (
    name: string,
    numbering: "from the second" | "from the first",
    values: (certificate: Certificate) => readonly (string | undefined)[],
  ) => ({
    name: prefix + name,
    numbering,
    read(connection: Connection, form: NameForm) {
      const certificate = certificateOf(connection);
      return (certificate ? values(certificate) : []).map((value) => () => {
        const text = value === undefined ? undefined : printValue(value, form.values);
        return text === undefined || /^ | $/.test(text) ? whenUntellable(text, prefix + name) : text;
      });
    },
  });

  const partsOf = (name: string, choose: (certificate: Certificate) => DistinguishedName) =>
    Object.entries(parts).map(([part, shortName]) => {
      const type = attributeTypes.oidOf(shortName);
      return list(`${name}_${part}`, "from the second", (certificate) =>
        choose(certificate)
          .flat()
          .filter((attribute) => attribute.type === type)
          .map((attribute) => attribute.value),
      );
    });

  return [
    single("S_DN", ({ subject }, form) => printSubject(subject, form)),
    ...partsOf("S_DN", ({ subject }) => subject),
    single("I_DN", ({ issuer }, form) => form.printTrusted(issuer)),
    ...partsOf("I_DN", ({ issuer }) => issuer),
    single("M_VERSION", ({ version }) => String(version)),
    single("M_SERIAL", ({ serialNumber }) => serialNumber),
    single("V_START", ({ notBefore }) => printTime(notBefore)),
    single("V_END", ({ notAfter }) => printTime(notAfter)),
    single("V_REMAIN", ({ notAfter }, _, now) => printDaysLeft(notAfter, now)),
    single("A_KEY", ({ keyAlgorithm }) => keyAlgorithm),
    single("A_SIG", ({ signatureAlgorithm }) => signatureAlgorithm),
    list("SAN_Email", "from the first", ({ subjectAltNames }) => subjectAltNames.emails),
    list("SAN_DNS", "from the first", ({ subjectAltNames }) => subjectAltNames.dnsNames),
    list("SAN_OTHER_msUPN", "from the first", ({ subjectAltNames }) => subjectAltNames.upns),
    single("CERT", printPemLine),
  ];
}
