import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { cpuTime } from "@sallyport/identity/testing/cpu-time";
import { createRevocation } from "./revocation.ts";
import { createTrust, type Known, type TrustOptions } from "./trust.ts";

const folder = mkdtempSync(join(tmpdir(), "sallyport-trust-"));
after(() => {
  rmSync(folder, { recursive: true });
});

const openssl = (...args: string[]) =>
  execFileSync("openssl", args, { cwd: folder, stdio: ["ignore", "pipe", "ignore"] });
const authorityExtensions = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n";

/** Issues a certificate for the key of `holder` (made when it has none yet), signed by `issuer`'s key: itself, if none is given. */
function issue(file: string, holder: string, issuer?: { file: string; holder: string }, extensions = authorityExtensions, days = "30", key = ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"], digest = "-sha256"): X509Certificate {
  openssl("req", "-new", ...keyArguments(holder, key), "-subj", `/CN=${holder}`, "-out", `${file}.csr`);
  writeFileSync(join(folder, `${file}.ext`), extensions);
  const signer = issuer ? ["-CA", issuer.file, "-CAkey", `${issuer.holder}.key`, "-CAcreateserial"] : ["-signkey", `${holder}.key`];
  openssl("x509", "-req", "-in", `${file}.csr`, ...signer, "-days", days, digest, "-extfile", `${file}.ext`, "-out", file);
  return new X509Certificate(readFileSync(join(folder, file)));
} // prettier-ignore

const keys = new Set<string>();
function keyArguments(holder: string, key: readonly string[]): string[] {
  if (keys.has(holder)) return ["-key", `${holder}.key`];
  keys.add(holder);
  return ["-newkey", ...key, "-nodes", "-keyout", `${holder}.key`];
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

const options: TrustOptions = {
  authorities: [root],
  depth: 1,
  insecureWeakKeys: false,
  revocation: createRevocation([], () => 0),
  previous: undefined,
  memory: 100,
  onForget: () => undefined,
};
/** What a Trust of its own, without a memory, makes of a certificate. */
const meet = (leaf: X509Certificate, presented: X509Certificate[], ...authorities: X509Certificate[]) =>
  createTrust({ ...options, authorities }).meet(leaf, () => presented);

describe("the depth of a path counts authorities, the root included, as Apache does", () => {
  it("leaf <- root: 1", () => {
    assert.equal(meet(grace, [], root)?.depth, 1);
    assert.equal(meet(grace, [root], root)?.depth, 1);
  });

  it("leaf <- intermediate <- root: 2, whether the intermediate was presented or is on file", () => {
    assert.equal(meet(cecilia, [intermediate], root)?.depth, 2);
    assert.equal(meet(cecilia, [], root, intermediate)?.depth, 2);
  });

  it("two intermediates: 3, in whatever order they were presented", () => {
    for (const presented of [[second, intermediate], [intermediate, second], [root, grace, second, cecilia, intermediate]]) {
      assert.equal(meet(deep, presented, root)?.depth, 3);
    }
  }); // prettier-ignore

  it("a self-signed certificate that is itself an authority: 0", () => {
    const alone = issue("alone.pem", "Alone", undefined, "basicConstraints=CA:FALSE\n");
    assert.equal(meet(alone, [], root, alone)?.depth, 0);
    assert.equal(meet(root, [], root)?.depth, 0);
  });

  it("a cross-signed intermediate leads to the root that is trusted", () => {
    const other = issue("other.pem", "Other Root");
    const crossed = issue("crossed.pem", "Intermediate One", { file: "other.pem", holder: "Other Root" });
    assert.equal(meet(cecilia, [intermediate, crossed], root)?.depth, 2);
    assert.equal(meet(cecilia, [crossed, intermediate], other)?.depth, 2);
    assert.equal(meet(cecilia, [intermediate], other), undefined);
  });
});

describe("there is no path", () => {
  const pathOf = (leaf: X509Certificate, presented: X509Certificate[], ...authorities: X509Certificate[]) =>
    meet(leaf, presented, ...authorities);

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
    const started = cpuTime();
    assert.equal(pathOf(leaf, [b, aByB], root), undefined);
    assert.ok(cpuTime() - started < 1000);
    assert.equal(pathOf(leaf, [b], a)?.depth, 2);
  });

  it("without any authority", () => {
    assert.equal(pathOf(grace, [root]), undefined);
    assert.equal(pathOf(root, [root]), undefined);
  });
});

it("a path holds while every certificate of it does", () => {
  const path = meet(cecilia, [intermediate], root);
  assert.equal(path?.notAfter, intermediate.validToDate.getTime(), "the intermediate ends first");
  const latest = Math.max(...[root, intermediate, cecilia].map((one) => one.validFromDate.getTime()));
  assert.equal(path.notBefore, latest);
  assert.equal(meet(grace, [], root)?.notAfter, grace.validToDate.getTime());
});

