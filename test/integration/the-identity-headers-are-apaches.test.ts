/** What a backend is told in the dialect mod_ssl-legacy is, byte for byte, what Apache tells it of the same certificate. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Subject } from "@sallyport/certs";
import { recordingBackend } from "../support/recording-backend.ts";
import { startApache } from "./servers/apache.ts";
import { startSallyport } from "./servers/sallyport.ts";
import { createSite, named, person } from "./servers/site.ts";
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
