import { stepsFor } from "./import-steps.ts";
import type { ImportSystem } from "./import-steps.ts";
import { quoted } from "./next-command.ts";

/** Printable lines that say how to bring a person's `.p12`, and the root, into keychains and browsers. */
export function importGuide(name: string, folder: string, password?: string): readonly string[] {
  const systems = ["macos", "windows", "linux", "firefox"] as const;
  return [
    `To log in with a browser, import ${name}.p12 and trust root.crt:`,
    "",
    `  cd ${quoted(folder)}`,
    "",
    ...systems.flatMap((system) => stepsFor(system, { name, password })),
  ];
}

/** The same for one system or program. Without a folder the lines are for somebody who was sent the files. */
export function importHelp(
  system: ImportSystem,
  { name, folder, password }: { readonly name: string; readonly folder?: string; readonly password?: string },
): readonly string[] {
  const place = folder === undefined ? [] : [`  cd ${quoted(folder)}`, ""];
  return [...place, ...stepsFor(system, { name, password })];
}
