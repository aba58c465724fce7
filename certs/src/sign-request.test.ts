import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { become, nothingElseThan } from "./grants.ts";
import type { Grant } from "./grants.ts";
import { issue } from "./issue.ts";
import { listIssued } from "./list-issued.ts";
import type { OpenAuthority } from "./open-authority.ts";
import { personSubject } from "./person-subject.ts";
import { renew } from "./renew.ts";
import { revoke } from "./revoke.ts";
import { signRequest } from "./sign-request.ts";
import { quickAuthority, scratch } from "./testing/scratch.ts";
import type { Scratch } from "./testing/scratch.ts";

const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
const greedy = [
  ["-subj", "/O=Elsewhere/CN=Test Subject"],
  ["-addext", "basicConstraints=critical,CA:TRUE"],
  ["-addext", "keyUsage=keyCertSign"],
  ["-addext", "extendedKeyUsage=serverAuth"],
  ["-addext", "subjectAltName=email:test@flask.local"],
].flat();

describe("signRequest", () => {
  let place: Scratch, authority: OpenAuthority;
  before(async () => {
    place = scratch();
    authority = await quickAuthority(join(place.folder, "authority"));
    place.openssl("req", "-new", ...curve, "-nodes", "-keyout", "test.key", ...greedy, "-out", "test.csr");
  });
  after(() => {
    place.remove();
  });

  const read = (name: string) => readFileSync(join(place.folder, name));
  const names = () => ({
    subject: personSubject(authority, { commonName: "Test Subject", organizationalUnits: ["Engineering"] }),
    alternativeNames: [{ type: "email", value: "test@flask.local" }] as const,
  });
  const sign = (request: string | Uint8Array, grant: Grant = become(names())) =>
    signRequest(authority, request, { name: "test", grant });
  const refuses = (request: string | Uint8Array, message: RegExp, grant?: Grant) =>
    assert.rejects(sign(request, grant), { name: "CertsError", message });

  it("takes the key and nothing else that the request did not have to ask for", async () => {
    const { certificatePem } = await sign(read("test.csr"));
    writeFileSync(join(place.folder, "test.crt"), certificatePem);
    const shown = place.openssl("x509", "-in", "test.crt", "-noout", "-text", "-nameopt", "RFC2253");
    assert.match(shown, /Subject: CN=Test Subject,OU=Engineering,ST=Virginia,C=US\n/);
    assert.match(shown, /Basic Constraints: critical\n +CA:FALSE\n/);
    assert.match(shown, /Key Usage: critical\n +Digital Signature\n/);
    assert.match(shown, /Extended Key Usage: \n +TLS Web Client Authentication\n/);
    assert.match(shown, /Alternative Name: \n +email:test@flask\.local\n/);
    assert.equal(
      place.openssl(
        "verify",
        "-x509_strict",
        "-purpose",
        "sslclient",
        "-CAfile",
        "authority/root.pem",
        "test.crt",
      ),
      "test.crt: OK\n",
    );
    assert.equal(
      place.openssl("x509", "-in", "test.crt", "-noout", "-pubkey"),
      place.openssl("pkey", "-in", "test.key", "-pubout"),
    );
    assert.equal((await listIssued(authority.folder)).length, 1);
  });

  it("reads DER as well", async () => {
    place.openssl("req", "-in", "test.csr", "-outform", "DER", "-out", "test.der");
    await sign(read("test.der"));
  });

  it("refuses a request whose sender has not shown the key", async () => {
    place.openssl("req", "-in", "test.csr", "-outform", "DER", "-out", "test.der");
    const der = Buffer.from(read("test.der"));
    const at = der.indexOf("Test Subject");
    der.write("Test Object ", at);
    await refuses(der, /is not signed with the key it asks a certificate for/);
    const signature = Buffer.from(read("test.der"));
    signature.writeUInt8(signature.readUInt8(signature.length - 1) ^ 1, signature.length - 1);
    await refuses(signature, /is not signed with the key/);
  });

  it("refuses weak keys, weak signatures and other kinds of key", async () => {
    const request = (...words: string[]) => {
      place.openssl(
        "req",
        "-new",
        "-nodes",
        "-keyout",
        "weak.key",
        "-subj",
        "/CN=a",
        "-out",
        "weak.csr",
        ...words,
      );
      return read("weak.csr");
    };
    await refuses(request("-newkey", "rsa:1024"), /neither RSA of 2048 bits or more nor/);
    await refuses(request("-newkey", "ed25519"), /neither RSA of 2048 bits or more nor/);
    await refuses(request("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:secp256k1"), /neither RSA of/);
    await refuses(request("-new", ...curve, "-sha1"), /not signed with SHA-256 or better/);
  });

  it("refuses what is no request", async () => {
    const twice = read("test.csr").toString() + read("test.csr").toString();
    for (const text of [
      "",
      "nothing",
      "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n",
      twice,
    ])
      await refuses(text, /It is not a certificate request/);
    await refuses(authority.signer.certificatePem, /It is not a certificate request/);
    await refuses(Buffer.alloc(100_000, 0x30), /It is not a certificate request/);
  });

  it("can be held to names, and fills in what a request leaves open", async () => {
    await refuses(read("test.csr"), /asks for CN=Test Subject,O=Elsewhere, and may ask for CN=Test Subject,OU/, nothingElseThan(names())); // prettier-ignore
    const make = (...words: string[]) => {
      place.openssl("req", "-new", "-key", "test.key", "-out", "plain.csr", ...words);
      return read("plain.csr");
    };
    const open = await sign(make("-subj", "/"), nothingElseThan(names()));
    assert.match(open.certificatePem, /BEGIN CERTIFICATE/);
    const san = make("-subj", "/", "-addext", "subjectAltName=email:mallory@flask.local");
    await refuses(
      san,
      /asks for email:mallory@flask\.local, which CN=Test Subject/,
      nothingElseThan(names()),
    );
    await refuses(
      make("-subj", "/", "-addext", "subjectAltName=RID:1.2.3"),
      /of the kind id is not issued here/,
    );
  });

  it("renews for the same names alone, what was issued here and not revoked", async () => {
    const old = await issue(authority, { name: "renewed", ...names(), keyAlgorithm: "ec-p256" });
    const subject = ["-utf8", "-subj", "/C=US/ST=Virginia/OU=Engineering/CN=Test Subject"];
    const make = (...words: string[]) => {
      place.openssl("req", "-new", "-key", "test.key", "-out", "again.csr", ...words);
      return read("again.csr");
    };
    const same = make(...subject, "-addext", "subjectAltName=email:test@flask.local");
    const { serialNumber, privateKeyPem } = await renew(authority, old.der, { request: same });
    assert.notEqual(serialNumber, old.serialNumber);
    assert.equal(privateKeyPem, undefined);
    const other = /subject and subjectAltName are not those of the certificate/;
    await assert.rejects(renew(authority, old.der, { request: make(...subject) }), other);
    await assert.rejects(renew(authority, old.der, { request: read("test.csr") }), other);
    await revoke(authority.folder, { serialNumber: old.serialNumber });
    await assert.rejects(renew(authority, old.der, { request: same }), /what is revoked is not renewed/);
  });
});
