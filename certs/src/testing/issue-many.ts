/** A process of its own that issues so many certificates one after the other: `issue-many.ts FOLDER NAME COUNT`. */
import { issue } from "../issue.ts";
import { openAuthority } from "../open-authority.ts";
import { localSubject } from "../subject.ts";

const [folder = "", name = "", count = "1"] = process.argv.slice(2);
const authority = await openAuthority(folder);
for (let made = 0; made < Number(count); made += 1) {
  const request = { name, subject: localSubject("Test Subject"), keyAlgorithm: "ec-p256" } as const;
  const { serialNumber } = await issue(authority, request);
  process.stdout.write(`${serialNumber}\n`);
}
