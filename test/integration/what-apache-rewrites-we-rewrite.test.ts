/** Behind Apache's ProxyPassReverse and mod_proxy_html, and behind Sallyport: what it rewrites we rewrite, what it breaks we don't. */
import assert from "node:assert/strict";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { parse, type DefaultTreeAdapterMap } from "parse5";
import { recordingBackend } from "../support/recording-backend.ts";
import { startApache } from "./servers/apache.ts";
import { startSallyport } from "./servers/sallyport.ts";
import { createSite, personNamed } from "./servers/site.ts";

type Element = DefaultTreeAdapterMap["element"];
type Got = { readonly head: IncomingMessage; readonly body: Buffer };

/** `tag attribute value` -> what becomes of the value behind both. */
const alike: Record<string, string> = {
  "a href /x": "/flask/x", "a href /": "/flask/", "a href /x?a=b&amp;c#d": "/flask/x?a=b&c#d", "a href UPSTREAM/x": "/flask/x", "a href x": "x", "a href ../x": "../x", "a href ?x": "?x", "a href #x": "#x",
  "a href https://other.example/x": "https://other.example/x", "a href mailto:grace@example.test": "mailto:grace@example.test", "area href /x": "/flask/x", "img src /x": "/flask/x", "img longdesc /x": "/flask/x",
  "object data /x": "/flask/x", "form action /x": "/flask/x", "input src /x": "/flask/x", "script src /x": "/flask/x", "q cite /x": "/flask/x", "blockquote cite /x": "/flask/x", "ins cite /x": "/flask/x", "del cite /x": "/flask/x",
  "a title /x": "/x", "a data-x /x": "/x",
}; // prettier-ignore
/** What becomes of it behind Apache, and behind Sallyport. */
const different: Record<string, readonly [apache: string, sallyport: string]> = {
  "a href //other.example/x": ["/flask//other.example/x", "//other.example/x"],
  "a href /flask/x": ["/flask/flask/x", "/flask/x"],
  "iframe src /x": ["/x", "/flask/x"], "video src /x": ["/x", "/flask/x"], "video poster /x": ["/x", "/flask/x"], "audio src /x": ["/x", "/flask/x"], "embed src /x": ["/x", "/flask/x"],
  "img srcset /x 1x": ["/x 1x", "/flask/x 1x"], "button formaction /x": ["/x", "/flask/x"], "a ping /x": ["/x", "/flask/x"], "p style a:url(/x)": ["a:url(/x)", "a:url(/flask/x)"],
}; // prettier-ignore
const cases = [...Object.keys(alike), ...Object.keys(different)];

function attribute(node: DefaultTreeAdapterMap["node"], id: string, name: string): string | undefined {
  const element = node as Element;
  const value = (wanted: string) => (element.attrs as Element["attrs"] | undefined)?.find((attr) => attr.name === wanted)?.value;
  if (value("id") === id) return value(name);
  for (const child of (element.childNodes as Element["childNodes"] | undefined) ?? []) {
    const found = attribute(child, id, name);
    if (found !== undefined) return found;
  }
  return undefined;
} // prettier-ignore

