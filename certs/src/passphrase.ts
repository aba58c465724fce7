import { readFile } from "node:fs/promises";
import { CertsError } from "./certs-error.ts";
import { askHidden } from "./password.ts";
import type { Passphrase } from "./read-authority-key.ts";
import { shown } from "./store.ts";

/** Where the passphrase of an authority's key may come from. Never from the command line: everybody can read that. */
export type PassphraseSource = {
  /** A file whose first line it is. */
  readonly file?: string | undefined;
  /** The content of SALLYPORT_CERTS_PASSPHRASE. */
  readonly environment?: string | undefined;
};

const shortest = 8;

/** The passphrase of a key that is there: from a file, the environment, or whoever sits at the terminal. */
export function passphraseFrom(source: PassphraseSource): Passphrase | undefined {
  const { file, environment } = source;
  if (file !== undefined) return () => firstLine(file);
  if (environment !== undefined) return environment;
  if (process.stdin.isTTY) return (keyFile) => askHidden(`The passphrase of ${shown(keyFile)}: `);
  return undefined;
}

/** A passphrase for a key that is about to be made, asked for twice. */
export async function newPassphrase(source: PassphraseSource): Promise<string> {
  const { file, environment } = source;
  const text = file === undefined ? (environment ?? (await askTwice())) : await firstLine(file);
  if (Array.from(text).length < shortest)
    throw new CertsError(`A passphrase has at least ${shortest} characters. Nothing was written.`);
  return text;
}

async function askTwice(): Promise<string> {
  if (!process.stdin.isTTY)
    throw new CertsError(
      "Nobody is there to ask for a passphrase. Put it into a file: --passphrase-file FILE",
    );
  const first = await askHidden("A passphrase for the authority's key: ");
  if (first === (await askHidden("The same once more: "))) return first;
  throw new CertsError("These were two different passphrases. Nothing was written.");
}

async function firstLine(file: string): Promise<string> {
  try {
    const [line = ""] = (await readFile(file, "utf8")).split(/\r?\n/, 1);
    return line;
  } catch {
    throw new CertsError(
      `Cannot read the passphrase from ${shown(file)}. Name another: --passphrase-file FILE`,
    );
  }
}
