/** Addresses that one server reads as inside the prefix, and another as outside. */
import { request, type HostileRequest } from "./hostile-request.ts";

const refusedTargets = [
  "/flask/../admin", "/flask/..", "/flask/.", "/flask/./x", "/flask/x/../../admin", "/flask/%2e%2e/admin", "/flask/%2E%2E/admin",
  "/flask/.%2e/admin", "/flask/%2e./admin", "/flask/%2e/x", "/flask/..%2fadmin", "/flask/..%2Fadmin", "/flask/x%2f..%2f..%2fadmin",
  "/flask/..;/admin", "/flask/..;a=b/admin", "/flask/%2e%2e;/admin", "/flask/.;/x", "/flask/..\\admin", "/flask\\..\\admin", "/flask/..%5cadmin",
  "/flask/..%5Cadmin", "/flask/x%5c..%5c..%5cadmin", "/flask/x\\y", "/flask/x#fragment", "/flask/%00", "/flask/x%00y", "/flask/%", "/flask/%2", "/flask/%zz",
  "/flask/%u002e%u002e/admin", "/flask//mallory.example/", "/flask///x", "//mallory.example/flask/", "//flask/", "/\\mallory.example/flask/",
  "http://mallory.example/flask/", "http://localhost@mallory.example/flask/", "http://mallory.example:80/flask/", "https://mallory.example/flask/", "http:///flask/",
  "http://localhost/flask/../admin", "http://localhost/admin", "ftp://localhost/flask/", "file:///flask/", "javascript:/flask/", "http:/flask/", "http:flask/", "http:\\\\localhost\\flask\\",
  "*", "flask/", "?x", "", "localhost:443", "@mallory.example/flask/", "/admin", "/Flask/", "/flask%2f", "/flask%2Fx", "/%66lask/", "/flaskx/", "/./flask/", "/x/../flask/", "/.", "/..",
  "/flask/\x7f", "/flask/\xe4", "/flask/\x01", "/flask/\x0b", `/flask/${"a".repeat(9000)}`,
]; // prettier-ignore

/** What the client asks for, and what the backend must be asked for. */
const forwardedTargets: readonly (readonly [target: string, upstream: string])[] = [
  ["/flask/", "/"],
  ["/flask/x?y", "/x?y"],
  ["/flask/?", "/?"],
  ["/flask/?a=../../admin", "/?a=../../admin"],
  ["/flask/?next=//mallory.example/", "/?next=//mallory.example/"],
  ["/flask/?x=%00%2e%2e", "/?x=%00%2e%2e"],
  ["/flask/a//b", "/a//b"],
  ["/flask/http://mallory.example/", "/http://mallory.example/"],
  ["/flask/...", "/..."],
  ["/flask/.well-known/x", "/.well-known/x"],
  ["/flask/..x", "/..x"],
  ["/flask/x..", "/x.."],
  ["/flask/%41%2f%e4", "/%41%2f%e4"],
  ["/flask/%252e%252e/admin", "/%252e%252e/admin"],
  ["/flask/x;..", "/x;.."],
  ["/flask/@mallory.example", "/@mallory.example"],
  ["/flask/:80/", "/:80/"],
  ["/flask/flask/", "/flask/"],
  ["/flask/{}|^\"<>`", "/{}|^\"<>`"],
  ["http://localhost/flask/x?y", "/x?y"],
  ["HTTP://LOCALHOST/flask/x", "/x"],
]; // prettier-ignore

export const targets: readonly HostileRequest[] = [
  ...refusedTargets.map((target): HostileRequest => ({
    name: target.length > 100 ? "a target of 9000 octets" : JSON.stringify(target),
    bytes: request(`GET ${target} HTTP/1.1`, []),
    outcome: "refused",
  })),
  ...forwardedTargets.map(([target, upstream]): HostileRequest => ({
    name: `${target} -> ${upstream}`,
    bytes: request(`GET ${target} HTTP/1.1`, []),
    outcome: "forwarded",
    target: upstream,
  })),
];
