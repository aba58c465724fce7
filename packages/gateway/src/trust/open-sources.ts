/** The entries of `clients.revocation` -> sources that are open. A new kind of source is one file and one line here. */
import type { X509Certificate } from "node:crypto";
import type { Asked } from "./revocation.ts";
import { SourceError, type Source, type SourceEvents } from "./source.ts";

type Setting = {
  readonly path: readonly PropertyKey[];
  readonly kind: "crl-files" | "crl-fetched" | "ocsp" | "deny-list";
  /** As it is written in the configuration. */
  readonly name: string;
  /** The file or folder, absolute; `undefined` for what is asked over the network. */
  readonly file: string | undefined;
  readonly whenUnknown: "refuse" | "allow";
  /** Milliseconds. */
  readonly staleAfter: number;
};

export type OpenSource = Asked & {
  readonly key: string;
  readonly name: string;
  /** Whether it is a list that the configuration names, a file or an address, and not what certificates point to. */
  readonly demanded: boolean;
  /** Milliseconds. */
  readonly staleAfter: number;
};
type Open = (setting: Setting, given: Given, events: SourceEvents) => Promise<Source>;
type Given = { readonly authorities: readonly X509Certificate[]; readonly previous?: Source };

/** Each is loaded when it is first asked for: most gateways have one or two. */
const openers: Readonly<Record<Setting["kind"], Open>> = {
  "crl-files": async ({ name, file = name, staleAfter }, given, events) => {
    const { openCrlFiles } = await import("./crl/crl-files.ts");
    return openCrlFiles({ path: file, name, staleAfter, ...given }, events);
  },
  "crl-fetched": async ({ name, staleAfter }, given, events) => {
    const { openFetchedCrl } = await import("./crl/crl-fetched.ts");
    return openFetchedCrl({ url: name, staleAfter, ...given }, events);
  },
  ocsp: async ({ name }, { previous }, events) => {
    const { openOcsp } = await import("./ocsp/ocsp.ts");
    return openOcsp({ responder: name, ...(previous && { previous }) }, events);
  },
  "deny-list": async ({ name, file = name }, { previous }, events) => {
    const { openDenyList } = await import("./deny-list.ts");
    return openDenyList({ path: file, name, ...(previous && { previous }) }, events);
  },
};

/** Sources that cannot be opened, each with where it stands in the configuration. */
export class SourcesError extends Error {
  readonly problems: readonly { readonly path: readonly PropertyKey[]; readonly error: SourceError }[];

  constructor(problems: SourcesError["problems"]) {
    super(problems.map(({ error }) => error.message).join("; "));
    this.name = "SourcesError";
    this.problems = problems;
  }
}

/**
 * @param previous the sources of before, whose last good state is carried over; they stay open
 * @throws SourcesError with all problems; then nothing is left open
 */
export async function openSources(
  settings: readonly Setting[],
  authorities: readonly X509Certificate[],
  previous: readonly OpenSource[],
  events: SourceEvents,
): Promise<readonly OpenSource[]> {
  const problems: SourcesError["problems"][number][] = [];
  const sources: OpenSource[] = [];
  const open = async (setting: Setting) => {
    const { kind, name, file, whenUnknown, staleAfter } = setting;
    const key = `${kind} ${file ?? name}`;
    const demanded = kind === "crl-files" || (kind === "crl-fetched" && name !== "cdp");
    const before = previous.find((source) => source.key === key)?.source;
    const given = { authorities, ...(before && { previous: before }) };
    try {
      const source = await openers[kind](setting, given, events);
      sources.push({ key, name, source, demanded, whenUnknown, staleAfter, local: file !== undefined });
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      problems.push({ path: setting.path, error });
    }
  };
  // One after the other, in the order in which they are asked.
  for (const setting of settings) await open(setting);
  if (problems.length === 0) return sources;
  for (const { source } of sources) source.close();
  throw new SourcesError(problems);
}
