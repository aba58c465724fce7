import assert from "node:assert/strict";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { OctetString } from "@peculiar/asn1-schema";
import { CertID, CertStatus, SingleResponse } from "@peculiar/asn1-ocsp";
import { Extension } from "@peculiar/asn1-x509";
import { SourceError, type Link, type Source, type Standing } from "../source.ts";
import { recordEvents } from "../testing/record-events.ts";
import { sourceContract } from "../testing/source-contract.ts";
import { extendedKeyUsage, issue, ocspAt, type Holder } from "../testing/test-authority.ts";
import { judgeResponse } from "./judge-response.ts";
import { openOcsp } from "./ocsp.ts";
import { questionAbout, readAuthority } from "./question.ts";
import { readResponse } from "./read-response.ts";
import { hour, makeResponse, minute, nonceOf, readRequest, second, serialOf, startResponder, wrap, type Behaviour, type Said, type TestResponder } from "./testing/test-responder.ts"; // prettier-ignore
import { nonceExtension, writeRequest } from "./write-request.ts";

const authority = issue({ commonName: "Test Authority" });
const linkTo = ({ certificate }: Holder): Link => ({ certificate, issuer: authority.certificate });
const day = 24 * hour;

/** Answers for the authority: these are revoked, those it has never heard of, all others good. */
function sayingRevoked(revoked: readonly Link[], unheardOf: readonly Link[] = []): Behaviour {
  const isAmong = (links: readonly Link[], serial: string) =>
    links.some(({ certificate }) => certificate.serialNumber === serial);
  return (request) => {
    const serial = serialOf(request);
    const status = isAmong(revoked, serial) ? "revoked" : isAmong(unheardOf, serial) ? "unknown" : "good";
    return makeResponse(request, { signer: authority, status });
  };
}

