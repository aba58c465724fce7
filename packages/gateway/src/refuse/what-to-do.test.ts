import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { remedies, type RemedyName } from "./remedies.ts";
import { ways } from "./ways.ts";
import { whatToDo } from "./what-to-do.ts";

const names = Object.keys(remedies) as RemedyName[];
const safari = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.5 Safari/605.1.15";

describe("what to do", () => {
  it("is told for this browser, and for every other one in a fold", () => {
    const html = whatToDo("import", safari);
    const [open = "", fold = ""] = html.split(/<details>([^]*)/);
    assert.match(open, /^<h2>What to do in Safari on a Mac<\/h2>/);
    assert.match(open, /Keychain Access/);
    for (const { place } of Object.values(ways)) {
      assert.equal(fold.includes(`<summary>${place}</summary>`), place !== "Safari on a Mac", place);
    }
  });

  it("is told in neutral words to a browser that is not known, with all the others in the fold", () => {
    const html = whatToDo("import", "Something/1.0");
    assert.match(html, /^<h2>What to do<\/h2>/);
    for (const { place } of Object.values(ways)) assert.ok(html.includes(`<summary>${place}</summary>`));
  });

  it("tells those who have the certificate already at which step the browser is restarted", () => {
    for (const way of Object.values(ways)) {
      const [, step = ""] = /step (\d+)/.exec(remedies.import.lead(way)) ?? [];
      assert.equal(remedies.import.steps(way)[Number(step) - 1], way.restarting, way.place);
    }
  });

  it("takes back the remembered choice before the browser asks again", () => {
    for (const remedy of ["renew", "choose", "permission"] as const) {
      const steps = remedies[remedy].steps(ways.macSafari);
      const forgets = steps.findIndex((step) => step.includes("identity preference"));
      assert.ok(forgets >= 0 && forgets < steps.indexOf(ways.macSafari.restarting), remedy);
    }
  });

  it("has no fold where all do the same, and no list of one", () => {
    for (const name of names.filter((one) => !remedies[one].perWay)) {
      assert.doesNotMatch(whatToDo(name, safari), /<details>/, name);
    }
    assert.equal(whatToDo("retry", safari), "<h2>What to do</h2>\n<p>Try again in a minute.</p>");
    assert.equal(whatToDo("none", safari), "");
  });

  it("shows nothing of the User-Agent itself", () => {
    for (const name of names) assert.doesNotMatch(whatToDo(name, `${safari} <b>XYZZY`), /XYZZY/);
  });

  it("leaves no backtick unread", () => {
    for (const name of names) {
      for (const userAgent of [undefined, safari]) assert.doesNotMatch(whatToDo(name, userAgent), /`/);
    }
  });
});
