import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { dialects } from "../dialects/index.ts";
import { dialectExamples } from "./dialect-examples.ts";

describe("dialectExamples", () => {
  const chapters = dialectExamples().split(/^### /m).slice(1);

  it("has a chapter for every dialect: its name, what it is, its lines, and what comes of them", () => {
    assert.deepEqual(chapters.map((chapter) => /^`(.+)`\n/.exec(chapter)?.[1]), dialects.map(({ name }) => name)); // prettier-ignore
    for (const chapter of chapters) {
      assert.match(chapter, /^.+\n\n[A-Z].+\n\n```http\nGET \/ HTTP\/1\.1\nHost: flask\.local\n(?:\S+: \S.*\n)+```\n/);
      assert.match(chapter, /\nWithout a certificate: .+\. `readIdentity` gives .*`(?:subject|certificate|user)`.*\.\n/);
    }
  }); // prettier-ignore

  it("names Grace, or holds the certificate that does", () => {
    for (const chapter of chapters)
      assert.match(chapter, /Grace(?: |%20|\+)Hopper|R3JhY2UgSG9wcGVy|dyYWNlIEhvcHBlc/);
  }); // prettier-ignore

  it("is the same text in every run, and plain ASCII", () => {
    assert.equal(dialectExamples(), dialectExamples());
    assert.match(dialectExamples(), /^[\n\x20-\x7e]+$/);
  });
});