describe("OCSP", () => {
  let server: TestResponder;
  let grace: Link;
  let mallory: Link;
  before(async () => {
    server = await startResponder(sayingRevoked([]));
    const extensions = [ocspAt(server.url)];
    grace = linkTo(issue({ commonName: "Grace Hopper", issuer: authority, extensions }));
    mallory = linkTo(issue({ commonName: "Mallory", issuer: authority, extensions }));
  });
  after(() => server.close());

  for (const responder of ["aia", "a URL"] as const) {
    const stranger = linkTo(issue({ commonName: "Test Subject", issuer: authority }));
    sourceContract({
      name: `OCSP by ${responder}`,
      links: () => ({ one: grace, other: mallory, stranger }),
      async prepare(revoked) {
        const publish = async (links: readonly Link[]) => {
          await server.resume();
          server.behave(sayingRevoked(links, [stranger]));
        };
        await publish(revoked);
        return {
          open: (events, previous) =>
            openOcsp({ responder: responder === "aia" ? "aia" : server.url, previous }, events),
          publish,
          remove: () => undefined,
        };
      },
      holdsFor: hour + 5 * minute,
      breakages: {
        "a responder that fails": () => {
          server.behave((_, response) => void response.writeHead(500).end());
        },
        "a responder that is gone": () => server.suspend(),
        "a responder that lies": () => {
          server.behave((request) => makeResponse(request, { signer: issue({ commonName: "Mallory" }) }));
        },
      },
      brokenAtFirst: "unknown",
    });
  }

  /** Opens a source, asks it about Grace with a responder that behaves so, and closes it. */
  async function told(behaviour: Behaviour): Promise<Standing> {
    await server.resume();
    server.behave(behaviour);
    const source = await openOcsp({ responder: "aia" }, recordEvents());
    const standing = await source.check(grace, Date.now());
    source.close();
    return standing;
  }
  const says = (said: Partial<Said>) => (request: Buffer) =>
    makeResponse(request, { signer: authority, ...said });
  const delegate = (extensions = [extendedKeyUsage("1.3.6.1.5.5.7.3.9")], more: Partial<Parameters<typeof issue>[0]> = {}) =>
    issue({ commonName: "Test Responder", issuer: authority, extensions, ...more }); // prettier-ignore
  const byDelegate = (signer: Holder, said: Partial<Said> = {}) =>
    says({ signer, certificates: [signer], ...said });

  describe("believes", () => {
    const other = issue({ commonName: "Test Subject", issuer: authority });
    for (const [what, said] of [
      ["the issuer, by its name", {}],
      ["the issuer, by its key", { by: "key" }],
      ["an answer made for everybody: no nonce, but a nextUpdate", { nonce: "none" }],
      ["an answer made for us: no nextUpdate, but our nonce", { nextUpdate: undefined }],
      ["a clock that is four minutes ahead", { thisUpdate: 4 * minute }],
      ["a clock that is four minutes behind", { thisUpdate: -hour, nextUpdate: -4 * minute }],
      ["hashes named without parameters", { certId: (id) => delete id.hashAlgorithm.parameters }],
      ["a certificate that is of no use", { certificates: [other] }],
    ] as [string, Partial<Said>][]) {
      it(what, async () => {
        assert.equal((await told(says(said))).status, "good");
        assert.equal((await told(says({ ...said, status: "revoked" }))).status, "revoked");
      });
    }

    it("the answer about our certificate among others", async () => {
      const data: Said["data"] = (response) => {
        response.responses = response.responses.flatMap((single) => {
          const { hashAlgorithm, issuerNameHash, issuerKeyHash } = single.certID;
          const certID = new CertID({
            hashAlgorithm,
            issuerNameHash,
            issuerKeyHash,
            serialNumber: Uint8Array.of(77).buffer,
          });
          const certStatus = new CertStatus({ good: null });
          return [new SingleResponse({ certID, certStatus, thisUpdate: single.thisUpdate }), single];
        });
      };
      assert.equal((await told(says({ data, status: "revoked" }))).status, "revoked");
    });

    it("whom the issuer has made a responder", async () => {
      assert.equal((await told(byDelegate(delegate()))).status, "good");
      assert.equal((await told(byDelegate(delegate(), { by: "key", status: "revoked" }))).status, "revoked");
      const renewed = delegate();
      assert.equal(
        (await told(says({ signer: renewed, certificates: [delegate(), renewed] }))).status,
        "good",
      );
    });

    it("and says who said what, and when", async () => {
      const { detail } = await told(says({ status: "revoked" }));
      assert.match(detail, /^http:\/\/127\.0\.0\.1:\d+\/ said on 20\S+Z: revoked since 20\S+Z$/);
    });
  });

  describe("does not believe", () => {
    const stranger = issue({ commonName: "Mallory" });
    const double = issue({ commonName: "Test Authority" });
    const ocspSigning = [extendedKeyUsage("1.3.6.1.5.5.7.3.9")];
    const critical = new Extension({ extnID: "1.2.3", critical: true, extnValue: new OctetString(Buffer.from([5, 0])) }); // prettier-ignore
    const changed = (change: (response: Buffer) => Buffer) => (request: Buffer) => change(says({})(request)); // prettier-ignore
    const from = (holder: Partial<Parameters<typeof issue>[0]>, extensions = ocspSigning) =>
      byDelegate(delegate(extensions, holder));
    const cases: [what: string, behaviour: Behaviour, reason: RegExp][] = [
      ["another serial number", says({ certId: (id) => void (id.serialNumber = Uint8Array.of(1).buffer) }), /another certificate/],
      ["another issuer's name", says({ certId: (id) => void (id.issuerNameHash.buffer = new ArrayBuffer(20)) }), /another certificate/],
      ["another issuer's key", says({ certId: (id) => void (id.issuerKeyHash.buffer = new ArrayBuffer(20)) }), /another certificate/],
      ["another hash", says({ certId: (id) => void (id.hashAlgorithm.algorithm = "2.16.840.1.101.3.4.2.1") }), /another certificate/],
      ["no answer in it", says({ data: (data) => void (data.responses = []) }), /another certificate/],
      ["two answers", says({ data: (data) => void data.responses.push(...data.responses) }), /two answers/],
      ["the nonce of another request", says({ nonce: Buffer.concat([Buffer.from([4, 32]), Buffer.alloc(32, 7)]) }), /nonce is not ours/],
      ["an empty nonce", says({ nonce: Buffer.alloc(0) }), /nonce is not ours/],
      ["neither nonce nor nextUpdate", says({ nonce: "none", nextUpdate: undefined }), /neither a nonce nor a nextUpdate/],
      ["an answer of the future", says({ thisUpdate: 6 * minute }), /is to come/],
      ["an answer that has ended", says({ thisUpdate: -hour, nextUpdate: -6 * minute }), /it held until/],
      ["an old answer without an end", says({ thisUpdate: -11 * minute, nextUpdate: undefined }), /it held until/],
      ["an end before the beginning", says({ thisUpdate: -second, nextUpdate: -2 * minute }), /ends before it begins/],
      ["a critical extension", says({ data: (data) => void (data.responseExtensions = [...(data.responseExtensions ?? []), critical]) }), /critical extension 1\.2\.3/],
      ["a critical extension of the one answer", says({ single: (single) => void (single.singleExtensions = [critical]) }), /critical extension 1\.2\.3/],
      ["a stranger in the issuer's name", says({ signer: stranger, namedSigner: authority }), /signature does not hold/],
      ["a stranger who does not introduce himself", says({ signer: stranger }), /no certificate of the signer/],
      ["a stranger who does", byDelegate(stranger), /no certificate from the authority/],
      ["a stranger with the issuer's name", byDelegate(double), /no certificate from the authority/],
      ["a responder whose certificate did not come", says({ signer: delegate() }), /no certificate of the signer/],
      ["a responder of an authority with the same name", from({ issuer: double }), /no certificate from the authority/],
      ["a responder of another authority", from({ issuer: stranger }), /no certificate from the authority/],
      ["a certificate without extended key usage", from({}, []), /not for signing OCSP/],
      ["a certificate for clients", from({}, [extendedKeyUsage("1.3.6.1.5.5.7.3.2")]), /not for signing OCSP/],
      ["a certificate for any purpose", from({}, [extendedKeyUsage("2.5.29.37.0")]), /not for signing OCSP/],
      ["a certificate that the issuer's key signed under another name", from({ issuer: { ...stranger, key: authority.key } }), /no certificate from the authority/],
      ["a responder with a short key", from({ keys: generateKeyPairSync("rsa", { modulusLength: 1024 }) }), /too weak/],
      ["a responder that has expired", from({ notAfter: new Date(Date.now() - minute) }), /not valid at this time/],
      ["a responder that is not yet valid", from({ notBefore: new Date(Date.now() + minute) }), /not valid at this time/],
      ["octets behind it", changed((octets) => Buffer.concat([octets, Buffer.from([0])])), /octets behind/],
      ["octets missing", changed((octets) => octets.subarray(0, -1)), /longer than what holds it/],
      ["octets behind the basic response", () => wrap(0, Buffer.from("300000", "hex")), /octets behind/],
      ["no basic response", () => wrap(0), /no answer to believe/],
      ["garbage", () => Buffer.from("<html>"), /no answer to believe/],
      ["nothing", (_, response) => void response.end(), /no answer to believe/],
      ["malformedRequest", () => wrap(1), /malformedRequest/],
      ["internalError", () => wrap(2), /internalError/],
      ["tryLater", () => wrap(3), /tryLater/],
      ["sigRequired", () => wrap(5), /sigRequired/],
      ["unauthorized", () => wrap(6), /unauthorized/],
      ["`successful` of a number of two octets", () => Buffer.from("30040a020000", "hex"), /no response status/],
      ["HTTP 500", (_, response) => void response.writeHead(500).end(), /answered 500/],
      ["a good answer with HTTP 404", (request, response) => void response.writeHead(404).end(says({})(request)), /answered 404/],
      ["a redirect", (_, response, { url }) => void response.writeHead(307, { location: `${url ?? ""}x` }).end(), /could not be fetched/],
      ["a body of 1 MB", (_, response) => void response.end(Buffer.alloc(1_000_000, 0x30)), /more than 65536 octets/],
    ]; // prettier-ignore
    for (const [what, behaviour, reason] of cases) {
      it(what, async () => {
        const start = Date.now();
        const { status, detail, until } = await told(behaviour);
        assert.match(detail, reason);
        assert.equal(status, "unknown");
        assert.ok(until >= start + 9 * second && until <= Date.now() + 11 * second);
      });
    }

    it("an answer that drips: it takes five seconds, no longer", async () => {
      const start = performance.now();
      const { status, detail } = await told((request, response) => {
        const octets = says({})(request);
        const timer = setInterval(() => response.write(octets.subarray(0, 1)), 100);
        response.on("close", () => {
          clearInterval(timer);
        });
        return undefined;
      });
      assert.equal(status, "unknown");
      assert.match(detail, /within 5 s/);
      assert.ok(performance.now() - start < 6.5 * second);
    });
  });

  describe("asks", () => {
    it("by POST, under SHA-1, with a nonce of 32 octets that is new each time", async () => {
      const heads: string[] = [];
      const asked = server.requests.length;
      for (let time = 0; time < 2; time += 1) {
        await told((request, _, { method, headers }) => {
          heads.push(`${method ?? ""} ${headers["content-type"] ?? ""}`);
          return says({})(request);
        });
      }
      const requests = server.requests.slice(asked);
      const nonces = requests.map((request) => nonceOf(request));
      assert.deepEqual(heads, Array<string>(2).fill("POST application/ocsp-request"));
      assert.match(nonces[0] ?? "", /^0420[0-9a-f]{64}$/);
      assert.notEqual(nonces[0], nonces[1]);
      for (const request of requests) {
        const [first, ...more] = readRequest(request).tbsRequest.requestList;
        assert.equal(first?.reqCert.hashAlgorithm.algorithm, "1.3.14.3.2.26");
        assert.equal(serialOf(request), grace.certificate.serialNumber);
        assert.equal(more.length, 0);
      }
    });

    it("whom the certificate names: the first http: address for OCSP", async () => {
      const issuers = "1.3.6.1.5.5.7.48.2";
      const asked = server.requests.length;
      for (const [extensions, status] of [
        [[], "unknown"],
        [[ocspAt("https://ocsp.example/")], "unknown"],
        [[ocspAt("ldap://ocsp.example/")], "unknown"],
        [[ocspAt("nonsense")], "unknown"],
        [[ocspAt(server.url, issuers)], "unknown"],
        [[ocspAt(server.url)], "good"],
      ] as const) {
        const link = linkTo(issue({ commonName: "Test Subject", issuer: authority, extensions }));
        server.behave(says({}));
        const source = await openOcsp({ responder: "aia" }, recordEvents());
        const standing = await source.check(link, Date.now());
        assert.equal(standing.status, status);
        if (status === "unknown") assert.match(standing.detail, /names no OCSP responder/);
        if (status === "unknown") assert.equal(standing.until, Infinity);
      }
      assert.equal(server.requests.length, asked + 1);
    });

    it("nobody about a serial number that is longer than any", async () => {
      const asked = server.requests.length;
      const source = await openOcsp({ responder: server.url }, recordEvents());
      for (const [length, status] of [[64, "good"], [65, "unknown"]] as const) {
        const link = linkTo(issue({ commonName: "Test Subject", issuer: authority, serial: Buffer.alloc(length, 1) }));
        assert.equal((await source.check(link, Date.now())).status, status);
      }
      assert.equal(server.requests.length, asked + 1);
    }); // prettier-ignore

    it("nobody at an address that is none", async () => {
      for (const responder of ["", "ocsp.example", "ftp://ocsp.example/"]) {
        await assert.rejects(openOcsp({ responder }, recordEvents()), SourceError);
      }
    });

    it("an intermediate authority's issuer about it, as about any other certificate", async () => {
      const middle = issue({ commonName: "Test Intermediate", issuer: authority });
      const leaf = issue({ commonName: "Test Subject", issuer: middle });
      server.behave((request) =>
        makeResponse(request, serialOf(request) === middle.certificate.serialNumber ? { signer: authority, status: "revoked" } : { signer: middle }),
      ); // prettier-ignore
      const source = await openOcsp({ responder: server.url }, recordEvents());
      assert.equal((await source.check(linkTo(middle), Date.now())).status, "revoked");
      assert.equal((await source.check({ certificate: leaf.certificate, issuer: middle.certificate }, Date.now())).status, "good"); // prettier-ignore
      // The root's word on what another authority issued is nobody's.
      server.behave(says({}));
      const again = await openOcsp({ responder: server.url }, recordEvents());
      assert.equal((await again.check({ certificate: leaf.certificate, issuer: middle.certificate }, Date.now())).status, "unknown"); // prettier-ignore
    });
  });

  describe("remembers", () => {
    /** A source, its events, and how often it has asked since. */
    async function opened(behaviour: Behaviour, responder = server.url) {
      await server.resume();
      server.behave(behaviour);
      const events = recordEvents();
      const source = await openOcsp({ responder }, events);
      const before = server.requests.length;
      return { source, events, asked: () => server.requests.length - before };
    }
    const statusAtOnce = (source: Source, link: Link, now: number): string => {
      const standing = source.check(link, now);
      return standing instanceof Promise ? "a promise" : standing.status;
    };
    async function until(condition: () => boolean): Promise<void> {
      for (let wait = 0; !condition(); wait += 1) {
        assert.ok(wait < 200, "it never came true");
        await sleep(10);
      }
    }

    it("one question for all who ask at once, and none for those who ask later", async () => {
      const { source, asked } = await opened(says({}));
      await Promise.all(Array.from({ length: 50 }, async () => source.check(grace, Date.now())));
      assert.equal(statusAtOnce(source, grace, Date.now()), "good");
      assert.equal(asked(), 1);
    });

    it("asks anew when nine tenths of an answer's life have passed, and nobody waits", async () => {
      const { source, asked, events } = await opened(says({ nextUpdate: 5 * minute }));
      const now = Date.now();
      const { until: renewal } = await source.check(grace, now);
      // Five minutes, and five more for the clocks.
      assert.ok(Math.abs(renewal - now - 9 * minute) < 5 * second, String(renewal - now));
      assert.equal(statusAtOnce(source, grace, renewal - 1), "good");
      assert.equal(asked(), 1);
      server.behave(says({ nextUpdate: hour }));
      const meanwhile = source.check(grace, renewal);
      assert.ok(!(meanwhile instanceof Promise) && meanwhile.status === "good");
      assert.ok(meanwhile.until <= renewal + second);
      await until(() => asked() === 2);
      await until(() => {
        const next = source.check(grace, renewal + 2 * second);
        return !(next instanceof Promise) && next.until > renewal + 10 * minute;
      });
      assert.equal(asked(), 2);
      assert.equal(events.changes(), 0);
    });

    it("asks anew after an hour, however long the answer holds", async () => {
      const { source } = await opened(says({ nextUpdate: 7 * day }));
      const now = Date.now();
      assert.ok((await source.check(grace, now)).until <= now + hour + 5 * second);
    });

    it("a revocation found that way is told at once; a hold that is lifted is seen at the next look", async () => {
      const { source, events } = await opened(says({}));
      const { until: renewal } = await source.check(grace, Date.now());
      server.behave(says({ status: "revoked" }));
      assert.equal(statusAtOnce(source, grace, renewal), "good");
      await until(() => events.changes() === 1);
      const revoked = source.check(grace, renewal + second);
      assert.ok(!(revoked instanceof Promise) && revoked.status === "revoked");

      server.behave(says({}));
      assert.equal(statusAtOnce(source, grace, revoked.until), "revoked");
      await until(() => statusAtOnce(source, grace, revoked.until + second) === "good");
      assert.equal(events.changes(), 1);
    });

    it("revoked stays revoked when the responder has lost track of the certificate", async () => {
      const { source, asked } = await opened(says({ status: "revoked" }));
      const { until: renewal } = await source.check(grace, Date.now());
      server.behave(says({ status: "unknown" }));
      for (const later of [0, day, 2 * day]) {
        const before = asked();
        assert.equal(statusAtOnce(source, grace, renewal + later), "revoked");
        await until(() => asked() > before);
        await sleep(20);
        assert.equal(statusAtOnce(source, grace, renewal + later + second), "revoked");
      }
    });

    it("an answer that is older than the one at hand changes nothing, in whatever order they come", async () => {
      const { source, events } = await opened(says({ status: "revoked", nonce: "none" }));
      const { until: renewal } = await source.check(grace, Date.now());
      server.behave(says({ thisUpdate: -hour, nextUpdate: day, nonce: "none" }));
      assert.equal(statusAtOnce(source, grace, renewal), "revoked");
      await until(() => events.warnings.length === 1);
      assert.match(events.warnings[0] ?? "", /older than the one/);
      assert.equal(statusAtOnce(source, grace, renewal + second), "revoked");
      await source.refresh();
      assert.equal(statusAtOnce(source, grace, renewal + second), "revoked");
    });

    it("good holds on without the responder for as long as was said, and for a day at most", async () => {
      const { source, events } = await opened(says({ nextUpdate: 7 * day }));
      const now = Date.now();
      const { until: renewal } = await source.check(grace, now);
      await server.suspend();
      assert.equal(statusAtOnce(source, grace, renewal), "good");
      await until(() => events.warnings.length === 1);
      assert.match(source.states()[0]?.problem ?? "", /ECONNREFUSED/);
      const { status, until: end } = await source.check(grace, now + day - second);
      assert.equal(status, "good");
      assert.ok(end <= now + day + 5 * second);
      assert.equal((await source.check(grace, now + day + 10 * second)).status, "unknown");
      assert.equal(events.changes(), 0);
    });

    it("what could not be found out is asked again after ten seconds, not before", async () => {
      const { source, asked } = await opened(says({ status: "unknown" }));
      const now = Date.now();
      const { until: retry } = await source.check(grace, now);
      assert.equal(statusAtOnce(source, grace, retry - 1), "unknown");
      assert.equal(asked(), 1);
      server.behave(says({}));
      assert.equal((await source.check(grace, retry)).status, "good");
      assert.equal(asked(), 2);
    });

    it("who was let in because nothing was known is shown the door when something is", async () => {
      const { source, events } = await opened(() => wrap(6));
      const { until: retry } = await source.check(grace, Date.now());
      server.behave(says({ status: "revoked" }));
      assert.equal((await source.check(grace, retry)).status, "revoked");
      assert.equal(events.changes(), 1);
    });

    it("a responder that is down is tried every two seconds, by one for all, and nobody waits for it", async () => {
      let silent = true;
      const { source, asked, events } = await opened((request, response) => {
        if (!silent) return says({})(request);
        return void response.writeHead(503).end();
      });
      const links = Array.from({ length: 5 }, () =>
        linkTo(issue({ commonName: "Test Subject", issuer: authority })),
      );
      const now = Date.now();
      assert.equal((await source.check(grace, now)).status, "unknown");
      for (const link of links) assert.equal(statusAtOnce(source, link, now), "unknown");
      assert.equal(asked(), 1);
      await sleep(2_100);
      for (const link of links) assert.equal(statusAtOnce(source, link, now + 3 * second), "unknown");
      await until(() => asked() === 2);
      assert.equal(events.warnings.length, 1);

      silent = false;
      await sleep(2_100);
      assert.equal(statusAtOnce(source, grace, now + 20 * second), "unknown");
      await until(() => statusAtOnce(source, grace, now + 30 * second) === "good");
      for (const link of links) assert.equal((await source.check(link, now + 40 * second)).status, "good");
      assert.equal(source.states()[0]?.problem, undefined);
      assert.equal(source.states()[0]?.entries, 6);
      assert.equal(events.changes(), 0);
    });

    it("a responder that is busy rests too; one that will not speak of a certificate speaks of others", async () => {
      for (const [status, next] of [[3, "unknown"], [6, "good"]] as const) {
        const { source } = await opened((request) =>
          serialOf(request) === grace.certificate.serialNumber ? wrap(status) : says({})(request),
        );
        assert.equal((await source.check(grace, Date.now())).status, "unknown");
        assert.equal((await source.check(mallory, Date.now())).status, next);
      }
    }); // prettier-ignore

    it("refresh asks about all that is held, and passes on what has changed", async () => {
      const { source, asked, events } = await opened(says({}));
      const links = Array.from({ length: 30 }, () =>
        linkTo(issue({ commonName: "Test Subject", issuer: authority })),
      );
      await Promise.all(links.map(async (link) => source.check(link, Date.now())));
      const [first] = links;
      assert.ok(first);
      server.behave(sayingRevoked([first]));
      await source.refresh();
      assert.equal(asked(), 60);
      assert.equal(statusAtOnce(source, first, Date.now()), "revoked");
      assert.equal(events.changes(), 1);
    });

    it("an outage is told once, whatever becomes of it", async () => {
      const { source, events } = await opened(says({}));
      await source.check(grace, Date.now());
      for (const status of [500, 502, 503, 500]) {
        server.behave((_, response) => void response.writeHead(status).end());
        await source.refresh();
        assert.match(source.states()[0]?.problem ?? "", new RegExp(`answered ${status}`));
      }
      assert.equal(events.warnings.length, 1);
    });

    it("a connection that the responder has closed in the meantime is no outage", async () => {
      const { source, asked, events } = await opened(says({}));
      assert.equal((await source.check(mallory, Date.now())).status, "good");
      let isCut = false;
      server.behave((request, response) => {
        if (isCut) return says({})(request);
        isCut = true;
        return void response.socket?.destroy();
      });
      assert.equal((await source.check(grace, Date.now())).status, "good");
      assert.equal(asked(), 3);
      assert.deepEqual(events.warnings, []);
    });

    it("closed, it tells nothing any more", async () => {
      const { source, events } = await opened((_, response) => {
        setTimeout(() => response.destroy(), 100);
        return undefined;
      });
      const answer = source.check(grace, Date.now());
      source.close();
      assert.equal((await answer).status, "unknown");
      assert.deepEqual(events.warnings, []);
    });
  });
});

describe("no octet of an answer can be changed", () => {
  it("so that a revocation becomes anything else that is believed", () => {
    const question = questionAbout(linkTo(issue({ commonName: "Mallory", issuer: authority })), "http://ocsp.example/", ({ der }) => readAuthority(der));
    assert.ok(question);
    const nonce = nonceExtension(randomBytes(32));
    const octets = makeResponse(writeRequest(question, nonce), { signer: authority, status: "revoked" });
    const judge = () => judgeResponse(readResponse(octets), question, nonce, Date.now()).status;
    assert.equal(judge(), "revoked");
    let refused = 0;
    for (let at = 0; at < octets.length * 8; at += 1) {
      const flip = () => octets.writeUInt8(octets.readUInt8(at >> 3) ^ (1 << (at & 7)), at >> 3);
      flip();
      try {
        assert.equal(judge(), "revoked", `bit ${at}`);
      } catch (error) {
        if (error instanceof assert.AssertionError) throw error;
        refused += 1;
      }
      flip();
    }
    assert.equal(refused, octets.length * 8);
  });
}); // prettier-ignore
