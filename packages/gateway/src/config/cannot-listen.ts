/** A socket that cannot be listened on, in words. */
import { ConfigError } from "./config-error.ts";

export function cannotListen(
  place: string,
  path: readonly PropertyKey[],
  host: string,
  port: number,
  error: unknown,
): ConfigError {
  const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
  const anyAddress = "choose 127.0.0.1, ::1, 0.0.0.0 or ::";
  const reasons: Record<string, [what: string, next: string] | undefined> = {
    EADDRINUSE: [`port ${port} on ${host} is taken by another program`, `choose another port, or end what "ss -ltnp sport = :${port}" names`], // prettier-ignore
    EACCES: [
      `this user may not listen on port ${port}`,
      "choose a port above 1023, or give the program that right",
    ],
    EADDRNOTAVAIL: [`${host} is not an address of this machine`, anyAddress],
    ENOTSUP: ["this system does not let several processes share a port", "set workers to 1"],
    ENOTFOUND: [`${host} is not an address`, anyAddress],
  };
  const [what, next] = reasons[code] ?? [
    `listening on ${host} port ${port} failed (${code})`,
    "choose another",
  ];
  return new ConfigError([{ place, path: path.join("."), what, next }]);
}
