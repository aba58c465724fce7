/** The door `@sallyport/identity/passport`: a Passport strategy that believes the gateway, and nobody else. */
import CustomStrategy from "passport-custom";
import { foldName } from "./fold-name.ts";
import { commonNameOf } from "./distinguished-name.ts";
import type { AssertedIdentity } from "./dialects/dialect.ts";
import { dialects } from "./dialects/index.ts";
import { IdentityError, type IdentityErrorCode } from "./identity-error.ts";
import { readIdentity } from "./read-identity.ts";

/** Express's request, as Passport hands it on. */
export type Request = Parameters<CustomStrategy.VerifyCallback>[0];

/**
 * Which part of an identity is the user's name. Exactly one value has to be there: of two, whoever can add the second
 * could otherwise be somebody else.
 *
 * - `CN`: the subject's one common name. In a dialect that carries a user's name and no subject, that name.
 * - `email`: the one e-mail address of the certificate's alternative names.
 * - `upn`: its one user principal name.
 * - `sha256`: the certificate's fingerprint, lower-case hex. The only one that no authority can give to a second certificate.
 * - a function: `undefined` and `""` are no name, an {@link IdentityError} is a doubt, any other error is Passport's `error`.
 */
export type UserNameField =
  "CN" | "email" | "upn" | "sha256" | ((asserted: AssertedIdentity) => string | undefined);

/** Why a request that claimed an identity was not believed. Stable: logs and tests match it. */
export type DoubtCode =
  | IdentityErrorCode
  /** Somebody other than the gateway speaks the dialect. */
  | "request-untrusted"
  /** The identity is proved, and does not carry the field that names the user. */
  | "user-name-missing"
  /** The field is there more than once. */
  | "user-name-repeated"
  /** The name is proved, and `verify` knows nobody by it. */
  | "user-unknown";

/** `request.user` where no `verify` looks anybody up. */
export type CertificateUser = {
  /** As it stands in the certificate. It may hold any character: escape it where it is shown. */
  readonly name: string;
  /** Everything else that the gateway vouches for. */
  readonly asserted: AssertedIdentity;
};

/** Looks up who a proved name belongs to; `false` when nobody. What it throws is Passport's `error`. */
export type VerifyUser<User> = (
  asserted: AssertedIdentity,
  name: string,
  request: Request,
) => User | false | Promise<User | false>;

/** What {@link CertificateStrategy} has to know; `dialect` and `trusted` at least. */
export type CertificateStrategyOptions<User extends object> = {
  /** The dialect of the gateway's route to this backend: `ssl-client`, `envoy`, ... */
  readonly dialect: string;
  /** What becomes the user's name; `CN` when left out. */
  readonly field?: UserNameField;
  /**
   * Whether the gateway itself sent this request: a shared secret was right, or the socket is one that only the gateway
   * can reach. Anybody else who reaches the backend can write every header. Only `true` means yes: what is merely
   * truthy, such as the promise of an async function, means no.
   */
  readonly trusted: (request: Request) => boolean;
  /** Without it, every proved name is a user: a {@link CertificateUser}. */
  readonly verify?: VerifyUser<User>;
  /** Told why a claim was not believed, for the log. The client is never told. */
  readonly onDoubt?: (code: DoubtCode, message: string) => void;
};

// passport-custom types its name as the one word "custom".
const Strategy: new (
  options: CustomStrategy.StrategyOptions,
  verify: CustomStrategy.VerifyCallbackWithOptions,
) => Omit<CustomStrategy, "name"> = CustomStrategy;

