/** Memory of connections on which nothing happens. */
import { asTheyAre } from "../contestant.ts";
import { idle } from "../loads/idle.ts";
import { oursMayCost, type Workload } from "./workload.ts";

const connections = 1000;

/** Connections that have been idle for a while, not those that have just been made: V8 tidies up after so long. */
const rest = 20;

export const idleConnections: Workload = {
  name: "memory",
  title: `Memory: ${connections} idle connections with mutual TLS`,
  unit: "connection",
  resource: "memory",
  keys: "ec-p256",
  contestants: asTheyAre,
  beside: ["nginx", "apache"],
  budget: oursMayCost(70),
  load: idle(connections),
  rest,
};
