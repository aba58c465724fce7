/** Dates as people read them, in UTC as certificates state them. */

const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });
const minute = new Intl.DateTimeFormat("en-GB", { timeStyle: "short", timeZone: "UTC" });

/** `3 March 2026` */
export function longDate(instant: number): string {
  return day.format(instant);
}

/** `3 March 2026, 14:05 UTC` */
export function longTime(instant: number): string {
  return `${longDate(instant)}, ${minute.format(instant)} UTC`;
}

/** @param text how the instant is written for a person */
export function timeElement(instant: number, text = longDate(instant)): string {
  return `<time datetime="${new Date(instant).toISOString()}">${text}</time>`;
}
