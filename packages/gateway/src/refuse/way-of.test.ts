import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { wayOf } from "./way-of.ts";
import { ways, type WayName } from "./ways.ts";

const chrome = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
const webkit = "AppleWebKit/605.1.15 (KHTML, like Gecko)";
const windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)";
const mac = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)";
const linux = "Mozilla/5.0 (X11; Linux x86_64)";
const iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X)";

const cases: readonly (readonly [browser: string, userAgent: string | undefined, way: WayName | undefined])[] = [
  ["Chrome on Windows", `${windows} ${chrome}`, "windowsChrome"],
  ["Edge on Windows", `${windows} ${chrome} Edg/140.0.0.0`, "windowsEdge"],
  ["Firefox on Windows", "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "firefox"],
  ["Safari on a Mac", `${mac} ${webkit} Version/18.5 Safari/605.1.15`, "macSafari"],
  ["Chrome on a Mac", `${mac} ${chrome}`, "macChrome"],
  ["Edge on a Mac", `${mac} ${chrome} Edg/140.0.0.0`, "macChrome"],
  ["Firefox on a Mac", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0", "firefox"],
  ["Chrome on Linux", `${linux} ${chrome}`, "linuxChrome"],
  ["Firefox on Linux", "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "firefox"],
  ["Edge on Linux", `${linux} ${chrome} Edg/140.0.0.0`, undefined],
  ["Safari on an iPhone", `${iphone} ${webkit} Version/18.5 Mobile/15E148 Safari/604.1`, "ios"],
  ["Firefox on an iPhone", `${iphone} ${webkit} FxiOS/140.0 Mobile/15E148 Safari/604.1`, "ios"],
  ["Chrome on an iPad", `Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) ${webkit} CriOS/140.0 Mobile/15E148 Safari/604.1`, "ios"],
  ["Chrome on Android", "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36", "android"],
  ["Firefox on Android", "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "android"],
  ["a Chromebook", `Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${chrome}`, undefined],
  ["curl", "curl/7.88.1", undefined],
  ["nothing", undefined, undefined],
  ["an empty text", "", undefined],
  ["somebody who wants to know too much", "__proto__ constructor toString", undefined],
  ["a name far behind", `${" ".repeat(600)}iPhone`, undefined],
]; // prettier-ignore

describe("the way of a browser", () => {
  for (const [browser, userAgent, way] of cases) {
    it(`${browser} -> ${way ?? "neutral words"}`, () => {
      assert.equal(wayOf(userAgent), way);
    });
  }

  it("every way is reached by somebody", () => {
    const reached = new Set(cases.map(([, , way]) => way));
    assert.deepEqual(
      Object.keys(ways).filter((way) => !reached.has(way as WayName)),
      [],
    );
  });
});
