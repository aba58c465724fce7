/** What Debian's werkzeug, and Python's own scrypt in werkzeug's form, have kept, we verify. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import { openPasswords } from "../../packages/app/src/auth/password/passwords.ts";
import { installed } from "./servers/installed.ts";

const words = ["correct horse battery", "pässwörd ² 日本", " white space around ", "x".repeat(200)];
const methods = ["pbkdf2:sha256:50000", "pbkdf2:sha256", "pbkdf2:sha512:1000", "pbkdf2:sha1:1000"];

/** The scrypt form came with werkzeug 2.3; Debian 12 has 2.2. The parameters and the layout are those of 2.3 and later. */
const program = `
import hashlib, json, secrets, sys
from werkzeug.security import generate_password_hash
words, methods = json.load(sys.stdin)
def scrypt(word, n, r, p):
    salt = secrets.token_hex(8)
    tag = hashlib.scrypt(word.encode(), salt=salt.encode(), n=n, r=r, p=p, maxmem=132 * n * r * p).hex()
    return f"scrypt:{n}:{r}:{p}\${salt}\${tag}"
print(json.dumps([[generate_password_hash(word, method) for method in methods] + [scrypt(word, 32768, 8, 1), scrypt(word, 4096, 4, 3)] for word in words]))
`;

void test("passwords of werkzeug are read", async (context) => {
  await installed("/usr/lib/python3/dist-packages/werkzeug/security.py");
  const python = promisify(execFile)("/usr/bin/python3", ["-c", program]);
  python.child.stdin?.end(JSON.stringify([words, methods]));
  const kept = JSON.parse((await python).stdout) as string[][];
  const passwords = openPasswords();
  for (const [at, word] of words.entries()) {
    for (const stored of kept[at] ?? []) {
      await context.test(`${stored.slice(0, 24)}… of ${JSON.stringify(word.slice(0, 20))}`, async () => {
        assert.deepEqual(await passwords.verify(word, stored), { ok: true, rehash: true });
        assert.deepEqual(await passwords.verify(`${word}.`, stored), { ok: false, rehash: false });
      });
    }
  }
  assert.equal(kept.flat().length, words.length * (methods.length + 2));
});
