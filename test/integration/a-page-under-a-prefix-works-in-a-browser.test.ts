/** What a person sees of an application that was written for `/`: Chromium, a prefix, and links that are rewritten. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { issueCertificate, type Issued } from "@sallyport/certs";
import { startGateway } from "../support/running-gateway.ts";
import { openBrowser } from "./servers/browser.ts";
import { startPrefixlessApp, type Coding } from "./servers/prefixless-app.ts";
import { createSite, named, type Site } from "./servers/site.ts";

const subject = "CN=Grace Hopper,ST=Virginia,C=US";

/** Loads the page, and says what came of it on all sides. */
async function look(context: TestContext, site: Site, grace: Issued, coding: Coding, rewriteHtml: boolean) {
  const app = await startPrefixlessApp(context, coding);
  const gateway = await startGateway(context, {
    listen: [{ host: "127.0.0.1", port: 0, mode: "mutual" }],
    tls: { certificate: site.certificateFile, key: site.keyFile },
    clients: { authorities: [site.rootFile], presence: "required" },
    routes: [{ prefix: "/flask/", upstream: app.url, rewriteHtml }],
  });
  const browser = await openBrowser(context, site, grace);
  const page = await browser.run("--dump-dom", `https://flask.local:${gateway.port}/flask/`);
  const requests = gateway.log.flatMap(({ path, status }) =>
    typeof path === "string" ? [{ path, status: Number(status) }] : [],
  );
  return { app, page, requests, outside: requests.filter(({ path }) => !path.startsWith("/flask/")) };
}

void test("an application for / in a browser, under /flask/", async (context) => {
  const site = await createSite(context);
  const grace = await issueCertificate({
    subject: named({ type: "CN", value: "Grace Hopper" }),
    issuer: site.root,
  });

  for (const coding of ["identity", "gzip", "br"] as const) {
    await context.test(`its pages in ${coding}: all of it is found, and nothing is asked for elsewhere`, async (inner) => {
      const { app, page, requests, outside } = await look(inner, site, grace, coding, true);
      assert.deepEqual(outside, [], "outside the prefix");
      // 499 is of a picture that the browser did not wait for.
      const refused = requests.filter(({ status }) => status >= 400 && status !== 499);
      assert.deepEqual(refused, [], "refused or not found");
      const { base, ...seen } = JSON.parse(app.reports[0] ?? "{}") as Record<string, unknown>;
      assert.match(String(base), /^https:\/\/flask\.local:\d+\/flask\/$/);
      assert.deepEqual(seen, {
        words: "from a module",
        helped: true,
        classic: true,
        coding: coding === "identity" ? "" : coding,
        data: { name: "Grace Hopper" },
        moved: "/flask/arrived.html",
        refreshed: "/flask/refreshed.html",
        submitted: "/flask/submitted.html",
        other: "/flask/other.html",
        linked: "/flask/linked.html",
        pictures: ["/flask/images/b3261e.png 1", "/flask/images/5fcf8e.png 1", "/flask/images/8fb0ff.png 1"],
        use: 48,
        colour: "rgb(1, 2, 3)",
        imported: "rgb(4, 5, 6)",
      });
      assert.deepEqual(app.codings, new Set([coding]));
      const paths = new Set(app.asked.map(({ path }) => path));
      for (const colour of ["2450b2", "a05a00", "b3261e", "5fcf8e", "8fb0ff", "dcd8d0", "34383d", "16181b"])
        assert.ok(paths.has(`/images/${colour}.png`), colour);
      for (const { path, subject: told } of app.asked) assert.equal(told, subject, path);
      const submitted = app.asked.find(({ path }) => path === "/submitted.html");
      assert.deepEqual([submitted?.method, submitted?.body], ["POST", "word=%C3%A9+%26+%3C"]);
      assert.match(page, /^<!DOCTYPE html>/);
      assert.match(page, /<h1>Written for \/<\/h1>/);
    });
  }

  await context.test("without rewriteHtml the same page leads out of its prefix", async (inner) => {
    const { app, outside } = await look(inner, site, grace, "identity", false);
    const lost = new Set(outside.map(({ path, status }) => `${status} ${path}`));
    for (const path of ["/style.css", "/scripts/classic.js", "/images/b3261e.png", "/frame.html"])
      assert.ok(lost.has(`404 ${path}`), path);
    assert.deepEqual(app.reports, []);
  });
}); // prettier-ignore
