/** What the figures were measured on, in words. */
import { readFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";

export function machine(): string {
  const gibibytes = Math.round(totalmem() / 1024 ** 3);
  const system = distribution() ?? "Linux";
  const { node, openssl } = process.versions;
  return `${cpus().length} cores (${cpus()[0]?.model.trim() ?? "unknown"}), ${gibibytes} GiB, ${system}, Linux ${release()}, Node ${node} with OpenSSL ${openssl}`;
}

function distribution(): string | undefined {
  try {
    return /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1];
  } catch {
    return undefined;
  }
}
