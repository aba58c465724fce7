/** What the kernel says about the processes of a container. */
import { docker } from "./docker.ts";

export type ProcessStatus = {
  readonly name: string;
  /** Real, effective, saved and file-system user and group, each once. */
  readonly ids: readonly string[];
  /** Inheritable, permitted, effective, bounding and ambient, each once. */
  readonly capabilities: readonly string[];
  readonly noNewPrivileges: string;
};

const read = `for (const pid of require("fs").readdirSync("/proc").filter((name) => /^\\d+$/.test(name)))
  console.log(JSON.stringify(require("fs").readFileSync("/proc/" + pid + "/status", "utf8")));`;

/** Of every process there is: the first, its child, and the one that looks. */
export async function statusOf(container: string): Promise<readonly ProcessStatus[]> {
  const said = await docker(["exec", container, "node", "-e", read]);
  return said
    .trim()
    .split("\n")
    .map((line) => {
      const text = JSON.parse(line) as string;
      const values = (names: string) => [
        ...new Set(
          [...text.matchAll(new RegExp(`^(?:${names}):\\s+(.*)$`, "gm"))].flatMap(([, value = ""]) =>
            value.split(/\s+/),
          ),
        ),
      ];
      return {
        name: values("Name").join(),
        ids: values("Uid|Gid"),
        capabilities: values("Cap\\w+"),
        noNewPrivileges: values("NoNewPrivs").join(),
      };
    });
}
