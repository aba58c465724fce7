/** An OCSP responder as small authorities run it: `openssl ocsp`, one authority each, a process of its own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Issued } from "@sallyport/certs";
import { freePort } from "./free-port.ts";
import type { Scope } from "./scope.ts";
import { tempFolder } from "./temp-folder.ts";
import { waitUntil } from "./wait-until.ts";

/** What it knows: serial numbers, in hexadecimal digits. Of all others it says that they are unknown. */
export type KnownSerials = { readonly good: readonly string[]; readonly revoked: readonly string[] };

export type OpensslResponder = {
  readonly url: string;
  /** From now on it says this. */
  readonly know: (serials: KnownSerials) => Promise<void>;
  readonly start: () => Promise<void>;
  /** Nobody listens at its address, until it starts again. */
  readonly stop: () => Promise<void>;
};

/** Its address is known before it starts, so that certificates can name it. */
export async function opensslResponder(scope: Scope, authority: Issued): Promise<OpensslResponder> {
  const folder = await tempFolder(scope);
  const port = await freePort();
  const [index, certificate, key] = [join(folder, "index"), join(folder, "ca.pem"), join(folder, "ca.key")];
  await writeFile(certificate, authority.certificatePem);
  await writeFile(key, authority.privateKeyPem, { mode: 0o600 });
  let end = () => Promise.resolve();
  scope.after(() => end());
  return {
    url: `http://127.0.0.1:${port}/`,
    know: ({ good, revoked }) =>
      writeFile(
        index,
        // The format of `openssl ca`: status, end, revocation, serial number, file, subject.
        [
          ...good.map((serial) => `V\t351231235959Z\t\t${serial}\tunknown\t/CN=${serial}\n`),
          ...revoked.map((serial) => `R\t351231235959Z\t260101000000Z\t${serial}\tunknown\t/CN=${serial}\n`),
        ].join(""),
      ),
    async start() {
      const own = ["-index", index, "-CA", certificate, "-rsigner", certificate, "-rkey", key];
      const more = ["-ndays", "1", "-ignore_err"];
      const child = spawn("openssl", ["ocsp", "-port", String(port), ...own, ...more], {
        stdio: ["ignore", "pipe", "pipe"],
      });
      let said = "";
      for (const stream of [child.stdout, child.stderr])
        stream.on("data", (text: Buffer) => (said += text.toString()));
      end = async () => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        child.kill("SIGKILL");
        await once(child, "exit");
      };
      await waitUntil(
        () => said.includes("waiting for OCSP client connections"),
        () => `openssl ocsp does not listen: ${said}`,
      );
    },
    stop: () => end(),
  };
}
