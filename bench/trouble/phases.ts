/** The troubles, one after the other and then all at once. */
import { ask } from "../../test/support/ask.ts";
import { clientHello } from "../../test/support/client-hello.ts";
import { crowd, type Crowd } from "../../test/support/crowd.ts";
import type { Worker } from "../../test/support/shared-work.ts";
import {
  aborts,
  restarts,
  slowReaders,
  slowWriters,
  type Trouble,
  type Victim,
} from "../../test/support/troublemakers.ts";
import type { Ongoing, Phase } from "./phase.ts";

const many = 50;

/** Where each kind of trouble is made; honest clients have a route of their own. */
export type Places = { readonly victim: Victim; readonly restarting: Worker };

export function phases({ victim, restarting }: Places): readonly Phase[] {
  const leaving = () => {
    const trouble = aborts(victim, "/trouble/bulk", "/trouble/silent");
    return ongoing(trouble, () => `${trouble.made()} requests given up in the middle`);
  };
  const bouncing = () => {
    const statuses = new Map<number, number>();
    const trouble = restarts(restarting, async () => {
      const { status } = await ask(victim, { path: "/restarting/" }).catch(() => ({ status: 0 }));
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    });
    return ongoing(trouble, () => {
      const all = [...statuses.values()].reduce((sum, count) => sum + count, 0);
      return `${trouble.made()} restarts; of ${all} who asked that upstream, ${all - (statuses.get(200) ?? 0)} got another answer or none`;
    });
  };
  const reading = async () => {
    const trouble = await slowReaders(victim, many, "/trouble/bulk");
    return ongoing(trouble, () => `${trouble.made()} read nothing of an endless answer`);
  };
  const writing = async () => {
    const trouble = await slowWriters(victim, many, "/trouble/echo");
    return ongoing(trouble, () => `${trouble.made()} send a body octet by octet`);
  };
  const everything = async () => {
    const all = [leaving(), bouncing(), await reading(), await writing(), await crowded(victim)];
    return {
      told: () => "all of these",
      over: Promise.all(all.map(({ over }) => over)),
      stop: async () => {
        await Promise.all(all.map(({ stop }) => stop()));
      },
    };
  };
  return [
    { name: "clients that leave", begin: () => Promise.resolve(leaving()) },
    { name: "an upstream that restarts", begin: () => Promise.resolve(bouncing()) },
    { name: "slow readers", begin: reading },
    { name: "slow writers", begin: writing },
    { name: "a crowd at the door", begin: () => crowded(victim) },
    { name: "everything at once", begin: everything },
  ];
}

function ongoing({ stop }: Trouble, told: () => string): Ongoing {
  return { told, over: Promise.resolve(), stop };
}

/** 500 who say nothing, 200 who stop in the middle of a handshake, 200 in the middle of a head. */
async function crowded(victim: Victim): Promise<Ongoing> {
  const hello = await clientHello();
  const members = [
    await crowd(victim, 500, "tcp", () => ""),
    await crowd(victim, 200, "tcp", () => hello.subarray(0, hello.length / 2)),
    await crowd(victim, 200, "tls", () => "GET /honest/ HTTP/1.1\r\nHost: localhost\r\n"),
  ];
  const timer = setInterval(() => members.at(-1)?.say("A: b\r\n"), 1_000);
  const longest = () => Math.max(...members.flatMap(({ lasted }) => lasted()));
  return {
    told: () => `900 stuck clients; the last was cut off after ${(longest() / 1_000).toFixed(1)} s`,
    over: allGone(members),
    stop: () => {
      clearInterval(timer);
      for (const { leave } of members) leave();
      return Promise.resolve();
    },
  };
}

/** Until there is nobody left, or they have been waited for long enough. */
async function allGone(members: readonly Crowd[]): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (members.every(({ lasted }) => Math.max(...lasted()) < Infinity)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
