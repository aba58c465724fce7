import assert from "node:assert/strict";
import { it } from "node:test";
import { wayOf, ways } from "./ways.ts";

const mozilla = "Mozilla/5.0";
const chrome = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
const visitors: readonly (readonly [userAgent: string | undefined, place: string])[] = [
  [`${mozilla} (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Version/18.6 Mobile/15E148 Safari/604.1`, "Safari on an iPhone or iPad"],
  [`${mozilla} (Linux; Android 15; K) ${chrome}`, "Chrome on Android"],
  [`${mozilla} (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0`, "Firefox on a computer"],
  [`${mozilla} (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0`, "Firefox on a computer"],
  [`${mozilla} (Windows NT 10.0; Win64; x64) ${chrome} Edg/140.0`, "Edge on Windows"],
  [`${mozilla} (Windows NT 10.0; Win64; x64) ${chrome}`, "Chrome on Windows"],
  [`${mozilla} (Macintosh; Intel Mac OS X 10_15_7) ${chrome}`, "Chrome or Edge on a Mac"],
  [`${mozilla} (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.6 Safari/605.1.15`, "Safari on a Mac"],
  [`${mozilla} (X11; Linux x86_64) ${chrome}`, "Chrome or Chromium on Linux"],
  ["curl/8.0", "your browser"],
  ["Linux ".repeat(100_000), "your browser"],
  [undefined, "your browser"],
]; // prettier-ignore

for (const [userAgent, place] of visitors) {
  it(`${String(userAgent).slice(0, 60)} -> ${place}`, () => {
    assert.equal(wayOf(userAgent).place, place);
  });
}

it("each way names the file and the password", () => {
  for (const way of [...ways, wayOf()]) {
    const steps = way.importing("grace.p12").join(" ");
    assert.match(steps, /grace\.p12/);
    assert.match(steps, /password/);
  }
});
