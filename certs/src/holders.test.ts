import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { client, server, serverNamed } from "./holders.ts";

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

describe("client with more than a name", () => {
  it("puts the unit and the groups into the subject, an OU each, and the rest into subjectAltName", () => {
    const { organizationalUnits, alternativeNames, words } = client("Test Subject", {
      ou: "Engineering",
      group: ["admins", "on call"],
      upn: "test@ad.flask.local",
      uri: "spiffe://flask.local/test",
    });
    assert.deepEqual(organizationalUnits, ["Engineering", "admins", "on call"]);
    assert.deepEqual(alternativeNames, [
      { type: "upn", value: "test@ad.flask.local" },
      { type: "url", value: "spiffe://flask.local/test" },
    ]);
    assert.equal(
      words,
      'client "Test Subject" --upn test@ad.flask.local --uri spiffe://flask.local/test --ou Engineering ' +
        '--group admins --group "on call"',
    );
  });

  it("refuses what cannot stand there", () => {
    assert.throws(() => client("Test Subject", { upn: "nobody" }), /nobody is not a user principal name/);
    assert.throws(() => client("Test Subject", { uri: "no scheme" }), /"no scheme" is not a URI/);
  });
});

describe("serverNamed", () => {
  it("is the demo's server without a name", () => {
    assert.equal(serverNamed([]), server);
  });

  it("tells hosts from addresses, and calls the files after the first", () => {
    const { name, commonName, alternativeNames } = serverNamed(["*.example.org", "192.0.2.1", "2001:db8::1"]);
    assert.deepEqual([name, commonName], ["wildcard.example.org", "*.example.org"]);
    assert.deepEqual(
      alternativeNames.map(({ type }) => type),
      ["dns", "ip", "ip"],
    );
    assert.equal(serverNamed(["example.org"], { name: "server" }).name, "server");
  });

  it("refuses what no client could be looking for", () => {
    for (const name of [
      "a b",
      "a..b",
      "-a",
      "*",
      "*.",
      "a.*.b",
      "https://example.org",
      "a/b",
      "x".repeat(64),
    ])
      assert.throws(() => serverNamed([name], { name: "server" }), { name: "CertsError" }, name);
    assert.throws(() => serverNamed(["example.org"], { name: "root" }), /The files cannot be called root/);
  });
});
