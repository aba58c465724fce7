/** A worker's end of the line to its supervisor. */
import type { Start, Subject, ToSupervisor, ToWorker } from "./messages.ts";

export type Orders = {
  /** @param secret newer than everything that this worker has forgotten */
  readonly secret: (secret: Buffer) => void;
  readonly introduced: (certificate: Buffer) => void;
  readonly reload: () => void;
  readonly figures: () => Promise<string>;
  /** Why it is not ready. */
  readonly readiness: () => Promise<readonly string[]>;
};

export type WorkerChannel = {
  /** Tells the supervisor; resolves when it is on its way. */
  readonly tell: (message: ToSupervisor) => Promise<void>;
  /** Nothing when the supervisor has gone before. */
  readonly start: Promise<Start | undefined>;
  /** From now on orders are carried out, those that came in the meantime first. */
  readonly obey: (orders: Orders) => void;
  /** Resolve when the worker is told to; the supervisor's end is an order to drain. */
  readonly drain: Promise<void>;
  readonly end: Promise<void>;
};

export function openChannel(): WorkerChannel {
  // A terminal sends these to the whole group of processes; what they mean for a worker the supervisor says.
  for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"] as const) process.on(signal, () => undefined);
  let forgotten = 0;
  const start = Promise.withResolvers<Start | undefined>();
  const drain = Promise.withResolvers<undefined>();
  const end = Promise.withResolvers<undefined>();
  let waiting: ToWorker[] = [];
  let handle = (message: ToWorker) => {
    waiting.push(message);
  };
  const tell = (message: ToSupervisor) => {
    if (message.kind === "forgot") forgotten += 1;
    return new Promise<void>((resolve) => {
      if (!process.connected) resolve();
      // What cannot be sent, because the supervisor is going, is nobody's loss.
      else process.send?.(message, undefined, undefined, () => { resolve(); }); // prettier-ignore
    });
  };
  const follow = (orders: Orders, message: ToWorker) => {
    switch (message.kind) {
      case "secret":
        // Made before the supervisor heard of what has been forgotten here: a newer one is on its way.
        if (message.heard === forgotten) orders.secret(Buffer.from(message.secret, "base64"));
        return;
      case "introduced":
        orders.introduced(Buffer.from(message.certificate, "base64"));
        return;
      case "reload":
        orders.reload();
        return;
      case "question": {
        const answer = (text: string | undefined) => tell({ kind: "answer", question: message.question, text });
        void answerTo(message.about, orders).then(answer, () => answer(undefined));
        return;
      }
      case "start":
      case "drain":
      case "end":
    }
  }; // prettier-ignore
  process.on("message", (message: ToWorker) => {
    if (message.kind === "start") {
      const { secret, introduced } = message;
      for (const certificate of introduced) handle({ kind: "introduced", certificate });
      handle({ kind: "secret", secret, heard: 0 });
      start.resolve(message);
    } else if (message.kind === "drain") drain.resolve(undefined);
    else if (message.kind === "end") end.resolve(undefined);
    else handle(message);
  });
  process.on("disconnect", () => {
    start.resolve(undefined);
    drain.resolve(undefined);
  });
  return {
    tell,
    start: start.promise,
    obey(orders) {
      handle = (message) => {
        follow(orders, message);
      };
      const missed = waiting;
      waiting = [];
      for (const message of missed) handle(message);
    },
    drain: drain.promise,
    end: end.promise,
  };
}

async function answerTo(about: Subject, orders: Orders): Promise<string> {
  if (about === "figures") return orders.figures();
  return about === "readiness" ? JSON.stringify(await orders.readiness()) : "";
}
