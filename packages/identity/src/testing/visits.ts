/** Connections as the gateway sees them, of test subjects whose certificates are made for this run. */
import { readCertificate, type Certificate } from "../certificate.ts";
import type { ClientIdentity } from "../client-identity.ts";
import type { Connection } from "../dialects/dialect.ts";
import {
  generalNames, mintCertificate, subjectAltName, userPrincipalName, utf8, type CertificateFields, type DerAttribute,
} from "./der.ts"; // prettier-ignore
import { freshConnection } from "./fresh-connection.ts";

const country: DerAttribute = ["2.5.4.6", utf8("US")];
const issuer = [[country], [["2.5.4.3", utf8("Test Authority")]]] as const;

export function personCalled(commonName: string, fields: CertificateFields = {}): Certificate {
  const account = commonName.split(" ", 1).join("").toLowerCase();
  return readCertificate(
    mintCertificate({
      subject: [[country], [["2.5.4.8", utf8("Virginia")]], [["2.5.4.3", utf8(commonName)]]],
      issuer,
      extensions: [
        subjectAltName(
          generalNames.email(`${account}@flask.local`),
          generalNames.email(`${account}@elsewhere.test`),
          generalNames.dns(`${account}.flask.local`),
          generalNames.uri(`spiffe://flask.local/${account}`),
          generalNames.ip(192, 0, 2, 1),
          generalNames.other(userPrincipalName, utf8(`${account}@upn.test`)),
        ),
      ],
      ...fields,
    }),
  );
}

export const grace = personCalled("Grace Hopper", { serial: Buffer.from("0c0b0a0908", "hex") });
export const mallory = personCalled("Mallory", { serial: Buffer.from("77", "hex") });

/** The gateway's own certificate. */
export const server = readCertificate(
  mintCertificate({
    subject: [[["2.5.4.11", utf8("Küche")]], [["2.5.4.3", utf8("server.flask.local")]]],
    issuer,
    extensions: [subjectAltName(generalNames.dns("server.flask.local"))],
  }),
);

/** The authority between the clients and the root. */
export const intermediate = readCertificate(mintCertificate({ subject: issuer }));

/** A connection of somebody whose certificate was believed, or of whatever else came of it. */
export function visitOf(who: Certificate | ClientIdentity): Connection {
  return {
    identity: "verify" in who ? who : { verify: "SUCCESS", certificate: who },
    chain: [intermediate],
    server,
    tls: { ...freshConnection, sessionId: "00ff".repeat(16) },
    now: Date.UTC(2026, 1, 5, 12),
  };
}
