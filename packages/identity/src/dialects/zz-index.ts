import { envoy } from "./envoy.ts";
import { haproxy } from "./haproxy.ts";
import { rfc9440 } from "./rfc9440.ts";
import { traefik } from "./traefik.ts";
export const dialects = [envoy, traefik, rfc9440, haproxy] as const;
