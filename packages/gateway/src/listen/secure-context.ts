/** What TLS is spoken with: certificate and key, whom client certificates are verified against, and whose names clients are told. */
import { constants, type X509Certificate } from "node:crypto";
import {
  createSecureContext,
  getCACertificates,
  setDefaultCACertificates,
  type SecureContext,
  type SecureContextOptions,
} from "node:tls";

/** The roots that browsers trust, PEM. */
export { rootCertificates as publicRoots } from "node:tls";

export type Credentials = {
  readonly certificate: string;
  readonly key: string;
  /** Authorities; none where no client certificate is believed. */
  readonly trusted: readonly X509Certificate[];
  /** Those whose names are told to clients; `undefined` is all of them. */
  readonly advertised: readonly X509Certificate[] | undefined;
  readonly minVersion: "TLSv1.2" | "TLSv1.3";
  readonly ciphers: string | undefined;
  /** Whether sessions can be resumed. */
  readonly resumption: boolean;
  /** Whether keys and digests under OpenSSL's security level are accepted. */
  readonly insecureWeakKeys: boolean;
};

/** Complete, always: whatever a call to setSecureContext leaves out is reset to Node's default. */
export function contextOptions(credentials: Credentials): SecureContextOptions {
  const { certificate, key, trusted, advertised, minVersion, ciphers, resumption, insecureWeakKeys } =
    credentials;
  const level = insecureWeakKeys ? "@SECLEVEL=0" : "";
  return {
    ...{ cert: certificate, key, minVersion },
    // A client could present another certificate behind the one that was verified: Node would go on saying "authorized".
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION | (resumption ? 0 : constants.SSL_OP_NO_TICKET),
    ...(ciphers !== undefined || insecureWeakKeys ? { ciphers: `${ciphers ?? "DEFAULT"}${level}` } : {}),
    ...(advertised ? {} : { ca: trusted.map(String) }),
  };
}

/**
 * Does something that makes a secure context, with these credentials' authorities to verify against.
 *
 * Node tells clients the name of every authority in `ca`. To trust some silently, they take the place of the default
 * authorities, which a context without `ca` verifies against and names none of, for as long as the context is being made.
 */
export function verifyingAgainst<Made>({ trusted, advertised }: Credentials, make: () => Made): Made {
  if (!advertised) return make();
  const before = getCACertificates("default");
  setDefaultCACertificates(trusted.map(String));
  try {
    return make();
  } finally {
    setDefaultCACertificates(before);
  }
}

/** A context of its own, for the connections of one name. */
export function secureContextOf(credentials: Credentials): SecureContext {
  const made = verifyingAgainst(credentials, () => createSecureContext(contextOptions(credentials)));
  for (const authority of credentials.advertised ?? []) addAuthority(made, String(authority));
  return made;
}

/** Trusts an authority and tells its name: the one step that Node does only for `ca` as a whole. */
function addAuthority(made: SecureContext, pem: string): void {
  (made.context as { addCACert: (pem: string) => void }).addCACert(pem);
}