void test("behind Apache and behind Sallyport", async (context) => {
  const site = await createSite(context);
  const grace = await personNamed(site, "Grace Hopper");
  let lines: readonly string[] = [];
  let content = Buffer.alloc(0);
  const backend = await recordingBackend(context, () =>
    Buffer.concat([
      Buffer.from(["HTTP/1.1 200 OK", ...lines, `Content-Length: ${content.length}`, "", ""].join("\r\n")),
      content,
    ]),
  );
  const upstream = `http://127.0.0.1:${backend.port}/`;
  const ports = {
    apache: await startApache(context, site, upstream, { pages: true }),
    sallyport: await startSallyport(context, site, upstream, { dialect: "ssl-client", rewriteHtml: true }),
  };
  const get = async (port: number): Promise<Got> => {
    const sent = request({
      ...{
        host: "127.0.0.1",
        port,
        path: "/flask/",
        servername: "flask.local",
        ca: site.root.certificatePem,
      },
      ...{ cert: grace.certificatePem, key: grace.privateKeyPem, agent: false },
      headers: { Host: "flask.local", "Accept-Encoding": "gzip" },
    }).end();
    const [head] = (await once(sent, "response")) as [IncomingMessage];
    return { head, body: Buffer.concat((await head.toArray()) as Buffer[]) };
  };
  const both = async (body: string | Buffer, ...given: string[]) => {
    content = Buffer.from(body as string);
    lines = given;
    return { apache: await get(ports.apache), sallyport: await get(ports.sallyport) };
  };
  const html = "Content-Type: text/html; charset=utf-8";

  await context.test("links", async () => {
    const elements = cases.map((what, at) => {
      const [tag, name, ...value] = what.split(" ");
      return `<${tag} id="i${at}" ${name}="${value.join(" ").replace("UPSTREAM", upstream.slice(0, -1))}"></${tag}>`;
    });
    const page = `<!DOCTYPE html><html><head><title>t</title></head><body>${elements.join("\n")}</body></html>`;
    const got = await both(page, html);
    const values = (body: Buffer) =>
      Object.fromEntries(cases.map((what, at) => [what, attribute(parse(body.toString()), `i${at}`, what.split(" ")[1] ?? "")]));
    assert.deepEqual(values(got.sallyport.body), { ...alike, ...Object.fromEntries(Object.entries(different).map(([what, [, ours]]) => [what, ours])) });
    assert.deepEqual(values(got.apache.body), { ...alike, ...Object.fromEntries(Object.entries(different).map(([what, [theirs]]) => [what, theirs])) });
  }); // prettier-ignore

  await context.test("the rest of the page: Apache writes it anew, we leave it", async () => {
    const page = '<!DOCTYPE html><p id=a>&eacute;&#233; é<a href="/x">x';
    const got = await both(page, html, 'ETag: "a"');
    assert.equal(got.sallyport.body.toString(), page.replace("/x", "/flask/x"));
    assert.doesNotMatch(got.apache.body.toString(), /DOCTYPE/i);
    assert.match(got.apache.body.toString(), /<html>.*<\/html>/s);
    assert.deepEqual([got.apache.head.headers.etag, got.sallyport.head.headers.etag], ['"a"', 'W/"a"']);
  });
  await context.test("a page that does not say its encoding", async () => {
    const got = await both('<!DOCTYPE html><p>é<a href="/x">', "Content-Type: text/html");
    assert.match(got.sallyport.body.toString(), /<p>é</);
    assert.doesNotMatch(got.apache.body.toString(), /<p>é</);
    assert.equal(got.sallyport.head.headers["content-type"], "text/html");
  });
  await context.test("a page that is encoded although nobody asked", async () => {
    const page = '<!DOCTYPE html><p><a href="/x">';
    const got = await both(gzipSync(page), html, "Content-Encoding: gzip");
    const decoded = (body: Buffer) => new Response(new Blob([new Uint8Array(body)]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
    assert.equal(await decoded(got.sallyport.body), page.replace("/x", "/flask/x"));
    await assert.rejects(decoded(got.apache.body));
  }); // prettier-ignore
  await context.test("what is no page is not looked at", async () => {
    for (const type of ["text/css", "text/plain", "application/json"]) {
      const got = await both('url(/x) <a href="/x">', `Content-Type: ${type}`);
      assert.equal(got.sallyport.head.headers["content-type"], type);
      assert.equal(got.sallyport.body.toString(), content.toString());
    }
  });

  const host = "https://flask.local";
  const heads: readonly (readonly [line: string, name: string, apache: string, sallyport: string])[] = [
    ["Location: /login", "location", `${host}/flask/login`, "/flask/login"],
    [`Location: ${upstream}login`, "location", `${host}/flask/login`, "/flask/login"],
    ["Location: login", "location", "login", "login"],
    ["Location: ?a", "location", "?a", "?a"],
    [
      "Location: https://other.example/login",
      "location",
      `${host}/flask/login`,
      "https://other.example/login",
    ],
    ["Location: /flask/x", "location", `${host}/flask/flask/x`, "/flask/x"],
    ["Location: //other.example/x", "location", `${host}/flask//other.example/x`, "//other.example/x"],
    ["Refresh: 0; url=/x", "refresh", "0; url=/x", "0; url=/flask/x"],
    ["Link: </x>; rel=preload", "link", "</x>; rel=preload", "</flask/x>; rel=preload"],
    ["Set-Cookie: a=b; Path=/", "set-cookie", "a=b; Path=/flask/", "a=b; Path=/flask/"],
    ["Set-Cookie: a=b; Path=/app", "set-cookie", "a=b; Path=/flask/", "a=b; Path=/flask/app"],
    ["Set-Cookie: a=b", "set-cookie", "a=b", "a=b"],
  ];
  for (const [line, name, ...expected] of heads) {
    await context.test(line.replace(upstream, "UPSTREAM/"), async () => {
      const got = await both("", line, "Content-Type: text/plain");
      const sorted = [got.apache, got.sallyport].map(({ head }) => String(head.headers[name]));
      assert.deepEqual(sorted.map((value) => value.replace(/^(https:\/\/flask\.local):\d+/, "$1")), expected);
    }); // prettier-ignore
  }
});
