/** A route: which addresses go to which upstream, and what holds for them. */
import { dialects } from "@sallyport/identity";
import { z } from "zod";
import { presence } from "./clients-schema.ts";
import { cors, method } from "./cors-schema.ts";
import { timeout } from "./duration.ts";
import { headerChanges, trailerName } from "./header-names.ts";
import { rulesSchema } from "./rules-schema.ts";
import { size } from "./size.ts";
import { upstream } from "./upstream-schema.ts";

const dialectNames = dialects.map(({ name }) => name);

const dotSegment = /\/\.{1,2}(?:\/|$)/;

const speech = z.preprocess(
  (given) => (typeof given === "string" ? { dialect: given } : given),
  z.strictObject({
    dialect: z.enum(dialectNames).describe("The dialect's name."),
    variables: z
      .array(z.string())
      .min(1)
      .optional()
      .describe("Those of its variables that the backend wants, where it has more than the usual ones."),
    spelling: z
      .enum(["as-is", "underscore", "hyphen"])
      .default("as-is")
      .describe("`hyphen` writes SSL-CLIENT-S-DN, for servers that drop names with underscores."),
  }),
);

export const route = z.strictObject({
  prefix: z
    .string()
    .regex(
      /^\/(?:[A-Za-z0-9._~-]+\/)*$/,
      "must begin and end with / and hold only letters, digits and . _ ~ - between slashes",
    )
    .refine((prefix) => !dotSegment.test(prefix), "must not hold a dot segment")
    .describe(
      "The part of the site that goes to this upstream, `/flask/`. The longest prefix that matches wins.",
    ),
  upstream,
  rewriteHtml: z
    .boolean()
    .default(false)
    .describe(
      "Brings the links in HTML pages under the prefix, for applications that cannot; see docs/mounted.md.",
    ),
  prefixHeader: z
    .enum(["X-Forwarded-Prefix", "X-Script-Name", "SCRIPT_NAME"])
    .default("X-Forwarded-Prefix")
    .describe("The header that tells the backend its prefix, without the last slash; see docs/mounted.md."),
  identity: z
    .array(speech)
    .min(1)
    .prefault(["ssl-client"])
    .describe(
      "How the backend is told who the client is: names of dialects, or groups with the keys below; see docs/identity-headers.md.",
    ),
  presence: presence
    .optional()
    .describe("`required` or `optional` for this route alone; as `clients.presence`, unless given."),
  rules: rulesSchema
    .optional()
    .describe(
      "Who may pass. The first rule that matches decides, and whom none matches is denied; see docs/rules.md.",
    ),
  methods: z
    .array(method)
    .min(1)
    .optional()
    .describe(
      "The methods that may be used; `GET` stands for `HEAD` too. All but TRACE and CONNECT, unless given.",
    ),
  maxBody: size
    .optional()
    .describe("The largest request body, `10MiB`; a larger one gets 413. Any, unless given."),
  timeouts: z
    .strictObject({
      connect: timeout.prefault("2s").describe("For a new connection to the upstream."),
      firstByte: timeout
        .prefault("30s")
        .describe(
          "From the end of the request to the end of the answer's head, and for a request that waits for a connection or for more of its body.",
        ),
      idle: timeout
        .prefault("5m")
        .describe("Between two pieces of the answer's body. A stream of events may be silent for that long."),
    })
    .prefault({})
    .describe("How long is waited for the upstream."),
  host: z
    .string()
    .regex(
      /^(?:preserve|upstream|(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?)$/,
      "must be preserve, upstream, or a name with an optional port",
    )
    .default("preserve")
    .describe(
      "The `Host` that the upstream is told: the client's (`preserve`), that of the upstream's own address (`upstream`), or the name that is written here.",
    ),
  requestHeaders: headerChanges
    .optional()
    .describe("Lines of the request that are set or removed. Identity is not among them."),
  responseHeaders: headerChanges.optional().describe("Lines of the answer that are set or removed."),
  trailers: z
    .strictObject({
      request: z.array(trailerName).default([]).describe("Names of trailers that go to the upstream."),
      response: z.array(trailerName).default([]).describe("Names of trailers that go to the client."),
    })
    .optional()
    .describe("Lines behind a chunked body that may pass, by name. None, unless given."),
  cors: cors
    .optional()
    .describe(
      "Lets pages of other origins use this route: preflights are answered, and answers may be read by those pages. A preflight needs no certificate.",
    ),
  headLimit: z
    .int()
    .min(8192)
    .max(65_536)
    .default(16_384)
    .describe(
      "Octets that the upstream takes as the head of a request: 16 KiB in Node, 8 KiB in others. All but 4 KiB may be identity.",
    ),
});
