const format = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });

/** `3 March 2026`, in UTC, as certificates count. */
export function spokenDate(date: Date): string {
  return format.format(date);
}
