/** Clients and backends that behave badly, each in its own way, until they are told to stop. */
import { connect, type TLSSocket } from "node:tls";
import { setTimeout as sleep } from "node:timers/promises";
import type { Worker } from "./shared-work.ts";
import type { Identity } from "./test-authority.ts";

export type Trouble = {
  /** How often it was made. */
  readonly made: () => number;
  readonly stop: () => Promise<void>;
};

export type Victim = { readonly port: number; readonly identity: Identity };

const post = (path: string, length: number) =>
  `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${length}\r\n\r\n`;
const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;

function open({ port, identity }: Victim): Promise<TLSSocket> {
  const socket = connect({ host: "127.0.0.1", port, ...identity, rejectUnauthorized: false });
  socket.on("error", () => undefined);
  return new Promise((resolve) => {
    socket.once("secureConnect", () => {
      resolve(socket);
    });
    socket.once("close", () => {
      resolve(socket);
    });
  });
}

function again(act: () => Promise<unknown>, pause: number): Trouble {
  const over = new AbortController();
  let made = 0;
  const work = (async () => {
    while (!over.signal.aborted) {
      await act();
      made += 1;
      await sleep(pause);
    }
  })();
  return {
    made: () => made,
    async stop() {
      over.abort();
      await work;
    },
  };
}

/** Clients that leave in the middle: of an upload, of a download, before the answer. */
export function aborts(victim: Victim, bulk: string, silent: string): Trouble {
  const ways = [post(bulk, 1_000_000) + "beginning", get(bulk), get(silent)];
  let turn = 0;
  return again(async () => {
    const socket = await open(victim);
    socket.write(ways[turn++ % ways.length] ?? "");
    await sleep(10);
    socket.destroy();
  }, 5);
}

/** Clients that ask for much and read nothing. */
export async function slowReaders(victim: Victim, count: number, bulk: string): Promise<Trouble> {
  const sockets = await Promise.all(Array.from({ length: count }, () => open(victim)));
  for (const socket of sockets) {
    socket.write(get(bulk));
    socket.pause();
  }
  return held(sockets);
}

/** Clients that send their body octet by octet. */
export async function slowWriters(victim: Victim, count: number, path: string): Promise<Trouble> {
  const sockets = await Promise.all(Array.from({ length: count }, () => open(victim)));
  for (const socket of sockets) socket.write(post(path, 100_000));
  const timer = setInterval(() => {
    for (const socket of sockets) if (socket.writable) socket.write("x");
  }, 50);
  const { made, stop } = held(sockets);
  return {
    made,
    stop: () => {
      clearInterval(timer);
      return stop();
    },
  };
}

/** Clients that send all they can to an upstream which reads nothing. */
export async function floods(victim: Victim, count: number, silent: string): Promise<Trouble> {
  const sockets = await Promise.all(Array.from({ length: count }, () => open(victim)));
  const piece = Buffer.alloc(1 << 16, "x");
  for (const socket of sockets) {
    socket.write(post(silent, 1 << 30));
    const fill = () => {
      while (socket.writable && socket.write(piece));
    };
    socket.on("drain", fill);
    fill();
  }
  return held(sockets);
}

function held(sockets: readonly TLSSocket[]): Trouble {
  return {
    made: () => sockets.filter((socket) => !socket.destroyed).length,
    stop() {
      for (const socket of sockets) socket.destroy();
      return Promise.resolve();
    },
  };
}

/** A backend that goes down and comes back, and somebody who asks it all the time. */
export function restarts(worker: Worker, ask: () => Promise<unknown>): Trouble {
  const asking = again(ask, 5);
  const restarting = again(async () => {
    await worker.stop();
    await sleep(50);
    await worker.start();
  }, 200);
  return {
    made: restarting.made,
    async stop() {
      await Promise.all([asking.stop(), restarting.stop()]);
    },
  };
}
