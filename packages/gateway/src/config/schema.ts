/** The one shape of gateway.yaml. Descriptions become docs/configuration.md. */
import { z } from "zod";
import { clients } from "./clients-schema.ts";
import { timeout } from "./duration.ts";
import { network } from "./network.ts";
import { route } from "./route-schema.ts";

const file = z.string().min(1);
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
  connections: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(10_000)
    .describe(
      "The most connections, WebSockets included. Beyond, a request gets 503; a tenth beyond that, connections are dropped.",
    ),
  socket: z
    .string()
    .regex(/^[^:\s]+$/, "must be a name without spaces and colons")
    .optional()
    .describe(
      "The name (`FileDescriptorName`) of a socket that systemd has opened for it: then `host` and `port` are its unit's. Not with several workers; see docs/systemd.md.",
    ),
  proxyProtocol: z
    .strictObject({
      from: z
        .array(network)
        .min(1)
        .describe(
          "The addresses and networks of those balancers, `10.0.0.0/8`. Anybody else's connection is closed.",
        ),
    })
    .optional()
    .describe(
      "Every connection comes through a balancer that writes a PROXY header, version 2, in front of it; see docs/proxy-protocol.md.",
    ),
  fastPath: z
    .boolean()
    .default(false)
    .describe(
      "Ordinary requests without a body are read by the gateway itself, which costs less; all others by Node's parser, as ever. See docs/fast-path.md.",
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
  ticketSecret: z
    .strictObject({
      file: file.describe(
        "A file with 32 octets or more that others cannot read. It is read again on SIGHUP.",
      ),
    })
    .optional()
    .describe(
      "A secret that several gateways have, so that a TLS session made at one of them resumes at the others; see docs/workers.md. Each keeps its own, unless given.",
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
        .regex(hostName, {
          error: "must be a name such as admin.example, or *.example for every name right below it",
          abort: true,
        })
        .refine((name) => !/^\d+(?:\.\d+){3}$/.test(name), "is an address: clients ask for no name there"),
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
    .regex(/^[^\p{Cc}]*$/u, "must be one line")
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
  health: z
    .strictObject({
      host: z.string().min(1).default("127.0.0.1").describe("The address to listen on."),
      port: z
        .int()
        .min(0)
        .max(65_535)
        .describe(
          "The port to listen on; plain HTTP, for `GET /healthz` and `GET /readyz`. It may be that of `metrics`.",
        ),
    })
    .optional()
    .describe("Where probes are answered, without TLS; see docs/health.md. Nowhere, unless given."),
  workers: z
    .int()
    .min(1)
    .max(64)
    .default(1)
    .describe(
      "How many processes serve, behind the same ports; see docs/workers.md. With one there is nothing but that one.",
    ),
  drainTimeout: timeout
    .prefault("30s")
    .describe("How long what is under way may take to finish after SIGTERM; then it is cut."),
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
