/** A TLS client that sends exactly the octets it is given and keeps exactly the octets that come back. */
import type { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { connect, type SecureVersion } from "node:tls";
import { splitAnswers, type Answer } from "./split-answers.ts";
import type { Identity } from "./test-authority.ts";

export type RawOptions = {
  readonly port: number;
  /** What to present; nothing, and the client is anonymous. */
  readonly identity?: Identity | undefined;
  readonly version?: SecureVersion;
  /** The name to ask for (SNI): `localhost`, unless given; an empty one sends none. */
  readonly serverName?: string | undefined;
  /** A session of an earlier connection, to resume. */
  readonly session?: Buffer | undefined;
};

export type RawConnection = {
  readonly send: (octets: string | Buffer) => void;
  readonly received: () => Buffer;
  /** The answers so far, interim ones left out. */
  readonly answers: (...methods: string[]) => readonly Answer[];
  /** Waits for so many final answers. Rejects when they do not come in time, or the connection ends before. */
  readonly awaitAnswers: (count: number, ...methods: string[]) => Promise<readonly Answer[]>;
  /** Resolves when the connection ended, or nothing came for so many milliseconds. */
  readonly settle: (quiet: number) => Promise<void>;
  readonly ended: () => boolean;
  /** What the connection failed with, if it did. */
  readonly failure: () => Error | undefined;
  readonly resumed: boolean;
  /** What the gateway presented; nothing on a resumed session of TLS 1.2. */
  readonly certificate: X509Certificate | undefined;
  /** The session to resume; in TLS 1.3 it comes behind the first octets. */
  readonly session: () => Buffer | undefined;
  readonly close: () => void;
};

const patience = 5_000;

export async function connectRaw({
  port,
  identity,
  version,
  serverName = "localhost",
  session,
}: RawOptions): Promise<RawConnection> {
  const socket = connect({
    host: "127.0.0.1",
    port,
    servername: serverName,
    // The gateway's certificate is not what these tests are about, and a hostile client does not look at it either.
    rejectUnauthorized: false,
    // Nor at its own: without level 0 OpenSSL does not even load a certificate that is weak.
    ciphers: "DEFAULT@SECLEVEL=0",
    ALPNProtocols: ["http/1.1"],
    ...(identity && { cert: identity.cert, key: identity.key }),
    ...(version && { minVersion: version, maxVersion: version }),
    ...(session && { session }),
  });
  let octets = Buffer.alloc(0);
  let ended = false;
  let failure: Error | undefined;
  let held: Buffer | undefined;
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  socket.on("data", (chunk: Buffer) => {
    octets = Buffer.concat([octets, chunk]);
    changed();
  });
  socket.on("session", (next: Buffer) => {
    held = next;
  });
  socket.on("error", (error: Error) => {
    failure = error;
  });
  socket.on("close", () => {
    ended = true;
    changed();
  });
  socket.setNoDelay(true);
  await Promise.race([once(socket, "secureConnect"), once(socket, "close")]).catch((error: unknown) => error);
  const answers = (...methods: string[]) =>
    splitAnswers(octets, methods, ended).answers.filter(({ status }) => status >= 200 || status === 101);
  return {
    send: (data) => {
      if (socket.writable) socket.write(data, "latin1");
    },
    received: () => octets,
    answers,
    awaitAnswers: (count, ...methods) =>
      new Promise((resolve, reject) => {
        const finish = (act: () => void) => {
          clearTimeout(timer);
          listeners.delete(look);
          act();
        };
        const look = () => {
          const found = answers(...methods);
          if (found.length >= count)
            finish(() => {
              resolve(found);
            });
          else if (ended)
            finish(() => {
              reject(
                new Error(
                  `ended with ${found.length} of ${count} answers: ${octets.toString("latin1")} ${failure?.message ?? ""}`,
                ),
              );
            });
        };
        const timer = setTimeout(() => {
          finish(() => {
            reject(new Error(`no ${count} answers in time: ${octets.toString("latin1")}`));
          });
        }, patience);
        listeners.add(look);
        look();
      }),
    settle: (quiet) =>
      new Promise((resolve) => {
        const finish = () => {
          clearTimeout(timer);
          listeners.delete(look);
          resolve();
        };
        let timer = setTimeout(finish, quiet);
        const look = () => {
          clearTimeout(timer);
          if (ended) finish();
          else timer = setTimeout(finish, quiet);
        };
        listeners.add(look);
        if (ended) finish();
      }),
    ended: () => ended,
    failure: () => failure,
    resumed: socket.isSessionReused(),
    certificate: socket.getPeerX509Certificate(),
    session: () => held,
    close: () => socket.destroy(),
  };
}
