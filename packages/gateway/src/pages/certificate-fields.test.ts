import assert from "node:assert/strict";
import { it } from "node:test";
import { noFacts } from "../testing/no-facts.ts";
import { certificateFields } from "./certificate-fields.ts";

it("a certificate is shown as it is written, and as text", () => {
  const fields = certificateFields({
    ...noFacts,
    subject: [[{ type: "2.5.4.3", value: "José <b>\u202e", der: undefined }]],
    issuer: [],
    serialNumber: "-01",
    notBefore: Date.UTC(2026, 11, 31, 23, 30),
    notAfter: Date.UTC(9999, 11, 31, 23, 59, 59),
  });
  assert.ok(fields.includes("<dt>Name</dt><dd><bdi>José &#60;b&#62;\\u202e</bdi></dd>"), fields);
  assert.ok(fields.includes("<dd><bdi>CN=Jos\\C3\\A9 \\&#60;b\\&#62;\\E2\\80\\AE</bdi></dd>"), fields);
  assert.ok(fields.includes("<dt>Serial number</dt><dd>-01</dd>"), fields);
  assert.ok(fields.includes('<time datetime="2026-12-31T23:30:00.000Z">31 December 2026</time>'), fields);
  assert.ok(fields.includes('<time datetime="9999-12-31T23:59:59.000Z">31 December 9999</time>'), fields);
});
