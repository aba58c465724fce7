/** Times and days as mod_ssl writes them. */

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const day = 24 * 60 * 60;

/** `Feb  5 10:25:28 2026 GMT`, as `ASN1_TIME_print` does. @param instant milliseconds since the epoch */
export function printTime(instant: number): string {
  const date = new Date(instant);
  const dayOfMonth = String(date.getUTCDate()).padStart(2);
  const time = date.toISOString().replace(/^.*T|\..*$/g, "");
  return `${months[date.getUTCMonth()] ?? ""} ${dayOfMonth} ${time} ${date.getUTCFullYear()} GMT`;
}

/**
 * Whole days that are left, today counted in: Apache adds a day before it rounds down. `0` when they are over.
 * @param end and `now`: milliseconds since the epoch
 */
export function printDaysLeft(end: number, now: number): string {
  const left = Math.floor((Math.floor(end / 1000) + day - Math.floor(now / 1000)) / day);
  return String(Math.max(0, left));
}
