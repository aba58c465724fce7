/** User-Agent -> the way certificates go there. Coarse on purpose: what is not known for sure is told in neutral words. */
import type { WayName } from "./ways.ts";

/** First row of which all words occur wins: every browser also names those that it wants to be taken for. */
const rows: readonly (readonly [words: readonly string[], way: WayName | undefined])[] = [
  [["iPhone"], "ios"],
  [["iPad"], "ios"],
  [["Android"], "android"],
  [["CrOS"], undefined],
  [["Windows NT", "Firefox/"], "firefox"],
  [["Windows NT", "Edg/"], "windowsEdge"],
  [["Windows NT", "Chrome/"], "windowsChrome"],
  [["Macintosh", "Firefox/"], "firefox"],
  [["Macintosh", "Chrome/"], "macChrome"],
  [["Macintosh", "Version/", "Safari/"], "macSafari"],
  [["Linux", "Firefox/"], "firefox"],
  [["Linux", "Edg/"], undefined],
  [["Linux", "Chrome/"], "linuxChrome"],
];

/** Longer than any browser's; nobody makes us search through more. */
const longest = 512;

export function wayOf(userAgent: string | undefined): WayName | undefined {
  const text = userAgent?.slice(0, longest) ?? "";
  return rows.find(([words]) => words.every((word) => text.includes(word)))?.[1];
}
