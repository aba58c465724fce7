import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { describe, it } from "node:test";
import { issueCertificate } from "@sallyport/certs";
import { standingOf } from "./invitations/invitation.ts";
import { grace } from "./testing/grace.ts";
import { request } from "./testing/request.ts";
import { runningDesk } from "./testing/running-desk.ts";

const pkcs10 = { "Content-Type": "application/pkcs10" };
const inAnHour = () => new Date(Date.now() + 3_600_000);
const basic = (token: string) => ({ Authorization: `Basic ${Buffer.from(`:${token}`).toString("base64")}` });
const post = (body: string, headers: Readonly<Record<string, string>> = {}) => ({ method: "POST", headers: { ...pkcs10, ...headers }, body }); // prettier-ignore

it("whoever is not the gateway gets nothing, whatever they ask for", async (context) => {
  const { est, page, log } = await runningDesk(context);
  for (const secret of ["", "wrong"]) {
    for (const answer of [await est("/cacerts", { secret }), await page("/?token=x", { secret }), await page("/x", { secret })]) {
      assert.equal(answer.status, 403);
      assert.equal(answer.body, "This service answers the gateway alone. Ask at the gateway's address.\n");
    }
  }
  assert.equal(log.length, 6);
  assert.equal((await est("/health", { secret: "" })).body, '{"status":"ok"}');
}); // prettier-ignore

it("EST says what is wrong, and what to do", async (context) => {
  const { est } = await runningDesk(context);
  const cases: readonly (readonly [path: string, asked: object, status: number, sentence: RegExp])[] = [
    ["/cacerts", { method: "POST" }, 405, /GET, HEAD/],
    ["/simpleenroll", {}, 405, /POST/],
    ["/simplereenroll", {}, 405, /POST/],
    ["/csrattrs", {}, 404, /POST any request to simpleenroll/],
    ["/fullcmc", { method: "POST" }, 501, /not offered/],
    ["/serverkeygen", { method: "POST" }, 501, /not offered/],
    ["/label/cacerts", {}, 404, /cacerts, simpleenroll and simplereenroll/],
    ["/simpleenroll", post("AAAA", { "Content-Type": "text/plain" }), 415, /application\/pkcs10/],
    ["/simpleenroll", post("A".repeat(16_385)), 413, /too long/],
    ["/simpleenroll", post("AAAA"), 401, /curl --user :TOKEN/],
    ["/simpleenroll", post("AAAA", basic("x")), 401, /not known here/],
    ["/simplereenroll", post("AAAA"), 403, /curl --cert FILE/],
    ["/simplereenroll", post("AAAA", { "Client-Cert": ":AAAA:" }), 403, /curl --cert FILE/],
  ];
  for (const [path, asked, status, sentence] of cases) {
    await context.test(`${path} ${JSON.stringify(asked).slice(0, 80)} -> ${status}`, async () => {
      const answer = await est(path, asked);
      assert.equal(answer.status, status);
      assert.match(answer.body, sentence);
      assert.equal(answer.headers.get("content-type"), "text/plain; charset=utf-8");
      assert.equal(answer.headers.get("www-authenticate") !== null, status === 401);
      assert.equal(answer.headers.get("allow") !== null, status === 405);
    });
  }
});

it("a certificate that has ended is not renewed, though the gateway may say that it is good", async (context) => {
  const { est, authority, acts } = await runningDesk(context);
  const [notBefore, notAfter] = [new Date(Date.now() - 9000), new Date(Date.now() - 1000)];
  const subject = [{ type: "CN", value: "Grace Hopper" }];
  const old = await issueCertificate({ subject, issuer: authority.signer, notBefore, notAfter, keyAlgorithm: "ec-p256" }); // prettier-ignore
  const base64 = old.certificatePem.replace(/-----[^-]+-----|\s/g, "");
  const answer = await est(
    "/simplereenroll",
    post(request("/CN=Grace Hopper"), { "Client-Cert": `:${base64}:` }),
  );
  assert.deepEqual(
    [answer.status, answer.body],
    [403, "The certificate has ended. Ask for an invitation.\n"],
  );
  assert.deepEqual(acts, [{ act: "renew", outcome: "refused", address: "192.0.2.7", by: "CN=Grace Hopper", reason: "The certificate has ended. Ask for an invitation." }]); // prettier-ignore
});

describe("when the authority is not available", async () => {
  const nowhere = ({ authority }: { authority: () => object }) => ({
    authority: () => ({ ...authority(), folder: join(import.meta.filename, "no-folder") }) as never,
  });

  await it("EST answers 503, and the right is not lost", async (context) => {
    const { est, invitations, acts, log } = await runningDesk(context, nowhere);
    const { token, number } = invitations.invite(grace, inAnHour());
    const answer = await est("/simpleenroll", post(request("/CN=x"), basic(token)));
    assert.equal(answer.status, 503);
    assert.match(
      answer.body,
      /^The authority is not available\. Nothing was issued, and nothing is used up\./,
    );
    const [open] = invitations.all();
    assert.equal(open && standingOf(open, new Date()), "open");
    assert.deepEqual(acts.map(({ act, outcome, invitation }) => [act, outcome, invitation]), [["enrol", "failed", number]]); // prettier-ignore
    assert.equal(log.length, 1);
    assert.ok(!log.join("").includes(token));
  });

  await it("a browser gets a page that says so", async (context) => {
    const { page, invitations } = await runningDesk(context, nowhere);
    const { token } = invitations.invite(grace, inAnHour());
    const headers = { Accept: "text/html", "Content-Type": "application/x-www-form-urlencoded" };
    const answer = await page("/", { method: "POST", headers, body: `token=${token}` });
    assert.equal(answer.status, 503);
    assert.match(answer.body, /<h1>The authority is not available\.<\/h1>/);
  });
});

