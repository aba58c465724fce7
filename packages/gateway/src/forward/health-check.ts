/** Asks a target again and again how it is: a real request, on a connection of its own, read as strictly as any other. */
import type { Carried } from "./carried.ts";
import type { Dial } from "./dial.ts";
import { UpstreamConnection } from "./upstream-connection.ts";

export type HealthCheck = {
  /** The whole head of the request. */
  readonly head: string;
  /** Milliseconds. */
  readonly every: number;
  readonly timeout: number;
  /** Checks in turn that must fail, or succeed, before it counts. */
  readonly fall: number;
  readonly rise: number;
};

/**
 * The target counts as healthy until so many checks say otherwise.
 * @param changed told only of changes
 * @returns a function that ends the checks
 */
export function watchHealth(
  { head, every, timeout, fall, rise }: HealthCheck,
  dial: Dial,
  changed: (healthy: boolean, reason: string) => void,
): () => void {
  let healthy = true;
  let against = 0;
  let over = false;
  let timer: NodeJS.Timeout | undefined;
  let cancel: () => void = () => undefined;
  const check = () => {
    cancel = probe(head, timeout, dial, (trouble) => {
      if (over) return;
      const agrees = (trouble === undefined) === healthy;
      against = agrees ? 0 : against + 1;
      if (against >= (healthy ? fall : rise)) {
        healthy = !healthy;
        against = 0;
        changed(healthy, trouble ?? "the health check succeeds");
      }
      timer = setTimeout(check, every);
      timer.unref();
    });
  };
  check();
  return () => {
    over = true;
    clearTimeout(timer);
    cancel();
  };
}

/**
 * @param done called once; with nothing when all is well: a status of 200 to 399
 * @returns a function that ends it
 */
function probe(
  head: string,
  timeout: number,
  dial: Dial,
  done: (trouble: string | undefined) => void,
): () => void {
  let over = false;
  const finish = (trouble: string | undefined) => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    connection.abandon();
    done(trouble);
  };
  const nothing = () => undefined;
  const carried: Carried = {
    ...{ method: "GET", sent: true, repeatable: false, upgradable: false, trailers: false },
    ...{
      opened: nothing,
      interim: nothing,
      flush: nothing,
      pass: () => true,
      end: nothing,
      switchProtocols: nothing,
    },
    answer({ status }) {
      finish(status >= 200 && status < 400 ? undefined : `the health check is answered ${status}`);
    },
    fail({ code, detail }) {
      finish(`the health check fails: ${detail === "" ? code : detail}`);
    },
  };
  const connection = new UpstreamConnection(
    dial,
    { connect: timeout, firstByte: timeout, idle: timeout },
    {
      ...{ idle: nothing, gone: nothing, retry: nothing, judged: undefined },
      unreachable: (_, reason) => {
        finish(`the health check fails: ${reason}`);
      },
    },
  );
  const timer = setTimeout(() => {
    finish(`the health check has no answer within ${timeout} ms`);
  }, timeout);
  connection.carry(carried).write(head, "latin1");
  return () => {
    over = true;
    clearTimeout(timer);
    connection.abandon();
  };
}
