import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { activatedSockets } from "./activated-sockets.ts";

const pid = 4711;
const given = (LISTEN_FDS: string, LISTEN_FDNAMES?: string, LISTEN_PID = String(pid)) => [
  ...activatedSockets({ LISTEN_PID, LISTEN_FDS, LISTEN_FDNAMES }, pid),
];

describe("sockets that systemd has opened", () => {
  it("have their names, from descriptor 3 on", () => {
    assert.deepEqual(given("2", "https:admin"), [["https", [3]], ["admin", [4]]]); // prettier-ignore
  });

  it("may have one name together, or none", () => {
    assert.deepEqual(given("3", "a:b:a"), [["a", [3, 5]], ["b", [4]]]); // prettier-ignore
    assert.deepEqual(given("1"), [["unknown", [3]]]);
  });

  it("are none where they are another process's, or nobody says how many", () => {
    assert.deepEqual(given("1", "https", "4712"), []);
    for (const count of ["", "0", "-1", "x", "1e3"]) assert.deepEqual(given(count, "https"), []);
    assert.deepEqual([...activatedSockets({}, pid)], []);
  });
});
