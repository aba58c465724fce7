import type { KeyAlgorithm } from "../key-pair.ts";
import { makeIntermediate } from "../make-intermediate.ts";
import { nextCommand } from "../next-command.ts";
import { newPassphrase } from "../passphrase.ts";
import type { PassphraseSource } from "../passphrase.ts";
import { profiles } from "../profiles.ts";
import { report } from "../report.ts";
import { checkRoot, defaultRootName, makeRoot } from "../root.ts";
import { localSubject } from "../subject.ts";
import type { Subject } from "../subject.ts";
import type { Passphrase } from "../read-authority-key.ts";

export type InitOptions = {
  readonly folder: string;
  readonly days?: number;
  readonly force?: boolean;
  /** The root's CN. With it, or with one of the next three, the demo's C and ST are left out. */
  readonly name?: string;
  readonly country?: string;
  readonly state?: string;
  readonly organization?: string;
  readonly key?: KeyAlgorithm;
  /** With an intermediate authority, under this CN if it is text. Below a root that is there, or a new one. */
  readonly intermediate?: boolean | string;
  /** Encrypts what keys are made. */
  readonly encrypt?: boolean;
  readonly passphrase?: Passphrase | undefined;
  readonly passphraseSource?: PassphraseSource;
};

/** `init`: makes the root, and an intermediate authority below it. Returns the lines to print. */
export async function init(options: InitOptions): Promise<readonly string[]> {
  const { folder, days, force = false, key, intermediate = false, encrypt = false } = options;
  const passphrase = encrypt ? await newPassphrase(options.passphraseSource ?? {}) : undefined;
  const standing = intermediate !== false && !force ? await checkRoot(folder) : undefined;
  const root =
    standing ?? (await makeRoot({ folder, days, force, subject: subjectOf(options), key, passphrase }));
  const entries = [root];
  if (intermediate !== false)
    entries.push(
      await makeIntermediate({
        folder,
        commonName: typeof intermediate === "string" ? intermediate : belowRoot(root.commonName),
        days: days ?? profiles.intermediate.days,
        key,
        passphrase,
        rootPassphrase: standing ? options.passphrase : passphrase,
      }),
    );
  const depth =
    intermediate === false
      ? []
      : ["", "The gateway has to allow for the step between: clients: { depth: 2 }"];
  return [
    ...report(entries, folder),
    ...depth,
    "",
    `Next, a certificate for the gateway: ${nextCommand("server", folder)}`,
  ];
}

function subjectOf({ name, country, state, organization }: InitOptions): Subject {
  const place = { C: country, ST: state, O: organization };
  const given = Object.entries(place).flatMap(([type, value]) =>
    value === undefined ? [] : [{ type, value }],
  );
  if (name === undefined && given.length === 0) return localSubject(defaultRootName);
  return [...given, { type: "CN", value: name ?? defaultRootName }];
}

/** `Intermediate ...` for `Root ...`. */
function belowRoot(rootName: string): string {
  return `Intermediate ${rootName.replace(/^Root /, "")}`;
}
