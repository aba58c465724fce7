import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { it, type TestContext } from "node:test";
import { loadConfig } from "./config.ts";
import { StartError } from "./start-error.ts";
import { tempFolder } from "./testing/temp-folder.ts";

function written(context: TestContext, text: string): string {
  const file = join(tempFolder(context), "enrolment.yaml");
  writeFileSync(file, text);
  return file;
}

function problemsOf(file: string): string {
  try {
    loadConfig(file);
  } catch (error) {
    if (error instanceof StartError) return error.message.replaceAll(file, "FILE");
    throw error;
  }
  return "none";
}

const least = `address: https://flask.local/enrol/
listen: { port: 5001 }
backendSecret: { file: backend.secret }
authority: { folder: ../certs }
records: records
`;

it("paths are relative to the file, and what is left out has a default", (context) => {
  const file = written(context, least);
  const from = (path: string) => join(file, "..", path);
  assert.deepEqual(loadConfig(file), {
    file,
    address: "https://flask.local/enrol/",
    listen: { host: "127.0.0.1", port: 5001 },
    backendSecret: { file: from("backend.secret") },
    authority: { folder: from("../certs") },
    records: from("records"),
    days: 90,
  });
  const other = loadConfig(written(context, least.replace("{ port: 5001 }", "{ socket: e.sock }")));
  assert.match(JSON.stringify(other.listen), /^\{"socket":"\/.*\/e\.sock"\}$/);
});

it("every problem is named at once, with its line", (context) => {
  const text = least
    .replace("https:", "http:")
    .replace("{ port: 5001 }", "{ host: 0.0.0.0, port: 1 }")
    .replace("records: records", "days: 0\nrecord: x");
  assert.equal(
    problemsOf(written(context, text)),
    `FILE:1  address must be where the gateway has the page, https://HOST/enrol/
FILE:2  listen.host must be 127.0.0.1, ::1 or localhost: the gateway's secret crosses it in the clear
FILE  records is missing; it must be text
FILE:5  days must be 1 to 3650
FILE:6  record is no setting
What there is to set: docs/enrolment.md`,
  );
});

it("an empty file, one that is not YAML and one that is not there are named", (context) => {
  assert.match(problemsOf(written(context, "")), /^FILE {2}address is missing; it must be .*\n(?:.*\n){4}What there is to set/);
  assert.match(problemsOf(written(context, "a: [")), /^FILE:1 {2}Flow sequence/);
  assert.match(problemsOf(join(tempFolder(context), "none.yaml")), /cannot be read \(ENOENT\)\. .*--config FILE/);
}); // prettier-ignore
