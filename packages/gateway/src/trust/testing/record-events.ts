/** What a source told while it was tested. */
import type { SourceEvents } from "../source.ts";

export type RecordedEvents = SourceEvents & {
  /** How often `changed` was called. */
  readonly changes: () => number;
  readonly warnings: readonly string[];
};

export function recordEvents(): RecordedEvents {
  let changes = 0;
  const warnings: string[] = [];
  return {
    changed: () => (changes += 1),
    warning: (message) => warnings.push(message),
    changes: () => changes,
    warnings,
  };
}
