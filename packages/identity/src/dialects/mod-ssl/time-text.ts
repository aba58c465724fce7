/** Times and days as mod_ssl writes them. */

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const day = 24 * 60 * 60;

/** `Feb  5 10:25:28 2026 GMT`, as `ASN1_TIME_print` does. @param instant milliseconds since the epoch */
export function printTime(instant: number): string {
  const date = new Date(instant);
  const dayOfMonth = String(date.getUTCDate()).padStart(2);
  const time = date.toISOString().slice(-"10:25:28.000Z".length, -".000Z".length);
  return `${months[date.getUTCMonth()] ?? ""} ${dayOfMonth} ${time} ${date.getUTCFullYear()} GMT`;
}

/**
 * Whole days that are left; `0` in the last of them and ever after.
 * @param end and `now`: milliseconds since the epoch
 */
export function printDaysLeft(end: number, now: number): string {
  return String(Math.max(0, Math.floor((Math.floor(end / 1000) - Math.floor(now / 1000)) / day)));
}
