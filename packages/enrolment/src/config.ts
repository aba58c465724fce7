/** enrolment.yaml -> settings, or every problem at once. */
import { readFileSync } from "node:fs";
import { isIPv4 } from "node:net";
import { dirname, resolve } from "node:path";
import { LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { StartError } from "./start-error.ts";

const text = z.string("must be text").min(1, "must not be empty");
const loopback = (host: string) => host === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127.")); // prettier-ignore

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
        port: z.int().min(0).max(65535),
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
  days: z.int("must be a whole number of days").min(1).max(3650).default(90),
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
    const nodeAt = (path: readonly PropertyKey[]) =>
      document.getIn(path as readonly (string | number)[], true) as { range?: [number] } | undefined;
    const found = parsed.error.issues.map(({ path, message }) => ({
      at: nodeAt(path)?.range?.[0],
      line: `${path.join(".") || "the file"} ${message}`,
    }));
    throw fail(found.map(({ at, line }) => `${place(at)}  ${line}`));
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
