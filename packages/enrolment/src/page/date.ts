const format = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short", timeZone: "UTC" });

/** `3 March 2026 at 14:05 UTC` */
export function longTime(date: Date): string {
  return `${format.format(date)} UTC`;
}
