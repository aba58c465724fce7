/** Memory of connections on which nothing happens. */
import { asTheyAre } from "../contestant.ts";
import { idle } from "../loads/idle.ts";
import type { Workload } from "./workload.ts";

const connections = 1000;

export const idleConnections: Workload = {
  name: "memory",
  title: `Memory: ${connections} idle connections with mutual TLS`,
  unit: "connection",
  resource: "memory",
  keys: "ec-p256",
  contestants: asTheyAre,
  beside: ["nginx", "apache"],
  budget: [{ contestant: "sallyport", most: 70 }],
  load: idle(connections),
};
