import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { printRfc4514, readCertificate, type Certificate } from "@sallyport/identity";
import { mintCertificate, utf8, type CertificateFields } from "@sallyport/identity/testing/der";
import { SourceError, type Link, type Source } from "./source.ts";
import { recordEvents } from "./testing/record-events.ts";
import { sourceContract } from "./testing/source-contract.ts";
import { openDenyList } from "./deny-list.ts";

const folder = mkdtempSync(join(tmpdir(), "sallyport-deny-list-"));
after(() => {
  rmSync(folder, { recursive: true });
});
let files = 0;
const newFile = (text: string | Buffer): string => {
  const path = join(folder, `${(files += 1)}.yaml`);
  writeFileSync(path, text);
  return path;
};

const named = (commonName: string) => [[["2.5.4.3", utf8(commonName)] as const]];
const mint = (fields: CertificateFields): Certificate => readCertificate(mintCertificate(fields));
const authority = mint({ subject: named("Test Authority"), serial: Buffer.from([9]) });
const linkOf = (fields: CertificateFields): Link => ({ certificate: mint(fields), issuer: authority });
const grace = linkOf({ subject: named("Grace Hopper"), serial: Buffer.from("0A1B2C", "hex") });
const mallory = linkOf({ subject: named("Mallory"), serial: Buffer.from("00FE01", "hex") });

const entryOf: readonly ((certificate: Certificate) => string)[] = [
  ({ serialNumber, issuer }) => `- { serial: "${serialNumber}", issuer: "${printRfc4514(issuer)}" }\n`,
  ({ sha256 }) => `- fingerprint: ${sha256.replace(/..(?=.)/g, "$&:")}\n  note: stolen\n`,
];
for (const [at, entry] of entryOf.entries()) {
  const paths = new WeakMap<object, string>();
  sourceContract({
    name: `a deny list by ${["serial number", "fingerprint"][at] ?? ""}`,
    links: () => ({ one: grace, other: mallory }),
    prepare(revoked) {
      const textOf = (links: readonly Link[]) => links.map(({ certificate }) => entry(certificate)).join("");
      const path = newFile(textOf(revoked));
      const backing = {
        open: (events: Parameters<typeof openDenyList>[1], previous?: Source) =>
          openDenyList({ path, name: "denied.yaml", previous }, events),
        publish: (links: readonly Link[]) => {
          writeFileSync(path, textOf(links));
        },
        remove: () => {
          rmSync(path, { force: true });
        },
      };
      paths.set(backing, path);
      return backing;
    },
    holdsFor: Infinity,
    breakages: {
      "no YAML": (backing) => {
        writeFileSync(paths.get(backing) ?? "", "- { serial: \n");
      },
      "a file that is gone": (backing) => {
        rmSync(paths.get(backing) ?? "");
      },
    },
    brokenAtFirst: "SourceError",
  });
}

const open = (text: string | Buffer) =>
  openDenyList({ path: newFile(text), name: "denied.yaml" }, recordEvents());

/** What the list says of the two. */
async function denials(text: string): Promise<string> {
  const source = await open(text);
  const answers = await Promise.all([grace, mallory].map(async (link) => (await source.check(link, 0)).status));
  return answers.join(" ");
} // prettier-ignore

