import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import type { Certificate, ClientIdentity } from "@sallyport/identity";
import { noFacts } from "../testing/no-facts.ts";
import { refusalAnswer } from "./answer.ts";
import { Refusal, refusals, type RefusalCode } from "./refusal.ts";
import { stranger, type Visitor } from "./visitor.ts";

const codes = Object.keys(refusals) as RefusalCode[];
const attribute = (type: string, value: string) => [{ type, value, der: undefined }];
const certificate: Certificate = {
  ...noFacts,
  subject: [attribute("2.5.4.3", "Mallory")],
  issuer: [attribute("2.5.4.3", "Test Authority")],
  serialNumber: "0ABC",
  notBefore: Date.UTC(2026, 2, 3),
  notAfter: Date.UTC(2026, 11, 24, 23, 59, 59),
};
const failed: ClientIdentity = { verify: "FAILED", reason: "CERT_HAS_EXPIRED", certificate };
const unread: ClientIdentity = { verify: "FAILED", reason: "CERT_MALFORMED", certificate: undefined };
const identities: readonly ClientIdentity[] = [
  { verify: "NONE" },
  failed,
  unread,
  { verify: "SUCCESS", certificate },
];
const incident = "7H2KQ9ZD";
const detail = "10.0.0.7:5000 said no";

const answer = (code: RefusalCode, identity: ClientIdentity, accept?: string, known: Partial<Visitor> = {}) =>
  refusalAnswer(new Refusal(code, detail), incident, {
    ...stranger(),
    ...{ identity, accept, authorities: ["Test Authority"] },
    ...known,
  });

function headerOf(headers: readonly string[], name: string): string[] {
  return headers.filter((_, at) => at % 2 === 1 && headers[at - 1]?.toLowerCase() === name);
}