it("nothing is handed out that cannot be written down", async (context) => {
  const { est, invitations } = await runningDesk(context, ({ audit }) => ({
    audit: (act) => {
      if (act.outcome === "done") throw new Error("the disk is full");
      audit(act);
    },
  }));
  const { token } = invitations.invite(grace, inAnHour());
  const answer = await est("/simpleenroll", post(request("/CN=x"), basic(token)));
  assert.deepEqual([answer.status, answer.body], [500, "Something went wrong here. It is in the log, for the people who run this service.\n"]); // prettier-ignore
  assert.equal((await est("/simpleenroll", post(request("/CN=x"), basic(token)))).status, 401);
});

it("the page", async (context) => {
  const { page, invitations } = await runningDesk(context);
  await context.test("runs nothing, loads nothing, is kept by nobody, and shows names as text", async () => {
    const { token } = invitations.invite({ ...grace, commonName: '<b>Grace"' }, inAnHour());
    const { headers, body } = await page(`/?token=${token}`);
    assert.match(body, /<h1>A certificate for <bdi>&lt;b&gt;Grace&quot;<\/bdi><\/h1>/);
    assert.match(body, /Ask &lt;i&gt;IT&lt;\/i&gt;\./);
    assert.doesNotMatch(body, /<script|src=|url\(|@import|style=|<b>|<i>/i);
    const [, style = ""] = /<style>([^]*?)<\/style>/.exec(body) ?? [];
    const hash = createHash("sha256").update(style).digest("base64");
    assert.ok(style.length < 8192);
    assert.equal(headers.get("content-security-policy"), `default-src 'none';style-src 'sha256-${hash}';img-src data:;form-action 'self';base-uri 'none';frame-ancestors 'none'`); // prettier-ignore
    assert.equal(headers.get("cache-control"), "no-store");
    assert.equal(headers.get("referrer-policy"), "no-referrer");
  });

  await context.test(
    "shows the password of what was collected for an hour, and of nothing else",
    async () => {
      const minutes = (count: number) => new Date(Date.now() - count * 60_000);
      const shows = async (claimedAt: Date, usedBy: "collect" | "enrol") => {
        const { number, token } = invitations.invite(grace, inAnHour());
        invitations.claim(number, claimedAt);
        invitations.settle(number, { serialNumber: "0A", usedBy });
        const { status, body } = await page(`/?token=${token}`);
        assert.equal(body.includes('class="password"'), status === 200);
        return status;
      };
      assert.equal(await shows(minutes(59), "collect"), 200);
      assert.equal(await shows(minutes(61), "collect"), 410);
      assert.equal(await shows(minutes(1), "enrol"), 410);
    },
  );

  await context.test("says of each link that opens nothing why", async () => {
    const now = new Date();
    const headline = async (end: Date, change: (number: string) => unknown) => {
      const { number, token } = invitations.invite(grace, end);
      change(number);
      const { status, body } = await page(`/?token=${token}`);
      assert.doesNotMatch(body, /class="password"|<form/);
      assert.ok(body.includes(`<code>${number}</code>`));
      return `${status} ${/<h1>(.*)<\/h1>/.exec(body)?.[1] ?? ""}`;
    };
    const long = new Date(now.getTime() - 200_000);
    assert.equal(await headline(now, () => undefined), "410 This link has ended.");
    assert.equal(await headline(inAnHour(), (number) => invitations.withdraw(number, now)), "410 This link has been withdrawn."); // prettier-ignore
    assert.equal(await headline(inAnHour(), (number) => invitations.claim(number, now)), "409 The certificate is being made right now."); // prettier-ignore
    assert.equal(await headline(inAnHour(), (number) => invitations.claim(number, long)), "410 Something went wrong when this link was used."); // prettier-ignore
  });

  await context.test("knows no link but the whole one", async () => {
    const { token } = invitations.invite(grace, inAnHour());
    for (const query of ["", "?token=", `?token=${token.slice(1)}`, `?token[]=${token}`, `?token=${token}&token=${token}`]) {
      const { status, body } = await page(`/${query}`);
      assert.equal(status, 404, query);
      assert.match(body, /<h1>This link is not known here\.<\/h1>/);
    }
    assert.equal((await page("/", { method: "POST", body: `token=${token}` })).status, 404, "no form");
  }); // prettier-ignore

  await context.test("has no other addresses", async () => {
    assert.deepEqual((await page("/cacerts")).status, 404);
    assert.deepEqual((await page("/", { method: "DELETE" })).status, 404);
  });
});
