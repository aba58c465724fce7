import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { upstream } from "./upstream-schema.ts";
import { size } from "./size.ts";
import { timeout } from "./duration.ts";

const problems = (given: unknown) =>
  (upstream.safeParse(given).error?.issues ?? []).map(({ path }) => path.join("."));
const targets = ["https://a/", "https://b/"];

describe("an upstream", () => {
  it("is one address, and comes to the group that it stands for", () => {
    assert.deepEqual(upstream.parse("http://127.0.0.1:5000/"), upstream.parse({ targets: ["http://127.0.0.1:5000/"] }));
  }); // prettier-ignore

  it("is a group of addresses with what holds for all of them", () => {
    for (const given of [
      { targets, balance: "least-connections", sticky: "certificate" },
      {
        targets,
        authorities: ["ca.pem"],
        certificate: "own.crt",
        key: "own.key",
        serverName: "app.internal",
      },
      { targets, health: { path: "/healthz" }, connections: 10, queue: 0 },
      { targets: ["https://a/", "http://b/", "unix:/run/app.sock"], authorities: ["ca.pem"] },
      { targets: ["http://a/app/", "http://b/app/"] },
    ])
      assert.deepEqual(problems(given), []);
  });

  it("is nothing whose settings cannot be meant together: each is named", () => {
    const cases: readonly (readonly [given: unknown, where: string])[] = [
      [{ targets: [] }, "targets"],
      [{ targets: ["https://a/", "https://a/"] }, "targets.1"],
      [{ targets: ["https://a/x/", "https://b/"] }, "targets.1"],
      [{ targets: ["https://a/x/", "unix:/run/a"] }, "targets.1"],
      [{ targets, certificate: "own.crt" }, "certificate"],
      [{ targets, key: "own.key" }, "key"],
      [{ targets, authorities: ["ca.pem"], insecureAnyCertificate: true }, "authorities"],
      [{ targets: ["http://a/"], authorities: ["ca.pem"] }, "authorities"],
      [{ targets: ["http://a/"], serverName: "a" }, "serverName"],
      [{ targets: ["http://a/"], insecureAnyCertificate: true }, "insecureAnyCertificate"],
      [{ targets: ["http://a/"], sticky: "certificate" }, "sticky"],
      [{ targets, serverName: "127.0.0.1" }, "serverName"],
      [{ targets, serverName: "*.example" }, "serverName"],
      [{ targets, health: {} }, "health.path"],
      [{ targets, health: { path: "x" } }, "health.path"],
      [{ targets, health: { path: "/x\r\nHost: y" } }, "health.path"],
      [{ targets, health: { path: "/", every: "0s" } }, "health.every"],
      [{ targets, connections: 0 }, "connections"],
      [{ targets, rejectUnauthorized: false }, ""],
      [["https://a/"], ""],
      [undefined, ""],
    ];
    for (const [given, where] of cases) assert.deepEqual(problems(given), [where], JSON.stringify(given));
  });
});

describe("sizes and times", () => {
  it("come to octets and milliseconds", () => {
    assert.deepEqual([512, "0", "64KiB", "10MiB", "2GiB"].map((text) => size.parse(text)), [512, 0, 65_536, 10_485_760, 2_147_483_648]); // prettier-ignore
    assert.deepEqual(["500ms", "2s", "5m"].map((text) => timeout.parse(text)), [500, 2_000, 300_000]); // prettier-ignore
  });
  it("are refused where they are none", () => {
    for (const given of ["10MB", "-1", "1.5MiB", "", "MiB", -1, 1.5, true]) assert.equal(size.safeParse(given).success, false, String(given)); // prettier-ignore
    for (const given of ["0s", "0ms", "25d", "5", 5, "5 s", "5sm"]) assert.equal(timeout.safeParse(given).success, false, String(given)); // prettier-ignore
  });
});
