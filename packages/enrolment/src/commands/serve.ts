/** `serve`: one listening socket, the authority's key in memory, signals. */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { CertsError, openAuthority, type OpenAuthority } from "@sallyport/certs";
import { pino } from "pino";
import { createApp } from "../app.ts";
import type { Config } from "../config.ts";
import { drain } from "../drain.ts";
import { openGatewaySecret } from "../gateway/gateway-secret.ts";
import { standingOf } from "../invitations/invitation.ts";
import { listen } from "../listen.ts";
import { openRecords } from "../records.ts";
import { StartError } from "../start-error.ts";

export async function serve({ listen: target, authority: where, ...config }: Config): Promise<void> {
  const log = pino();
  const open = () => openedAuthority(where);
  const secret = openGatewaySecret(config.backendSecret.file);
  let authority = await open();
  const { invitations, audit } = openRecords(config.records, (act) => {
    log.info(act, "audit");
  });
  for (const invitation of invitations.all())
    if (standingOf(invitation, new Date()) === "interrupted")
      log.warn({ invitation: invitation.number }, "a certificate for it was begun, and nobody knows whether it arrived; invite again"); // prettier-ignore
  const { days, contact } = config;
  const app = createApp({
    desk: { authority: () => authority, invitations, audit, days, contact },
    secret,
    log,
  });
  const server = createServer(
    // the gateway's own limit and what it injects must fit, a certificate in base64 among it
    { maxHeaderSize: 64 * 1024, headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 75_000 },
    app,
  );

  process.on("SIGHUP", () => {
    void (async () => {
      try {
        secret.reload();
        authority = await open();
        log.info("secret and authority read again; the secret before is accepted until the next SIGHUP");
      } catch (error) {
        if (!(error instanceof StartError)) throw error;
        log.error(`not everything was read again: ${error.message}`);
      }
    })();
  });
  const stop = (signal: NodeJS.Signals): void => {
    log.info({ signal }, "draining");
    drain(server, () => {
      invitations.close();
      log.info("stopped");
    });
    // The second signal finds no listener and ends the process at once.
    process.off("SIGTERM", stop).off("SIGINT", stop);
  };
  process.on("SIGTERM", stop).on("SIGINT", stop);
  log.info({ address: await listen(server, target) }, "listening");
}

/** @throws StartError when there is none, or its key does not open */
async function openedAuthority({ folder, passphraseFile }: Config["authority"]): Promise<OpenAuthority> {
  try {
    return await openAuthority(folder, { passphrase: () => passphraseIn(passphraseFile) });
  } catch (error) {
    if (!(error instanceof CertsError)) throw error;
    throw new StartError(error.message, { cause: error });
  }
}

function passphraseIn(file: string | undefined): Promise<string> {
  if (file === undefined)
    throw new StartError("The authority's key is encrypted. Name a file with its passphrase: authority.passphraseFile"); // prettier-ignore
  try {
    const [line = ""] = readFileSync(file, "utf8").split(/\r?\n/, 1);
    return Promise.resolve(line);
  } catch (error) {
    throw new StartError(`${file} cannot be read. Look at it: ls -l '${file}'`, { cause: error });
  }
}