describe("who is on the list", () => {
  const { serialNumber, sha256, spkiSha256 } = grace.certificate;
  const issuer = "CN=Test Authority";
  const pairs = (hex: string) => hex.replace(/..(?=.)/g, "$&:");

  for (const [what, entry] of [
    ["a serial number as certificates print it", `{ serial: "${serialNumber}", issuer: "${issuer}" }`],
    ["with colons, in lower case", `{ serial: "0a:1b:2c", issuer: "${issuer}" }`],
    ["without the leading zero", `{ serial: "A1B2C", issuer: "${issuer}" }`],
    ["with more zeros and 0x", `{ serial: "0x00000A1B2C", issuer: "${issuer}" }`],
    ["with one digit before the first colon", `{ serial: "a:1b:2c", issuer: "${issuer}" }`],
    ["the issuer in another case and spacing", `{ serial: "0A1B2C", issuer: "cn=test  AUTHORITY" }`],
    ["without quotes, where YAML reads text", `{ serial: 0A1B2C, issuer: CN=Test Authority }`],
    ["a fingerprint", `{ fingerprint: "${sha256}", note: "laptop stolen" }`],
    ["a fingerprint with colons in upper case", `{ fingerprint: "${pairs(sha256).toUpperCase()}" }`],
  ] as const) {
    it(what, async () => {
      assert.equal(await denials(`- ${entry}\n`), "revoked good");
    });
  }

  it("by the public key: every certificate of that key, in hex or base64", async () => {
    assert.equal(await denials(`- spki: ${pairs(spkiSha256)}\n`), "revoked revoked");
    assert.equal(await denials(`- { spki: "${Buffer.from(spkiSha256, "hex").toString("base64")}" }`), "revoked revoked");
    assert.equal(await denials(`- { spki: "${sha256}" }`), "good good");
  }); // prettier-ignore

  it("a serial number of another issuer is somebody else's", async () => {
    assert.equal(await denials('- { serial: "0A1B2C", issuer: "CN=Other Authority" }'), "good good");
    const both = '- { serial: "0A1B2C", issuer: "CN=Other Authority" }\n- { serial: "0A1B2C", issuer: "CN=Test Authority" }';
    assert.equal(await denials(both), "revoked good");
  }); // prettier-ignore

  it("a negative serial number, and zero", async () => {
    const source = await open('- { serial: "-80", issuer: "CN=Test Authority" }\n- { serial: "0", issuer: "CN=Test Authority" }'); // prettier-ignore
    for (const [octets, status] of [["80", "revoked"], ["0080", "good"], ["00", "revoked"]] as const) {
      assert.equal((await source.check(linkOf({ serial: Buffer.from(octets, "hex") }), 0)).status, status, octets);
    }
  }); // prettier-ignore

  it("the answer names the line and the note", async () => {
    const source = await open(`# two\n\n- { fingerprint: "${mallory.certificate.sha256}" }\n- fingerprint: "${sha256}"\n  note: "laptop stolen"\n`); // prettier-ignore
    assert.equal((await source.check(grace, 0)).detail, "denied.yaml:4 denies it (laptop stolen)");
    assert.equal((await source.check(mallory, 0)).detail, "denied.yaml:3 denies it");
    const [state] = source.states();
    assert.deepEqual({ ...state, digest: "" }, { name: "denyList denied.yaml", entries: 2, digest: "", problem: undefined }); // prettier-ignore
  });

  it("in other words and another order it has the same digest, and with another entry another", async () => {
    const one = `- { fingerprint: "${sha256}", note: "stolen" }`;
    const other = `- { fingerprint: "${mallory.certificate.sha256}" }`;
    const digestOf = async (text: string) => (await open(text)).states()[0]?.digest;
    assert.equal(await digestOf(`${one}\n${other}\n`), await digestOf(`# two\n${other}\n${one}\n`));
    assert.notEqual(await digestOf(one), await digestOf(other));
  });

  for (const [what, text] of [
    ["an empty file", ""],
    ["[]", "[]\n"],
    ["comments alone", "# nobody\n\n"],
    ["a byte order mark alone", "\ufeff"],
  ] as const) {
    it(`${what} denies nobody`, async () => {
      assert.equal(await denials(text), "good good");
    });
  }

  it("in whatever way YAML writes a list", async () => {
    const [key, value] = ["fingerprint", sha256];
    for (const text of [
      `---\n- ${key}: ${value}\n...\n`,
      `[{ ${key}: "${value}" }]`,
      `  - ${key}: '${value}'\n  - ${key}: ${"00".repeat(32)}a\n`.replace(/ {2}- .*a\n/, ""),
      `-\n  ${key}: ${value}\n`,
      `- ${key}: "${value}" # stolen\n`,
      `- # stolen\n  ${key}: "${value}"\r\n\r\n`,
      `- ${key}: >-\n    ${value}\n`,
      `- "${key}": "${value.slice(0, 10)}\\\n    ${value.slice(10)}"\n`,
      `\ufeff- { ${key}: "${value}" }`,
      ` - ${key}: ${value}\n - { serial: "77", issuer: "CN=x" }\n`,
    ]) {
      assert.equal(await denials(text), "revoked good", text);
    }
  });
});

