/**
 * A Flask application that was written for Apache and knows nothing of Sallyport: it says the same behind both, and what
 * makes it greet the wrong person behind Apache does not reach it behind Sallyport.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { startApache } from "./servers/apache.ts";
import { startFlask } from "./servers/flask.ts";
import { startSallyport } from "./servers/sallyport.ts";
import { createSite, named, person, personNamed } from "./servers/site.ts";
import { visit } from "./servers/visit.ts";

void test("the seed's Flask app", async (context) => {
  const site = await createSite(context);
  const flask = await startFlask(context);
  const apache = await startApache(context, site, flask);
  const sallyport = await startSallyport(context, site, flask, { dialect: "mod_ssl-legacy" });
  const grace = await personNamed(site, "Grace Hopper");
  const greeting = (name: string) => ({ status: 200, body: `Hello ${name}!\n` });

  await context.test("greets Grace and Cecilia behind both", async () => {
    for (const port of [apache, sallyport]) {
      assert.deepEqual(await visit(site, port, { as: grace }), greeting("Grace Hopper"));
      const as = await personNamed(site, "Cecilia Payne");
      assert.deepEqual(await visit(site, port, { as }), greeting("Cecilia Payne"));
    }
  });

  await context.test("greets nobody who comes straight to it", async () => {
    const answer = await fetch(flask);
    assert.deepEqual([answer.status, await answer.text()], [200, "Hello Unauthorized!"]);
  });

  await context.test("a second spelling of the header makes Grace Mallory behind Apache alone", async () => {
    // WSGI has one name for both spellings: Werkzeug joins the two values, and the last CN wins.
    const headers = ["SSL_CLIENT_S_DN", "x", "SSL-CLIENT-S-DN", "/CN=Mallory"];
    assert.deepEqual(await visit(site, apache, { as: grace, headers }), greeting("Mallory"));
    assert.deepEqual(await visit(site, sallyport, { as: grace, headers }), greeting("Grace Hopper"));
  });

  await context.test("nothing of a second spelling reaches the app behind Sallyport", async () => {
    const headers = ["SSL-CLIENT-S-DN", "/O=one=two"]; // whatever it is joined with, the app cannot take it apart
    assert.equal((await visit(site, apache, { as: grace, headers })).status, 500);
    assert.deepEqual(await visit(site, sallyport, { as: grace, headers }), greeting("Grace Hopper"));
  });

  await context.test("a slash in a value makes Mallory Grace behind Apache alone", async () => {
    const as = await person(
      site,
      named({ type: "CN", value: "Mallory" }, { type: "OU", value: "x/CN=Grace Hopper" }),
    );
    assert.deepEqual(await visit(site, apache, { as }), greeting("Grace Hopper"));
    const refusal = await visit(site, sallyport, { as, headers: ["Accept", "application/json"] });
    assert.equal(refusal.status, 403);
    assert.equal((JSON.parse(refusal.body) as { code: string }).code, "subject-ambiguous");
  });
});
