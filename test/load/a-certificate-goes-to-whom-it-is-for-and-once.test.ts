/** Enrolment behind the gateway, with curl and openssl as clients: EST by token, renewal by certificate, a person's link. */
import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { issue, personSubject, revoke } from "@sallyport/certs";
import { runCurl } from "../support/run-curl.ts";
import { runOpenssl } from "../support/run-openssl.ts";
import { startEnrolment } from "../support/running-enrolment.ts";
import { createTestAuthority, type Identity } from "../support/test-authority.ts";

test("a certificate goes to whom it is for, and once", { timeout: 60_000 }, async (t) => {
  const stranger = await createTestAuthority(t);
  const desk = await startEnrolment(t, { authorities: [stranger.rootFile] });
  const { folder, authority, authorityFolder, invite, rootFile } = desk;
  const site = `https://localhost:${desk.gateway.port}`;
  const est = `${site}/.well-known/est`;
  const curl = async (...words: readonly string[]) => {
    const { stdout } = await runCurl("--cacert", rootFile, "--write-out", "\n%{http_code}", ...words);
    const end = stdout.lastIndexOf("\n");
    return { status: Number(stdout.slice(end + 1)), body: stdout.slice(0, end) };
  };
  const file = async (name: string, content: string | Uint8Array) => {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  };
  /** A key and a request in base64, in files. */
  const request = async (name: string, subject: string, ...more: readonly string[]) => {
    const key = join(folder, `${name}.key`);
    const der = await runOpenssl(["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", subject, "-keyout", key, "-outform", "DER", ...more]); // prettier-ignore
    return { key, csr: await file(`${name}.b64`, der.toString("base64")) };
  };
  const post = (csr: string, ...words: readonly string[]) =>
    curl("-H", "Content-Type: application/pkcs10", "--data-binary", `@${csr}`, ...words);
  const certificatesIn = (body: string) =>
    runOpenssl(["pkcs7", "-inform", "DER", "-print_certs"], Buffer.from(body, "base64"));
  const describe = async (pem: string | Uint8Array) =>
    (await runOpenssl(["x509", "-noout", "-subject", "-ext", "subjectAltName", "-nameopt", "RFC2253"], pem)).toString(); // prettier-ignore
  const holder = async (name: string, { cert, key }: Identity) => ["--cert", await file(`${name}.crt`, cert), "--key", await file(`${name}.key`, key)]; // prettier-ignore
  const issued = async (commonName: string) => {
    const made = await issue(authority, { name: commonName, subject: personSubject(authority, { commonName }), keyAlgorithm: "ec-p256" }); // prettier-ignore
    return { ...made, words: await holder(commonName, { cert: made.certificatePem, key: made.privateKeyPem }) }; // prettier-ignore
  };
  const grace = /^subject=CN=Grace Hopper,OU=Staff,ST=Virginia,C=US\nX509v3 Subject Alternative Name: \n {4}email:grace@flask\.local\n$/; // prettier-ignore

  const invitee = { email: "grace@flask.local", group: ["Staff"] };
  const tokens: string[] = [];
  await t.test("EST: everybody may have the authority's certificates", async () => {
    const { status, body } = await curl(`${est}/cacerts`);
    assert.equal(status, 200);
    assert.match(
      (await certificatesIn(body)).toString(),
      /^subject=.*Root Flask Local Certificate Authority\n/,
    );
    const { stdout } = await runCurl("--cacert", rootFile, "--head", `${est}/cacerts`);
    assert.match(stdout, /\r\nContent-Type: application\/pkcs7-mime; smime-type=certs-only\r\n/i);
    assert.match(stdout, /\r\nContent-Transfer-Encoding: base64\r\n/i);
  });

  await t.test("EST: a token becomes one certificate, for the one invited", async (t) => {
    const { token } = invite("Grace Hopper", invitee);
    tokens.push(token);
    const { key, csr } = await request("grace", "/CN=Mallory/O=x", "-addext", "subjectAltName=email:mallory@flask.local", "-addext", "basicConstraints=critical,CA:TRUE"); // prettier-ignore
    await t.test("not without it", async () => {
      for (const words of [[], ["--user", `:${"0".repeat(32)}`]]) {
        assert.equal((await post(csr, ...words, `${est}/simpleenroll`)).status, 401);
      }
      const { stdout } = await runCurl("--cacert", rootFile, "-i", "-H", "Content-Type: application/pkcs10", "-d", "x", `${est}/simpleenroll`); // prettier-ignore
      assert.match(stdout, /^HTTP\/1\.1 401 [^]*\r\nWWW-Authenticate: Basic realm="enrolment"/i);
    });
    await t.test("a request that is none uses nothing up", async () => {
      for (const [content, problem] of [
        ["%", /not base64/],
        ["AAAA", /openssl req -new/],
      ] as const) {
        const { status, body } = await post(await file("bad", content), "--user", `:${token}`, `${est}/simpleenroll`); // prettier-ignore
        assert.equal(status, 400);
        assert.match(body, problem);
      }
    });
    await t.test("of two at once one gets it", async () => {
      const answers = await Promise.all([1, 2].map(() => post(csr, "--user", `:${token}`, `${est}/simpleenroll`))); // prettier-ignore
      assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 401]);
      const body = answers.find(({ status }) => status === 200)?.body ?? "";
      const certificate = await certificatesIn(body);
      assert.match(await describe(certificate), grace);
      const purpose = ["verify", "-purpose", "sslclient", "-CAfile", rootFile];
      await runOpenssl([...purpose, await file("grace.crt", certificate)]);
      assert.match((await runOpenssl(["x509", "-noout", "-text"], certificate)).toString(), /CA:FALSE/);
      assert.equal((await curl("--cert", join(folder, "grace.crt"), "--key", key, `${site}/`)).body, "It works!\n"); // prettier-ignore
    });
    await t.test("and nobody ever again", async () => {
      const { status, body } = await post(csr, "--user", `:${token}`, `${est}/simpleenroll`);
      assert.equal(status, 401);
      assert.match(body, /^This token is used\. Ask for a new one\./);
      assert.equal((await curl(`${site}/enrol/?token=${token}`)).status, 410);
    });
  });

  await t.test("EST: a certificate is renewed by its holder alone", async (t) => {
    const words = ["--cert", join(folder, "grace.crt"), "--key", join(folder, "grace.key")];
    await runOpenssl([
      "ecparam",
      "-name",
      "prime256v1",
      "-genkey",
      "-noout",
      "-out",
      join(folder, "new.key"),
    ]);
    const same = await runOpenssl(["x509", "-x509toreq", "-copy_extensions", "copyall", "-in", join(folder, "grace.crt"), "-signkey", join(folder, "new.key")]); // prettier-ignore
    const csr = await file("new.csr", same); // PEM, as openssl leaves it

    await t.test("the same names, the new key", async () => {
      const { status, body } = await post(csr, ...words, `${est}/simplereenroll`);
      assert.equal(status, 200, body);
      const certificate = await certificatesIn(body);
      assert.match(await describe(certificate), grace);
      const renewed = await file("renewed.crt", certificate);
      const { body: greeting } = await curl("--cert", renewed, "--key", join(folder, "new.key"), `${site}/`);
      assert.equal(greeting, "It works!\n");
    });
    await t.test("no other names", async () => {
      const { csr: other } = await request("other", "/C=US/ST=Virginia/OU=Staff/CN=Cecilia Payne");
      assert.equal((await post(other, ...words, `${est}/simplereenroll`)).status, 403);
    });

    const graces = `Client-Cert: :${Buffer.from((await readFile(join(folder, "grace.crt"), "utf8")).replace(/.*-----BEGIN CERTIFICATE-----|-----END.*|\s/gs, ""), "base64").toString("base64")}:`; // prettier-ignore
    const mallory = await issued("Mallory");
    const direct = `http://127.0.0.1:${desk.service.port}/simplereenroll`;
    const asGateway = ["-H", "X-Forwarded-Prefix: /.well-known/est", "-H", graces];
    const forged: readonly (readonly [name: string, words: readonly string[], url?: string])[] = [
      ["her certificate as a header, and none of one's own", ["-H", graces]],
      ["her certificate as a header beside one's own", ["-H", graces, ...mallory.words]],
      ["in another spelling", ["-H", graces.replace("Client-Cert", "client_cert"), ...mallory.words]],
      ["another authority's certificate with her name", await holder("stranger", stranger.grace)],
      ["past the gateway", asGateway, direct],
      ["past the gateway with a wrong secret", [...asGateway, "-H", `Sallyport-Secret: ${"0".repeat(64)}`], direct], // prettier-ignore
      ["past the gateway with two secrets", [...asGateway, "-H", `Sallyport-Secret: ${desk.secret}`, "-H", "sallyport_secret: x"], direct], // prettier-ignore
    ];
    for (const [name, claims, url = `${est}/simplereenroll`] of forged) {
      await t.test(`not by ${name}`, async () => {
        const { status, body } = await post(csr, ...claims, url);
        assert.equal(status, 403, body);
      });
    }
    await t.test("not when it is revoked, whether or not the gateway knows", async () => {
      const { words: revoked, serialNumber } = await issued("Test Subject");
      const { csr: again } = await request("again", "/C=US/ST=Virginia/CN=Test Subject");
      assert.equal((await post(again, ...revoked, `${est}/simplereenroll`)).status, 200);
      await revoke(authorityFolder, { serialNumber });
      const { status, body } = await post(again, ...revoked, `${est}/simplereenroll`);
      assert.equal(status, 403);
      assert.match(body, /revoked/);
    });
  });

  await t.test("a link becomes one file, for the one who presses the button", async (t) => {
    const { token } = invite("Grace Hopper", invitee);
    tokens.push(token);
    const link = `${site}/enrol/?token=${token}`;
    let password = "";
    await t.test("opening it changes nothing", async () => {
      const pages = [await curl(link), await curl(link)];
      for (const { status, body } of pages) {
        assert.equal(status, 200);
        assert.match(body, /<h1>A certificate for <bdi>Grace Hopper<\/bdi><\/h1>/);
      }
      const [first, second] = pages.map(({ body }) => /class="password">([^<]+)</.exec(body)?.[1]);
      assert.equal(first, second);
      password = first ?? "";
      assert.match(password, /^(?:[0-9a-z]{5}-){3}[0-9a-z]{5}$/);
    });
    await t.test("of two who press at once, one gets it", async () => {
      const outs = ["one.p12", "two.p12"].map((name) => join(folder, name));
      const answers = await Promise.all(outs.map((out) => curl("--output", out, "--data", `token=${token}`, `${site}/enrol/`))); // prettier-ignore
      const [got, ...others] = answers.map(({ status }) => status).toSorted();
      assert.equal(got, 200);
      assert.ok(others.every((status) => status === 409 || status === 410)); // being made, or made
      const out = outs[answers.findIndex(({ status }) => status === 200)] ?? "";
      const pem = await runOpenssl(["pkcs12", "-in", out, "-nodes", "-passin", `pass:${password}`]);
      assert.match(await describe(pem), grace);
      const { body } = await curl("--cert", await file("person.pem", pem), `${site}/`);
      assert.equal(body, "It works!\n");
    });
    await t.test("afterwards it shows the password, and has no button", async () => {
      const { status, body } = await curl(link);
      assert.equal(status, 200);
      assert.ok(body.includes(password));
      assert.doesNotMatch(body, /<form/);
      const { status: again } = await curl("--data", `token=${token}`, `${site}/enrol/`);
      assert.equal(again, 410);
    });
    await t.test("a link that is withdrawn opens nothing", async () => {
      const { number, token: withdrawn } = invite("Cecilia Payne");
      desk.withdraw(number);
      assert.match((await curl(`${site}/enrol/?token=${withdrawn}`)).body, /<h1>This link has been withdrawn\.<\/h1>/); // prettier-ignore
      assert.equal((await curl("--data", `token=${withdrawn}`, `${site}/enrol/`)).status, 410);
    });
  });

  await t.test("each act is written down, and no token is", async () => {
    const trail = await readFile(join(desk.records, "audit.jsonl"), "utf8");
    const acts = trail.trim().split("\n").map((line) => JSON.parse(line) as Record<string, unknown>); // prettier-ignore
    const done = acts.filter(({ outcome }) => outcome === "done").map(({ act }) => act);
    assert.deepEqual(done, ["invite", "enrol", "renew", "renew", "invite", "collect", "invite", "withdraw"]);
    for (const { act, address, serialNumber } of acts.filter(
      ({ act, outcome }) => outcome === "done" && !["invite", "withdraw"].includes(String(act)),
    )) {
      assert.equal(address, "127.0.0.1", String(act));
      assert.match(String(serialNumber), /^[0-9A-F]{32}$/);
    }
    const files = await readdir(desk.records);
    const kept = await Promise.all(files.map((name) => readFile(join(desk.records, name), "latin1")));
    const said = [...kept, ...desk.gateway.lines, desk.gateway.stderr(), ...desk.service.lines, desk.service.stderr()]; // prettier-ignore
    for (const token of tokens) assert.deepEqual(said.filter((text) => text.includes(token)), []); // prettier-ignore
  });

  assert.equal(await desk.service.stop(), 0);
});
