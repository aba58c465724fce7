/** The default dialect's subject and issuer are the text of nginx's `$ssl_client_s_dn` and `$ssl_client_i_dn`: RFC 2253 in ASCII. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Subject } from "@sallyport/certs";
import { recordingBackend } from "../support/recording-backend.ts";
import { startNginx } from "./servers/nginx.ts";
import { startSallyport } from "./servers/sallyport.ts";
import { createSite, named, person } from "./servers/site.ts";
import { told } from "./servers/told.ts";

const commonName = (value: string | Uint8Array): Subject => named({ type: "CN", value });
/** A value of any ASN.1 type: tag, length, content. */
const encoded = (tag: number, content: Buffer) =>
  commonName(Buffer.concat([Buffer.from([tag, content.length]), content]));

const subjects: Record<string, Subject> = {
  Grace: commonName("Grace Hopper"),
  Cecilia: commonName("Cecilia Payne"),
  Zoë: commonName("Zoë"),
  山田: commonName("山田 太郎"),
  "characters beyond U+FFFF": commonName("Test 😀 Subject"),
  "a comma": commonName("Hopper, Grace"),
  "everything RFC 2253 escapes": commonName(`"Grace" <a+b>; c\\d, e`),
  "a # in front": commonName("#1 Grace"),
  "a space in front and behind": commonName(" Grace "),
  "a single space": commonName(" "),
  "slashes and equals signs": commonName("Mallory/O=x/CN=Grace Hopper"),
  "a line break": commonName("Mallory\r\nSSL_CLIENT_S_DN: CN=Grace Hopper"),
  "NUL, TAB and DEL": commonName("Mallory\0\t\x7f"),
  "bidi controls": commonName("Mallory\u202erepooH"),
  "a multi-valued RDN": named([
    { type: "CN", value: "Grace, Hopper" },
    { type: "UID", value: "g+hopper" },
  ]),
  "several OUs and an e-mail address": named(
    { type: "OU", value: "Harvard" },
    { type: "OU", value: "Mark I, room 1" },
    { type: "CN", value: "Grace Hopper" },
    { type: "emailAddress", value: "grace@flask.local" },
  ),
  "domain components": [
    { type: "DC", value: "local" },
    { type: "DC", value: "flask" },
    { type: "UID", value: "ghopper" },
  ],
  "an attribute type without a name": named(
    { type: "1.2.3.4.5", value: "private" },
    { type: "CN", value: "Grace Hopper" },
  ),
  "two CNs": named({ type: "CN", value: "Mallory" }, { type: "CN", value: "Grace Hopper" }),
  "an empty CN": commonName(""),
  "a TeletexString": encoded(20, Buffer.from("Zoë", "latin1")),
  "a BMPString": encoded(30, Buffer.from("山田", "utf16le").swap16()),
  "a name of 3000 characters": commonName("G".repeat(3000)),
};

const names = ["SSL_CLIENT_S_DN", "SSL_CLIENT_I_DN", "SSL_CLIENT_VERIFY"];

void test("behind nginx and behind Sallyport", async (context) => {
  const site = await createSite(context);
  const backend = await recordingBackend(context);
  const upstream = `http://127.0.0.1:${backend.port}/`;
  const nginx = await startNginx(context, site, upstream);
  const sallyport = await startSallyport(context, site, upstream, { dialect: "ssl-client" });

  for (const [name, subject] of Object.entries(subjects)) {
    await context.test(`${name}: the same text`, async () => {
      const as = await person(site, subject);
      const byNginx = await told(backend, names, site, nginx, as);
      assert.match(byNginx["SSL_CLIENT_S_DN"]?.[0] ?? "", /^[\x20-\x7e]+$/, "nginx tells a name, in ASCII");
      assert.deepEqual(await told(backend, names, site, sallyport, as), byNginx);
    });
  }
});
