/** The real docker, as an operator types it. */
import { execFile } from "node:child_process";

export type DockerOptions = {
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds; then it is ended. */
  readonly limit?: number;
};

/**
 * @returns what it has said, on both outputs
 * @throws Error with the command and what it has said, when it fails
 */
export function docker(
  words: readonly string[],
  { env = {}, limit = 180_000 }: DockerOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { env: { ...process.env, ...env }, maxBuffer: 64 * 1024 * 1024, timeout: limit };
    execFile("docker", words, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`docker ${words.join(" ")}: ${stdout}${stderr || error.message}`));
    });
  });
}

/**
 * Sees to it that an engine answers. One that is missing fails the run: what is skipped looks exactly like what succeeded.
 * @throws Error with what to do
 */
export async function anEngine(): Promise<void> {
  const said = await docker(["info", "--format", "{{ .ServerVersion }}"], { limit: 20_000 }).catch(String);
  if (!/^\d+\./.test(said.trim())) {
    throw new Error(
      `No Docker engine answers: start one, or say in DOCKER_HOST where it is, then npm run test:docker. It said: ${said.trim()}`,
    );
  }
}
