import assert from "node:assert/strict";
import { it } from "node:test";
import { date, either, name, say, sentenceHtml, sentenceText } from "./sentence.ts";

it("a sentence is the same words on a page, where names are kept apart, and in text", () => {
  const sentence = say`It's <from> ${name("<A>\u202e")} of ${date(0)}.`;
  assert.equal(sentenceText(sentence), "It's <from> <A>\u202e of 1 January 1970.");
  assert.equal(
    sentenceHtml(sentence),
    'It&#39;s &#60;from&#62; <bdi>&#60;A&#62;\\u202e</bdi> of <time datetime="1970-01-01T00:00:00.000Z">1 January 1970</time>.',
  );
});

it("choices are listed as people list them", () => {
  const list = (...choices: string[]) => sentenceText(either(choices.map(name)));
  assert.deepEqual([list("A"), list("A", "B"), list("A", "B", "C")], ["A", "A or B", "A, B or C"]);
});
