/**
 * What a backend is told in the dialects mod_ssl-legacy and mod_ssl is, byte for byte, what Apache tells it of the same
 * certificate, through the running gateway. What is written of stranger certificates is compared without it.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Subject } from "@sallyport/certs";
import { recordingBackend } from "../support/recording-backend.ts";
import { startApache } from "./servers/apache.ts";
import { startSallyport } from "./servers/sallyport.ts";
import { createSite, named, person, type Site } from "./servers/site.ts";
import { modSslVariables } from "./servers/mod-ssl-variables.ts";
import { told } from "./servers/told.ts";

const grace = { type: "CN", value: "Grace Hopper" };

/** Subjects that the slash form carries without doubt. (Several values in one RDN it does not: those we refuse.) */
const subjects: Record<string, Subject> = {
  Grace: named(grace),
  Cecilia: named({ type: "CN", value: "Cecilia Payne" }),
  "a CN alone": [grace],
  "an e-mail address": named(grace, { type: "emailAddress", value: "grace@flask.local" }),
  "domain components": [
    { type: "DC", value: "local" },
    { type: "DC", value: "flask" },
    { type: "UID", value: "ghopper" },
    grace,
  ],
  "several OUs": named(
    { type: "O", value: "Navy" },
    { type: "OU", value: "Harvard" },
    { type: "OU", value: "Mark I" },
    grace,
  ),
  "the CN first": [grace, { type: "O", value: "Navy" }, { type: "C", value: "US" }],
  "more attribute types": named(
    { type: "L", value: "Arlington" },
    { type: "STREET", value: "Main Street 1" },
    { type: "2.5.4.4", value: "Hopper" },
    { type: "2.5.4.42", value: "Grace" },
    { type: "2.5.4.43", value: "GBM" },
    { type: "2.5.4.12", value: "Rear Admiral" },
    { type: "2.5.4.13", value: "a description" },
    { type: "2.5.4.17", value: "22201" },
    { type: "2.5.4.46", value: "qualifier" },
    { type: "2.5.4.65", value: "Amazing Grace" },
    { type: "2.5.4.97", value: "NTRUS-1" },
    grace,
  ),
  "an attribute type without a name": named({ type: "1.2.3.4.5", value: "private" }, grace),
  "odd but harmless characters": named({ type: "CN", value: `#1 "Grace" <O'Hopper>; @home: 100%? (yes!)` }),
};

const identityNames = ["SSL_CLIENT_S_DN", "SSL_CLIENT_I_DN", "SSL_CLIENT_VERIFY", "SSL_SERVER_S_DN_OU"];

for (const unit of [undefined, "Front Door"]) {
  const server = unit === undefined ? "without an OU" : "with an OU";
  void test(`behind a server certificate ${server}`, async (context) => {
    const site = await createSite(context, unit);
    const backend = await recordingBackend(context);
    const upstream = `http://127.0.0.1:${backend.port}/`;
    const apache = await startApache(context, site, upstream);
    const sallyport = await startSallyport(context, site, upstream, { dialect: "mod_ssl-legacy" });

    for (const [name, subject] of Object.entries(subjects)) {
      await context.test(`${name}: the same four headers`, async () => {
        const as = await person(site, subject);
        const byApache = await told(backend, identityNames, site, apache, as);
        assert.deepEqual(byApache["SSL_CLIENT_VERIFY"], ["SUCCESS"]);
        assert.deepEqual(byApache["SSL_SERVER_S_DN_OU"], [unit ?? "(null)"]);
        // Where there is no value Apache writes the text (null): truthy, and a unit to a careless backend. We say nothing.
        const expected = { ...byApache, SSL_SERVER_S_DN_OU: unit === undefined ? [] : [unit] };
        assert.deepEqual(await told(backend, identityNames, site, sallyport, as), expected);
      });
    }
  });
}

/** Subjects for every variable there is. */
const people: Record<"mod_ssl" | "mod_ssl-legacy", Record<string, Subject>> = {
  "mod_ssl-legacy": { Grace: named(grace), "several OUs": subjects["several OUs"] ?? [], "more types": subjects["more attribute types"] ?? [] },
  mod_ssl: {
    Grace: named(grace),
    "names beyond ASCII": named({ type: "O", value: "Société" }, { type: "CN", value: "山田, \"Zoë\" \u202e" }),
    "a multi-valued RDN": named([grace, { type: "UID", value: "g+hopper" }]),
    "a line break": named({ type: "CN", value: "Mallory\r\nSSL_CLIENT_S_DN: CN=Grace Hopper" }),
    "two CNs": named({ type: "CN", value: "Mallory" }, grace),
    "several OUs": subjects["several OUs"] ?? [],
  },
}; // prettier-ignore

for (const dialect of ["mod_ssl", "mod_ssl-legacy"] as const) {
  void test(`every variable, in the dialect ${dialect}`, async (context) => {
    const site: Site = await createSite(context, "Küche");
    const backend = await recordingBackend(context);
    const upstream = `http://127.0.0.1:${backend.port}/`;
    const variables = modSslVariables(2);
    const names = dialect === "mod_ssl" ? "rfc2253" : "legacy";
    const apache = await startApache(context, site, upstream, { names, variables });
    const sallyport = await startSallyport(context, site, upstream, { dialect, variables });

    for (const [name, subject] of Object.entries(people[dialect])) {
      await context.test(`${name}: the same headers`, async () => {
        const as = await person(site, subject);
        const { SSL_SESSION_ID: theirs, ...byApache } = await told(backend, variables, site, apache, as);
        const { SSL_SESSION_ID: ours, ...bySallyport } = await told(backend, variables, site, sallyport, as);
        // Node's client sends the root along, and Apache passes it on. Ours are the authorities below the root.
        byApache["SSL_CLIENT_CERT_CHAIN_0"] = [];
        const expected = Object.entries(byApache).map(([variable, values]) => [
          variable,
          values[0] === "(null)" ? [] : values,
        ]);
        assert.deepEqual(bySallyport, Object.fromEntries(expected));
        // Each has a session of its own; ours leaves the header out where Node does not tell.
        assert.match(theirs?.[0] ?? "", /^[0-9a-f]{64}$/);
        assert.match(ours?.[0] ?? "", /^(?:[0-9a-f]{64})?$/);
      });
    }
  });
}
