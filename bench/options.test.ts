import assert from "node:assert/strict";
import { it } from "node:test";
import { BenchError } from "./bench-error.ts";
import { readOptions } from "./options.ts";

const names = (list: readonly { readonly name: string }[] = []) => list.map(({ name }) => name);

it("measures what it is told", () => {
  const options = readOptions(["--workloads", "w2,w1", "--servers", "sallyport,nginx", "--rounds", "5"]);
  assert.deepEqual(names(options?.workloads), ["w1", "w2"]);
  assert.deepEqual(names(options?.servers), ["sallyport", "nginx"]);
  assert.equal(options?.rounds, 5);
});

it("writes the project's own page only when everything is measured", () => {
  assert.match(readOptions([])?.out ?? "", /bench\/results$/);
  for (const part of [["--quick"], ["--workloads", "w1"], ["--servers", "nginx"]])
    assert.match(readOptions(part)?.out ?? "", /\.run\/bench$/);
  assert.equal(readOptions(["--quick", "--out", "elsewhere"])?.out, "elsewhere");
});

it("says what there is where a word means nothing", () => {
  const refused = (argv: string[], words: RegExp) => {
    assert.throws(
      () => readOptions(argv),
      (error) => error instanceof BenchError && words.test(error.message),
    );
  };
  refused(["--workloads", "w1,w99"], /--workloads names w99: there are w1,/);
  refused(["--servers", ""], /there are sallyport,sallyport-fast,nginx/);
  refused(["--rounds", "0"], /--rounds is 0: it must be a whole number from 1 to 1000/);
  refused(["--fast"], /--workloads LIST/);
  assert.equal(readOptions(["--help"]), undefined);
});
