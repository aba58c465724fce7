/**
 * A user's name and nothing else, as oauth2-proxy (`X-Forwarded-User`) and Authelia (`Remote-User`) write it. The name is
 * the subject's one CN, the address its one email. There is no word for a verdict: who is not believed is nobody.
 */
import type { Certificate } from "../certificate.ts";
import { valuesOf } from "../distinguished-name.ts";
import { IdentityError } from "../identity-error.ts";
import type { Dialect } from "./dialect.ts";
import { fromWire, nothingAsserted, toWire } from "../wire/header-lines.ts";
import { onlyValues } from "../wire/only-values.ts";

const headers = {
  forwardedUser: "X-Forwarded-User",
  forwardedEmail: "X-Forwarded-Email",
  user: "Remote-User",
  email: "Remote-Email",
} as const;

export const remoteUser: Dialect = {
  name: "remote-user",
  headerNames: Object.values(headers),
  // What its readers believe beside the name: groups and display names.
  headerFamilies: [
    "remote_",
    "x_forwarded_user",
    "x_forwarded_email",
    "x_forwarded_groups",
    "x_forwarded_preferred_",
  ],
  variables: undefined,
  write({ identity }) {
    if (identity.verify !== "SUCCESS") return [];
    const user = toWire(userOf(identity.certificate));
    // Of several addresses none is the one; they are left out.
    const [email, ...more] = identity.certificate.subjectAltNames.emails;
    if (email === undefined || more.length > 0) return [[headers.forwardedUser, user], [headers.user, user]]; // prettier-ignore
    requireEmail(email);
    return [
      [headers.forwardedUser, user],
      [headers.forwardedEmail, email],
      [headers.user, user],
      [headers.email, email],
    ];
  },
  read(lines) {
    const told = onlyValues(lines, headers);
    if (Object.values(told).every((value) => value === undefined)) return undefined;
    const user = oneOf(told.forwardedUser, told.user);
    const email = oneOf(told.forwardedEmail, told.email);
    if (user === undefined) {
      throw new IdentityError("subject-missing", `The request carries no ${headers.user}.`);
    }
    const name = fromWire(user);
    requireName(name);
    if (email !== undefined) requireEmail(email);
    return { ...nothingAsserted, user: name, emails: email === undefined ? [] : [email] };
  },
};

function userOf({ subject }: Certificate): string {
  const [name, ...more] = valuesOf(subject, "CN");
  if (name === undefined || more.length > 0) {
    throw new IdentityError(
      "subject-ambiguous",
      `The subject holds ${name === undefined ? "no" : more.length + 1} CN.`,
    );
  }
  requireName(name);
  return name;
}

/** What some receiver would trim, fold, end a line at or show in another order: "Grace Hopper " would become her. */
function requireName(name: string): void {
  if (name === "" || name !== name.trim() || /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u.test(name)) {
    throw new IdentityError(
      "subject-ambiguous",
      "The CN is empty, or holds a character that does not survive HTTP.",
    );
  }
}

/** RFC 5280 section 4.2.1.6 has ASCII there. */
function requireEmail(email: string): void {
  if (!/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(email)) {
    throw new IdentityError("subject-ambiguous", "The email address is not plain ASCII text.");
  }
}

function oneOf(forwarded: string | undefined, remote: string | undefined): string | undefined {
  if (forwarded !== undefined && remote !== undefined && forwarded !== remote) {
    throw new IdentityError(
      "certificate-mismatch",
      "The X-Forwarded- and the Remote- headers name two users.",
    );
  }
  return forwarded ?? remote;
}
