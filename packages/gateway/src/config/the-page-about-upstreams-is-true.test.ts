import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { parse } from "yaml";
import { route } from "./route-schema.ts";
import { upstream } from "./upstream-schema.ts";

const page = new URL("../../../../docs/upstreams.md", import.meta.url);

describe("docs/upstreams.md", { skip: !existsSync(page) }, () => {
  const text = () => readFileSync(page, "utf8");
  const blocks = () => [...text().matchAll(/```yaml\n([^]*?)```/g)].map(([, yaml = ""]) => parse(yaml) as Record<string, unknown>); // prettier-ignore

  it("shows routes that can be configured", () => {
    const [first, cors] = blocks();
    const routes = [...((first?.["routes"] ?? []) as object[]), { prefix: "/x/", upstream: "http://h/", ...cors }];
    assert.equal(routes.length, 3);
    for (const each of routes) {
      const { error } = route.safeParse(each);
      assert.equal(error, undefined, JSON.stringify(error?.issues));
    }
  }); // prettier-ignore

  it("shows addresses that can be configured", () => {
    const addresses = [...text().matchAll(/^\| `((?:https?|unix):[^`]+)`/gm)].map(([, address]) => address);
    assert.equal(addresses.length, 4);
    for (const address of addresses) assert.equal(upstream.safeParse(address).success, true, address);
  });

  it("says what the defaults are", () => {
    const { timeouts, ...settings } = route.parse({ prefix: "/x/", upstream: { targets: ["http://h/"], health: { path: "/" } } }); // prettier-ignore
    assert.deepEqual([settings.upstream.health?.fall, settings.upstream.health?.rise], [2, 1]);
    assert.match(text(), /before it is out \(2\), `rise` must succeed before it is back \(1\)/);
    assert.deepEqual(timeouts, { connect: 2_000, firstByte: 30_000, idle: 300_000 });
  });
});
