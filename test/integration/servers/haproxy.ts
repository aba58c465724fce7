/** HAProxy in TCP mode in front of gateways: it passes connections on as they are, and says whose they are. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { freePort } from "../../support/free-port.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { startProgram } from "./program.ts";

/** @returns the port */
export async function startHaproxy(
  context: TestContext,
  gateways: readonly number[],
  options: string,
): Promise<number> {
  const port = await freePort();
  const file = join(await tempFolder(context), "haproxy.cfg");
  const servers = gateways.map((gateway, at) => `  server gateway${at} 127.0.0.1:${gateway} ${options}`);
  await writeFile(
    file,
    `defaults
  mode tcp
  timeout connect 2s
  timeout client 30s
  timeout server 30s
listen gateways
  bind 127.0.0.1:${port}
  balance roundrobin
${servers.join("\n")}
`,
  );
  const haproxy = await startProgram(context, "/usr/sbin/haproxy", ["-db", "-f", file]);
  await haproxy.accepts(port);
  return port;
}
