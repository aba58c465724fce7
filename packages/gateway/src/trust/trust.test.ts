import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { createTrust, type Trust } from "./trust.ts";

const folder = mkdtempSync(join(tmpdir(), "sallyport-trust-"));
after(() => {
  rmSync(folder, { recursive: true });
});

const openssl = (...args: string[]) =>
  execFileSync("openssl", args, { cwd: folder, stdio: ["ignore", "pipe", "ignore"] });
const authorityExtensions = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n";

/** Issues a certificate for the key of `holder` (made when it has none yet), signed by `issuer`'s key: itself, if none is given. */
function issue(file: string, holder: string, issuer?: { file: string; holder: string }, extensions = authorityExtensions, days = "30"): X509Certificate {
  openssl("req", "-new", ...keyArguments(holder), "-subj", `/CN=${holder}`, "-out", `${file}.csr`);
  writeFileSync(join(folder, `${file}.ext`), extensions);
  const signer = issuer ? ["-CA", issuer.file, "-CAkey", `${issuer.holder}.key`, "-CAcreateserial"] : ["-signkey", `${holder}.key`];
  openssl("x509", "-req", "-in", `${file}.csr`, ...signer, "-days", days, "-extfile", `${file}.ext`, "-out", file);
  return new X509Certificate(readFileSync(join(folder, file)));
} // prettier-ignore

const keys = new Set<string>();
function keyArguments(holder: string): string[] {
  if (keys.has(holder)) return ["-key", `${holder}.key`];
  keys.add(holder);
  return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", `${holder}.key`];
}

const clientExtensions = "basicConstraints=CA:FALSE\nextendedKeyUsage=clientAuth\n";
const root = issue("root.pem", "Test Root", undefined, authorityExtensions, "300");
const intermediate = issue(
  "one.pem",
  "Intermediate One",
  { file: "root.pem", holder: "Test Root" },
  undefined,
  "20",
);
const second = issue("two.pem", "Intermediate Two", { file: "one.pem", holder: "Intermediate One" });
const grace = issue("grace.pem", "Grace", { file: "root.pem", holder: "Test Root" }, clientExtensions);
const cecilia = issue(
  "cecilia.pem",
  "Cecilia",
  { file: "one.pem", holder: "Intermediate One" },
  clientExtensions,
  "40",
);
const deep = issue("deep.pem", "Deep", { file: "two.pem", holder: "Intermediate Two" }, clientExtensions);

const trusting = (...authorities: X509Certificate[]): Trust => createTrust(authorities, 1, () => undefined);

describe("the depth of a path counts authorities, the root included, as Apache does", () => {
  it("leaf <- root: 1", () => {
    assert.equal(trusting(root).findPath(grace, [])?.depth, 1);
    assert.equal(trusting(root).findPath(grace, [root])?.depth, 1);
  });

  it("leaf <- intermediate <- root: 2, whether the intermediate was presented or is on file", () => {
    assert.equal(trusting(root).findPath(cecilia, [intermediate])?.depth, 2);
    assert.equal(trusting(root, intermediate).findPath(cecilia, [])?.depth, 2);
  });

  it("two intermediates: 3, in whatever order they were presented", () => {
    for (const presented of [[second, intermediate], [intermediate, second], [root, grace, second, cecilia, intermediate]]) {
      assert.equal(trusting(root).findPath(deep, presented)?.depth, 3);
    }
  }); // prettier-ignore

  it("a self-signed certificate that is itself an authority: 0", () => {
    const alone = issue("alone.pem", "Alone", undefined, "basicConstraints=CA:FALSE\n");
    assert.equal(trusting(root, alone).findPath(alone, [])?.depth, 0);
    assert.equal(trusting(root).findPath(root, [])?.depth, 0);
  });

  it("a cross-signed intermediate leads to the root that is trusted", () => {
    const other = issue("other.pem", "Other Root");
    const crossed = issue("crossed.pem", "Intermediate One", { file: "other.pem", holder: "Other Root" });
    assert.equal(trusting(root).findPath(cecilia, [intermediate, crossed])?.depth, 2);
    assert.equal(trusting(other).findPath(cecilia, [crossed, intermediate])?.depth, 2);
    assert.equal(trusting(other).findPath(cecilia, [intermediate]), undefined);
  });
});

