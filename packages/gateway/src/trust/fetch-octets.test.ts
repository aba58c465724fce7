import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { fetchOctets } from "./fetch-octets.ts";

const handlers: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
  "/list": (_, response) => response.setHeader("x-sort", "list").end("octets"),
  "/echo": (request, response) => {
    response.writeHead(200, {
      "x-method": request.method,
      "x-type": request.headers["content-type"],
      "x-accept": request.headers.accept,
    });
    request.pipe(response);
  },
  "/moved": (_, response) => response.writeHead(302, { location: "/list" }).end(),
  "/missing": (_, response) => response.writeHead(404).end("no"),
  "/nothing": (_, response) => response.writeHead(204).end(),
  "/empty": (_, response) => response.end(),
  "/long": (_, response) => response.end(Buffer.alloc(1001)),
  "/bomb": (_, response) =>
    response.setHeader("content-encoding", "gzip").end(gzipSync(Buffer.alloc(1_000_000))),
  "/endless": (_, response) => {
    const chunk = Buffer.alloc(65_536);
    const go = () => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on("drain", go);
    response.on("close", () => (endlessIsCut = true));
    go();
  },
  "/silent": () => undefined,
  "/slow": (_, response) => response.writeHead(200).write("a beginning"),
  "/cut": (_, response) => {
    response.writeHead(200, { "content-length": "100" }).write("half");
    setTimeout(() => response.destroy(), 20);
  },
};
let endlessIsCut = false;

describe("fetchOctets", () => {
  const server = createServer((request, response) => handlers[request.url ?? ""]?.(request, response));
  let origin: string;
  before(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.close();
    server.closeAllConnections();
  });
  const options = { limit: 1000, timeout: 5000 };

  it("gives the octets and the headers", async () => {
    const { octets, headers } = await fetchOctets(`${origin}/list`, options);
    assert.deepEqual(octets, Buffer.from("octets"));
    assert.equal(headers.get("x-sort"), "list");
    assert.equal((await fetchOctets(`${origin}/empty`, options)).octets.length, 0);
  });

  it("sends what it is given, with its media types", async () => {
    const body = Buffer.from([0, 1, 0xff]);
    const { octets, headers } = await fetchOctets(`${origin}/echo`, {
      ...options,
      method: "POST",
      body,
      contentType: "application/ocsp-request",
      accept: "application/ocsp-response",
    });
    assert.deepEqual(octets, body);
    assert.equal(headers.get("x-method"), "POST");
    assert.equal(headers.get("x-type"), "application/ocsp-request");
    assert.equal(headers.get("x-accept"), "application/ocsp-response");
  });

  it("takes a body of exactly the limit, and stops reading behind it", async () => {
    assert.equal((await fetchOctets(`${origin}/long`, { ...options, limit: 1001 })).octets.length, 1001);
    await assert.rejects(fetchOctets(`${origin}/long`, options), {
      message: `${origin}/long answered with more than 1000 octets.`,
    });
    await assert.rejects(fetchOctets(`${origin}/endless`, options), /more than 1000 octets/);
    for (let waited = 0; !endlessIsCut && waited < 2000; waited += 20)
      await new Promise((resolve) => setTimeout(resolve, 20));
    assert.ok(endlessIsCut, "the rest was not read");
  });

  it("counts what comes out of a content coding", async () => {
    await assert.rejects(fetchOctets(`${origin}/bomb`, options), /more than 1000 octets/);
  });

  it("follows no redirect", async () => {
    await assert.rejects(fetchOctets(`${origin}/moved`, options), {
      message: `${origin}/moved could not be fetched: unexpected redirect.`,
    });
  });

  it("takes no status but 200", async () => {
    await assert.rejects(fetchOctets(`${origin}/missing`, options), {
      message: `${origin}/missing answered 404 instead of 200.`,
    });
    await assert.rejects(fetchOctets(`${origin}/nothing`, options), /answered 204/);
  });

  it("waits so long and no longer, for the head and for the body", async () => {
    for (const path of ["/silent", "/slow"]) {
      const begun = performance.now();
      await assert.rejects(fetchOctets(origin + path, { ...options, timeout: 200 }), {
        message: `${origin}${path} did not answer in full within 0.2 s.`,
      });
      assert.ok(performance.now() - begun < 2000);
    }
  });

  it("refuses a body that ends too early", async () => {
    await assert.rejects(fetchOctets(`${origin}/cut`, options), /\/cut could not be fetched: .*\.$/);
  });

  it("says why a connection failed", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    other.close();
    await once(other, "close");
    await assert.rejects(fetchOctets(`http://127.0.0.1:${port}/`, options), {
      message: `http://127.0.0.1:${port}/ could not be fetched: ECONNREFUSED.`,
    });
  });

  for (const url of ["ldap://directory.example/cn=x", "file:///etc/passwd", "data:,x", "no address", ""]) {
    it(`refuses ${url || "an empty address"}`, async () => {
      await assert.rejects(fetchOctets(url, options), {
        message: `${url} is no http: or https: address.`,
      });
    });
  }
});
