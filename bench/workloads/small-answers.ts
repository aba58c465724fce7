/** W1: what a gateway costs when nobody is new. */
import { asTheyAre } from "../contestant.ts";
import { keepAlive } from "../loads/keep-alive.ts";
import { oursMayCost, type Workload } from "./workload.ts";

const connections = 32;

export const smallAnswers: Workload = {
  name: "w1",
  title: `W1 keep-alive: answers of 20 octets on ${connections} connections`,
  unit: "request",
  resource: "cpu",
  keys: "ec-p256",
  contestants: asTheyAre,
  beside: ["nginx", "apache"],
  budget: [...oursMayCost(1.6, "nginx"), ...oursMayCost(0.6, "apache")],
  load: keepAlive("/hello", connections),
  warmUp: 8,
};
