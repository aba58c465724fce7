/**
 * Folds a header name the way CGI, WSGI, Rack and PHP do: lower case, every character that is not a letter or digit `_`,
 * and no `HTTP_` in front. Two names that fold alike are the same name to some backend
 * (CVE-2025-64484: `SSL-Client-S-DN` slips past a filter for `SSL_CLIENT_S_DN`).
 */
export function foldName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "_")
    .replace(/^(?:_*http_)+/, "");
}
