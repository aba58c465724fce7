import { foldName } from "@sallyport/identity";

/**
 * Every value a request carries for one header, one entry a line, in whichever spelling the line used.
 * @param rawHeaders `IncomingMessage.rawHeaders`: `headers` has joined or dropped repeated lines already
 */
export function rawValues(rawHeaders: readonly string[], name: string): string[] {
  const folded = foldName(name);
  return rawHeaders.filter((_, at) => at % 2 === 1 && foldName(rawHeaders[at - 1] ?? "") === folded);
}

/** The value of a header that the gateway writes exactly once; `undefined` when there is none, or more than one. */
export function onlyValue(rawHeaders: readonly string[], name: string): string | undefined {
  const [value, ...others] = rawValues(rawHeaders, name);
  return others.length === 0 ? value : undefined;
}
