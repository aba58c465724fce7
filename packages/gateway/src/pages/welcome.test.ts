import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Certificate, ClientIdentity } from "@sallyport/identity";
import { noFacts } from "../testing/no-facts.ts";
import { welcome } from "./welcome.ts";

const certificate: Certificate = {
  ...noFacts,
  subject: [[{ type: "2.5.4.3", value: "<b>Grace</b>\u202e", der: undefined }]],
  issuer: [],
  serialNumber: "01",
  notBefore: 0,
  notAfter: Date.UTC(2027, 0, 1),
};

describe("the gateway's own page", () => {
  it("says that it works, as text to a program", () => {
    for (const accept of [undefined, "*/*", "text/plain"]) {
      assert.equal(welcome({ verify: "NONE" }, ["/flask/"], accept).body, "It works!\n");
    }
  });

  it("tells a browser whom it is talking to, as text and not as markup", () => {
    const { status, body } = welcome({ verify: "SUCCESS", certificate }, ["/flask/"], "text/html");
    assert.equal(status, 200);
    assert.match(body, /It works!/);
    assert.match(body, /<bdi>&#60;b&#62;Grace&#60;\/b&#62;\\u202e<\/bdi>/);
    assert.match(body, /<time datetime="2027-01-01T00:00:00.000Z">1 January 2027<\/time>/);
    assert.match(body, /<a href="\/flask\/">/);
    assert.doesNotMatch(body, /<b>|\u202e/);
  });

  it("greets nobody by the name of a certificate that was not believed", () => {
    const failed: ClientIdentity = { verify: "FAILED", reason: "UNSPECIFIED", certificate };
    for (const identity of [failed, { verify: "NONE" } as const]) {
      assert.doesNotMatch(welcome(identity, [], "text/html").body, /Grace/);
    }
  });

  it("has a page for every subject, also without a CN or with two", () => {
    const CN = { type: "2.5.4.3", value: "Mallory", der: undefined };
    for (const subject of [[], [[{ ...CN, type: "2.5.4.10" }]], [[CN], [CN]]]) {
      const identity: ClientIdentity = { verify: "SUCCESS", certificate: { ...certificate, subject } };
      assert.match(welcome(identity, [], "text/html").body, /has been verified/);
    }
  });
});
