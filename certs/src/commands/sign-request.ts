import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import type { AlternativeName } from "../authority.ts";
import { CertsError } from "../certs-error.ts";
import { locked } from "../folder-lock.ts";
import { namesOf } from "../grants.ts";
import type { Grant } from "../grants.ts";
import { checkFileName, client } from "../holders.ts";
import type { Person } from "../holders.ts";
import { nextCommand, quoted } from "../next-command.ts";
import { openAuthority } from "../open-authority.ts";
import type { OpenAuthority } from "../open-authority.ts";
import { personSubject } from "../person-subject.ts";
import { profiles } from "../profiles.ts";
import { printSubject } from "../read-subject.ts";
import type { Passphrase } from "../read-authority-key.ts";
import { signRequest as sign } from "../sign-request.ts";
import { spokenDate } from "../spoken-date.ts";
import { isThere, pathsOf, shown, writeFiles } from "../store.ts";

export type SignRequestOptions = Person & {
  readonly folder: string;
  /** The CN, whatever the request says. */
  readonly as?: string;
  /** A server's certificate; a person's, unless set. */
  readonly server?: boolean;
  readonly days?: number;
  readonly force?: boolean;
  readonly allowAmbiguous?: boolean;
  readonly passphrase?: Passphrase | undefined;
};

/**
 * `sign-request CSR`: issues a certificate for a key that stays with whoever made the request. A request may say who
 * its holder is and under what addresses they are reached; where they live, in which groups they are and what they may
 * do is said here. Returns the lines to print.
 */
export async function signRequest(given: string, options: SignRequestOptions): Promise<readonly string[]> {
  const { folder, days, force = false, allowAmbiguous, server = false } = options;
  const path = resolve(given);
  const request = await readFile(path).catch(() => {
    throw new CertsError(
      `Cannot read the request ${shown(path)}. Make one: openssl req -new -out ${quoted(shown(path))}`,
    );
  });
  const name = options.name ?? basename(path).replace(/\.[a-z0-9]+$/i, "");
  checkFileName(name, `sign-request ${quoted(shown(path))}`);
  const { crt, key } = pathsOf(folder, name);
  if (await isThere(key))
    throw new CertsError(
      `${shown(key)} is another key under this name. Choose another file name: --name NAME`,
    );
  if (!force && (await isThere(crt)))
    throw new CertsError(
      `${shown(crt)} is already there. Choose another file name with --name NAME, or --force`,
    );
  const authority = await openAuthority(folder, options);
  const { certificatePem, chainPem, notAfter } = await sign(authority, request, {
    name,
    profile: server ? profiles.server : profiles.client,
    days,
    allowAmbiguous,
    grant: server ? grantServer(authority, options) : grantPerson(authority, options),
  });
  await locked(folder, () =>
    writeFiles([{ path: crt, content: [certificatePem, ...chainPem].join(""), secret: false }]),
  );
  const { subject, alternativeNames } = namesOf(certificatePem);
  return [
    `Signed ${shown(path)} for ${printSubject(subject)}${alternativeNames.map(({ type, value }) => `, ${type}:${value}`).join("")}.`,
    `Wrote ${shown(crt)}, ends ${spokenDate(notAfter)}.`,
    "",
    `Send it back; the key is where the request was made. All that is in it: ${nextCommand(`show ${name}`, folder)}`,
  ];
}

function grantPerson(authority: OpenAuthority, options: SignRequestOptions): Grant {
  return (asked) => {
    const { alternativeNames, organizationalUnits = [] } = client(options.as ?? commonNameIn(asked.subject), {
      ...options,
      name: "request",
    });
    return {
      subject: personSubject(authority, {
        commonName: options.as ?? commonNameIn(asked.subject),
        organizationalUnits,
      }),
      alternativeNames:
        alternativeNames.length > 0 ? alternativeNames : ofKinds(["email"], asked.alternativeNames),
    };
  };
}

function grantServer(authority: OpenAuthority, options: SignRequestOptions): Grant {
  return (asked) => ({
    subject: personSubject(authority, { commonName: options.as ?? commonNameIn(asked.subject) }),
    alternativeNames: ofKinds(["dns", "ip"], asked.alternativeNames),
  });
}

function commonNameIn(subject: Parameters<Grant>[0]["subject"]): string {
  const [name, ...more] = subject.flat().filter(({ type }) => type === "CN");
  if (typeof name?.value === "string" && more.length === 0) return name.value;
  throw new CertsError("The request's subject has not exactly one CN. Say who it is for: --as NAME");
}

function ofKinds(
  kinds: readonly AlternativeName["type"][],
  names: readonly AlternativeName[],
): readonly AlternativeName[] {
  const other = names.find(({ type }) => !kinds.includes(type));
  if (!other) return names;
  throw new CertsError(
    `The request asks for ${other.type}:${other.value}, and may ask for ${kinds.join(" and ")} alone. ` +
      `What you know to be true you can say yourself: --email, --upn, --uri; for a server: --server`,
  );
}
