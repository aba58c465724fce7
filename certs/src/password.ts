import { randomBytes } from "node:crypto";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { CertsError } from "./certs-error.ts";

/** The password of a `.p12`, and whether it has to be shown because nobody else knows it. */
export type Password = { readonly text: string; readonly generated: boolean };

/**
 * Takes the password that was given; otherwise asks for one if a person is there to answer; otherwise, or if they just
 * press return, makes one.
 */
export async function choosePassword(given: string | undefined, fileName: string): Promise<Password> {
  const text =
    given ??
    (process.stdin.isTTY
      ? await askHidden(`A password for ${fileName} (return: one is made for you): `)
      : "");
  return text === "" ? { text: generatePassword(), generated: true } : { text, generated: false };
}

/** Asks the person at the terminal for a line that nobody sees. */
export async function askHidden(prompt: string): Promise<string> {
  process.stderr.write(prompt);
  // readline echoes what is typed to its output; this one swallows it
  const output = new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  const terminal = createInterface({ input: process.stdin, output, terminal: true });
  try {
    return await terminal.question("");
  } catch {
    throw new CertsError("Stopped. Nothing was written.");
  } finally {
    terminal.close();
    process.stderr.write("\n");
  }
}

/** 100 random bits as four groups of five letters and digits, without those that look alike (Crockford's base32). */
export function generatePassword(): string {
  const letters = "0123456789abcdefghjkmnpqrstvwxyz";
  const text = Array.from(randomBytes(20), (octet) => letters.charAt(octet & 31)).join("");
  return text.replace(/.{5}(?=.)/g, "$&-");
}
