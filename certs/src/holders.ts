/** Who gets a certificate here: the server, and anybody with a name. */
import { CertsError } from "./certs-error.ts";
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
 * A person. The files are called after the first name in lower case, unless `name` says otherwise. Only an e-mail
 * address makes a subjectAltName: there is nothing else to put there.
 *
 * @throws CertsError when a name cannot stand in a certificate or on a disk.
 */
export function client(
  commonName: string,
  options: { readonly name?: string | undefined; readonly email?: string | undefined } = {},
): EndEntity {
  const { email } = options;
  // X.520 allows a common name 64 characters (ub-common-name in RFC 5280 appendix A.1)
  if (!/^\P{Cc}{1,64}$/u.test(commonName) || commonName.trim() !== commonName)
    throw new CertsError(
      "A name has 1 to 64 characters, none of them control characters, and no space at its ends. " +
        'For example: npm run certs -- client "Grace Hopper"',
    );
  const name = options.name ?? commonName.split(/\s/u, 1).join("").toLowerCase();
  if (
    !/^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]{0,63}$/u.test(name) ||
    ["root", "server"].includes(name.toLowerCase())
  )
    throw new CertsError(
      `The files cannot be called ${quoted(name)}. ` +
        `Choose another file name: npm run certs -- client ${quoted(commonName)} --name NAME`,
    );
  // rfc822Name is an IA5String (RFC 5280 section 4.2.1.6)
  if (email !== undefined && !/^[!-?A-~]+@[!-?A-~]+$/.test(email))
    throw new CertsError(`${quoted(email)} is not an e-mail address. For example: --email grace@flask.local`);
  const flags = [
    ...(options.name === undefined ? [] : ["--name", quoted(options.name)]),
    ...(email === undefined ? [] : ["--email", quoted(email)]),
  ];
  return {
    name,
    commonName,
    profile: profiles.client,
    alternativeNames: email === undefined ? [] : [{ type: "email", value: email }],
    words: ["client", quoted(commonName), ...flags].join(" "),
    wordsElsewhere: `client ${quoted(commonName)} --name NAME`,
  };
}
