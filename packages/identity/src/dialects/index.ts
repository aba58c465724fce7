/** The list of dialects: a new one is a file beside this and a line here. */
import { awsAlb } from "./aws-alb.ts";
import { azure } from "./azure.ts";
import { cloudflare } from "./cloudflare.ts";
import type { Dialect } from "./dialect.ts";
import { envoy } from "./envoy.ts";
import { gcp } from "./gcp.ts";
import { haproxy } from "./haproxy.ts";
import { modSslLegacy } from "./mod-ssl-legacy.ts";
import { modSsl } from "./mod-ssl.ts";
import { nginx } from "./nginx.ts";
import { remoteUser } from "./remote-user.ts";
import { rfc9440 } from "./rfc9440.ts";
import { sslClient } from "./ssl-client.ts";
import { traefik } from "./traefik.ts";

/** Every dialect; the names of all of them are reserved for the gateway. */
export const dialects: readonly Dialect[] = [
  sslClient,
  modSsl,
  modSslLegacy,
  nginx,
  haproxy,
  envoy,
  traefik,
  awsAlb,
  gcp,
  azure,
  cloudflare,
  rfc9440,
  remoteUser,
];
