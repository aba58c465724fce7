import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, afterEach, beforeEach, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createAuthority, createRevocationList, type Issued } from "@sallyport/certs";
import type { Link, Source } from "../source.ts";
import { recordEvents } from "../testing/record-events.ts";
import { sourceContract, type Backing } from "../testing/source-contract.ts";
import { openFetchedCrl } from "./crl-fetched.ts";
import { issueLink } from "./testing/issue-link.ts";

const keyAlgorithm = "ec-p256";
const hour = 60 * 60 * 1000;
const authority = await createAuthority({ subject: [{ type: "CN", value: "Test Root" }], keyAlgorithm });
const stranger = await createAuthority({ subject: [{ type: "CN", value: "Mallory" }], keyAlgorithm });
const authorities = [new X509Certificate(authority.der)];
const date = new Date("2026-01-02T03:04:05Z");

/** What stands at each path: octets, or what to do with a request. */
const served = new Map<string, Uint8Array | ((response: ServerResponse) => void)>();
const requests: string[] = [];
const server = createServer((request, response) => {
  requests.push(request.url ?? "");
  const content = served.get(request.url ?? "");
  if (typeof content === "function") content(response);
  else response.writeHead(content ? 200 : 404).end(content);
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
after(() => {
  server.close();
  server.closeAllConnections();
});

type ListOptions = { number?: number; issuer?: Issued; thisUpdate?: Date; nextUpdate?: Date };
const sign = async (revoked: readonly Link[], { issuer = authority, ...options }: ListOptions = {}) => {
  const entries = revoked.map(({ certificate }) => ({ serialNumber: certificate.serialNumber, date }));
  const nextUpdate = new Date(Date.now() + hour);
  return (await createRevocationList({ issuer, nextUpdate, revoked: entries, ...options })).der;
};
const issueAt = (...paths: readonly string[]) =>
  issueLink(authority, { extensions: `crlDistributionPoints=${paths.map((path) => `URI:${/^\w+:/.test(path) ? path : origin + path}`).join(",")}` }); // prettier-ignore

let backings = 0;
const contractPath = "/contract.crl";
const links = { one: issueAt(contractPath), other: issueAt(contractPath), stranger: issueLink(stranger) };

/** Certificates name one URL for all backings: the contract has one at a time. */
async function prepare(revoked: readonly Link[], kind: "url" | "cdp"): Promise<Backing> {
  const path = kind === "cdp" ? contractPath : `/${backings++}.crl`;
  let number = 1;
  const publish = async (listed: readonly Link[]) => {
    served.set(path, await sign(listed, { number: number++ }));
  };
  await publish(revoked);
  return {
    publish,
    open: (events, previous) =>
      openFetchedCrl({ url: kind === "cdp" ? kind : origin + path, staleAfter: hour, authorities, ...(previous && { previous }) }, events), // prettier-ignore
    remove: () => void served.delete(path),
  };
}

const serveEverywhere = (content: Uint8Array | ((response: ServerResponse) => void)) => () => {
  for (const path of served.keys()) served.set(path, content);
};
for (const kind of ["url", "cdp"] as const) {
  sourceContract({
    name: `crl ${kind}`,
    links: () => links,
    prepare: (revoked) => prepare(revoked, kind),
    holdsFor: 2 * hour,
    brokenAtFirst: "unknown",
    breakages: {
      "an empty answer": serveEverywhere(Buffer.alloc(0)),
      garbage: serveEverywhere(Buffer.from("<html>Welcome to the hotel's network</html>")),
      "an error": serveEverywhere((response) => response.writeHead(500).end()),
      "a connection that is cut": serveEverywhere((response) => response.destroy()),
      "another authority's list": serveEverywhere(await sign([], { issuer: stranger, number: 99 })),
      "a bad signature": serveEverywhere(
        await sign([], { number: 99, issuer: { ...authority, privateKeyPem: stranger.privateKeyPem } }),
      ),
    },
  });
}

describe("openFetchedCrl", () => {
  let events: ReturnType<typeof recordEvents>;
  const opened: Source[] = [];
  beforeEach(() => {
    events = recordEvents();
    requests.length = 0;
    served.clear();
  });
  afterEach(() => {
    for (const source of opened.splice(0)) source.close();
  });
  const open = async (url: string, staleAfter = hour, previous?: Source) => {
    const source = await openFetchedCrl(
      { url, staleAfter, authorities, ...(previous && { previous }) },
      events,
    );
    opened.push(source);
    return source;
  };
  const { one, other } = links;
  const statusOf = async (source: Source, link: Link) => (await source.check(link, Date.now())).status;
  const until = async (condition: () => boolean | Promise<boolean>, limit = 5000) => {
    const end = Date.now() + limit;
    while (!(await condition())) {
      assert.ok(Date.now() < end, "it never came to pass");
      await sleep(20);
    }
  };
  const inSeconds = (seconds: number) => new Date(Math.floor(Date.now() / 1000) * 1000 + seconds * 1000);

  describe("with a URL", () => {
    it("opens while the server is down, says so once, and tries again by itself", async () => {
      const source = await open(`${origin}/a.crl`);
      assert.equal(await statusOf(source, one), "unknown");
      assert.deepEqual(events.warnings, [`${origin}/a.crl answered 404 instead of 200`]);
      assert.deepEqual(source.states(), [
        { name: `crl ${origin}/a.crl`, problem: "answered 404 instead of 200" },
      ]);
      await until(() => requests.length === 2);
      assert.equal(events.warnings.length, 1);
      served.set("/a.crl", await sign([other]));
      await until(() => events.changes() === 1);
      assert.equal(await statusOf(source, one), "good");
      assert.equal(await statusOf(source, other), "revoked");
      assert.equal(source.states()[0]?.problem, undefined);
    });

    it("is asked later and later while it fails", async () => {
      const times: number[] = [];
      served.set("/a.crl", (response) => {
        times.push(Date.now());
        response.writeHead(503).end();
      });
      await open(`${origin}/a.crl`);
      await until(() => times.length === 3);
      const [first = 0, second = 0, third = 0] = times;
      assert.ok(second - first > 900 && third - second > 1900, times.join());
    });

    it("fetches anew before nextUpdate, and hears of who is revoked meanwhile", async () => {
      served.set("/a.crl", await sign([], { number: 1, thisUpdate: inSeconds(0), nextUpdate: inSeconds(3) }));
      const source = await open(`${origin}/a.crl`, 0);
      assert.equal(await statusOf(source, one), "good");
      served.set("/a.crl", await sign([one], { number: 2 }));
      await until(() => events.changes() === 1);
      assert.equal(await statusOf(source, one), "revoked");
      assert.equal(requests.length, 2);
      assert.deepEqual(events.warnings, []);
    });

    it("a reload asks nobody while there is a list, and keeps it fresh", async () => {
      served.set(
        "/a.crl",
        await sign([other], { number: 1, thisUpdate: inSeconds(0), nextUpdate: inSeconds(3) }),
      );
      const source = await open(`${origin}/a.crl`);
      const next = await open(`${origin}/a.crl`, hour, source);
      source.close();
      assert.equal(requests.length, 1);
      assert.equal(await statusOf(next, other), "revoked");
      served.set("/a.crl", await sign([], { number: 2 }));
      await until(() => events.changes() === 1);
      assert.equal(await statusOf(next, other), "good");
    });

    it("never goes back to an older list", async () => {
      served.set("/a.crl", await sign([other], { number: 2 }));
      const source = await open(`${origin}/a.crl`);
      served.set("/a.crl", await sign([], { number: 1 }));
      await source.refresh();
      assert.equal(await statusOf(source, other), "revoked");
      assert.match(events.warnings.join(), /is older than the list that is held/);
    });

    it("asks nobody any more once it is closed, not even for what was under way", async () => {
      served.set("/a.crl", await sign([]));
      const source = await open(`${origin}/a.crl`);
      served.clear();
      const refreshed = source.refresh();
      source.close();
      await refreshed;
      await sleep(1300);
      assert.equal(requests.length, 2);
      assert.deepEqual(events.warnings, []);
    });
  });

  describe("with the certificates' own distribution points", () => {
    it("asks nobody before somebody comes, then once for all who come", async () => {
      served.set("/c.crl", await sign([other]));
      const source = await open("cdp");
      assert.equal(requests.length, 0);
      assert.deepEqual(source.states(), []);
      const visitors = Array.from({ length: 20 }, () => issueAt("/c.crl"));
      const first = source.check(visitors[0] ?? one, Date.now());
      assert.ok(first instanceof Promise);
      const standings = await Promise.all(visitors.map(async (link) => source.check(link, Date.now())));
      assert.ok([...standings, await first].every(({ status }) => status === "good"));
      assert.equal(requests.length, 1);
      assert.ok(
        !(source.check(visitors[1] ?? one, Date.now()) instanceof Promise),
        "known at once from now on",
      );
    });

    it("asks a dead server not with every request, and a server that is back", async () => {
      const link = issueAt("/c.crl");
      const source = await open("cdp");
      const now = Date.now();
      const standing = await source.check(link, now);
      assert.equal(standing.status, "unknown");
      assert.match(
        standing.detail,
        /no list of CN=Test Root covers it; .*\/c\.crl answered 404 instead of 200$/,
      );
      assert.equal(standing.until, now + 10_000);
      for (let at = 0; at < 10; at++) assert.equal(await statusOf(source, link), "unknown");
      assert.equal(requests.length, 1);
      served.set("/c.crl", await sign([]));
      assert.equal((await source.check(link, now + 11_000)).status, "good");
      assert.equal(events.changes(), 0);
    });

    it("does not wait for a server that is silent when another one has told", async () => {
      served.set("/silent.crl", () => undefined);
      served.set("/c.crl", await sign([]));
      const source = await open("cdp");
      const begun = Date.now();
      assert.equal(await statusOf(source, issueAt("/silent.crl", "/c.crl")), "good");
      assert.ok(Date.now() - begun < 2000);
    });

    it("believes the issuer of the certificate and no other authority", async () => {
      served.set("/c.crl", await sign([], { issuer: stranger }));
      const source = await open("cdp");
      assert.equal(await statusOf(source, issueAt("/c.crl")), "unknown");
      assert.match(events.warnings.join(), /is issued by CN=Mallory/);
      // and what one authority made of a URL is not in the way of another
      const theirs = issueLink(stranger, { extensions: `crlDistributionPoints=URI:${origin}/c.crl` });
      assert.equal(await statusOf(source, theirs), "good");
    });

    it("fetches http: and nothing else, and says so of who has none", async () => {
      const source = await open("cdp");
      for (const link of [issueAt("ldap://directory.example/cn=crl", "https://lists.example/c.crl", "file:///etc/c.crl"), issueLink(authority)]) {
        const standing = await source.check(link, Date.now());
        assert.equal(standing.status, "unknown");
        assert.equal(standing.detail, "the certificate has no distribution point with an http: address");
        assert.equal(standing.until, Infinity);
      }
      assert.deepEqual(events.warnings, []);
    }); // prettier-ignore

    it("asks at most four addresses of one certificate", async () => {
      const source = await open("cdp");
      assert.equal(await statusOf(source, issueAt("/1", "/2", "/3", "/4", "/5", "/6", "/1")), "unknown");
      assert.deepEqual(requests.sort(), ["/1", "/2", "/3", "/4"]);
    });

    it("keeps a list fresh, and tells when it says something else", async () => {
      const link = issueAt("/c.crl");
      served.set("/c.crl", await sign([], { number: 1, thisUpdate: inSeconds(0), nextUpdate: inSeconds(3) }));
      const source = await open("cdp");
      assert.equal(await statusOf(source, link), "good");
      served.set("/c.crl", await sign([link], { number: 2 }));
      await until(() => events.changes() === 1);
      assert.equal(await statusOf(source, link), "revoked");
    });

    it("holds a thousand lists at most, and lets go of the one that was not used for longest", async () => {
      const link = issueAt("/c.crl");
      const ask = async (at: number) => {
        const issuer = { ...link.issuer, sha256: `authority ${at}` };
        return await statusOf(source, { ...link, issuer });
      };
      served.set("/c.crl", await sign([]));
      const source = await open("cdp");
      for (let at = 0; at < 1000; at++) assert.equal(await ask(at), "good");
      await ask(0);
      await ask(1000);
      assert.equal(source.states().length, 1000);
      assert.equal(requests.length, 1001);
      await ask(0);
      assert.equal(requests.length, 1001, "used a moment ago");
      await ask(1);
      assert.equal(requests.length, 1002, "not used for longest");
    });

    it("a reload carries its lists over and fetches none of them", async () => {
      const link = issueAt("/c.crl");
      served.set("/c.crl", await sign([link]));
      const source = await open("cdp");
      assert.equal(await statusOf(source, link), "revoked");
      const next = await open("cdp", hour, source);
      source.close();
      assert.ok(!(next.check(link, Date.now()) instanceof Promise));
      assert.equal(await statusOf(next, link), "revoked");
      assert.equal(requests.length, 1);
    });
  });
});
