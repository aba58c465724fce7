import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { contactHtml } from "./contact.ts";

const cases: readonly (readonly [contact: string, html: string])[] = [
  ["Room 12", "Room 12"],
  ["IT, it@example.org, please", 'IT, <a href="mailto:it@example.org?subject=Incident%207">it@example.org</a>, please'],
  ["<it+door@mail.example.org>", '&#60;<a href="mailto:it+door@mail.example.org?subject=Incident%207">it+door@mail.example.org</a>&#62;'],
  ["call +1 555 0100.", 'call <a href="tel:+15550100">+1 555 0100</a>.'],
  ["+49 (0)30 1234-56", '<a href="tel:+490301234 56">+49 (0)30 1234-56</a>'.replace(" 56", "56")],
  ["See https://help.example.org/door?x=1&y=2.", 'See <a href="https://help.example.org/door?x=1&#38;y=2">https://help.example.org/door?x=1&#38;y=2</a>.'],
  ["https://help.example.org:8443/a", '<a href="https://help.example.org:8443/a">https://help.example.org:8443/a</a>'],
  // what is not certain stays text
  ["1 + 2 = 3, room 0100, 555 0100", "1 + 2 = 3, room 0100, 555 0100"],
  ["somebody @ example", "somebody @ example"],
  ["root@localhost", "root@localhost"],
  ["http://help.example.org/ javascript:alert(1) data:text/html,x", "http://help.example.org/ javascript:alert(1) data:text/html,x"],
  ['"><img src=x onerror=alert(1)>', "&#34;&#62;&#60;img src=x onerror=alert(1)&#62;"],
  ['https://a.example/"onmouseover="x', '<a href="https://a.example/">https://a.example/</a>&#34;onmouseover=&#34;x'],
  ["\u202egro.elpmaxe", "\\u202egro.elpmaxe"],
]; // prettier-ignore

describe("a contact", () => {
  for (const [contact, html] of cases) {
    it(contact, () => {
      assert.equal(contactHtml(contact, "Incident 7"), html);
    });
  }
});
