import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { makeDemo } from "@sallyport/certs";
import { writeFile } from "node:fs/promises";
import { runCurl } from "../support/run-curl.ts";
import { startApp } from "../support/running-app.ts";
import { startGateway } from "../support/running-gateway.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { createTestAuthority } from "../support/test-authority.ts";

const browser = "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

/** The whole of it, with the files that people have: certificates of the demo, gateway, app, and curl. */
test("a certificate becomes a greeting", async (t) => {
  const folder = await tempFolder(t);
  await makeDemo({ folder });
  const app = await startApp(t);
  const { port } = await startGateway(t, {
    listen: [{ host: "127.0.0.1", port: 0, mode: "mutual" }],
    tls: { certificate: join(folder, "server.crt"), key: join(folder, "server.key") },
    clients: { authorities: [join(folder, "root.pem")] },
    backendSecret: { file: app.secretFile },
    routes: [{ prefix: "/flask/", upstream: `http://127.0.0.1:${app.port}/` }],
  });
  const trusting = ["--cacert", join(folder, "root.pem")];
  const grace = [...trusting, "--cert", join(folder, "grace.pem")];
  const url = `https://localhost:${port}/flask/`;

  const greetings: readonly (readonly [name: string, args: readonly string[], greeting: string])[] = [
    ["Grace's .pem", [...grace, url], "Hello Grace Hopper!\n"],
    ["Cecilia's .pem", [...trusting, "--cert", join(folder, "cecilia.pem"), url], "Hello Cecilia Payne!\n"],
    ["a .crt and its .key", [...trusting, "--cert", join(folder, "grace.crt"), "--key", join(folder, "grace.key"), url], "Hello Grace Hopper!\n"],
    ["a .p12", [...trusting, "--cert-type", "P12", "--cert", `${join(folder, "grace.p12")}:password`, url], "Hello Grace Hopper!\n"],
    ["flask.local", [...grace, "--resolve", `flask.local:${port}:127.0.0.1`, `https://flask.local:${port}/flask/`], "Hello Grace Hopper!\n"],
    ["any.flask.local", [...grace, "--resolve", `any.flask.local:${port}:127.0.0.1`, `https://any.flask.local:${port}/flask/`], "Hello Grace Hopper!\n"],
    ["the address itself", [...grace, `https://127.0.0.1:${port}/flask/`], "Hello Grace Hopper!\n"],
    ["HTTP/1.0", [...grace, "--http1.0", url], "Hello Grace Hopper!\n"],
    ["HTTP/2 offered", [...grace, "--http2", url], "Hello Grace Hopper!\n"],
    ["TLS 1.2", [...grace, "--tls-max", "1.2", url], "Hello Grace Hopper!\n"],
    ["TLS 1.3", [...grace, "--tlsv1.3", url], "Hello Grace Hopper!\n"],
    ["without the slash, following", [...grace, "--location", url.slice(0, -1)], "Hello Grace Hopper!\n"],
    ["the gateway's own page", [...grace, `https://localhost:${port}/`], "It works!\n"],
    ["a forged header", [...grace, "-H", "SSL_CLIENT_S_DN: /C=US/ST=Virginia/CN=Cecilia Payne", url], "Hello Grace Hopper!\n"],
    ["a folded forged header", [...grace, "-H", "SSL-CLIENT-S-DN: CN=Cecilia Payne", "-H", "ssl.client.s.dn: CN=Cecilia Payne", url], "Hello Grace Hopper!\n"],
    ["a nominated header", [...grace, "-H", "Connection: SSL_CLIENT_S_DN", url], "Hello Grace Hopper!\n"],
    ["a nominated secret", [...grace, "-H", "Connection: Sallyport-Secret", url], "Hello Grace Hopper!\n"],
    ["Expect", [...grace, "-H", "Expect: 100-continue", "-H", "SSL_CLIENT_S_DN: CN=Cecilia Payne", url], "Hello Grace Hopper!\n"],
    ["an upgrade", [...grace, "-H", "Connection: Upgrade", "-H", "Upgrade: websocket", "-H", "Sec-WebSocket-Version: 13", "-H", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "-H", "SSL_CLIENT_S_DN: CN=Cecilia Payne", url], "Hello Grace Hopper!\n"],
  ]; // prettier-ignore
  for (const [name, args, greeting] of greetings) {
    await t.test(`${name} -> ${greeting.trim()}`, async () => {
      assert.deepEqual(await runCurl(...args), { code: 0, stdout: greeting, stderr: "" });
    });
  }

  await t.test("a browser gets a page with her name", async () => {
    const { stdout } = await runCurl(...grace, "-i", "-H", browser, url);
    assert.match(stdout, /^HTTP\/1\.1 200 /);
    assert.match(stdout, /\r\nContent-Type: text\/html; charset=utf-8\r\n/i);
    assert.match(stdout, /<h1>Hello <bdi>Grace Hopper<\/bdi>!<\/h1>/);
  });

  await t.test("no certificate: problem+json for curl, a page for a browser", async () => {
    const json = await runCurl(...trusting, "-i", url);
    assert.match(json.stdout, /^HTTP\/1\.1 403 /);
    assert.match(json.stdout, /\r\nContent-Type: application\/problem\+json\r\n/);
    assert.match(json.stdout, /"code": "certificate-missing"/);
    const page = await runCurl(...trusting, "-i", "-H", browser, url);
    assert.match(
      page.stdout,
      /^HTTP\/1\.1 403 [\s\S]*\r\nContent-Type: text\/html; charset=utf-8\r\n[\s\S]*<!doctype html>/,
    );
  });
  await t.test("another authority's certificate", async () => {
    const authority = await createTestAuthority(t);
    const file = join(folder, "stranger.pem");
    await writeFile(file, authority.grace.cert + authority.grace.key);
    const { stdout } = await runCurl(...trusting, "--cert", file, url);
    assert.match(stdout, /"code": "certificate-untrusted"/);
  });

  const direct = `http://127.0.0.1:${app.port}/`;
  const forged = [
    "-H",
    "SSL_CLIENT_S_DN: CN=Grace Hopper,ST=Virginia,C=US",
    "-H",
    "SSL_CLIENT_VERIFY: SUCCESS",
  ];
  const claims: readonly (readonly [name: string, args: readonly string[]])[] = [
    ["nothing claimed", []],
    ["forged identity", forged],
    ["the slash form", ["-H", "SSL_CLIENT_S_DN: /C=US/ST=Virginia/CN=Grace Hopper", "-H", "SSL_CLIENT_VERIFY: SUCCESS"]],
    ["and a guessed secret", [...forged, "-H", `Sallyport-Secret: ${"0".repeat(64)}`]],
    ["and an empty secret", [...forged, "-H", "Sallyport-Secret;"]],
    ["and a secret in another spelling", [...forged, "-H", "Sallyport_Secret: x", "-H", "X-Forwarded-For: 127.0.0.1"]],
  ]; // prettier-ignore
  for (const [name, args] of claims) {
    await t.test(`straight to the app: ${name} -> Hello Unauthorized!`, async () => {
      assert.deepEqual(await runCurl(...args, direct), {
        code: 0,
        stdout: "Hello Unauthorized!",
        stderr: "",
      });
    });
  }
});
