import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createAuthority, createRevocationList, type Issued } from "@sallyport/certs";
import { SourceError, type Link, type Source } from "../source.ts";
import { recordEvents } from "../testing/record-events.ts";
import { sourceContract, type Backing, type Links } from "../testing/source-contract.ts";
import { openCrlFiles } from "./crl-files.ts";
import { issueLink } from "./testing/issue-link.ts";

const keyAlgorithm = "ec-p256";
const hour = 60 * 60 * 1000;
const folder = mkdtempSync(join(tmpdir(), "crl-files-"));
after(() => {
  rmSync(folder, { recursive: true });
});

const authority = await createAuthority({ subject: [{ type: "CN", value: "Test Root" }], keyAlgorithm });
const second = await createAuthority({ subject: [{ type: "CN", value: "Second Root" }], keyAlgorithm });
const stranger = await createAuthority({ subject: [{ type: "CN", value: "Mallory" }], keyAlgorithm });
const authorities = [authority, second].map(({ der }) => new X509Certificate(der));
const links: Links = {
  one: issueLink(authority),
  other: issueLink(authority),
  stranger: issueLink(stranger),
};
const date = new Date("2026-01-02T03:04:05Z");

type ListOptions = { number?: number; issuer?: Issued; thisUpdate?: Date; nextUpdate?: Date };
const sign = (revoked: readonly Link[], { issuer = authority, ...options }: ListOptions = {}) =>
  createRevocationList({
    issuer,
    nextUpdate: new Date(Date.now() + hour),
    revoked: revoked.map(({ certificate }) => ({ serialNumber: certificate.serialNumber, date })),
    ...options,
  });

let backings = 0;
const delta = { type: "2.5.29.27", critical: true, value: Buffer.from("020101", "hex") };

/** A file or a folder with one list in it. */
async function prepare(
  revoked: readonly Link[],
  shape: "file" | "folder",
): Promise<Backing & { file: string }> {
  const name = `${backings++}`;
  const path = shape === "file" ? `${name}.crl` : name;
  if (shape === "folder") mkdirSync(join(folder, path));
  const file = join(folder, shape === "file" ? path : join(path, "test.crl"));
  let number = 1;
  const publish = async (listed: readonly Link[]) => {
    writeFileSync(file, (await sign(listed, { number: number++ })).pem);
  };
  await publish(revoked);
  return {
    file,
    publish,
    open: (events, previous) =>
      openCrlFiles({ path: join(folder, path), name: path, staleAfter: hour, authorities, ...(previous && { previous }) }, events), // prettier-ignore
    remove: () => {
      rmSync(join(folder, path), { recursive: true, force: true });
    },
  };
}

for (const shape of ["file", "folder"] as const) {
  const overwrite = (write: (file: string) => void | Promise<void>) => async (backing: Backing) => {
    await write((backing as Backing & { file: string }).file);
  };
  const put = (octets: () => Promise<{ pem: string }>) =>
    overwrite(async (file) => {
      writeFileSync(file, (await octets()).pem);
    });
  sourceContract({
    name: `crl ${shape}`,
    links: () => links,
    prepare: (revoked) => prepare(revoked, shape),
    holdsFor: 2 * hour,
    brokenAtFirst: "SourceError",
    breakages: {
      "an empty file": overwrite((file) => {
        writeFileSync(file, "");
      }),
      garbage: overwrite((file) => {
        writeFileSync(file, "-----BEGIN X509 CRL-----\nQUJD\n-----END X509 CRL-----\n");
      }),
      "no file": overwrite((file) => {
        unlinkSync(file);
      }),
      "another authority's list": put(() => sign([], { issuer: stranger, number: 99 })),
      "a delta list": put(() => createRevocationList({ issuer: authority, number: 99, extensions: [delta] })),
      "a bad signature": put(() =>
        sign([], {
          number: 99,
          issuer: { ...authority, privateKeyPem: stranger.privateKeyPem },
        }),
      ),
    },
  });
}

