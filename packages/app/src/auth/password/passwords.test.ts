import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hashArgon2id, recommendedCost } from "./argon2id.ts";
import { openPasswords } from "./passwords.ts";

const cost = { memory: 64, passes: 1 };
const passwords = openPasswords({ cost });
const phrase = "correct horse battery";
const accented = "pässwörd ²";

/** Made by argon2-cffi, werkzeug 3.1.9 and Python's bcrypt. */
const made = {
  argon2idAsRecommended:
    "$argon2id$v=19$m=19456,t=2,p=1$58QDbgoUvMe9MCmYcQ29Wg$T/SMJJKnQz9wylp0d19SH9GagaHWrtfAPVvfN79PFMs",
  argon2id: "$argon2id$v=19$m=64,t=1,p=1$o2w18Zi7UXXYwPelUvVDLA$/PkMsp8IBroIKiUiX6es5/yvzJfMgwxT1X6VW7kwPUY",
  argon2i: "$argon2i$v=19$m=64,t=1,p=2$CgDmHw7TIehdTp2dNfzQcw$dzRTqBfrV1as/Ql5lc7erdA1L9Zq3sM48uKNxfTVBt0",
  scrypt:
    "scrypt:32768:8:1$W3zl4UwUtnaBZHNq$e6ce761783a83356f90c67a50f2188d5ddce824212a3b38e3bc5af68bf250991b476f35242356babc7fb16b8d1bd579da4c45e405d53c0d9ba4e88f8cafc081d",
  scryptInTwo:
    "scrypt:16384:8:2$P3OsqTI9LbCtv83e$738d8c405ed32742d9e78923611cb0abb33fc6a0a81a96f5084f99aa89dd4d7efa0dcb6d68768fed87a62faa660d323ec484d31f49619259e2a17f26c9f34d51",
  pbkdf2:
    "pbkdf2:sha256:50000$Dv205NxURxCW5vDu$761aa140abba635287d9e0e38fb6d51d8a0b24e2cb8eea004a69981c4b87cde4",
  pbkdf2Sha512:
    "pbkdf2:sha512:1000$92WS5oxFGzIr6UED$b9bd6577dd05184e5ce2b76b93423a8faebf7ed16041b54a1b213f2a5609ccc3f891a08d039d62ec8f95d466557cf73c998a330f8dabbcd1f0bd9eafceb15ef4",
  pbkdf2Sha1: "pbkdf2:sha1:1000$wgmeRLzvmBClBZCq$d9c800f1ec0baf4e70a09d9ba8020a19d19c9c67",
  bcrypt: "$2b$04$zpQXzRCCXd94vM/2MnRBrOdfijtHjnHCh8BSiW8CPA8gataIdripu",
};
const madeOfAccents = {
  pbkdf2:
    "pbkdf2:sha256:1000$QQ6X2k7uOIzWSsmf$3259b99792c7ffe4e512bd00022a61e4d8a87e597c062802f3e8b3fba487d42e",
  bcrypt: "$2a$04$6QuPJJkmSvUogk0m6VYlGOaaRlR4TwXXizLEfSQjdCVEFYPw4K5Si",
};

describe("what another program has kept is verified, and is due to be kept anew", () => {
  for (const [name, stored] of Object.entries(made)) {
    it(name, async () => {
      const rehash = name !== "argon2id"; // that one was made at this test's cost
      assert.deepEqual(await passwords.verify(phrase, stored), { ok: true, rehash });
      assert.deepEqual(await passwords.verify(`${phrase} `, stored), { ok: false, rehash: false });
    });
  }
  for (const [name, stored] of Object.entries(madeOfAccents)) {
    it(`${name}, beyond ASCII`, async () => {
      assert.equal((await passwords.verify(accented, stored)).ok, true);
      assert.equal((await passwords.verify("passwörd ²", stored)).ok, false);
    });
  }
});

