/** Many clients who all say the same and then wait to see how long they may stay. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Victim } from "./troublemakers.ts";

export type Crowd = {
  /** How many have been cut off by now. */
  readonly gone: () => number;
  /** How long each was there, in milliseconds; Infinity for those who still are. */
  readonly lasted: () => readonly number[];
  /** Says more, each of those who are still there. */
  readonly say: (octets: string) => void;
  readonly leave: () => void;
};

type Member = { readonly socket: Socket; readonly began: number; lasted: number };

/**
 * @param way whether they speak TLS, and as whom
 * @param says what each of them begins with
 * @returns when all of them are connected
 */
export async function crowd(
  { port, identity }: Victim,
  count: number,
  way: "tcp" | "tls",
  says: () => string | Buffer,
): Promise<Crowd> {
  const members = Array.from({ length: count }, () => {
    const socket =
      way === "tcp"
        ? connect(port, "127.0.0.1")
        : connectTls({ host: "127.0.0.1", port, ...identity, rejectUnauthorized: false });
    const member: Member = { socket, began: performance.now(), lasted: Infinity };
    socket.on("error", () => undefined).resume();
    socket.once("close", () => (member.lasted = performance.now() - member.began));
    return member;
  });
  const up = way === "tcp" ? "connect" : "secureConnect";
  await Promise.all(members.map(({ socket }) => once(socket, up)));
  const say = (octets: string | Buffer) => {
    for (const { socket } of members) if (socket.writable) socket.write(octets);
  };
  for (const { socket } of members) socket.write(says());
  return {
    gone: () => members.filter(({ lasted }) => lasted < Infinity).length,
    lasted: () => members.map(({ lasted }) => lasted),
    say,
    leave() {
      for (const { socket } of members) socket.destroy();
    },
  };
}
