import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Certificate, ClientIdentity } from "@sallyport/identity";
import { noFacts } from "../testing/no-facts.ts";
import { accessLine } from "./access-line.ts";

const certificate: Certificate = {
  ...noFacts,
  subject: [[{ type: "2.5.4.3", value: "José\n\x1b[2J\u202e", der: undefined }]],
  issuer: [],
  serialNumber: "01",
  notBefore: 0,
  notAfter: 0,
};
const line = (identity: ClientIdentity, url = "/flask/x?token=secret") =>
  accessLine(
    { method: "GET", url },
    200,
    { identity, address: "192.0.2.1" },
    { route: "/flask/", target: undefined },
    performance.now(),
    5,
    undefined,
  );

describe("the line of an exchange", () => {
  it("names the subject in ASCII: no name can forge a line or command a terminal", () => {
    const { subject, verify } = line({ verify: "SUCCESS", certificate });
    assert.equal(subject, "CN=Jos\\C3\\A9\\0A\\1B[2J\\E2\\80\\AE");
    assert.equal(verify, "SUCCESS");
  });

  it("says of a certificate that was not believed why, beside the name that it claims", () => {
    const { subject, verify } = line({ verify: "FAILED", reason: "CERT_HAS_EXPIRED", certificate });
    assert.deepEqual([subject?.startsWith("CN="), verify], [true, "FAILED:CERT_HAS_EXPIRED"]);
    assert.equal(line({ verify: "FAILED", reason: "CERT_MALFORMED", certificate: undefined }).subject, null);
    assert.deepEqual([line({ verify: "NONE" }).subject, line({ verify: "NONE" }).verify], [null, "NONE"]);
  });

  it("keeps the query out, where tokens travel, whatever the target's form", () => {
    for (const url of ["/x?token=secret", "/x?\ntoken=secret", "http://h/x?token=secret", "?token=secret", "/x??token=secret"]) {
      assert.doesNotMatch(JSON.stringify(line({ verify: "NONE" }, url)), /secret/);
    }
  }); // prettier-ignore
});