describe("there is no path", () => {
  const pathOf = (leaf: X509Certificate, presented: X509Certificate[], ...authorities: X509Certificate[]) =>
    trusting(...authorities).findPath(leaf, presented);

  it("to a root that is not trusted, though it was presented", () => {
    assert.equal(pathOf(grace, [root]), undefined);
    issue("another.pem", "Another Root");
    assert.equal(
      pathOf(grace, [root], new X509Certificate(readFileSync(join(folder, "another.pem")))),
      undefined,
    );
  });

  it("without the intermediate", () => {
    assert.equal(pathOf(cecilia, [], root), undefined);
    assert.equal(pathOf(deep, [second], root), undefined);
  });

  it("from a trusted intermediate alone: a path ends at a self-signed authority", () => {
    assert.equal(pathOf(cecilia, [], intermediate), undefined);
  });

  it("by an authority of the right name and the wrong key: every step is proved by a signature", () => {
    openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "forger.key");
    openssl("req", "-x509", "-key", "forger.key", "-subj", "/CN=Test Root", "-days", "30", "-out", "forged-root.pem");
    const forgedRoot = new X509Certificate(readFileSync(join(folder, "forged-root.pem")));
    assert.equal(pathOf(grace, [], forgedRoot), undefined);
    openssl("x509", "-req", "-in", "grace.pem.csr", "-CA", "forged-root.pem", "-CAkey", "forger.key", "-CAcreateserial", "-out", "forged.pem");
    const forged = new X509Certificate(readFileSync(join(folder, "forged.pem")));
    assert.equal(forged.issuer, root.subject);
    assert.equal(pathOf(forged, [], root), undefined);
    assert.equal(pathOf(forged, [forgedRoot], root), undefined);
    assert.equal(pathOf(forged, [forgedRoot], forgedRoot)?.depth, 1);
  }); // prettier-ignore

  it("by a certificate whose signature was tampered with", () => {
    const raw = Buffer.from(grace.raw);
    raw[raw.length - 1] = (raw.at(-1) ?? 0) ^ 1;
    assert.equal(pathOf(new X509Certificate(raw), [], root), undefined);
  });

  it("through a certificate that is no authority", () => {
    const issued = issue(
      "issued-by-grace.pem",
      "Mallory",
      { file: "grace.pem", holder: "Grace" },
      clientExtensions,
    );
    assert.equal(pathOf(issued, [grace], root), undefined);
    assert.equal(pathOf(issued, [], root, grace), undefined);
  });

  it("round a loop of authorities that sign each other", () => {
    const a = issue("a.pem", "Loop A");
    const b = issue("b.pem", "Loop B", { file: "a.pem", holder: "Loop A" });
    const aByB = issue("a-by-b.pem", "Loop A", { file: "b.pem", holder: "Loop B" });
    const leaf = issue("loop.pem", "Loop Leaf", { file: "b.pem", holder: "Loop B" }, clientExtensions);
    const started = performance.now();
    assert.equal(pathOf(leaf, [b, aByB], root), undefined);
    assert.ok(performance.now() - started < 1000);
    assert.equal(pathOf(leaf, [b], a)?.depth, 2);
  });

  it("without any authority", () => {
    assert.equal(pathOf(grace, [root]), undefined);
    assert.equal(pathOf(root, [root]), undefined);
  });
});

it("a path holds while every certificate of it does", () => {
  const path = trusting(root).findPath(cecilia, [intermediate]);
  assert.equal(path?.notAfter, intermediate.validToDate.getTime(), "the intermediate ends first");
  const latest = Math.max(...[root, intermediate, cecilia].map((one) => one.validFromDate.getTime()));
  assert.equal(path.notBefore, latest);
  assert.equal(trusting(root).findPath(grace, [])?.notAfter, grace.validToDate.getTime());
});

describe("what is remembered", () => {
  const path = { depth: 1, notBefore: 0, notAfter: 1, intermediates: [] };

  it("is recalled by fingerprint, and by no other Trust", () => {
    const trust = trusting(root);
    assert.equal(trust.recall(grace.fingerprint256), undefined);
    const known = trust.remember(grace.fingerprint256, grace, path);
    assert.equal(trust.recall(grace.fingerprint256), known);
    assert.equal(known.path, path);
    assert.equal(known.certificate.subject[0]?.[0]?.value, "Grace");
    assert.equal(trust.recall(cecilia.fingerprint256), undefined);
    assert.equal(trusting(root).recall(grace.fingerprint256), undefined);
  });

  it("is forgotten as a whole when the memory is full, and whoever relies on it is told", () => {
    let forgotten = 0;
    const trust = createTrust([root], 1, () => {
      forgotten += 1;
    });
    for (let at = 0; at < 10_000; at += 1) trust.remember(`fingerprint ${at}`, grace, path);
    assert.equal(forgotten, 0);
    assert.ok(trust.recall("fingerprint 0"));
    trust.remember("one more", grace, path);
    assert.equal(forgotten, 1);
    assert.equal(trust.recall("fingerprint 0"), undefined);
    assert.ok(trust.recall("one more"), "the newest is kept");
  });
});
