import assert from "node:assert/strict";
import { test } from "node:test";
import type { AlternativeName, Subject } from "@sallyport/certs";
import { arrivals } from "../support/arrivals.ts";
import { oddSubjects } from "../support/odd-subjects.ts";
import { connectRaw } from "../support/raw-client.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority, graceSubject, type Identity } from "../support/test-authority.ts";

const attribute = (type: string, value: string | Uint8Array) => ({ type, value });
const cn = (value: string | Uint8Array) => attribute("CN", value);
const utf16 = (text: string) => Buffer.from(text, "utf16le").swap16();
/** The DER of a string type with a short value. */
const der = (tag: number, octets: Buffer) => Buffer.concat([Buffer.of(tag, octets.length), octets]);

/** Each route lets in what its rules say, and it is Grace, an engineer, or anybody but Mallory that they mean. */
const onlyGrace: Readonly<Record<string, readonly object[]>> = {
  exact: [{ allow: { subject: { CN: "Grace Hopper" } } }],
  glob: [{ allow: { subject: { CN: "Grace Ho*per" } } }],
  regex: [{ allow: { subject: { CN: { regex: "Grace Hopper" } } } }],
  whole: [{ allow: { subject: graceSubject } }],
  engineers: [{ allow: { subject: { OU: "Engineering" } } }],
  email: [{ allow: { san: { email: "*@flask.local" } } }],
  uri: [{ allow: { san: { uri: "spiffe://flask.local/*" } } }],
};
const notMallory: Readonly<Record<string, readonly object[]>> = {
  "not-exact": [{ deny: { subject: { CN: "Mallory" } } }, { allow: "any" }],
  "not-glob": [{ deny: { subject: { CN: "M*lory*" } } }, { allow: "any" }],
};
const notEvil = { "not-evil": [{ deny: { san: { email: "*@evil.test" } } }, { allow: "any" }] };

/** By RFC 5280 section 7.1: spaces at the ends and what cannot be seen make no other name. */
const isGrace = (subject: Subject) =>
  /^\[\{"type":"CN","value":" *Grace Hopper *"\}\]$/.test(JSON.stringify(subject).replaceAll(/\p{Cf}/gu, ""));

/** Names that read like Grace's to somebody who is careless. */
const pretenders: readonly Subject[] = [
  ...oddSubjects.map(({ subject }) => subject).filter((subject) => !isGrace(subject)),
  [cn("Grace Hopper"), cn("Mallory")],
  [cn("Mallory"), attribute("O", "x\nCN=Grace Hopper\nOU=Engineering")],
  [cn("Mallory"), attribute("O", "Engineering"), attribute("L", "OU=Engineering")],
  [cn(graceSubject)],
  [cn("CN=Grace Hopper")],
  [cn("Grace Hoppe")],
  [cn("Gr\u0430ce Hopper")], // a Cyrillic letter in it
  [cn("Grace\u0338 Hopper")],
  [cn("\u202Ereppoh ecarG\u202C")], // is shown as Grace's
  [cn("\u2066Hopper\u2069 \u2067Grace\u2069")],
  [cn(der(0x03, Buffer.from("\0Grace Hopper")))], // a BIT STRING
  [attribute("serialNumber", "Grace Hopper"), attribute("UID", "Grace Hopper")],
]; // prettier-ignore

/** Ways to write Mallory's name that are still his. */
const disguises: readonly Subject[] = [
  ...["Mallory", "mallory", "MALLORY", " Mallory ", "Mal\u200Blory", "\uFEFFMallory", "Mal\u00ADlory", "Mallo\u200D\u200Cry", "Mallory\u2060", "Mall\u180Eory", "Mal\u202Elory", "\u2066Mallory\u2069", "Mallory\u0000", "M\u0378allory", "Mallory\uE000", "\uFF2D\uFF41\uFF4C\uFF4C\uFF4F\uFF52\uFF59", "\u{1D4DC}allory"].map((name) => [cn(name)]),
  [cn(der(0x1e, utf16("Mallory")))], // BMPString
  [cn(der(0x14, Buffer.from("Mallory")))], // TeletexString
  [cn("Mallory"), cn("Grace Hopper")],
  [cn("Grace Hopper"), cn("Mallory")],
  [[cn("Grace Hopper"), cn("mallory")]],
  [cn("Grace Hopper"), attribute("OU", "Engineering"), cn("MALLORY")],
]; // prettier-ignore