describe("what is known of a path", () => {
  it("is every certificate of it with the authority that signed it, the root's own left out", () => {
    const names = (known: Known | undefined) =>
      known?.links.map(({ certificate, issuer }) =>
        [certificate, issuer].map(({ subject }) => subject[0]?.[0]?.value),
      );
    assert.deepEqual(names(meet(grace, [], root)), [["Grace", "Test Root"]]);
    assert.deepEqual(names(meet(cecilia, [intermediate], root)), [
      ["Cecilia", "Intermediate One"],
      ["Intermediate One", "Test Root"],
    ]);
    assert.deepEqual(names(meet(root, [], root)), []);
  });

  it("is remembered, and not looked for again", () => {
    const trust = createTrust(options);
    const known = trust.meet(cecilia, () => [intermediate]);
    assert.ok(known);
    assert.equal(
      trust.meet(cecilia, () => assert.fail("asked what was presented")),
      known,
    );
    assert.notEqual(
      createTrust(options).meet(cecilia, () => [intermediate]),
      known,
    );
  });

  it("is found again without its intermediates, as in a resumed session, by the Trust that follows too", () => {
    const trust = createTrust(options);
    trust.meet(cecilia, () => [intermediate]);
    const next = createTrust({ ...options, previous: trust });
    assert.equal(next.meet(cecilia, () => [])?.depth, 2);
    const over = createTrust({ ...options, previous: next });
    assert.equal(over.meet(cecilia, () => [])?.depth, 2);
    assert.equal(
      createTrust({ ...options, previous: undefined }).meet(cecilia, () => []),
      undefined,
    );
  });

  it("is proved anew by the Trust that follows: what it remembers are certificates, not that they are believed", () => {
    const trust = createTrust(options);
    trust.meet(cecilia, () => [intermediate]);
    const other = issue("next-root.pem", "Next Root");
    assert.equal(
      createTrust({ ...options, authorities: [other], previous: trust }).meet(cecilia, () => []),
      undefined,
    );
  });

  it("is forgotten as a whole when the memory is full, and whoever relies on it is told", () => {
    let forgotten = 0;
    const onForget = () => (forgotten += 1);
    const trust = createTrust({ ...options, memory: 2, onForget });
    trust.meet(cecilia, () => [intermediate]);
    trust.meet(grace, () => []);
    assert.equal(forgotten, 0);
    trust.meet(deep, () => [second, intermediate]);
    assert.equal(forgotten, 1);
    assert.equal(
      trust.meet(cecilia, () => []),
      undefined,
    );
    assert.equal(trust.meet(deep, () => [])?.depth, 3, "the newest is kept");
  });
});

describe("what is too weak", () => {
  const weakKey = issue("w.pem", "Weak", { file: "root.pem", holder: "Test Root" }, clientExtensions, "30", [
    "rsa:1024",
  ]);

  it("is a key under 2048 bits, of the certificate or of an authority above it", () => {
    assert.equal(meet(weakKey, [], root)?.weakness, "WEAK_KEY");
    const authority = issue("wa.pem", "Weak Authority", undefined, undefined, "30", ["rsa:1024"]);
    const leaf = issue("under-wa.pem", "Under Weak", { file: "wa.pem", holder: "Weak Authority" }, clientExtensions);
    assert.equal(meet(leaf, [], authority)?.weakness, "WEAK_AUTHORITY");
    const strong = issue("strong.pem", "Strong", { file: "root.pem", holder: "Test Root" }, clientExtensions, "30", ["rsa:2048"]);
    assert.equal(meet(strong, [], root)?.weakness, undefined);
  }); // prettier-ignore

  it("is a curve that is not one of the named ones, also one that is spelt out", () => {
    const small = ["ec", "-pkeyopt", "ec_paramgen_curve:secp224r1"];
    const spelt = ["ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-pkeyopt", "ec_param_enc:explicit"];
    for (const [at, key] of [small, spelt].entries()) {
      const leaf = issue(`curve${at}.pem`, `Curve ${at}`, { file: "root.pem", holder: "Test Root" }, clientExtensions, "30", key);
      assert.equal(meet(leaf, [], root)?.weakness, "WEAK_KEY");
    }
    for (const curve of ["P-384", "P-521"]) {
      const leaf = issue(`${curve}.pem`, curve, { file: "root.pem", holder: "Test Root" }, clientExtensions, "30", ["ec", "-pkeyopt", `ec_paramgen_curve:${curve}`]);
      assert.equal(meet(leaf, [], root)?.weakness, undefined);
    }
    const edwards = issue("ed.pem", "Edwards", { file: "root.pem", holder: "Test Root" }, clientExtensions, "30", ["ed25519"]);
    assert.equal(meet(edwards, [], root)?.weakness, undefined);
  }); // prettier-ignore

  it("is a signature with SHA-1, but not the one that a root has signed itself with", () => {
    const oldRoot = issue("old-root.pem", "Old Root", undefined, undefined, "30", undefined, "-sha1");
    const fine = issue("fine.pem", "Fine", { file: "old-root.pem", holder: "Old Root" }, clientExtensions);
    assert.equal(meet(fine, [], oldRoot)?.weakness, undefined);
    const leaf = issue("sha1.pem", "Old", { file: "root.pem", holder: "Test Root" }, clientExtensions, "30", undefined, "-sha1");
    assert.equal(meet(leaf, [], root)?.weakness, "WEAK_SIGNATURE");
    const above = issue("sha1-ca.pem", "Old Authority", { file: "root.pem", holder: "Test Root" }, undefined, "30", undefined, "-sha1");
    const under = issue("under-sha1.pem", "Under Old", { file: "sha1-ca.pem", holder: "Old Authority" }, clientExtensions);
    assert.equal(meet(under, [above], root)?.weakness, "WEAK_AUTHORITY");
  }); // prettier-ignore

  it("is nothing where that is asked for", () => {
    const trust = createTrust({ ...options, insecureWeakKeys: true });
    assert.equal(trust.meet(weakKey, () => [])?.weakness, undefined);
  });

  it("is told also of a certificate that OpenSSL has refused, however much is accepted here", () => {
    for (const insecureWeakKeys of [true, false])
      assert.equal(createTrust({ ...options, insecureWeakKeys }).weaknessOf(weakKey, []), "WEAK_KEY");
  });
});
