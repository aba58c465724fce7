/** Dates as people read them, in UTC as certificates state them. */

/** Made when the first of them is written: it takes as long as a twentieth of the whole start. */
let formats: { readonly day: Intl.DateTimeFormat; readonly minute: Intl.DateTimeFormat } | undefined;
function inUtc() {
  return (formats ??= {
    day: new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" }),
    minute: new Intl.DateTimeFormat("en-GB", { timeStyle: "short", timeZone: "UTC" }),
  });
}

/** `3 March 2026` */
export function longDate(instant: number): string {
  return inUtc().day.format(instant);
}

/** `3 March 2026, 14:05 UTC` */
export function longTime(instant: number): string {
  return `${longDate(instant)}, ${inUtc().minute.format(instant)} UTC`;
}

/** @param text how the instant is written for a person */
export function timeElement(instant: number, text = longDate(instant)): string {
  return `<time datetime="${new Date(instant).toISOString()}">${text}</time>`;
}
