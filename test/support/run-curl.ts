/** The real curl, as a person types it. */
import { execFile } from "node:child_process";

export type CurlResult = { readonly code: number; readonly stdout: string; readonly stderr: string };

export function runCurl(...args: readonly string[]): Promise<CurlResult> {
  return new Promise((resolve) => {
    execFile("curl", ["--silent", "--show-error", "--max-time", "10", ...args], (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
    });
  });
}