describe("what is wrong is said with its line, and all at once", () => {
  const issuer = 'issuer: "CN=Test Authority"';
  for (const [text, expected] of [
    [`- { serial: 123456, ${issuer} }`, /^denied\.yaml:1 {2}serial: put it in quotes/],
    [`- { serial: 0x1F, ${issuer} }`, /put it in quotes/],
    [`- fingerprint: ${"1".repeat(64)}`, /put it in quotes/],
    [`- { serial: "" , ${issuer} }`, /hexadecimal/],
    [`- { serial: "0G", ${issuer} }`, /hexadecimal/],
    [`- { serial: "0A:1", ${issuer} }`, /hexadecimal/],
    [`- { serial: "${"AB".repeat(21)}", ${issuer} }`, /longer than the 20 octets/],
    [`- { serial: "0A" }`, /a serial needs its issuer/],
    [`- { ${issuer} }`, /give one of/],
    [`- { fingerprint: "${"ab".repeat(32)}", ${issuer} }`, /issuer belongs beside a serial/],
    [`- { serial: "0A", ${issuer}, fingerprint: "${"ab".repeat(32)}" }`, /give one of/],
    ['- { serial: "0A", issuer: "Test Authority" }', /RFC 4514/],
    ['- { serial: "0A", issuer: "/CN=Test Authority" }', /RFC 4514/],
    ['- { serial: "0A", issuer: "" }', /RFC 4514/],
    [`- { fingerprint: "${"ab".repeat(20)}" }`, /64 hexadecimal digits/],
    [`- { fingerprint: "${"ab".repeat(33)}" }`, /64 hexadecimal digits/],
    ['- { spki: "AAAA" }', /64 hexadecimal digits/],
    [`- { finger: "x" }`, /finger/],
    [`- { note: "nobody" }`, /give one of/],
    ["- just text", /must look like/],
    ["- ", /must look like/],
    ["denied: []", /not a list/],
    ["serial", /not a list/],
    [`- { spki: "${"ab".repeat(32)}", spki: "${"cd".repeat(32)}" }`, /not YAML: Map keys must be unique/],
    [`- spki: "${"ab".repeat(32)}"\n  spki: "${"cd".repeat(32)}"`, /denied\.yaml:2 {2}not YAML/],
    ["- { spki: ", /not YAML/],
    ["- a\n- *nothing", /denied\.yaml:2 {2}not YAML/],
    ['- "text\n- that begins in the first column"', /not YAML/],
    ["- a\nb: c", /not YAML/],
    ["--- []\n--- []", /not YAML/],
    ["- !!unheard {}", /not YAML/],
  ] as const) {
    it(JSON.stringify(text), async () => {
      await assert.rejects(open(text), (error) => {
        assert.ok(error instanceof SourceError, String(error));
        assert.match(error.message, expected);
        return true;
      });
    });
  }

  it("several problems, each on its line, ten at most", async () => {
    const text = `# list\n${"- { serial: 1 }\n\n".repeat(13)}`;
    await assert.rejects(open(text), (error) => {
      const lines = error instanceof SourceError ? error.message.split("\n") : [];
      assert.equal(lines.length, 11);
      assert.match(lines[2] ?? "", /^denied\.yaml:6 {2}serial/);
      assert.equal(lines[10], "and 3 more");
      return true;
    });
  });

  it("a file that is missing, a folder, or no UTF-8", async () => {
    const opening = (path: string) => openDenyList({ path, name: "denied.yaml" }, recordEvents());
    await assert.rejects(opening(join(folder, "missing.yaml")), /denied\.yaml does not exist/);
    await assert.rejects(opening(folder), /is a folder/);
    await assert.rejects(open(Buffer.from([0x23, 0xff])), /is not UTF-8/);
  });
});

