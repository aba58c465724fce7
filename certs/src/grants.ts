/** Who a request's certificate is for: each of these decides it in another way. They throw CertsError to refuse. */
import { X509Certificate } from "./x509.ts";
import type { AlternativeName } from "./authority.ts";
import { CertsError } from "./certs-error.ts";
import { printSubject, readSubject } from "./read-subject.ts";
import { readAlternativeNames } from "./read-request.ts";
import type { Names } from "./read-request.ts";

/** From what a request asks for to what it gets. */
export type Grant = (asked: Names) => Names;

/** These names, whatever the request says: for somebody who has proved by other means who they are. */
export function become(names: Names): Grant {
  return () => names;
}

/** These names, and a refusal for a request that names anything else. What it leaves open is filled in. */
export function nothingElseThan(names: Names): Grant {
  const [subject, alternativeNames] = [printSubject(names.subject), names.alternativeNames.map(comparable)];
  return (asked) => {
    if (asked.subject.length > 0 && printSubject(asked.subject) !== subject)
      throw new CertsError(
        `The request asks for ${printSubject(asked.subject)}, and may ask for ${subject} alone.`,
      );
    const other = asked.alternativeNames.find((name) => !alternativeNames.includes(comparable(name)));
    if (other)
      throw new CertsError(
        `The request asks for ${other.type}:${other.value}, which ${subject} does not have.`,
      );
    return names;
  };
}

/** A certificate's names for a request that has exactly these: renewal, as RFC 7030 section 4.2.2 wants it. */
export function sameAs(certificate: string | Uint8Array): Grant {
  const names = namesOf(certificate);
  const all = names.alternativeNames.map(comparable).toSorted().join("\n");
  return (asked) => {
    if (
      printSubject(asked.subject) !== printSubject(names.subject) ||
      asked.alternativeNames.map(comparable).toSorted().join("\n") !== all
    )
      throw new CertsError(
        "The request's subject and subjectAltName are not those of the certificate it renews.",
      );
    return names;
  };
}

/** The names in a certificate. */
export function namesOf(given: string | Uint8Array): Names {
  const certificate = new X509Certificate(typeof given === "string" ? given : new Uint8Array(given));
  const extension = certificate.getExtension("2.5.29.17");
  return {
    subject: readSubject(new Uint8Array(certificate.rawData)),
    alternativeNames: extension ? readAlternativeNames(new Uint8Array(extension.rawData)) : [],
  };
}

function comparable({ type, value }: AlternativeName): string {
  return `${type}:${type === "dns" ? value.toLowerCase() : value}`;
}
