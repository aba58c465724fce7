import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cpuTime } from "../testing/cpu-time.ts";
import fc from "fast-check";
import { readCertificate } from "../certificate.ts";
import { mintCertificate, utf8 } from "../testing/der.ts";
import { hostileLines, hostileOctets, hostileText, overTheWire } from "../testing/hostile.ts";
import { outcomeOf } from "../testing/outcome-of.ts";
import { visitOf } from "../testing/visits.ts";
import { withAltNames } from "../testing/with-alt-names.ts";
import type { HeaderLine } from "./dialect.ts";
import { nothingAsserted } from "../wire/header-lines.ts";
import { remoteUser } from "./remote-user.ts";

const certificateOf = (commonNames: readonly string[], emails: readonly string[] = []) =>
  readCertificate(
    withAltNames(mintCertificate({ subject: commonNames.map((name) => [["2.5.4.3", utf8(name)]]) }), {
      emails,
    }),
  );
const write = (commonNames: readonly string[], emails: readonly string[] = []) =>
  remoteUser.write(visitOf(certificateOf(commonNames, emails)));

describe("the dialect remote-user", () => {
  it("writes the one CN and the one email, under both pairs of names", () => {
    const lines = write(["Grace Hopper"], ["grace@example.org"]);
    assert.deepEqual(lines, [
      ["X-Forwarded-User", "Grace Hopper"],
      ["X-Forwarded-Email", "grace@example.org"],
      ["Remote-User", "Grace Hopper"],
      ["Remote-Email", "grace@example.org"],
    ]);
    assert.deepEqual(remoteUser.read(lines), {
      ...nothingAsserted,
      user: "Grace Hopper",
      emails: ["grace@example.org"],
    });
  });

  it("leaves an email out that is not there, and several, of which none is the one", () => {
    for (const emails of [[], ["grace@example.org", "g@example.org"]]) {
      const lines = write(["Grace Hopper"], emails);
      assert.deepEqual(lines.map(([name]) => name), ["X-Forwarded-User", "Remote-User"]);
      assert.deepEqual(remoteUser.read(lines)?.emails, []);
    }
  }); // prettier-ignore

  it("sends what is not ASCII as the octets of UTF-8", () => {
    const lines = write(["Zoë 山田 🦆"]);
    assert.equal(lines[0]?.[1], "ZoÃ« \u00e5\u00b1\u00b1\u00e7\u0094\u00b0 \u00f0\u009f\u00a6\u0086");
    assert.equal(remoteUser.read(overTheWire(lines))?.user, "Zoë 山田 🦆");
  });

  it("refuses a subject without exactly one CN", () => {
    for (const names of [[], [""], ["Grace Hopper", "Mallory"], ["Grace Hopper", "Grace Hopper"]]) {
      assert.equal(outcomeOf(() => write(names)), "subject-ambiguous", names.join());
    }
  }); // prettier-ignore

  it("refuses what does not survive HTTP, or shows as somebody else", () => {
    for (const name of [" Grace", "Grace ", "\tGrace", "Grace\u00a0", "\ufeffGrace", "Gr\0ace", "Gr\r\nace", "Gr\x7face",
      "Gr\u0085ace", "Gr\u2028ace", "Gr\u202eace", "Gr\u2066ace"]) {
      assert.equal(outcomeOf(() => write([name])), "subject-ambiguous", JSON.stringify(name));
      const octets = Buffer.from(name).toString("latin1");
      assert.equal(outcomeOf(() => remoteUser.read([["Remote-User", octets]])), "subject-ambiguous", JSON.stringify(name));
    }
    for (const email of ["", " g@example.org", "g@example.org\r\nRemote-User: Mallory", "g@ex\xe4mple.org", "g\0@example.org"]) {
      assert.equal(outcomeOf(() => write(["Grace"], [email])), "subject-ambiguous", JSON.stringify(email));
    }
  }); // prettier-ignore

  it("carries every name as it is, or refuses it", () => {
    let carried = 0;
    fc.assert(
      fc.property(hostileText(), fc.array(hostileOctets(), { maxLength: 2 }), (name, emails) => {
        let lines: HeaderLine[] | undefined;
        const written = outcomeOf(() => (lines = write([name], emails)));
        if (lines === undefined) {
          assert.equal(written, "subject-ambiguous");
          return;
        }
        carried += 1;
        const expected = { ...nothingAsserted, user: name, emails: emails.length === 1 ? emails : [] };
        assert.deepEqual(remoteUser.read(overTheWire(lines)), expected);
      }),
      { numRuns: 500 },
    );
    assert.ok(carried > 30, `only ${carried} were carried`);
  });

  it("says nothing of a client that did not present a certificate, or was not believed", () => {
    assert.deepEqual(remoteUser.write(visitOf({ verify: "NONE" })), []);
    const certificate = certificateOf(["Grace Hopper"]);
    assert.deepEqual(remoteUser.write(visitOf({ verify: "FAILED", reason: "x", certificate })), []);
    assert.equal(remoteUser.read([]), undefined);
  });

  it("reads either pair of names, and refuses two users", () => {
    assert.equal(remoteUser.read([["x_forwarded_user", "Grace"]])?.user, "Grace");
    assert.equal(remoteUser.read([["Remote-User", "Grace"]])?.user, "Grace");
    const cases: [lines: HeaderLine[], code: string][] = [
      [[["Remote-User", "Grace"], ["X-Forwarded-User", "Mallory"]], "certificate-mismatch"],
      [[["Remote-User", "Grace"], ["Remote-Email", "a@b"], ["X-Forwarded-Email", "m@b"]], "certificate-mismatch"],
      [[["Remote-User", "Grace"], ["remote_user", "Grace"]], "subject-repeated"],
      [[["Remote-User", ""], ["Remote-Email", "a@b"]], "subject-missing"],
      [[["Remote-Email", "a@b"]], "subject-missing"],
      [[["Remote-User", "Zo\xeb"]], "name-malformed"],
    ];
    for (const [lines, code] of cases) {
      assert.equal(outcomeOf(() => remoteUser.read(lines)), code, lines.join());
      assert.equal(outcomeOf(() => remoteUser.read(lines.toReversed())), code, lines.join());
    }
  }); // prettier-ignore

  it("throws nothing but IdentityErrors at hostile lines, in no time", () => {
    const honest = write(["Grace Hopper"], ["grace@example.org"]);
    fc.assert(
      fc.property(hostileLines(honest), (lines) => {
        outcomeOf(() => remoteUser.read(lines));
      }),
      { numRuns: 500 },
    );
    for (const [name] of honest) {
      for (const piece of ["a", " ", "\xc3\xa9", "a "]) {
        const started = cpuTime();

        outcomeOf(() => remoteUser.read([[name, `${piece.repeat(1_000_000)}\0`]]));
        assert.ok(cpuTime() - started < 1500);
      }
    }
  });
});
