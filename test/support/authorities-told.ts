import { execFile } from "node:child_process";

/**
 * The names of authorities that a server tells, by RFC 2253.
 * @param args more arguments of `openssl s_client`: `-servername NAME`
 */
export function authoritiesTold(port: number, ...args: readonly string[]): Promise<readonly string[]> {
  return new Promise((resolve) => {
    const connect = ["s_client", "-connect", `127.0.0.1:${port}`, "-nameopt", "RFC2253", ...args];
    const child = execFile("openssl", connect, { timeout: 5_000 }, (_error, output) => {
      const names =
        /^Acceptable client certificate CA names\n((?:[^\n]*=[^\n]*\n)+)/m.exec(output)?.[1] ?? "";
      resolve(names.split("\n").filter((name) => name !== ""));
    });
    child.stdin?.end();
  });
}
