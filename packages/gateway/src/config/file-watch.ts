/**
 * Tells when files have changed.
 *
 * It looks at them again and again, since being told (inotify, kqueue: fs.watch) is not the same everywhere: a watch on
 * a file follows the inode and sees nothing of the next file that is renamed into its place; one on the folder sees nothing of a
 * symlink's target, which is how Kubernetes swaps a volume (`..data`); neither hears of what another machine did (NFS)
 * or, in a container, of much that happened outside. A stat says the same thing on all of them.
 */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

export type FileWatch = {
  /** The first look is done: what changes from now on is seen. */
  readonly ready: Promise<void>;
  /** Nothing is told any more. */
  readonly close: () => void;
};

/**
 * @param paths files and folders, asked for at every look. Of a folder its entries count, and of folders in it only
 *   themselves. A path that is missing is in a state like any other; one that was not asked for before has not changed.
 * @param changed is told when two looks in a row agree, so that nobody reads what is half written. Files that change together are told
 *   together: one at rest waits for the others, though for one look only.
 * @param interval milliseconds between two looks; there is one at a time, and it keeps no process running
 */
export function watchFiles(
  paths: () => readonly string[],
  changed: (paths: ReadonlySet<string>) => void,
  interval = 250,
): FileWatch {
  let known: Stamps = new Map();
  let before: Stamps = new Map();
  let waited = false;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const look = async () => {
    const now = await stampsOf(paths());
    if (closed) return;
    const isNew = (path: string) => !before.has(path);
    known = new Map(
      [...now].map(([path, stamp]) => [path, isNew(path) ? stamp : (known.get(path) ?? stamp)]),
    );
    const moving = [...now].some(([path, stamp]) => !isNew(path) && before.get(path) !== stamp);
    const rested = [...now].filter(
      ([path, stamp]) => before.get(path) === stamp && known.get(path) !== stamp,
    );
    before = now;
    const tell = rested.length > 0 && (waited || !moving);
    waited = rested.length > 0 && !tell;
    timer = setTimeout(() => void look(), interval).unref();
    if (!tell) return;
    for (const [path, stamp] of rested) known.set(path, stamp);
    changed(new Set(rested.map(([path]) => path)));
  };

  return {
    ready: look(),
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}

/** Path -> all that shows a change, as one text. */
type Stamps = Map<string, string>;

async function stampsOf(paths: readonly string[]): Promise<Stamps> {
  const stamps: Stamps = new Map();
  const queue = new Set(paths).values();
  // Two at a time: a network folder that has died blocks two of the four threads that Node has for files and names.
  const lane = async () => {
    for (const path of queue) stamps.set(path, await stampOf(path));
  };
  await Promise.all([lane(), lane()]);
  return stamps;
}

async function stampOf(path: string): Promise<string> {
  const own = await ownStamp(path);
  if (!own.folder) return own.stamp;
  const names = await readdir(path).catch(() => []);
  const entries = await Promise.all(
    names.toSorted().map(async (name) => `${name} ${(await ownStamp(join(path, name))).stamp}`),
  );
  return [own.stamp, ...entries].join("\n");
}

/** Of what a symlink leads to. The change time shows what keeps size and modification time: `cp -p`, `chmod`. */
async function ownStamp(path: string): Promise<{ stamp: string; folder: boolean }> {
  try {
    const found = await stat(path, { bigint: true });
    const { ino, size, mtimeNs, ctimeNs } = found;
    return { stamp: `${ino} ${size} ${mtimeNs} ${ctimeNs}`, folder: found.isDirectory() };
  } catch (error) {
    return { stamp: String((error as NodeJS.ErrnoException).code), folder: false };
  }
}
