/** Does a request cost the same where there is more of everything? */
import type { Contestant } from "../contestant.ts";
import { ours, oursFast, own } from "../servers/index.ts";
import { nginx } from "../servers/nginx.ts";
import type { Server, Settings } from "../servers/server.ts";
import { fullHandshakesP256 } from "./full-handshakes.ts";
import { smallAnswers } from "./small-answers.ts";
import type { Workload } from "./workload.ts";

const manyHeaders = 80;
const flat = 1.1;

const variant = (
  server: Server,
  name: string,
  title: string,
  settings: Partial<Settings> = {},
): Contestant => ({
  name: `${server.name}-${name}`,
  title: `${server.title}, ${title}`,
  server,
  settings,
});
const plain = (server: Server, name: string) => variant(server, name, "one of each");
const routes = variant(ours, "routes", "1,000 routes", { routes: 1000 });
const rules = variant(ours, "rules", "1,000 rules", { rules: 1000 });
const revoked = variant(ours, "revoked", "1,000,000 revoked", { revoked: 1_000_000 });
const headers = (server: Server): Contestant => ({
  ...variant(server, "headers", `${manyHeaders} header lines`),
  headers: manyHeaders,
});

const within = ({ name, server }: Contestant) => ({
  contestant: name,
  most: flat,
  peer: `${server.name}-plain`,
});

export const growingRequests: Workload = {
  ...smallAnswers,
  name: "growth",
  title: "Growth: keep-alive as in W1, more of one thing at a time",
  contestants: (servers) => [
    ...(servers.includes(ours) ? [plain(ours, "plain"), routes, rules, revoked, headers(ours)] : []),
    ...(servers.includes(oursFast) ? [plain(oursFast, "plain"), headers(oursFast)] : []),
    ...(servers.includes(nginx) ? [plain(nginx, "plain"), headers(nginx)] : []),
  ],
  beside: [...own, nginx].map(({ name }) => `${name}-plain`),
  budget: [routes, rules, revoked, headers(ours), headers(oursFast)].map(within),
};

export const growingConnections: Workload = {
  ...fullHandshakesP256,
  name: "growth2",
  title: "Growth: new connections as in W2, more of one thing at a time",
  contestants: (servers) => (servers.includes(ours) ? [plain(ours, "plain"), routes, rules, revoked] : []),
  beside: [`${ours.name}-plain`],
  budget: [routes, rules, revoked].map(within),
};
