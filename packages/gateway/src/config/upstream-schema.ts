/** Where requests go: an address, or a group of them with what holds for all. */
import { z } from "zod";
import { timeout } from "./duration.ts";
import { byShape, isGroup } from "./shapes.ts";

const file = z.string().min(1);

const dotSegment = /\/\.{1,2}(?:\/|$)/;

const address = z
  .string({ error: "must be an address such as http://127.0.0.1:5000/, or a group with targets" })
  .regex(
    /^(?:https?:\/\/(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?(?:\/(?:[A-Za-z0-9._~-]+\/)*)?|unix:\/[^\s:]+)$/,
    {
      error: "must look like http://127.0.0.1:5000/, https://app.example/ or unix:/run/app.sock; a path must end with /",
      abort: true,
    },
  )
  .refine((upstream) => URL.canParse(upstream), "is not an address: look at the host and the port")
  .refine((upstream) => !dotSegment.test(upstream), "must not hold a dot segment"); // prettier-ignore

const health = z.strictObject({
  path: z
    .string()
    .regex(/^\/[\x21-\x7e]*$/, "must begin with / and hold no spaces")
    .describe("What is asked for by `GET`, whatever the route's prefix is. A status of 200 to 399 is well."),
  every: timeout.prefault("5s").describe("How long after a check the next one begins."),
  timeout: timeout.prefault("2s").describe("How long a check may take."),
  fall: z.int().min(1).max(100).default(2).describe("Checks in turn that must fail before a target is out."),
  rise: z.int().min(1).max(100).default(1).describe("Checks in turn that must succeed before it is back."),
});

const group = z
  .strictObject({
    targets: z
      .array(address)
      .min(1)
      .describe(
        "Addresses that can stand in for each other: `http://`, `https://` or `unix:`, all with the same path.",
      ),
    balance: z
      .enum(["round-robin", "least-connections"])
      .default("round-robin")
      .describe("Which target is next: each in turn, or the one with the fewest requests under way."),
    sticky: z
      .literal("certificate")
      .optional()
      .describe("`certificate` keeps a client certificate with one target, as long as that one is there."),
    authorities: z
      .array(file)
      .min(1)
      .optional()
      .describe("PEM files with the roots that an `https://` target's certificate must lead to; those that browsers trust, unless given."), // prettier-ignore
    serverName: z
      .string()
      .regex(/^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i, "must be a DNS name")
      .refine((name) => !/^[0-9.]+$/.test(name), "must be a name, and no address")
      .optional()
      .describe("The name that an `https://` target is asked for (SNI) and must have a certificate for; that of its address, unless given."), // prettier-ignore
    certificate: file
      .optional()
      .describe("PEM file: the client certificate by which `https://` targets know the gateway."),
    key: file.optional().describe("PEM file: the private key of that certificate."),
    insecureAnyCertificate: z
      .boolean()
      .default(false)
      .describe("Believes every `https://` target, whatever its certificate says. Whoever stands between can read and answer everything."), // prettier-ignore
    health: health.optional().describe("Asks each target again and again how it is; not at all, unless given."),
    connections: z
      .int()
      .min(1)
      .max(10_000)
      .default(256)
      .describe("The most connections to one target. WebSockets do not count."),
    queue: z
      .int()
      .min(0)
      .max(100_000)
      .default(1024)
      .describe("The most requests that wait for a connection to one target; those beyond get 503."),
  })
  .superRefine((given, context) => {
    const problem = (message: string, ...path: (string | number)[]) => {
      context.addIssue({ code: "custom", message, path, input: given });
    };
    const { targets, certificate, key, authorities, insecureAnyCertificate } = given;
    const pathOf = (target: string) => (target.startsWith("unix:") ? "/" : new URL(target).pathname);
    targets.forEach((target, at) => {
      if (targets.indexOf(target) < at) problem("is there twice", "targets", at);
      if (pathOf(target) !== pathOf(targets[0] ?? target))
        problem("has another path than the first: all of them must mean the same", "targets", at);
    });
    if ((certificate === undefined) !== (key === undefined))
      problem("certificate and key belong together", certificate === undefined ? "key" : "certificate");
    if (insecureAnyCertificate && authorities)
      problem("has no effect beside insecureAnyCertificate", "authorities");
    if (targets.length === 1 && given.sticky) problem("has no effect with one target", "sticky");
    if (targets.some((target) => target.startsWith("https:"))) return;
    for (const name of ["authorities", "serverName", "certificate"] as const)
      if (given[name] !== undefined) problem("has no effect without an https:// target", name);
    if (insecureAnyCertificate)
      problem("has no effect without an https:// target", "insecureAnyCertificate");
  }); // prettier-ignore

export type UpstreamConfig = z.infer<typeof group>;

const alone = address.transform((target): UpstreamConfig => group.parse({ targets: [target] }));

export const upstream = byShape<UpstreamConfig>((given) => (isGroup(given) ? group : alone)).meta({
  ...(z.toJSONSchema(group, { io: "input" }) as object),
  description:
    "Where requests go: `http://HOST:PORT/`, `https://HOST:PORT/` or `unix:/path/to.sock`, or a group with the keys below; see docs/upstreams.md. A path after the port replaces the prefix.",
});
