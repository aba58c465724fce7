/** What a person sees: Chromium, a certificate in its store, the gateway, and our own app behind it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { issueCertificate } from "@sallyport/certs";
import { startApp } from "../support/running-app.ts";
import { openBrowser } from "./servers/browser.ts";
import { startSallyport } from "./servers/sallyport.ts";
import { createSite, named } from "./servers/site.ts";

void test("a browser at the gateway", async (context) => {
  const site = await createSite(context);
  const { port: appPort, secretFile } = await startApp(context);
  const port = await startSallyport(context, site, `http://127.0.0.1:${appPort}/`, {
    dialect: "ssl-client",
    secretFile,
  });
  const url = `https://flask.local:${port}/flask/`;

  await context.test("with Grace's certificate says hello to her", async (inner) => {
    const grace = await issueCertificate({
      subject: named({ type: "CN", value: "Grace Hopper" }),
      issuer: site.root,
    });
    const browser = await openBrowser(inner, site, grace);
    const page = await browser.run("--dump-dom", url);
    assert.match(page, /<title>[^<]*Hello Grace Hopper!/);
    assert.match(page.replace(/<[^>]+>/g, ""), /Hello Grace Hopper!/);
  });

  await context.test("without a certificate shows the door page", async (inner) => {
    const browser = await openBrowser(inner, site);
    const page = await browser.run("--dump-dom", url);
    assert.match(page, /<code>certificate-missing<\/code>/);
    assert.doesNotMatch(page, /Hello/);
  });
});
