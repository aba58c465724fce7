/** How a ratio is written; `-` where one of the two was not measured. */
export function ratio(times: number | undefined): string {
  return times === undefined || Number.isNaN(times) ? "-" : times.toFixed(2);
}
