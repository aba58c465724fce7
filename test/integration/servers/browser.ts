/** Chromium with a home of its own: its certificate store holds the site's root and, for a person, a certificate. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, rm, rmdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import type { TestContext } from "node:test";
import { promisify } from "node:util";
import { createPkcs12, type Issued } from "@sallyport/certs";
import { tempFolder } from "../../support/temp-folder.ts";
import { installed } from "./installed.ts";
import type { Site } from "./site.ts";

export type Browser = {
  /** Runs Chromium once, without a window, and returns what it writes: with `--dump-dom` the page after loading. */
  readonly run: (...words: readonly string[]) => Promise<string>;
};

const run = promisify(execFile);
const patience = 60_000;
const policies = "/etc/chromium/policies/managed";

/** @param person whose certificate is in the store */
export async function openBrowser(context: TestContext, site: Site, person?: Issued): Promise<Browser> {
  const home = await createHome(context, site);
  if (person) {
    await importPerson(home, site, person);
    await chooseWithoutAsking(context);
  }
  return browserAt(home);
}

/** @returns a folder in which a browser finds a certificate store that trusts the site's root, and nothing else */
export async function createHome(
  context: TestContext,
  { rootFile }: Pick<Site, "rootFile">,
): Promise<string> {
  const home = await tempFolder(context);
  await mkdir(join(home, ".pki/nssdb"), { recursive: true });
  const certutil = await installed("/usr/bin/certutil");
  await run(certutil, ["-N", "-d", storeIn(home), "--empty-password"]);
  await run(certutil, ["-A", "-d", storeIn(home), "-t", "C,,", "-n", "root", "-i", rootFile]);
  return home;
}

function storeIn(home: string): string {
  return `sql:${join(home, ".pki/nssdb")}`;
}

/** Into the browser's certificate store, as a person would. */
export async function importFile(file: string, password: string, home: string): Promise<void> {
  const pk12util = await installed("/usr/bin/pk12util");
  await run(pk12util, ["-i", file, "-d", storeIn(home), "-W", password, "-K", ""]);
}

/** What Chromium is started with, always. */
export function switchesFor(home: string): readonly string[] {
  return [
    "--headless",
    "--no-sandbox", // root has none
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP flask.local 127.0.0.1, MAP * ~NOTFOUND",
    `--user-data-dir=${join(home, "profile")}`,
  ];
}

export async function browserAt(home: string): Promise<Browser> {
  const chromium = await installed("/usr/bin/chromium");
  return {
    async run(...words) {
      const child = spawn(chromium, [...switchesFor(home), ...words], {
        env: { ...process.env, HOME: home },
        stdio: ["ignore", "pipe", "pipe"],
        detached: true, // a process group of its own: its renderers end with it
      });
      const end = () => {
        if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
      };
      const timer = setTimeout(end, patience);
      const [written, complaints] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        once(child, "close"),
      ]);
      clearTimeout(timer);
      if (child.exitCode !== 0) throw new Error(`chromium did not come to an end by itself:\n${complaints}`);
      return written;
    },
  };
}

/** A person's certificate and key into the store of a browser's home. */
export async function importPerson(home: string, site: Pick<Site, "root">, person: Issued): Promise<void> {
  const file = join(home, "person.p12");
  const contents = {
    privateKeyPem: person.privateKeyPem,
    certificatePem: person.certificatePem,
    chainPem: [site.root.certificatePem],
    friendlyName: "person",
    password: "password",
  };
  await writeFile(file, createPkcs12(contents), { mode: 0o600 });
  await importFile(file, contents.password, home);
}

/**
 * Without a policy a usable certificate brings up a dialog, which nobody answers where there is no window. Policies are
 * the machine's: this file is the one step outside the browser's own home, and gone afterwards.
 */
export async function chooseWithoutAsking(context: TestContext): Promise<void> {
  const file = join(policies, `sallyport-integration-${process.pid}.json`);
  const choice = { pattern: "https://flask.local", filter: {} };
  const policy = { AutoSelectCertificateForUrls: [JSON.stringify(choice)] };
  try {
    const created = await mkdir(policies, { recursive: true });
    context.after(async () => {
      await rm(file, { force: true });
      if (created === undefined) return;
      // whoever else has put something there meanwhile keeps the folders
      for (const folder of [policies, dirname(policies)]) await rmdir(folder).catch(() => undefined);
    });
    await writeFile(file, JSON.stringify(policy));
  } catch (error) {
    throw new Error(`${file} could not be written. Run the integration tests as root.`, { cause: error });
  }
}
