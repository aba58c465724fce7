/** Times to the second, of which a long list has a million within a few thousand days. */
import type { Element } from "@sallyport/identity/der";
import { readTime } from "@sallyport/identity";

const midnight = "000000Z";
const enough = 10_000;

/**
 * Reads what readTime reads, many times as fast: each day goes through it once.
 * @returns milliseconds since the epoch; throws Error for what is no time of RFC 5280
 */
export function rememberingDays(): (time: Element) => number {
  const days = new Map<string, number>();
  const startOf = (day: string, time: Element): number => {
    const key = `${time.tag} ${day}`;
    const known = days.get(key);
    if (known !== undefined) return known;
    const instant = readTime({ ...time, content: Buffer.from(day + midnight, "latin1") });
    if (days.size < enough) days.set(key, instant);
    return instant;
  };
  return (time) => {
    const text = time.content.toString("latin1");
    const at = text.length - midnight.length;
    const start = startOf(text.slice(0, Math.max(0, at)), time);
    if (text.charCodeAt(at + 6) !== 0x5a) throw new Error("no time of RFC 5280");
    const hours = twoDigits(text, at, 23);
    const minutes = twoDigits(text, at + 2, 59);
    return start + ((hours * 60 + minutes) * 60 + twoDigits(text, at + 4, 59)) * 1000;
  };
}

function twoDigits(text: string, at: number, most: number): number {
  const [tens, ones] = [text.charCodeAt(at) - 0x30, text.charCodeAt(at + 1) - 0x30];
  const number = tens * 10 + ones;
  if (!(tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 && number <= most))
    throw new Error("no time of RFC 5280");
  return number;
}
