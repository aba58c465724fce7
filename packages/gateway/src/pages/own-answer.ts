/** An answer that the gateway gives by itself. */
import { contentSecurityPolicy } from "./page.ts";

export type OwnAnswer = {
  readonly status: number;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly body: string;
};

const contentTypes = {
  html: ["Content-Type", "text/html; charset=utf-8", "Content-Security-Policy", contentSecurityPolicy],
  problem: ["Content-Type", "application/problem+json"],
  text: ["Content-Type", "text/plain; charset=utf-8"],
} as const;

/** What is said depends on who asks and in which type: nobody may keep it, and no browser may guess what it is. */
const always = [
  ...["Cache-Control", "no-store"],
  ...["Vary", "Accept"],
  ...["X-Content-Type-Options", "nosniff"],
  ...["Referrer-Policy", "no-referrer"],
];

export function ownAnswer(
  status: number,
  type: keyof typeof contentTypes,
  body: string,
  more: readonly string[] = [],
): OwnAnswer {
  return { status, headers: [...always, ...contentTypes[type], ...more], body };
}
