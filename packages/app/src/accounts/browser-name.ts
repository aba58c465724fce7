/**
 * What to call a browser in a list of sessions: `Firefox on Linux`. It goes by what the browser says of itself, which is
 * good enough to recognise one's own, and no proof of anything.
 */
export function browserName(userAgent: string): string {
  const browser = first(userAgent, browsers);
  const system = first(userAgent, systems);
  if (browser === undefined) return userAgent === "" ? "An unknown program" : userAgent.slice(0, 60);
  return system === undefined ? browser : `${browser} on ${system}`;
}

// In this order: Edge and Opera call themselves Chrome too, Chrome calls itself Safari.
const browsers = [
  ["Edge", /\bEdgA?(?:iOS)?\//],
  ["Opera", /\bOPR\//],
  ["Firefox", /\b(?:Firefox|FxiOS)\//],
  ["Chrome", /\b(?:Chrome|CriOS|HeadlessChrome)\//],
  ["Safari", /\bSafari\//],
  ["curl", /^curl\//],
] as const;

const systems = [
  ["Android", /Android/],
  ["iPhone", /iPhone/],
  ["iPad", /iPad/],
  ["Windows", /Windows/],
  ["macOS", /Macintosh/],
  ["ChromeOS", /CrOS/],
  ["Linux", /Linux/],
] as const;

function first(userAgent: string, names: readonly (readonly [name: string, pattern: RegExp])[]) {
  return names.find(([, pattern]) => pattern.test(userAgent))?.[0];
}