/**
 * Authenticates a request by the identity headers of Sallyport's gateway, or of any gateway that speaks one of the dialects.
 *
 * What has been proved when a user comes out: the request is the gateway's, as far as `trusted` proves it; the gateway
 * has verified the client's certificate on this connection (chain, dates, purpose, and that the client holds the key);
 * the name is that certificate's. What has not: that the person still works here, or may do what is asked. That is
 * `verify`'s business, and the routes'.
 *
 * Outcomes, as Passport means them:
 * - `success`: the user.
 * - `fail`: anonymous, not believed, or not known. Without a challenge or a reason: both belong in the log (`onDoubt`).
 * - `error`: the lookup, or another function of yours, threw. Nobody is signed in.
 *
 * There is no session: identity is proved anew on each request, and a session would outlive the certificate. So Passport
 * must be asked with `{ session: false }`; anything else is an `error`.
 *
 * @example
 * passport.use(new CertificateStrategy({ dialect: "ssl-client", trusted: (request) => isFromGateway(request) }));
 * app.use(passport.authenticate("client-certificate", { session: false }));
 */
export class CertificateStrategy<User extends object = CertificateUser> extends Strategy {
  /** The name under which `passport.use` knows it. */
  readonly name = "client-certificate";

  /** @throws TypeError for a dialect that does not exist, or when nothing says which requests are the gateway's */
  constructor(options: CertificateStrategyOptions<User>) {
    const identify = identification(options);
    super({ passOptionsToCallback: true }, (request, asked: { session?: unknown } | undefined, done) => {
      if (asked?.session !== false) {
        done(new TypeError("A client certificate starts no session: authenticate with { session: false }."));
        return;
      }
      identify(request).then((user) => { done(null, user); }, done); // prettier-ignore
    });
  }
}

function identification<User extends object>(options: CertificateStrategyOptions<User>) {
  const { field = "CN", trusted, verify, onDoubt } = options;
  const dialect = dialects.find(({ name }) => name === options.dialect);
  if (!dialect) throw new TypeError(`There is no dialect ${options.dialect}.`);
  if (typeof trusted !== "function")
    throw new TypeError("`trusted` must say which requests are the gateway's.");
  const owned = new Set(dialect.headerNames.map(foldName));
  const doubt = (code: DoubtCode, message: string): false => {
    onDoubt?.(code, message);
    return false;
  };

  return async (request: Request): Promise<User | CertificateUser | false> => {
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-boolean-literal-compare -- a promise is truthy
    if (trusted(request) !== true) {
      const claims = request.rawHeaders.some((name, at) => at % 2 === 0 && owned.has(foldName(name)));
      return claims && doubt("request-untrusted", "A request that is not the gateway's claims an identity.");
    }
    const proved = believe(request.rawHeaders, dialect.name, field, doubt);
    if (!proved) return false;
    const { asserted, name } = proved;
    if (!verify) return { name, asserted };
    return (await verify(asserted, name, request)) || doubt("user-unknown", "Nobody is known by this name.");
  };
}

/** @returns `false` for the anonymous and for whoever is not believed; the latter is told to `doubt` */
function believe(
  rawHeaders: readonly string[],
  dialect: string,
  field: UserNameField,
  doubt: (code: DoubtCode, message: string) => false,
): CertificateUser | false {
  try {
    // Never `request.headers`: it joins repeated lines, and whoever added the second one could choose the name.
    const asserted = readIdentity(rawHeaders, dialect);
    if (!asserted) return false;
    const [name, ...others] = namesIn(asserted, field);
    if (others.length > 0) return doubt("user-name-repeated", "The identity holds more than one name.");
    if (typeof name !== "string" || name === "")
      return doubt("user-name-missing", "The identity does not hold the field that names the user.");
    return { name, asserted };
  } catch (error) {
    if (error instanceof IdentityError) return doubt(error.code, error.message);
    throw error;
  }
}

function namesIn(asserted: AssertedIdentity, field: UserNameField): readonly (string | undefined)[] {
  if (typeof field === "function") return [field(asserted)];
  switch (field) {
    case "CN":
      return [asserted.subject ? commonNameOf(asserted.subject) : asserted.user];
    case "email":
      return asserted.emails;
    case "upn":
      return asserted.upns;
    case "sha256":
      return [asserted.sha256];
  }
}
