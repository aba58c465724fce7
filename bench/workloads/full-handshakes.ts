/** W2: everybody is new. */
import type { KeyAlgorithm } from "../../certs/src/index.ts";
import { asTheyAre } from "../contestant.ts";
import { newConnections } from "../loads/new-connections.ts";
import { oursMayCost, type Workload } from "./workload.ts";

const atOnce = 16;

/** V8 goes by how often something has run, and a connection takes twenty times as long as a request. */
const warmUp = 25;

const fullHandshakes = (name: string, keys: KeyAlgorithm, called: string): Workload => ({
  name,
  title: `W2 new connections: a full handshake with client certificate for each request, ${called}`,
  unit: "connection",
  resource: "cpu",
  keys,
  contestants: asTheyAre,
  beside: ["nginx", "apache"],
  budget: oursMayCost(1.0, "nginx"),
  load: newConnections("none", atOnce),
  warmUp,
});

export const fullHandshakesP256 = fullHandshakes("w2", "ec-p256", "P-256");
export const fullHandshakesRsa = fullHandshakes("w2rsa", "rsa-2048", "RSA-2048");