describe("openCrlFiles", () => {
  let events: ReturnType<typeof recordEvents>;
  let path: string;
  const opened: Source[] = [];
  const open = async (staleAfter = hour, previous?: Source, believed = authorities) => {
    const options = { path, name: "lists", staleAfter, authorities: believed, ...(previous && { previous }) };
    const source = await openCrlFiles(options, events);
    opened.push(source);
    return source;
  };
  const write = async (file: string, revoked: readonly Link[], options: ListOptions = {}) => {
    writeFileSync(join(path, file), (await sign(revoked, options)).pem);
  };
  const statusOf = async (source: Source, link: Link) => (await source.check(link, Date.now())).status;
  const problemsOf = (source: Source) => source.states().flatMap(({ problem }) => problem ?? []);

  const inFolder = (what: string, run: () => Promise<void>) => {
    it(what, async () => {
      path = mkdtempSync(join(folder, "lists-"));
      events = recordEvents();
      try {
        await run();
      } finally {
        for (const source of opened.splice(0)) source.close();
      }
    });
  };

  inFolder(
    "reads every .crl, .pem and .der of a folder, one authority or several, and nothing else",
    async () => {
      const { der } = await sign([links.other]);
      const theirs = issueLink(second);
      writeFileSync(join(path, "one.der"), der);
      await write("two.pem", [theirs], { issuer: second });
      writeFileSync(join(path, "root.pem"), authority.certificatePem);
      writeFileSync(join(path, "README.txt"), "not a list");
      const source = await open();
      assert.equal(await statusOf(source, links.one), "good");
      assert.equal(await statusOf(source, links.other), "revoked");
      assert.equal(await statusOf(source, theirs), "revoked");
      assert.deepEqual(
        source.states().map(({ name, entries, problem }) => ({ name, entries, problem })),
        [
          { name: "crl lists/one.der", entries: 1, problem: undefined },
          { name: "crl lists/two.pem", entries: 1, problem: undefined },
        ],
      );
    },
  );

  inFolder("takes several lists from one file", async () => {
    const theirs = issueLink(second);
    const [one, two] = [await sign([links.other]), await sign([theirs], { issuer: second })];
    writeFileSync(join(path, "all.pem"), one.pem + authority.certificatePem + two.pem);
    const source = await open();
    assert.equal(await statusOf(source, links.other), "revoked");
    assert.equal(await statusOf(source, theirs), "revoked");
    assert.deepEqual(source.states().map(({ name }) => name), ["crl lists/all.pem #1", "crl lists/all.pem #2"]); // prettier-ignore
  });

  inFolder("of several lists of one authority the newest counts, whatever they are called", async () => {
    await write("a.crl", [links.one], { number: 2 });
    await write("b.crl", [links.other], { number: 3 });
    await write("c.crl", [links.one], { number: 1 });
    const source = await open();
    assert.equal(await statusOf(source, links.one), "good");
    assert.equal(await statusOf(source, links.other), "revoked");
    await source.refresh();
    const again = await open(hour, source);
    assert.equal(await statusOf(again, links.other), "revoked");
    assert.deepEqual(events.warnings, []);
    assert.deepEqual(problemsOf(again), []);
    await write("a.crl", [links.one], { number: 4 });
    await source.refresh();
    assert.equal(await statusOf(source, links.one), "revoked");
    assert.equal(events.changes(), 1);
  });

  const day = (at: number) => new Date(Date.UTC(2026, 0, at));
  const older: Record<string, readonly [held: ListOptions, next: ListOptions]> = {
    "a lower number": [{ number: 5 }, { number: 4, thisUpdate: new Date() }],
    "the same number and an earlier date": [
      { number: 5, thisUpdate: day(2) },
      { number: 5, thisUpdate: day(1) },
    ],
    "no number and an earlier date": [{ thisUpdate: day(2) }, { thisUpdate: day(1) }],
    "no number any more and an earlier date": [{ number: 5, thisUpdate: day(2) }, { thisUpdate: day(1) }],
  };
  for (const [what, [held, next]] of Object.entries(older)) {
    inFolder(`never goes back: ${what}`, async () => {
      await write("a.crl", [links.other], held);
      const source = await open();
      await write("a.crl", [], next);
      await source.refresh();
      await source.refresh();
      assert.equal(await statusOf(source, links.other), "revoked");
      assert.equal(events.warnings.length, 1);
      assert.match(events.warnings[0] ?? "", /^lists\/a\.crl is older than the list that is held \(.*\); what was last good stays$/); // prettier-ignore
      assert.equal(problemsOf(source).length, 1);
      assert.equal(events.changes(), 0);
      // neither does it at a reload, nor from a file that was not there before
      await write("b.crl", [], next);
      const again = await open(hour, source);
      assert.equal(await statusOf(again, links.other), "revoked");
    });
  }

  inFolder("warns again when a bad file is replaced by another bad one", async () => {
    await write("a.crl", [links.other], { number: 5 });
    const source = await open();
    for (const number of [6, 7]) {
      await write("a.crl", [], { number, issuer: stranger });
      await source.refresh();
      await source.refresh();
    }
    assert.equal(events.warnings.length, 2);
  });

  inFolder("refuses a list that has ended while the one that is held has not", async () => {
    await write("a.crl", [links.other], { number: 1 });
    const source = await open();
    await write("a.crl", [], { number: 2, thisUpdate: day(1), nextUpdate: day(2) });
    await source.refresh();
    assert.equal(await statusOf(source, links.other), "revoked");
    assert.equal(await statusOf(source, links.one), "good");
    assert.match(
      problemsOf(source)[0] ?? "",
      /^ended 2026-01-02T00:00:00\.000Z, while the list that is held has not$/,
    );
  });

  inFolder(
    "opens with a list that has ended: who is listed stays revoked, of others nothing is known",
    async () => {
      await write("a.crl", [links.other], { thisUpdate: day(1), nextUpdate: day(2) });
      const source = await open();
      assert.equal(await statusOf(source, links.other), "revoked");
      assert.equal(await statusOf(source, links.one), "unknown");
      assert.equal(events.warnings.length, 1);
      assert.match(events.warnings[0] ?? "", /^lists\/a\.crl ended 2026-01-02T00:00:00\.000Z, too long ago/);
      await open(hour, source);
      assert.equal(events.warnings.length, 1, "once, reload or not");
      await write("a.crl", [links.other]);
      await source.refresh();
      assert.equal(await statusOf(source, links.one), "good");
      assert.equal(events.changes(), 1, "the same entries, but now its silence means something");
    },
  );

  inFolder("warns when a list ends, while it still counts, and when it does not any more", async () => {
    const nextUpdate = new Date(Math.ceil(Date.now() / 1000) * 1000 + 1000);
    await write("a.crl", [links.other], { nextUpdate });
    const source = await open(1000);
    assert.equal(events.warnings.length, 0);
    await sleep(nextUpdate.getTime() - Date.now() + 300);
    assert.equal(events.warnings.length, 1);
    assert.match(events.warnings[0] ?? "", /^lists\/a\.crl ended .*; its silence still counts until /);
    assert.equal(await statusOf(source, links.one), "good");
    await sleep(nextUpdate.getTime() + 1000 - Date.now() + 300);
    assert.equal(events.warnings.length, 2);
    assert.equal(await statusOf(source, links.one), "unknown");
    assert.equal(await statusOf(source, links.other), "revoked");
  });

  inFolder("the same entries for longer change no answer, and count", async () => {
    await write("a.crl", [links.other], { number: 1 });
    const source = await open();
    const { until } = await source.check(links.one, Date.now());
    await write("a.crl", [links.other], { number: 2, nextUpdate: new Date(Date.now() + 5 * hour) });
    await source.refresh();
    assert.equal(events.changes(), 0);
    assert.ok((await source.check(links.one, Date.now())).until > until + 3 * hour);
    await write("a.crl", [links.other], { number: 3, nextUpdate: new Date(Date.now() + 2 * hour) });
    await source.refresh();
    assert.equal(events.changes(), 1, "for less long is a change");
  });

  inFolder("a file that moves within the folder is no loss, one that goes is", async () => {
    await write("a.crl", [links.other]);
    const source = await open();
    const { pem } = await sign([links.other]);
    unlinkSync(join(path, "a.crl"));
    writeFileSync(join(path, "b.crl"), pem);
    await source.refresh();
    assert.deepEqual(source.states().map(({ name, problem }) => [name, problem]), [["crl lists/b.crl", undefined]]); // prettier-ignore
    unlinkSync(join(path, "b.crl"));
    await source.refresh();
    assert.deepEqual(problemsOf(source), ["is gone"]);
    assert.equal(await statusOf(source, links.other), "revoked");
    rmSync(path, { recursive: true });
    await source.refresh();
    assert.deepEqual(problemsOf(source), ["is gone"]);
    assert.equal(await statusOf(source, links.one), "good");
    assert.equal(events.warnings.length, 1);
  });

  inFolder("a reload with other authorities keeps their lists only", async () => {
    const theirs = issueLink(second);
    await write("a.crl", [links.other]);
    await write("b.crl", [theirs], { issuer: second });
    const source = await open();
    const fewer = await open(hour, source, authorities.slice(1));
    assert.equal(await statusOf(fewer, theirs), "revoked");
    assert.equal(await statusOf(fewer, links.other), "unknown");
    assert.match(problemsOf(fewer).join(), /CN=Test Root, which is not among clients\.authorities/);
    const both = await open(hour, fewer);
    assert.equal(await statusOf(both, links.other), "revoked");
    assert.deepEqual(problemsOf(both), []);
  });

  inFolder("nothing changes once it is closed", async () => {
    await write("a.crl", [links.other], { number: 1 });
    const source = await open();
    const { pem } = await sign([], { number: 2 });
    writeFileSync(join(path, "a.crl"), pem);
    const refreshed = source.refresh();
    source.close();
    await refreshed;
    assert.equal(events.changes(), 0);
    assert.deepEqual(events.warnings, []);
  });

  const broken: Record<string, readonly [prepare: () => Promise<void> | void, message: RegExp]> = {
    "an empty folder": [() => undefined, /^lists holds no revocation list \(\*\.crl, \*\.pem, \*\.der\)$/],
    "a folder with a certificate": [() => { writeFileSync(join(path, "root.pem"), authority.certificatePem); }, /^lists holds no revocation list/],
    "no folder": [() => { rmSync(path, { recursive: true }); }, /^lists does not exist$/],
    "a file with a certificate": [() => { rmSync(path, { recursive: true }); writeFileSync(path, authority.certificatePem); }, /^lists holds no revocation list$/],
    "another authority's list": [() => write("a.crl", [], { issuer: stranger }), /^lists\/a\.crl is issued by CN=Mallory, which is not among clients\.authorities; add its certificate there$/],
    "one bad file of two": [async () => { await write("a.crl", []); writeFileSync(join(path, "b.crl"), ""); }, /^lists\/b\.crl is no revocation list that can be read \(it is empty\)$/],
    "a folder called like a list": [() => { mkdirSync(join(path, "a.crl")); }, /^lists\/a\.crl is not a file$/],
  }; // prettier-ignore
  for (const [what, [prepareIt, message]] of Object.entries(broken)) {
    inFolder(`does not open: ${what}`, async () => {
      await prepareIt();
      await assert.rejects(open(), (error) => {
        assert.ok(error instanceof SourceError);
        assert.match(error.message, message);
        assert.match(error.next, /openssl crl -noout -text -in lists/);
        return true;
      });
    });
  }
});
