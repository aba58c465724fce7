import assert from "node:assert/strict";
import { it } from "node:test";
import type { Connection, Dialect } from "./dialects/dialect.ts";
import { writeIdentity } from "./write-identity.ts";

const connection: Connection = {
  identity: { verify: "NONE" },
  chain: [],
  server: undefined,
  tls: undefined,
  now: 0,
};
const writing = (name: string, value: string): Dialect => ({
  name: "made-up",
  headerNames: [name],
  headerFamilies: [],
  variables: undefined,
  write: () => [[name, value]],
  read: () => undefined,
});
const write = (value: string, spelling: "as-is" | "underscore" | "hyphen" = "as-is") =>
  writeIdentity(connection, [{ dialect: writing("SSL_Client-Name", value), variables: undefined, spelling }]);

it("a route chooses how names are spelled", () => {
  assert.deepEqual(write("x"), [["SSL_Client-Name", "x"]]);
  assert.deepEqual(write("x", "hyphen"), [["SSL-Client-Name", "x"]]);
  assert.deepEqual(write("x", "underscore"), [["SSL_Client_Name", "x"]]);
});

it("a dialect that breaks its promise sends nothing, rather than a line of its own making", () => {
  for (const value of [
    "a\r\nSSL_CLIENT_S_DN: CN=Grace Hopper",
    "a\n",
    "\0",
    "a\tb",
    "\x7f",
    "\u010d\u010a",
  ]) {
    assert.throws(() => write(value), TypeError);
  }
  assert.deepEqual(write("Zo\xc3\xab"), [["SSL_Client-Name", "Zo\xc3\xab"]]);
});
