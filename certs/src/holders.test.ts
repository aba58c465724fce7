import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { client } from "./holders.ts";

describe("client", () => {
  it("calls the files after the first name in lower case, or as told", () => {
    assert.equal(client("Grace Hopper").name, "grace");
    assert.equal(client("Cecilia Payne", { name: "astronomy" }).name, "astronomy");
  });

  it("repeats the words that make the same certificate again", () => {
    assert.equal(client("Grace Hopper").words, 'client "Grace Hopper"');
    assert.equal(
      client('Test "$x"', { name: "test-1", email: "test@flask.local" }).words,
      'client "Test \\"\\$x\\"" --name test-1 --email test@flask.local',
    );
  });

  it("puts an e-mail address into subjectAltName, and nothing else", () => {
    assert.deepEqual(client("Test Subject", { email: "test@flask.local" }).alternativeNames, [
      { type: "email", value: "test@flask.local" },
    ]);
    assert.deepEqual(client("Test Subject").alternativeNames, []);
  });

  it("refuses names that cannot stand in a certificate", () => {
    for (const name of ["", " ", " Grace", "Grace ", "a\nb", "x".repeat(65)])
      assert.throws(() => client(name), { name: "CertsError", message: /^A name has 1 to 64 characters/ });
    assert.equal(client("x".repeat(64)).commonName.length, 64);
  });

  it("refuses file names that leave the folder, hide, or belong to the root and the server", () => {
    for (const name of ["../x", "a/b", "a\\b", ".x", "-x", "", "root", "Server"])
      assert.throws(() => client("Test Subject", { name }), { name: "CertsError" }, name);
    assert.throws(() => client("Root Subject"), /The files cannot be called root\. .* --name NAME$/);
  });

  it("refuses what is no e-mail address", () => {
    for (const email of ["", "grace", "a@b@c", "a b@c", "é@flask.local"])
      assert.throws(() => client("Test Subject", { email }), /is not an e-mail address/, email);
  });
});
