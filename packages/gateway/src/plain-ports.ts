/** Settings -> what is answered in plain HTTP, to an operator's machines and never to clients: metrics and probes. */
import { cannotListen } from "./config/cannot-listen.ts";
import type { Settings } from "./config/load.ts";
import {
  listenPlainly,
  type PlainAnswer,
  type PlainListener,
  type PlainPages,
} from "./listen/plain-listener.ts";
import type { Log } from "./observe/log.ts";

export type Told = {
  /** In Prometheus' text format; a sentence where there is nothing to give at the moment. */
  readonly metrics: () => Promise<{ readonly text: string } | { readonly problem: string }>;
  /** Why the gateway is not ready, or not alive; a sentence each, and none when it is. */
  readonly readiness: () => Promise<readonly string[]>;
  readonly life: () => Promise<readonly string[]>;
};

export type PlainPorts = {
  /** From now on the gateway is not ready: it takes no more connections. */
  readonly draining: () => void;
  readonly close: () => Promise<void>;
};

/** @throws ConfigError; then none is open */
export async function openPlainPorts(
  { metrics, health, place }: Settings,
  told: Told,
  log: Pick<Log, "event" | "bug">,
): Promise<PlainPorts> {
  let draining = false;
  const readiness = () => (draining ? Promise.resolve(["The gateway is draining."]) : told.readiness());
  const wanted = [
    { key: "metrics", at: metrics, pages: { "/metrics": async () => metricsPage(await told.metrics()) } },
    {
      key: "health",
      at: health,
      pages: {
        "/healthz": async () => probePage("alive", await told.life()),
        "/readyz": async () => probePage("ready", await readiness()),
      },
    },
  ];
  const open = new Map<string, PlainListener>();
  const close = async () => {
    await Promise.all([...open.values()].map((listener) => listener.close()));
  };
  for (const { key, at } of wanted) {
    if (at === undefined || open.has(keyOf(at))) continue;
    const { host, port } = at;
    const pages = Object.assign({}, ...wanted.filter((other) => other.at && keyOf(other.at) === keyOf(at)).map(({ pages }) => pages)) as PlainPages; // prettier-ignore
    try {
      open.set(keyOf(at), await listenPlainly({ host, port }, pages, log.bug));
    } catch (error) {
      await close();
      throw cannotListen(place([key]), [key], host, port, error);
    }
  }
  for (const { key, at } of wanted) if (at) log.event(key, open.get(keyOf(at))?.address);
  return {
    draining() {
      draining = true;
    },
    close,
  };
}

/** One listener serves what has one address. */
function keyOf({ host, port }: NonNullable<Settings["health"]>): string {
  return `${host} ${port}`;
}

function metricsPage(told: { readonly text: string } | { readonly problem: string }): PlainAnswer {
  if ("problem" in told) return { status: 503, body: `${told.problem}\n` };
  return { status: 200, body: told.text, type: "text/plain; version=0.0.4; charset=utf-8" };
}

function probePage(what: "alive" | "ready", problems: readonly string[]): PlainAnswer {
  const isSo = problems.length === 0;
  const body = JSON.stringify({ [what]: isSo, ...(isSo ? {} : { problems }) });
  return { status: isSo ? 200 : 503, body: `${body}\n`, type: "application/json" };
}
