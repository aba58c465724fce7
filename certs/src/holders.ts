/** Who gets a certificate here: the server, and anybody with a name. */
import { isIP } from "node:net";
import { CertsError } from "./certs-error.ts";
import { checkAlternativeNames } from "./check-alternative-names.ts";
import type { EndEntity } from "./end-entity.ts";
import { quoted } from "./next-command.ts";
import { profiles } from "./profiles.ts";

/** The gateway under every name by which this machine can be reached. */
export const server: EndEntity = {
  name: "server",
  commonName: "*.flask.local",
  profile: profiles.server,
  alternativeNames: [
    { type: "dns", value: "flask.local" },
    { type: "dns", value: "*.flask.local" },
    { type: "dns", value: "localhost" },
    { type: "ip", value: "127.0.0.1" },
    { type: "ip", value: "::1" },
  ],
  words: "server",
};

/**
 * Another server: the first name is its common name, and all of them stand in subjectAltName. Its files are called
 * after the first, unless `name` says otherwise.
 */
export function serverNamed(
  names: readonly string[],
  options: { readonly name?: string | undefined } = {},
): EndEntity {
  const [commonName] = names;
  if (commonName === undefined) return server;
  const name = options.name ?? commonName.replace("*", "wildcard").replaceAll(":", "-");
  const given = names.map(quoted).join(" ");
  checkFileName(name, `server ${given}`, ownFiles);
  const alternativeNames = names.map((value) => ({ type: isIP(value) === 0 ? "dns" : "ip", value }) as const);
  checkAlternativeNames(alternativeNames);
  return {
    name,
    commonName,
    profile: profiles.server,
    alternativeNames,
    words: `server ${given}${options.name === undefined ? "" : ` --name ${quoted(options.name)}`}`,
    wordsElsewhere: `server ${given} --name NAME`,
  };
}

/** What is known of a person beside their name. */
export type Person = {
  /** Of the files. */
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  /** User principal name, as Windows and Active Directory know people. */
  readonly upn?: string | undefined;
  readonly uri?: string | undefined;
  /** The unit they belong to, and the groups they are in: an OU each, which is what the gateway's rules ask for. */
  readonly ou?: string | undefined;
  readonly group?: readonly string[] | undefined;
};

/**
 * A person. The files are called after the first name in lower case, unless `name` says otherwise.
 *
 * @throws CertsError when a name cannot stand in a certificate or on a disk.
 */
export function client(commonName: string, options: Person = {}): EndEntity {
  const { email, upn, uri, ou, group = [] } = options;
  // X.520 allows a common name 64 characters (ub-common-name in RFC 5280 appendix A.1)
  if (!/^\P{Cc}{1,64}$/u.test(commonName) || commonName.trim() !== commonName)
    throw new CertsError(
      "A name has 1 to 64 characters, none of them control characters, and no space at its ends. " +
        'For example: npm run certs -- client "Grace Hopper"',
    );
  const name = options.name ?? commonName.split(/\s/u, 1).join("").toLowerCase();
  checkFileName(name, `client ${quoted(commonName)}`);
  // rfc822Name is an IA5String (RFC 5280 section 4.2.1.6)
  if (email !== undefined && !/^[!-?A-~]+@[!-?A-~]+$/.test(email))
    throw new CertsError(`${quoted(email)} is not an e-mail address. For example: --email grace@flask.local`);
  const alternativeNames = [
    ...(email === undefined ? [] : [{ type: "email", value: email } as const]),
    ...(upn === undefined ? [] : [{ type: "upn", value: upn } as const]),
    ...(uri === undefined ? [] : [{ type: "url", value: uri } as const]),
  ];
  checkAlternativeNames(alternativeNames);
  const given = { name: options.name, email, upn, uri, ou };
  const flags = [
    ...Object.entries(given).flatMap(([flag, value]) =>
      value === undefined ? [] : [`--${flag}`, quoted(value)],
    ),
    ...group.flatMap((value) => ["--group", quoted(value)]),
  ];
  return {
    name,
    commonName,
    organizationalUnits: [...(ou === undefined ? [] : [ou]), ...group],
    profile: profiles.client,
    alternativeNames,
    words: ["client", quoted(commonName), ...flags].join(" "),
    wordsElsewhere: `client ${quoted(commonName)} --name NAME`,
  };
}

/** Names of the authority's own files. */
const ownFiles: readonly string[] = ["root", "intermediate", "index", "revoked"];

/** @throws CertsError when files of an end entity cannot have this name */
export function checkFileName(
  name: string,
  words: string,
  taken: readonly string[] = [...ownFiles, "server"],
): void {
  if (/^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]{0,63}$/u.test(name) && !taken.includes(name.toLowerCase())) return;
  throw new CertsError(
    `The files cannot be called ${quoted(name)}. Choose another file name: npm run certs -- ${words} --name NAME`,
  );
}