describe("a long list", () => {
  it("of 100,000 entries is read without holding up anybody, and asked in microseconds", async () => {
    const entries = Array.from({ length: 100_000 }, (_, at) =>
      at % 2 === 0
        ? `- { serial: "${(at + 0x100000).toString(16)}", issuer: "CN=Root Flask Local Certificate Authority,ST=Virginia,C=US", note: "${at}" }`
        : `- serial: "${(at + 0x100000).toString(16)}"\n  issuer: "CN=Test Authority"`,
    );
    let longest = 0;
    let last = performance.now();
    const served = () => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    };
    const timer = setInterval(served, 5);
    const began = performance.now();
    const source = await open([...entries, entryOf[0]?.(grace.certificate)].join("\n"));
    const whole = performance.now() - began;
    clearInterval(timer);
    served();
    assert.equal(source.states()[0]?.entries, 100_001);
    assert.ok(longest < whole / 2, `nobody was served for ${longest} of ${whole} ms`);
    const start = performance.now();
    for (let at = 0; at < 10_000; at += 1) void source.check(mallory, 0);
    assert.ok(performance.now() - start < 1000);
    assert.equal((await source.check(grace, 0)).status, "revoked");
    assert.equal((await source.check(mallory, 0)).status, "good");
  });
});

describe("while the gateway runs", () => {
  it("another note or spelling is no change; the last of two quick looks has the last word", async () => {
    const path = newFile('- { serial: "0A1B2C", issuer: "CN=Test Authority" }');
    const events = recordEvents();
    const source = await openDenyList({ path, name: "denied.yaml" }, events);
    writeFileSync(path, '# found again\n- { serial: "0a:1b:2c", issuer: "CN=Test Authority", note: "lost" }');
    await source.refresh();
    assert.equal(events.changes(), 0);
    assert.equal((await source.check(grace, 0)).detail, "denied.yaml:2 denies it (lost)");
    writeFileSync(path, "");
    const looks = [source.refresh(), source.refresh()];
    await Promise.all(looks);
    assert.equal(events.changes(), 1);
    assert.equal((await source.check(grace, 0)).status, "good");
  });

  it("a look that takes long does not undo a later one", async () => {
    const longList = Array.from(
      { length: 30_000 },
      (_, at) => `- { spki: "${at.toString(16).padStart(64, "0")}" }\n`,
    );
    const path = newFile("");
    const source = await openDenyList({ path, name: "denied.yaml" }, recordEvents());
    writeFileSync(path, longList.join(""));
    const first = source.refresh();
    await sleep(20);
    writeFileSync(path, entryOf[0]?.(grace.certificate) ?? "");
    await Promise.all([first, source.refresh()]);
    assert.equal(source.states()[0]?.entries, 1);
    assert.equal((await source.check(grace, 0)).status, "revoked");
  });

  it("a reload that finds another list tells so", async () => {
    const path = newFile("");
    const events = recordEvents();
    const before = await openDenyList({ path, name: "denied.yaml" }, events);
    writeFileSync(path, entryOf[1]?.(grace.certificate) ?? "");
    const next = await openDenyList({ path, name: "denied.yaml", previous: before }, events);
    assert.equal((await next.check(grace, 0)).status, "revoked");
    assert.equal(events.changes(), 1);
  });
});
