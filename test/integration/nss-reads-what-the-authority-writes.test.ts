import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import {
  createPkcs12,
  issue,
  makeRoot,
  openAuthority,
  personSubject,
  revoke,
  writeCrl,
  type KeyAlgorithm,
} from "@sallyport/certs";
import { tempFolder } from "../support/temp-folder.ts";
import { installed } from "./servers/installed.ts";

/** NSS is what Firefox, and Chromium on Linux, keep certificates in. */
test("NSS reads what the authority writes", { timeout: 60_000 }, async (t) => {
  const folder = await tempFolder(t);
  const [certutil, pk12util, crlutil] = await Promise.all(
    ["certutil", "pk12util", "crlutil"].map((name) => installed(`/usr/bin/${name}`)),
  );
  const database = ["-d", `sql:${folder}`];
  const run = (program = "", ...words: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(program, [...words, ...database], { encoding: "utf8" });
    return { status, said: stdout + stderr };
  };
  const succeed = (program: string | undefined, ...words: readonly string[]) => {
    const { status, said } = run(program, ...words);
    assert.equal(status, 0, `${words.join(" ")}: ${said}`);
    return said;
  };

  const home = join(folder, "authority");
  await makeRoot({ folder: home, key: "ec-p256" });
  const authority = await openAuthority(home);
  succeed(certutil, "-N", "--empty-password");
  succeed(certutil, "-A", "-t", "CT,,", "-n", "root", "-i", join(home, "root.pem"));
  const validity = (name: string) => run(certutil, "-V", "-u", "C", "-n", name).said;

  const algorithms: readonly KeyAlgorithm[] = ["rsa-2048", "ec-p256", "ec-p384"];
  for (const keyAlgorithm of algorithms)
    for (const encryption of ["modern", "legacy"] as const) {
      const name = `${keyAlgorithm}-${encryption}`;
      await t.test(`${encryption} .p12 with a key of ${keyAlgorithm}`, async () => {
        const subject = personSubject(authority, { commonName: `Test Subject ${name}` });
        const issued = await issue(authority, { name, subject, keyAlgorithm });
        const file = join(folder, `${name}.p12`);
        const password = "pässword";
        const { chainPem } = authority;
        await writeFile(
          file,
          createPkcs12({ ...issued, chainPem, friendlyName: name, password, encryption }),
        );
        assert.notEqual(run(pk12util, "-i", file, "-W", "password").status, 0);
        assert.match(succeed(pk12util, "-i", file, "-W", password), /PKCS12 IMPORT SUCCESSFUL/);
        assert.match(succeed(certutil, "-K"), new RegExp(` ${name}\\n`));
        assert.match(validity(name), /certificate is valid/);
      });
    }

  await t.test("a list that revokes", async () => {
    const subject = personSubject(authority, { commonName: "Mallory" });
    const { der, serialNumber } = await issue(authority, {
      name: "mallory",
      subject,
      keyAlgorithm: "ec-p256",
    });
    await writeFile(join(folder, "mallory.der"), der);
    succeed(certutil, "-A", "-t", ",,", "-n", "mallory", "-i", join(folder, "mallory.der"));
    assert.match(validity("mallory"), /certificate is valid/);
    await revoke(home, { serialNumber, reason: "keyCompromise" });
    const { path } = await writeCrl(authority);
    const der2 = join(folder, "list.der");
    assert.equal(spawnSync("openssl", ["crl", "-in", path, "-outform", "DER", "-out", der2]).status, 0);
    succeed(crlutil, "-I", "-i", der2);
    assert.match(
      succeed(crlutil, "-L", "-n", "root"),
      new RegExp(serialNumber.replace(/..(?=.)/g, "$&:"), "i"),
    );
    assert.match(validity("mallory"), /certificate is invalid.*revoked/i);
    assert.match(validity("ec-p256-modern"), /certificate is valid/);
  });
});
