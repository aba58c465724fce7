/** A gateway that serves several names, each in its own way, and people whom some of them know. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createAuthority, profiles } from "@sallyport/certs";
import { recordingBackend, type RecordingBackend } from "./recording-backend.ts";
import { startGateway, type GatewayConfig, type RunningGateway } from "./running-gateway.ts";
import type { Scope } from "./scope.ts";
import { createTestAuthority, type Identity } from "./test-authority.ts";
import { acceptWebSocket } from "./web-socket-octets.ts";

/**
 * - `default`: every name that no other has, for Grace.
 * - `admin`: `admin.example` and `*.admin.example`, with a certificate and an authority of its own, for Cecilia.
 * - `open`: `open.example`, with an authority of its own, for whoever has no certificate, and for nobody yet known.
 * - `shared`: `shared.example`, with routes of its own and the clients of the default, the anonymous only in its lobby.
 */
export type SiteName = "default" | "admin" | "open" | "shared";

export type Sites = {
  readonly config: GatewayConfig;
  readonly gateway: RunningGateway;
  /** A site's requests arrive here under `/SITE/`. */
  readonly backend: RecordingBackend;
  readonly people: Readonly<Record<"grace" | "cecilia" | "visitor", Identity>> & {
    readonly nobody: undefined;
  };
};

/** @param more settings of the top level */
export async function startSites(scope: Scope, more: GatewayConfig = {}): Promise<Sites> {
  const authority = await createTestAuthority(scope);
  const backend = await recordingBackend(scope, acceptWebSocket);
  const keyAlgorithm = "ec-p256";
  const file = async (name: string, content: string) => {
    const path = join(authority.folder, name);
    await writeFile(path, content, { mode: 0o600 });
    return path;
  };
  const root = async (name: string) => {
    const made = await createAuthority({ subject: [{ type: "CN", value: name }], keyAlgorithm });
    return { ...made, file: await file(`${name}.pem`, made.certificatePem) };
  };
  const admins = await root("Admin Root");
  const visitors = await root("Visitor Root");
  const server = async (name: string) => {
    const { cert, key } = await authority.issue([{ type: "CN", value: name }], {
      profile: { ...profiles.server, keyAlgorithm },
      alternativeNames: [
        { type: "dns", value: name },
        { type: "dns", value: `*.${name}` },
      ],
    });
    return { certificate: await file(`${name}.crt`, cert), key: await file(`${name}.key`, key) };
  };
  const routes = (site: SiteName, ...lobby: object[]) => [
    { prefix: "/app/", upstream: `http://127.0.0.1:${backend.port}/${site}/` },
    ...lobby,
  ];
  const config: GatewayConfig = {
    listen: [{ host: "127.0.0.1", port: 0, mode: "mutual" }],
    tls: { certificate: authority.serverCertificateFile, key: authority.serverKeyFile },
    clients: { authorities: [authority.rootFile] },
    routes: routes("default"),
    hosts: [
      {
        names: ["admin.example", "*.admin.example"],
        tls: await server("admin.example"),
        clients: { authorities: [admins.file] },
        routes: routes("admin"),
      },
      {
        names: ["open.example"],
        tls: await server("open.example"),
        clients: { authorities: [visitors.file], presence: "optional" },
        routes: routes("open"),
      },
      {
        names: ["shared.example"],
        routes: routes("shared", {
          prefix: "/lobby/",
          upstream: `http://127.0.0.1:${backend.port}/shared/lobby/`,
          presence: "optional",
        }),
      },
    ],
    ...more,
  };
  return {
    config,
    gateway: await startGateway(scope, config),
    backend,
    people: {
      grace: authority.grace,
      cecilia: await authority.issue("Cecilia Payne", { issuer: admins }),
      visitor: await authority.issue("Test Visitor", { issuer: visitors }),
      nobody: undefined,
    },
  };
}