const email = (value: string): AlternativeName => ({ type: "email", value });
const uri = (value: string): AlternativeName => ({ type: "url", value });
/** Alternative names that are not of flask.local. */
const elsewhere = ["grace@evilflask.local", "grace@flask.local.evil.test", "mallory@evil.test@flask.local", "flask.local", "grace@flask.local\u200b", "grace@fl\u0430sk.local"].map(email); // prettier-ignore
const elsewhereUris = ["spiffe://flask.local.evil.test/a", "spiffe://flask.local@evil.test/a", "spiffe:/flask.local/a", "https://flask.local/a", "//flask.local/a", "spiffe://evil.test/spiffe://flask.local/a"].map(uri); // prettier-ignore
const evil = ["x@evil.test", "x@EVIL.TEST", "x@ev\u00ADil.test", "x@flask.local@evil.test"].map(email);

test("nobody gets around a rule by an odd name", { timeout: 60_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const { issue, grace } = authority;
  const backend = await recordingBackend(t);
  const all = { ...onlyGrace, ...notMallory, ...notEvil };
  const routes = Object.entries(all).map(([name, rules]) => ({
    prefix: `/${name}/`,
    upstream: `http://127.0.0.1:${backend.port}/${name}/`,
    rules,
  }));
  const { port } = await startGateway(t, gatewayConfig(authority, backend.port, { routes }));
  /** Asks for each of these routes on one connection. @returns the statuses */
  const visit = async (identity: Identity, names: readonly string[]) => {
    backend.forget();
    const client = await connectRaw({ port, identity });
    for (const name of names)
      client.send(`GET /${name}/ HTTP/1.1\r\nHost: localhost\r\nAccept: text/plain\r\n\r\n`);
    const answers = await client.awaitAnswers(names.length);
    client.close();
    return answers.map(({ status }) => status);
  };
  const shutOut = async (identity: Identity, names: readonly string[], who: string) => {
    const statuses = await visit(identity, names);
    assert.deepEqual(new Set(statuses), new Set([403]), `${who}: ${statuses.join()}`);
    assert.equal(backend.bytes().length, 0, who);
  };

  await t.test("Grace herself passes, and somebody else where only Mallory is denied", async () => {
    const mine: readonly AlternativeName[] = [email("grace@flask.local"), uri("spiffe://flask.local/grace")];
    const engineer = [cn("Grace Hopper"), attribute("OU", "Engineering")];
    const full = await issue(engineer, { alternativeNames: mine });
    const names = ["exact", "glob", "regex", "engineers", "email", "uri", "not-exact", "not-glob", "not-evil"];
    assert.deepEqual(await visit(full, names), names.map(() => 200));
    assert.deepEqual(await visit(grace, ["whole"]), [200]);
    assert.deepEqual(arrivals(backend), [`/whole/ SUCCESS ${graceSubject}`]);
  }); // prettier-ignore

  await t.test("who only reads like Grace is nobody's Grace", async () => {
    for (const subject of pretenders)
      await shutOut(await issue(subject), Object.keys(onlyGrace), JSON.stringify(subject).slice(0, 100));
  });

  await t.test("Mallory is Mallory, however it is written", async () => {
    for (const subject of disguises)
      await shutOut(await issue(subject), Object.keys(notMallory), JSON.stringify(subject));
  });

  await t.test("alternative names: from elsewhere, and denied ones beside good ones", async () => {
    const who = [cn("Test Subject")];
    for (const name of [...elsewhere, ...elsewhereUris])
      await shutOut(await issue(who, { alternativeNames: [name] }), ["email", "uri"], name.value);
    for (const name of evil) {
      const alternativeNames = [email("a@flask.local"), name, email("b@flask.local")];
      await shutOut(await issue(who, { alternativeNames }), Object.keys(notEvil), name.value);
    }
  });
});