describe("every refusal can be told to everybody", () => {
  for (const code of codes) {
    it(code, () => {
      for (const identity of identities) {
        for (const accept of [undefined, "text/html", "application/json", "text/plain", "*/*"]) {
          const { status, headers, body } = answer(code, identity, accept);
          assert.equal(status, refusals[code][0]);
          assert.ok(body.includes(code) && body.includes(incident), "it names its code and its incident");
          // Of a bad request the client may hear what is wrong with it; of anything else the log alone does.
          const ofTheRequest = /^(?:target|host|request|head|content|transfer|upgrade)-/.test(code);
          if (!ofTheRequest) assert.ok(!body.includes(detail), "what is for the operator's log stays there");
          assert.doesNotMatch(body, /undefined|null|NaN|\[object/);
          assert.deepEqual(headerOf(headers, "cache-control"), ["no-store"]);
          assert.deepEqual(headerOf(headers, "x-content-type-options"), ["nosniff"]);
          assert.equal(headerOf(headers, "content-type").length, 1);
        }
      }
    });
  }
});

describe("a program", () => {
  for (const code of codes) {
    it(`gets ${code} as problem details (RFC 9457)`, () => {
      const { headers, body } = answer(code, failed);
      assert.deepEqual(headerOf(headers, "content-type"), ["application/problem+json"]);
      const problem = JSON.parse(body) as Record<string, unknown>;
      assert.deepEqual(
        {
          type: problem["type"],
          status: problem["status"],
          code: problem["code"],
          incident: problem["incident"],
        },
        { type: `urn:sallyport:problem:${code}`, status: refusals[code][0], code, incident },
      );
      assert.equal(problem["title"], refusals[code][1], "the title says nothing of the occurrence");
      for (const member of ["title", "detail", "hint"]) assert.notEqual(problem[member], "", member);
    });
  }

  it("is told when to come back, wherever the fault is ours and passes", () => {
    for (const code of codes.filter((one) => refusals[one][0] === 503)) {
      const [seconds = ""] = headerOf(answer(code, failed).headers, "retry-after");
      assert.match(seconds, /^[1-9]\d*$/, code);
    }
    assert.deepEqual(headerOf(answer("not-found", failed).headers, "retry-after"), []);
  });

  it("gets the accepted authorities as a list where another of them would help", () => {
    const authorities = ["One", "Two", "Three", "Four", "Five"];
    for (const code of codes) {
      const { body } = answer(code, failed, undefined, { authorities });
      const { accepted } = JSON.parse(body) as { accepted?: string[] };
      const helps = code === "certificate-missing" || code === "certificate-untrusted";
      assert.deepEqual(accepted, helps ? authorities : undefined, code);
    }
  });

  it("gets the contact where there is one", () => {
    const contact = 'IT, "it@example.org"';
    const problem = answer("not-found", failed, undefined, { contact }).body;
    assert.equal((JSON.parse(problem) as { contact?: string }).contact, contact);
    assert.ok(answer("not-found", failed, "text/plain", { contact }).body.includes(`Contact: ${contact}\n`));
    assert.doesNotMatch(answer("not-found", failed).body, /contact/i);
  });

  it("is told no name and no number out of the certificate: those are for the person's own page", () => {
    for (const code of codes) {
      for (const accept of [undefined, "text/plain"]) {
        const { body } = answer(code, failed, accept, { authorities: ["Another Authority"] });
        assert.doesNotMatch(body, /Mallory|Test Authority|0ABC/, code);
      }
    }
  });
});

describe("a browser", () => {
  it("gets a page under a policy that lets nothing run", () => {
    const { headers, body } = answer(
      "certificate-expired",
      failed,
      "text/html,application/xhtml+xml,*/*;q=0.8",
    );
    assert.deepEqual(headerOf(headers, "content-type"), ["text/html; charset=utf-8"]);
    const [policy = ""] = headerOf(headers, "content-security-policy");
    assert.match(policy, /default-src 'none'/);
    assert.doesNotMatch(policy, /unsafe/);
    assert.match(body, /^<!doctype html>/);
    assert.match(body, /Your certificate ended on 24 December 2026\./);
    assert.match(body, /<dd><bdi>CN=Mallory<\/bdi><\/dd>/);
    assert.match(body, /<time [^>]*>3 March 2026<\/time>/);
    assert.match(body, /<time [^>]*>24 December 2026<\/time>/);
    assert.doesNotMatch(body, /<script|\bsrc=|\bhref=|\bon[a-z]+=|\bstyle=/i);
  });

  it("gets the stylesheet that the policy pins, and it is small", () => {
    const { headers, body } = answer("certificate-missing", failed, "text/html");
    const [, style = ""] = /<style>([^]*?)<\/style>/.exec(body) ?? [];
    const hash = createHash("sha256").update(style).digest("base64");
    assert.ok(headerOf(headers, "content-security-policy")[0]?.includes(`style-src 'sha256-${hash}'`));
    assert.ok(style.length < 8192);
  });

  it("finds one first heading, then second ones only, and no folded part that is open", () => {
    for (const code of codes) {
      for (const userAgent of [undefined, "Mozilla/5.0 (iPhone)"]) {
        const { body } = answer(code, failed, "text/html", { userAgent });
        assert.match([...body.matchAll(/<h(\d)/g)].map(([, level]) => level).join(""), /^12+$/, code);
        assert.match(body, /^<!doctype html>\n<html lang="en">/);
        assert.equal(body.match(/<details>/g)?.length, body.match(/<summary>/g)?.length);
        assert.doesNotMatch(body, /<details open/);
      }
    }
  });

  it("reads no sentence twice outside of the folded parts", () => {
    for (const code of codes) {
      const { body } = answer(code, failed, "text/html", { contact: "IT" });
      const open = body.slice(body.indexOf("<h1>")).replace(/<details>[^]*<\/details>/g, "");
      const sentences = [...open.matchAll(/<(p|li|h1|h2)\b[^>]*>(.*?)<\/\1>/g)].map(([, , text]) => text);
      assert.deepEqual(sentences, [...new Set(sentences)], code);
    }
  });

  it("shows whose certificate it was beside those that are accepted", () => {
    const { body } = answer("certificate-untrusted", failed, "text/html", { authorities: ["One", "Two"] });
    assert.match(body, /accepts certificates from <bdi>One<\/bdi> or <bdi>Two<\/bdi>\./);
    assert.match(body, /Yours was issued by <bdi>Test Authority<\/bdi>\./);
  });

  it("has every accepted authority to read, however many they are", () => {
    const authorities = Array.from({ length: 20 }, (_, at) => `Authority ${at}`);
    const { body } = answer("certificate-missing", failed, "text/html", { authorities });
    for (const authority of authorities) assert.ok(body.includes(`<bdi>${authority}</bdi>`));
    assert.match(body, /<bdi>Authority 2<\/bdi> or 17 others\./);
  });

  it("sees a hostile subject as text, never as markup, and never reordered", () => {
    const hostile = `<script>alert(1)</script>"'&<img src=x onerror=alert(1)>\r\n\u202egnp\u2066\0\x1b[2J</bdi></dd>`;
    const subject = [attribute("2.5.4.3", hostile), attribute("1.2.3.4", hostile)];
    const identity: ClientIdentity = { ...failed, certificate: { ...certificate, subject, issuer: subject } };
    for (const code of codes) {
      const { body } = answer(code, identity, "text/html", {
        ...{ authorities: [hostile], contact: hostile, userAgent: `Android ${hostile}` },
      });
      assert.doesNotMatch(body, /<script|<img|<\/bdi><\/dd><\/bdi>/, code);
      assert.doesNotMatch(body, /[\0-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/, code);
      assert.equal(body.match(/<dd>/g)?.length, body.match(/<\/dd>/g)?.length);
    }
  });

  it("sees no certificate where none was presented or none could be read", () => {
    for (const identity of [{ verify: "NONE" } as const, unread]) {
      assert.doesNotMatch(answer("certificate-missing", identity, "text/html").body, /<dl>/);
    }
  });
});

it("hostile names of authorities break neither JSON nor text", () => {
  const hostile = '"\r\n{}\\ \u2028 <x>';
  const problem = JSON.parse(
    answer("certificate-missing", failed, undefined, { authorities: [hostile] }).body,
  ) as {
    detail: string;
  };
  assert.ok(problem.detail.includes(hostile));
  assert.match(
    answer("certificate-missing", failed, "text/plain", { authorities: [hostile] }).body,
    /\\u000d\\u000a.*\n.*\n\(certificate-missing, incident/,
  );
});
