/**
 * Frees the buffers that Node makes for each piece of a request's body: 16 KiB of a TLS record, in memory outside of V8's
 * heap. V8 sees little garbage in its heap and lets it lie, but counts what hangs on it, and looks through everything that
 * there is whenever the two together reach its limit: half of what an upload costs. A look at what is young frees the same
 * within a millisecond.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

type Collect = (options: { readonly type: "minor" }) => void;

/** Octets: few enough not to reach V8's limit, and many enough that the look is one per thousand pieces. */
const most = 16 * 1_048_576;

/**
 * How much more than is alive there may be before V8 looks through everything, in percent. V8 itself chooses from 10 to 300 by
 * how fast it was the last time: after one long look it leaves less room than our buffers need, and looks again and again.
 */
const growth = 150;

const collect = collector();
let waiting = 0;

/** A piece of a body has come that will soon be of no use to anybody. */
export function tookBuffer(octets: number): void {
  waiting += octets;
  if (waiting < most) return;
  waiting = 0;
  collect({ type: "minor" });
}

/** V8 hands its collector to contexts that are made after it was told so; this one is made for that and nothing else. */
function collector(): Collect {
  setFlagsFromString(`--heap-growing-percent=${growth}`);
  setFlagsFromString("--expose-gc");
  const found: unknown = runInNewContext("globalThis.gc");
  return typeof found === "function" ? (found as Collect) : () => undefined;
}
