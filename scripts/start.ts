/** `npm start`: certificates if there are none, then gateway and app as two processes, and what to type to try them. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { CertsError, defaultFolder, makeDemo } from "../certs/src/index.ts";
import { ask } from "./ask.ts";
import { Ended, startChild, type Child } from "./child.ts";

const root = join(import.meta.dirname, "..");
const secretFile = join(root, ".run", "backend.secret");
const folder = relative(process.cwd(), defaultFolder) || ".";
const children: Child[] = [];
const interrupted = new Promise<void>((resolve) => {
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, resolve);
});

try {
  const made = (await makeDemo()).filter(({ outcome }) => outcome === "made");
  say(
    made.length > 0
      ? `Made ${made.length} certificates in ${folder}.`
      : `Using the certificates in ${folder}.`,
  );
  await Promise.race([run(), interrupted]);
} catch (error) {
  if (!(error instanceof CertsError || error instanceof Ended)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
} finally {
  for (const child of children.toReversed()) await child.stop();
}

/** @throws Ended as soon as one of the two processes is no longer there */
async function run(): Promise<void> {
  makeSecret();
  const app = start("app", ["packages/app/src/main.ts"], { SALLYPORT_BACKEND_SECRET_FILE: secretFile });
  const gateway = start("gateway", ["packages/gateway/src/main.ts", "serve", "--config", "gateway.yaml"], {});
  const [{ address }, { host, port }] = await Promise.all([app.listening, gateway.listening]);
  const site = `https://localhost:${String(port)}`;
  await ask(`${site}/flask/`, "Hello Grace Hopper!\n", {
    ca: readFileSync(join(defaultFolder, "root.pem")),
    cert: readFileSync(join(defaultFolder, "grace.pem")),
    key: readFileSync(join(defaultFolder, "grace.pem")),
  });
  say(`
Gateway   https://${String(host)}:${String(port)}   trusts ${folder}/root.pem
App       ${String(address)}    behind ${site}/flask/

Try:

  curl --cacert ${folder}/root.pem --cert ${folder}/grace.pem ${site}/flask/
  curl --cacert ${folder}/root.pem --cert ${folder}/cecilia.pem ${site}/flask/
  curl --cacert ${folder}/root.pem ${site}/flask/

Ctrl-C stops both. Below is the log, one line for each request.
`);
  for (const child of children) child.show();
  await Promise.race(children.map((child) => child.ended));
}

/** A new secret for every start: by it, and by nothing else, the app knows the gateway. */
function makeSecret(): void {
  mkdirSync(dirname(secretFile), { recursive: true, mode: 0o700 });
  // One that is there belongs to a start that still runs (this one then ends at its ports) or that was killed.
  if (existsSync(secretFile)) return;
  writeFileSync(secretFile, randomBytes(32).toString("hex"), { mode: 0o600, flag: "wx" });
  process.once("exit", () => {
    rmSync(secretFile, { force: true });
  });
}

function start(name: string, args: readonly string[], env: Record<string, string>): Child {
  const child = startChild(name, args, root, env);
  children.push(child);
  return child;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
