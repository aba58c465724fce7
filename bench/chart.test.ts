import assert from "node:assert/strict";
import { it } from "node:test";
import { chart } from "./chart.ts";

const bars = [
  { label: "Ours", value: 50, isOurs: true },
  { label: "Theirs", value: 100, isOurs: false },
];
const panel = { title: "W1", subtitle: "small < large & all", unit: "us", bars };

const widths = (svg: string) =>
  [...svg.matchAll(/<rect class="(?:ours|theirs)" x="[^"]*" y="[^"]*" width="([^"]*)"/g)].map(([, width]) =>
    Number(width),
  );

it("draws bars as long as their values are to each other", () => {
  const [first = NaN, second = NaN, ...more] = widths(chart("Cost", [panel]));
  assert.deepEqual(more, []);
  assert.ok(Math.abs(second / first - 2) < 0.01, `${first} and ${second}`);
});

it("keeps everything inside, however many panels there are", () => {
  for (const count of [0, 1, 2, 9]) {
    const svg = chart(
      "Cost",
      Array.from({ length: count }, () => panel),
    );
    const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)?.map(Number) ?? [];
    assert.equal(widths(svg).length, count * bars.length);
    for (const [, x, y] of svg.matchAll(/<text x="([^"]*)" y="([^"]*)"/g)) {
      assert.ok(Number(x) >= 0 && Number(x) < (width ?? 0), `x is ${x ?? ""}`);
      assert.ok(Number(y) >= 0 && Number(y) < (height ?? 0), `y is ${y ?? ""}`);
    }
  }
});

it("takes what it is told as text", () => {
  assert.match(chart("A & B", [panel]), /<title>A &amp; B<\/title>[^]*small &lt; large &amp; all/);
});

it("has colours for light and for dark paper", () => {
  assert.match(chart("Cost", [panel]), /prefers-color-scheme: dark/);
});
