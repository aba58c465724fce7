/** The list of dialects: a new one is a file beside this and a line here. */
import type { Dialect } from "./dialect.ts";
import { modSslLegacy } from "./mod-ssl-legacy.ts";
import { sslClient } from "./ssl-client.ts";

export const dialects = [sslClient, modSslLegacy] as const satisfies readonly Dialect[];
