/** Header names as CGI, WSGI, Rack and PHP see them. The tests' own: it must not share a mistake with the product. */
export function fold(name: string): string {
  let folded = name.toLowerCase().replaceAll(/[^a-z0-9]/g, "_");
  while (/^_*http_/.test(folded)) folded = folded.replace(/^_*http_/, "");
  return folded;
}
