/** parse5 builds the tree that browsers build. What it takes for text or a comment, we must not take for a tag. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parse, type DefaultTreeAdapterMap } from "parse5";
import type { Place } from "../mapping.ts";
import { HtmlRewriter } from "./html-rewriter.ts";

type Node = DefaultTreeAdapterMap["node"];

const place: Place = {
  mapping: { prefix: "/p/", basePath: "/", authorities: ["127.0.0.1:5000"] },
  host: "site.example",
};

function rewrite(html: string): string {
  const rewriter = new HtmlRewriter(place, "html");
  return Buffer.concat([rewriter.write(Buffer.from(html, "latin1")), rewriter.end()] as Buffer[]).toString(
    "latin1",
  );
}

type Tree = { readonly links: string[]; readonly texts: string[] };

/** The values of `href` in document order, and all text, comments and attributes beside it. */
function treeOf(html: string): Tree {
  const links: string[] = [];
  const texts: string[] = [];
  const walk = (node: Node): void => {
    if ("value" in node) texts.push(node.value);
    if ("data" in node) texts.push(node.data);
    if ("attrs" in node)
      for (const { name, value, prefix } of node.attrs)
        if (name === "href") links.push(value);
        else texts.push(`${node.tagName} ${prefix ?? ""}:${name}=${value}`);
    if ("content" in node) walk(node.content);
    if ("childNodes" in node) node.childNodes.forEach(walk);
  };
  walk(parse(html, { scriptingEnabled: true }));
  return { links, texts };
}

/** Pieces of markup that get into each other's way. */
const pieces = [
  '<a href="/x">', "<a href='/x'>", "<a href=/x>", "<a href=/x/>", "<a/href=/x>", '<a id="<a href=/x>" href=/x>', "<a b='", '<a b="', "<a href", "<a =href=/x>",
  "<A HREF=/x >", "<a href=/x href=/y>", "<a href href=/x>", "</a href=/x>", "</a>", "< a href=/x>", "<a\thref\n=\f/x>", '<a b="c"href=/x>', "<a href=\"/x'>", "\"'>",
  "<!--", "-->", "--!>", "<!-->", "<!--->", "<!---->", "--", "-", "!", ">", "<", "/", "<!", "<!-", "<?", "<?x ?>", "</", "</>", "</ a>", "<!doctype html>", "<!DOCTYPE a 'b>",
  "<script>", "</script>", "</script x='>'>", "<script/>", "<style>", "</style>", "<title>", "</title>", "</title/>", "<textarea>", "</textarea>", "<xmp>", "</xmp>",
  "<iframe>", "</iframe>", "<noframes>", "</noframes>", "<noembed>", "</noembed>", "</scriptx>", "<scriptx>", "</SCRIPT>", "<Script >",
  "<svg>", "</svg>", "<svg/>", "<math>", "</math>", "<mi>", "</mi>", "<foreignObject>", "</foreignObject>", "<desc>", "</desc>", "<g>", "</g>", "<path/>", "<div>", "</div>", "<p>",
  "<![CDATA[", "]]>", "]]", "<annotation-xml encoding='text/html'>", "</annotation-xml>", "<font color=x>", "<img src=z>", "&lt;a href=/x>", "x", " ", "\n",
]; // prettier-ignore

/** Elements that browsers drop where they stand do not come into the tree, but the links of those that do must be ours. */
function check(html: string): void {
  const before = treeOf(html);
  const after = treeOf(rewrite(html));
  assert.deepEqual(after.texts, before.texts, `text has changed: ${html}`);
  const expected = before.links.map((link) => (link.startsWith("/") ? `/p${link}` : link));
  assert.deepEqual(after.links, expected, html);
}

describe("what browsers take for a link is rewritten, and nothing else", () => {
  it("each piece, and each two and three of those that open something", () => {
    for (const one of pieces) for (const two of pieces) check(`${one}${two}<a href=/x>`);
  });
  it("any sequence of pieces", () => {
    const documents = fc.array(fc.constantFrom(...pieces), { maxLength: 14 }).map((parts) => parts.join(""));
    fc.assert(fc.property(documents, check), { numRuns: Number(process.env["RUNS"] ?? 3000) });
  });
});
