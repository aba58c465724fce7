/** W1k: pages and pictures. */
import { keepAlive } from "../loads/keep-alive.ts";
import { smallAnswers } from "./small-answers.ts";
import type { Workload } from "./workload.ts";

const connections = 32;

export const largeAnswers: Workload = {
  ...smallAnswers,
  name: "w1k",
  title: `W1k keep-alive: answers of 64 KiB on ${connections} connections`,
  budget: [],
  load: keepAlive("/page", connections),
};
