import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { siteFinder } from "./sites.ts";

const find = siteFinder("top", [
  { names: ["admin.example", "*.staff.example"], site: "admin" },
  { names: ["hr.staff.example"], site: "hr" },
]);

describe("the site of a name", () => {
  const cases: [name: string | undefined, site: string][] = [
    ["admin.example", "admin"],
    ["ADMIN.Example:8443", "admin"],
    ["admin.example.", "admin"],
    ["admin.example.:443", "admin"],
    ["it.staff.example", "admin"],
    ["hr.staff.example", "hr"],
    ["a.hr.staff.example", "top"],
    ["staff.example", "top"],
    [".staff.example", "top"],
    ["admin.example.evil", "top"],
    ["xadmin.example", "top"],
    ["[::1]:443", "top"],
    ["127.0.0.1", "top"],
    ["*.staff.example", "top"],
    ["", "top"],
    [undefined, "top"],
  ];
  for (const [name, site] of cases) {
    it(`${String(name)} -> ${site}`, () => {
      assert.equal(find(name), site);
    });
  }

  it("is always the same where there are no hosts", () => {
    assert.equal(siteFinder("top", [])("admin.example"), "top");
  });
});
