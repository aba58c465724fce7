/** The one shape of gateway.yaml. Descriptions become docs/configuration.md. */
import { dialects } from "@sallyport/identity";
import { z } from "zod";

const file = z.string().min(1);
const dialectNames = dialects.map(({ name }) => name);

const dotSegment = /\/\.{1,2}(?:\/|$)/;

const listener = z.strictObject({
  host: z
    .string()
    .min(1)
    .default("127.0.0.1")
    .describe("The address to listen on. `::` is every address of this machine."),
  port: z.int().min(0).max(65_535).describe("The port to listen on; 0 takes a free one and says which."),
  mode: z
    .enum(["http", "https", "mutual"])
    .describe(
      "`http` without TLS, `https` with the gateway's certificate, `mutual` asks the client for one too.",
    ),
  onBadCertificate: z
    .enum(["explain", "abort"])
    .default("explain")
    .describe(
      "`explain` answers a bad certificate with a page that says why; `abort` closes the connection, as Apache does.",
    ),
});

const tls = z.strictObject({
  certificate: file.describe("PEM file: the gateway's certificate first, then the intermediates."),
  key: file.describe(
    "PEM file: the private key of that certificate. Nobody but the gateway should be able to read it.",
  ),
  minVersion: z
    .enum(["TLSv1.2", "TLSv1.3"])
    .default("TLSv1.2")
    .describe("The oldest TLS version that is spoken."),
});

const clients = z.strictObject({
  authorities: z
    .array(file)
    .min(1)
    .describe("PEM files with the authorities whose client certificates are accepted, and no others."),
  presence: z
    .enum(["required", "optional"])
    .default("required")
    .describe(
      "`optional` lets clients without a certificate in as anonymous. A bad certificate is refused in both cases.",
    ),
  depth: z
    .int()
    .min(0)
    .max(10)
    .default(1)
    .describe(
      "How many authorities may stand above a client's certificate, the root included: as Apache's SSLVerifyDepth counts.",
    ),
});

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

const route = z.strictObject({
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
  upstream: z
    .string()
    .regex(
      /^(?:http:\/\/(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?(?:\/(?:[A-Za-z0-9._~-]+\/)*)?|unix:\/[^\s:]+)$/,
      {
        error: "must look like http://127.0.0.1:5000/ or unix:/run/app.sock; a path must end with /",
        abort: true,
      },
    )
    .refine((upstream) => URL.canParse(upstream), "is not an address: look at the host and the port")
    .refine((upstream) => !dotSegment.test(upstream), "must not hold a dot segment")
    .describe(
      "Where requests go: `http://HOST:PORT/` or `unix:/path/to.sock`. A path after the port replaces the prefix.",
    ),
  identity: z
    .array(speech)
    .min(1)
    .prefault(["ssl-client"])
    .describe(
      "How the backend is told who the client is: names of dialects, or groups with the keys below; see docs/identity-headers.md.",
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

export const schema = z.strictObject({
  listen: z.array(listener).min(1).describe("The sockets to listen on."),
  tls: tls.optional().describe("The gateway's own certificate; needed unless every listener is `http`."),
  clients: clients
    .optional()
    .describe("Whose client certificates are accepted; needed by `mutual` listeners, and only by them."),
  backendSecret: z
    .strictObject({ file: file.describe("A file with at least 32 characters. It is read again on SIGHUP.") })
    .optional()
    .describe("A secret sent to every upstream as `Sallyport-Secret`, by which a backend knows the gateway."),
  routes: z.array(route).default([]).describe("Which addresses go to which upstream."),
  log: z
    .strictObject({
      access: z.boolean().default(true).describe("One JSON line on standard output for each exchange."),
    })
    .default({ access: true })
    .describe("What is written down."),
});

export type Config = z.infer<typeof schema>;
