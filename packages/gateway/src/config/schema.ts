/** The one shape of gateway.yaml. Descriptions become docs/configuration.md. */
import { dialects } from "@sallyport/identity";
import { z } from "zod";
import { clients, presence } from "./clients-schema.ts";
import { rulesSchema } from "./rules-schema.ts";

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

const ownCertificate = z.strictObject({
  certificate: file.describe("PEM file: the gateway's certificate first, then the intermediates."),
  key: file.describe(
    "PEM file: the private key of that certificate. Nobody but the gateway should be able to read it.",
  ),
});

const tls = ownCertificate.extend({
  minVersion: z
    .enum(["TLSv1.2", "TLSv1.3"])
    .default("TLSv1.2")
    .describe("The oldest TLS version that is spoken, on every host."),
  ciphers: z
    .string()
    .min(1)
    .optional()
    .describe("Cipher suites as OpenSSL lists them, on every host. Node's own list, unless given."),
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
  headLimit: z
    .int()
    .min(8192)
    .max(65_536)
    .default(16_384)
    .describe(
      "Octets that the upstream takes as the head of a request: 16 KiB in Node, 8 KiB in others. All but 4 KiB may be identity.",
    ),
});

const routes = z.array(route).default([]);

/** One DNS name, or `*.` and one. */
const hostName = /^(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

const host = z.strictObject({
  names: z
    .array(
      z
        .string()
        .toLowerCase()
        .regex(hostName, "must be a name such as admin.example, or *.example for every name right below it"),
    )
    .min(1)
    .describe("The names that this host is asked for by: in the TLS handshake (SNI), and in `Host`."),
  tls: ownCertificate
    .optional()
    .describe("Its own certificate and key, with the keys of `tls`; the top level's, unless given."),
  clients: clients
    .optional()
    .describe("Whose certificates it accepts, with the keys of `clients`; as the top level's, unless given."),
  routes: routes.describe("Its routes, with the keys of `routes`. It has no others."),
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
  routes: routes.describe("Which addresses go to which upstream."),
  hosts: z
    .array(host)
    .default([])
    .describe(
      "Hosts with certificates, authorities or routes of their own. Every other name is served by the top level's.",
    ),
  contact: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe("Whom the refused may ask, shown on every page of ours: `IT service desk, it@example.org`."),
  metrics: z
    .strictObject({
      host: z.string().min(1).default("127.0.0.1").describe("The address to listen on."),
      port: z.int().min(0).max(65_535).describe("The port to listen on; plain HTTP, for `GET /metrics`."),
    })
    .optional()
    .describe(
      "Where figures are given in the format of Prometheus; see docs/metrics.md. Nowhere, unless given.",
    ),
  reloadOnChange: z
    .boolean()
    .default(true)
    .describe("Reads everything again when one of the files has changed, as SIGHUP does."),
  log: z
    .strictObject({
      access: z.boolean().default(true).describe("One JSON line on standard output for each exchange."),
    })
    .default({ access: true })
    .describe("What is written down."),
});

export type Config = z.infer<typeof schema>;
export type RouteConfig = Config["routes"][number];
