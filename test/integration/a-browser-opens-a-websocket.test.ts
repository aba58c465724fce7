/** A page in Chromium that opens a WebSocket: with the certificate that its own page came with, and in the same name. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { issueCertificate } from "@sallyport/certs";
import { startGateway } from "../support/running-gateway.ts";
import { openBrowser } from "./servers/browser.ts";
import { startPrefixlessApp } from "./servers/prefixless-app.ts";
import { createSite, named } from "./servers/site.ts";

void test("a browser opens a WebSocket", async (context) => {
  const site = await createSite(context);
  const app = await startPrefixlessApp(context, "identity");
  const gateway = await startGateway(context, {
    listen: [{ host: "127.0.0.1", port: 0, mode: "mutual" }],
    tls: { certificate: site.certificateFile, key: site.keyFile },
    clients: { authorities: [site.rootFile], presence: "required" },
    routes: [{ prefix: "/flask/", upstream: app.url }],
  });
  const grace = await issueCertificate({
    subject: named({ type: "CN", value: "Grace Hopper" }),
    issuer: site.root,
  });
  const browser = await openBrowser(context, site, grace);
  const page = await browser.run("--dump-dom", `https://flask.local:${gateway.port}/flask/talk.html`);
  assert.deepEqual(app.reports.map((report) => JSON.parse(report) as unknown), [
    { echoes: ["Grüße", "", `${1 << 20} true`], closed: [3001, "enough", true] },
  ]); // prettier-ignore
  assert.match(page, /Grüße/);
  const [opened, ...more] = app.asked.filter(({ method }) => method === "WebSocket");
  assert.deepEqual(
    [opened?.path, opened?.subject, more],
    ["/socket", "CN=Grace Hopper,ST=Virginia,C=US", []],
  );
  const line = await gateway.logged(({ status }) => status === 101);
  assert.equal(line["path"], "/flask/socket");
});
