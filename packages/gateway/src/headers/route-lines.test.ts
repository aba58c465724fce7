import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { answerLines, routeLines } from "./route-lines.ts";
import { sanitise } from "./sanitise.ts";

const rawHeaders = ["Host", "localhost", "Cookie", "a=b", "x_tenant", "mallory", "Accept", "*/*"];
const request = { rawHeaders, headers: {} };
const sanitised = sanitise(rawHeaders, undefined);

describe("routeLines", () => {
  it("is what it was given, where the route changes nothing", () => {
    assert.equal(routeLines(sanitised, request, undefined), sanitised);
  });
  it("drops in every spelling, and sets behind what the client says", () => {
    const dropped = new Set(["cookie", "x_tenant"]);
    const changes = { dropped, lines: "X-Tenant: flask\r\n", host: undefined };
    assert.deepEqual(routeLines(sanitised, request, changes), {
      host: "localhost",
      lines: "Accept: */*\r\nX-Tenant: flask\r\n",
    });
  });
  it("tells another Host", () => {
    const changes = { dropped: new Set<string>(), lines: "", host: "app.internal" };
    assert.deepEqual(routeLines(sanitised, request, changes), { ...sanitised, host: "app.internal" });
  });
});

describe("answerLines", () => {
  const headers = () => ["Server", "x", "Access-Control-Allow-Origin", "*", "X-A", "1", "x-a", "2"];
  it("is what it was given, where the route changes nothing", () => {
    const given = headers();
    assert.equal(answerLines(given, undefined, undefined), given);
  });
  it("drops every line of a name, and sets one", () => {
    const changes = { dropped: new Set(["server", "x-a"]), set: ["X-A", "3"], cors: undefined };
    assert.deepEqual(answerLines(headers(), changes, undefined), ["Access-Control-Allow-Origin", "*", "X-A", "3"]); // prettier-ignore
  });
  it("answers for CORS alone, where the route does", () => {
    const cors = (origin: string | undefined) => ["Access-Control-Allow-Origin", origin ?? "nobody"];
    const changes = { dropped: new Set<string>(), set: [], cors };
    assert.deepEqual(answerLines(headers(), changes, "https://app.example").slice(-2), ["Access-Control-Allow-Origin", "https://app.example"]); // prettier-ignore
    assert.ok(!answerLines(headers(), changes, undefined).includes("*"));
  });
});
