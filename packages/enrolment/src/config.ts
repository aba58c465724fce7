/** enrolment.yaml -> settings, or every problem at once. */
import { readFileSync } from "node:fs";
import { isIPv4 } from "node:net";
import { dirname, resolve } from "node:path";
import { isNode, LineCounter, parseDocument, type Document } from "yaml";
import { z } from "zod";
import { StartError } from "./start-error.ts";

const text = z.string("must be text").min(1, "must not be empty");
const loopback = (host: string) => host === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127.")); // prettier-ignore

const tooFar = "must be 0 to 65535; 0 takes any free port";

const schema = z.strictObject({
  /** What a person's link begins with: the page's address at the gateway. */
  address: z.url({
    protocol: /^https$/,
    error: "must be where the gateway has the page, https://HOST/enrol/",
  }),
  listen: z.union(
    [
      z.strictObject({
        host: text
          .refine(loopback, "must be 127.0.0.1, ::1 or localhost: the gateway's secret crosses it in the clear")
          .default("127.0.0.1"),
        port: z.int("must be a whole number").min(0, tooFar).max(65535, tooFar),
      }),
      // sockaddr_un holds 108 bytes on Linux and 104 on BSD, the closing NUL included
      z.strictObject({ socket: text.refine((path) => Buffer.byteLength(path) < 104, "is too long") }),
    ],
    "must be { port: 5001 } on this machine, or { socket: enrolment.sock }",
  ),
  backendSecret: z.strictObject({ file: text }, "must be { file: FILE }, the gateway's own"),
  authority: z.strictObject(
    { folder: text, passphraseFile: text.optional() },
    "must be { folder: FOLDER }, the authority's",
  ),
  records: text,
  contact: text.optional(),
  days: z.int("must be a whole number of days").min(1, "must be 1 to 3650").max(3650, "must be 1 to 3650").default(90),
}); // prettier-ignore

export type Config = z.infer<typeof schema> & { readonly file: string };

/**
 * @param file relative paths inside it are relative to its folder
 * @throws StartError with all problems
 */
export function loadConfig(file: string): Config {
  const lines = new LineCounter();
  const document = parseDocument(read(file), { lineCounter: lines, prettyErrors: false });
  const place = (offset: number | undefined) =>
    offset === undefined ? file : `${file}:${lines.linePos(offset).line}`;
  const fail = (problems: readonly string[]) =>
    new StartError([...problems, "What there is to set: docs/enrolment.md"].join("\n"));
  if (document.errors.length > 0)
    throw fail(document.errors.map(({ pos, message }) => `${place(pos[0])}  ${message}`));
  const parsed = schema.safeParse(document.toJS() ?? {});
  if (!parsed.success) {
    const found = parsed.error.issues.flatMap((issue) => {
      const { path } = issue;
      if (issue.code === "unrecognized_keys")
        return issue.keys.map((key) => ({ path: [...path, key], what: "is no setting" }));
      const isThere = document.hasIn(path);
      return [{ path, what: isThere ? issue.message : `is missing; it ${issue.message}` }];
    });
    throw fail(
      found.map(({ path, what }) => `${place(offsetOf(document, path))}  ${path.join(".")} ${what}`),
    );
  }
  const { data } = parsed;
  const from = (path: string) => resolve(dirname(file), path);
  const { folder, passphraseFile } = data.authority;
  return {
    ...data,
    file,
    listen: "socket" in data.listen ? { socket: from(data.listen.socket) } : data.listen,
    backendSecret: { file: from(data.backendSecret.file) },
    authority: {
      folder: from(folder),
      ...(passphraseFile !== undefined && { passphraseFile: from(passphraseFile) }),
    },
    records: from(data.records),
  };
}

/** Where a value begins in the text; `undefined` where there is none. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number | undefined {
  const node: unknown = document.getIn(path, true);
  return isNode(node) ? node.range?.[0] : undefined;
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new StartError(
      `${file} cannot be read (${reason}). Name another with --config FILE; docs/enrolment.md shows one.`,
      { cause: error },
    );
  }
}