describe("what is damaged or absurd is nobody's password, and no error", () => {
  const flipped = made.argon2id.replace("/PkM", "/PkN");
  const damaged = [
    "",
    "garbage",
    phrase,
    made.argon2id.slice(0, -30),
    flipped,
    made.argon2id.replace("v=19", "v=16"),
    made.argon2id.replace("m=64", "m=7"),
    made.argon2id.replace("m=64", "m=9999999"),
    made.argon2id.replace("t=1", "t=0"),
    made.argon2id.replace("p=1", "p=0"),
    made.argon2id.replace("p=1", "p=99"),
    made.argon2id.replace("argon2id", "argon2x"),
    `${made.argon2id}\n`,
    made.pbkdf2.replace("50000", "0"),
    made.pbkdf2.replace("50000", "99999999"),
    made.pbkdf2.replace("50000", "1e3"),
    made.pbkdf2.replace("sha256", "md5"),
    made.pbkdf2.replace("sha256", "constructor"),
    made.pbkdf2.slice(0, -2),
    made.pbkdf2.replace("$Dv205NxURxCW5vDu$", "$$"),
    made.scrypt.replace("32768", "32767"),
    made.scrypt.replace("32768", "16777216"),
    made.scrypt.replace(":8:1", ":8"),
    made.scrypt.replace(":8:1", ":8:1:1"),
    made.bcrypt.slice(0, -1),
    made.bcrypt.replace("$04", "$31"),
    made.bcrypt.replace("$04", "$00"),
    "sha256$salt$0123456789abcdef",
    "plain$$correct horse battery",
  ];
  for (const stored of damaged) {
    it(JSON.stringify(stored.slice(0, 40)), async () => {
      assert.deepEqual(await passwords.verify(phrase, stored), { ok: false, rehash: false });
    });
  }
});

it("keeps argon2id at 19 MiB and two passes, with a salt of its own each time", async () => {
  const ours = openPasswords();
  const [one, other] = await Promise.all([ours.hash(phrase), ours.hash(phrase)]);
  assert.match(one, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
  assert.notEqual(one, other);
  assert.deepEqual(await ours.verify(phrase, one), { ok: true, rehash: false });
  assert.deepEqual(await ours.verify(phrase, await hashArgon2id(phrase, cost)), { ok: true, rehash: true });
  assert.deepEqual(recommendedCost, { memory: 19_456, passes: 2 });
});

it("the same keys are the same password, however the characters are composed", async () => {
  const stored = await passwords.hash("caf\u00e9 \u30d1\u30b9\u30ef\u30fc\u30c9");
  const same = ["cafe\u0301 \u30d1\u30b9\u30ef\u30fc\u30c9", "caf\u00e9\u3000\u30d1\u30b9\u30ef\u30fc\u30c9", "caf\u00e9\u00a0\u30cf\u309a\u30b9\u30ef\u30fc\u30c9"]; // prettier-ignore
  for (const typed of same) assert.equal((await passwords.verify(typed, stored)).ok, true, typed);
  const others = ["cafe \u30d1\u30b9\u30ef\u30fc\u30c9", "CAF\u00c9 \u30d1\u30b9\u30ef\u30fc\u30c9", "caf\u00e9 \u30d1\u30b9\u30ef\u30fc\u30c9 "]; // prettier-ignore
  for (const typed of others) assert.equal((await passwords.verify(typed, stored)).ok, false, typed);
  const squared = await passwords.hash("x squared is x²");
  assert.equal((await passwords.verify("x squared is x2", squared)).ok, false);
});

it("a long password that bcrypt has cut off gets in, and is kept whole from then on", async () => {
  const long = "a".repeat(80); // the hash is of the first 72, by Python's bcrypt
  const stored = "$2b$04$s4EfXFGT4sAX3NGl/DR1iuuo6WVlEgWiUvV1XA/tUCk8X6FzT.dhe";
  assert.deepEqual(await passwords.verify(long, stored), { ok: true, rehash: true });
  const kept = await passwords.hash(long);
  assert.equal((await passwords.verify(`${"a".repeat(79)}b`, kept)).ok, false);
});

it("a password that nobody can have costs nothing", async () => {
  const none = openPasswords({ parallel: 0, waiting: 0 });
  const stored = made.argon2id;
  assert.deepEqual(await none.verify("x".repeat(5000), stored), { ok: false, rehash: false });
  assert.deepEqual(await none.dummy("x".repeat(5000)), { ok: false, rehash: false });
});

it("for a name that nobody has it takes as long as for one that somebody has", async () => {
  const dear = openPasswords({ cost: { memory: 4096, passes: 2 } });
  const stored = await dear.hash(phrase);
  const time = async (work: () => Promise<unknown>) => {
    const times: number[] = [];
    for (let turn = 0; turn < 7; turn += 1) {
      const before = process.cpuUsage();
      await work();
      const { user, system } = process.cpuUsage(before);
      times.push(user + system);
    }
    return Math.min(...times);
  };
  const known = await time(() => dear.verify("not this one", stored));
  const unknown = await time(() => dear.dummy("not this one"));
  const damaged = await time(() => dear.verify("not this one", "garbage"));
  for (const other of [unknown, damaged]) {
    assert.ok(other > known / 2 && other < known * 2, `${String(known)} µs, ${String(other)} µs`);
  }
});
