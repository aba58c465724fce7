/** Subjects that are somebody's, and read like somebody else's where a backend is careless. */
import type { Subject } from "@sallyport/certs";

export type OddSubject = {
  readonly name: string;
  readonly subject: Subject;
  /** As the dialect ssl-client must write it (RFC 4514, ASCII). */
  readonly rfc4514: string;
  /** As mod_ssl-legacy must write it; nothing where only a refusal is sound. */
  readonly legacy?: string;
};

const cn = (value: string): Subject => [{ type: "CN", value }];

export const oddSubjects: readonly OddSubject[] = [
  { name: "plain", subject: cn("Test Subject"), rfc4514: "CN=Test Subject", legacy: "/CN=Test Subject" },
  { name: "two CNs", subject: [...cn("Mallory"), ...cn("Grace Hopper")], rfc4514: "CN=Grace Hopper,CN=Mallory" },
  { name: "two CNs in one RDN", subject: [[...cn("Mallory"), ...cn("Grace Hopper")].flat()], rfc4514: "CN=Grace Hopper+CN=Mallory" },
  { name: "no CN", subject: [{ type: "O", value: "Test" }], rfc4514: "O=Test" },
  { name: "an OU that holds a CN", subject: [...cn("Mallory"), { type: "OU", value: "x/CN=Grace Hopper" }], rfc4514: "OU=x/CN=Grace Hopper,CN=Mallory" },
  { name: "slash", subject: cn("Mallory/CN=Grace Hopper"), rfc4514: "CN=Mallory/CN=Grace Hopper" },
  { name: "equals sign", subject: cn("a=b"), rfc4514: "CN=a=b" },
  { name: "plus", subject: cn("Mallory+CN=Grace Hopper"), rfc4514: String.raw`CN=Mallory\+CN=Grace Hopper` },
  { name: "comma", subject: cn("Hopper, Grace"), rfc4514: String.raw`CN=Hopper\, Grace` },
  { name: "comma and a CN", subject: cn("Mallory,CN=Grace Hopper"), rfc4514: String.raw`CN=Mallory\,CN=Grace Hopper` },
  { name: "semicolon, angles", subject: cn("a;<b>"), rfc4514: String.raw`CN=a\;\<b\>`, legacy: "/CN=a;<b>" },
  { name: "quotes", subject: cn('"Grace Hopper"'), rfc4514: String.raw`CN=\"Grace Hopper\"`, legacy: '/CN="Grace Hopper"' },
  { name: "backslash", subject: cn(String.raw`a\b`), rfc4514: String.raw`CN=a\\b` },
  { name: "leading hash", subject: cn("#41"), rfc4514: String.raw`CN=\#41`, legacy: "/CN=#41" },
  // white space at the end of a header's value is nobody's: a space that stands there must be written in another way
  { name: "a space at the end", subject: cn("Grace Hopper "), rfc4514: String.raw`CN=Grace Hopper\20` },
  { name: "a space at the beginning", subject: cn(" a"), rfc4514: String.raw`CN=\ a` },
  { name: "CR LF and a header", subject: cn("x\r\nSSL_CLIENT_S_DN: CN=Grace Hopper"), rfc4514: String.raw`CN=x\0D\0ASSL_CLIENT_S_DN: CN=Grace Hopper` },
  { name: "CR LF CR LF and a request", subject: cn("x\r\n\r\nGET /admin HTTP/1.1\r\n\r\n"), rfc4514: String.raw`CN=x\0D\0A\0D\0AGET /admin HTTP/1.1\0D\0A\0D\0A` },
  { name: "NUL", subject: cn("Grace Hopper\0.mallory"), rfc4514: String.raw`CN=Grace Hopper\00.mallory` },
  { name: "escape and bell", subject: cn("\x1b[2J\x07"), rfc4514: String.raw`CN=\1B[2J\07` },
  { name: "Zoë", subject: cn("Zoë"), rfc4514: String.raw`CN=Zo\C3\AB` },
  { name: "山田", subject: cn("山田"), rfc4514: String.raw`CN=\E5\B1\B1\E7\94\B0` },
  { name: "letters that become CR LF in Latin-1", subject: cn("x\u010d\u010aSSL_CLIENT_S_DN: y"), rfc4514: String.raw`CN=x\C4\8D\C4\8ASSL_CLIENT_S_DN: y` },
  { name: "right-to-left override", subject: cn("a\u202eb"), rfc4514: String.raw`CN=a\E2\80\AEb` },
  { name: "an emoji", subject: cn("🦉"), rfc4514: String.raw`CN=\F0\9F\A6\89` },
  { name: "(null)", subject: cn("(null)"), rfc4514: "CN=(null)", legacy: "/CN=(null)" },
  { name: "300 attributes", subject: [...Array.from({ length: 299 }, (_, at) => ({ type: "OU", value: `u${at}` })), ...cn("Test Subject")], rfc4514: `CN=Test Subject,${Array.from({ length: 299 }, (_, at) => `OU=u${298 - at}`).join(",")}`, legacy: `/${Array.from({ length: 299 }, (_, at) => `OU=u${at}`).join("/")}/CN=Test Subject` },
  { name: "a backslash at the end", subject: cn("Grace Hopper\\"), rfc4514: String.raw`CN=Grace Hopper\\` },
  { name: "what looks like an escape", subject: cn(String.raw`Mallory\,CN=Grace Hopper`), rfc4514: String.raw`CN=Mallory\\\,CN=Grace Hopper` },
  { name: "a tab, DEL and C1 controls", subject: cn("a\t\x7f\x85\x9b31m"), rfc4514: String.raw`CN=a\09\7F\C2\85\C2\9B31m` },
  { name: "line and paragraph separators", subject: cn("a\u2028b\u2029"), rfc4514: String.raw`CN=a\E2\80\A8b\E2\80\A9` },
  { name: "isolates and an override around a name", subject: cn("\u2066reppoH\u2069 \u202eecarG\u202c"), rfc4514: String.raw`CN=\E2\81\A6reppoH\E2\81\A9 \E2\80\AEecarG\E2\80\AC` },
  { name: "zero width letters", subject: cn("Grace\u200b Hop\ufeffper"), rfc4514: String.raw`CN=Grace\E2\80\8B Hop\EF\BB\BFper` },
  { name: "two CNs with an OU between", subject: [...cn("Grace Hopper"), { type: "OU", value: "x" }, ...cn("Mallory")], rfc4514: "CN=Mallory,OU=x,CN=Grace Hopper" },
  { name: "an empty CN", subject: cn(""), rfc4514: "CN=", legacy: "/CN=" },
  { name: "an empty CN beside Grace's", subject: [...cn("Grace Hopper"), ...cn("")], rfc4514: "CN=,CN=Grace Hopper" },
  { name: "an O that is the whole of another name", subject: [{ type: "O", value: "x\nCN=Grace Hopper\n" }, ...cn("Mallory")], rfc4514: String.raw`CN=Mallory,O=x\0ACN=Grace Hopper\0A` },
  { name: "an unknown attribute", subject: [{ type: "1.2.3.4", value: "x" }, ...cn("Mallory")], rfc4514: "CN=Mallory,1.2.3.4=#0C0178", legacy: "/1.2.3.4=x/CN=Mallory" },
  { name: "__proto__", subject: cn("__proto__"), rfc4514: "CN=__proto__", legacy: "/CN=__proto__" },
  { name: "a CN of 9000 letters", subject: cn("a".repeat(9000)), rfc4514: `CN=${"a".repeat(9000)}`, legacy: `/CN=${"a".repeat(9000)}` },
]; // prettier-ignore
