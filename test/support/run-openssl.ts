/** The real openssl, as a person types it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { buffer, text } from "node:stream/consumers";

/** @returns standard output; throws with what openssl complains about */
export async function runOpenssl(words: readonly string[], input: string | Uint8Array = ""): Promise<Buffer> {
  const child = spawn("openssl", words, { stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.on("error", () => undefined); // it need not read all, or anything
  child.stdin.end(input);
  const [output, complaint] = await Promise.all([
    buffer(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  if (child.exitCode !== 0) throw new Error(`openssl ${words.join(" ")}: ${complaint}`);
  return output;
}
