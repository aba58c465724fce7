/** The workloads, in the order in which they run. */
import { accessLog } from "./access-log.ts";
import { downloads, uploads } from "./bodies.ts";
import { fullHandshakesP256, fullHandshakesRsa } from "./full-handshakes.ts";
import { growingConnections, growingRequests } from "./growth.ts";
import { idleConnections } from "./idle-connections.ts";
import { largeAnswers } from "./large-answers.ts";
import { messages } from "./messages.ts";
import { resumedAgain, resumption } from "./resumption.ts";
import { scalingConnections, scalingRequests } from "./scaling.ts";
import { smallAnswers } from "./small-answers.ts";
import type { Workload } from "./workload.ts";

export const workloads: readonly Workload[] = [
  smallAnswers,
  accessLog,
  largeAnswers,
  fullHandshakesP256,
  fullHandshakesRsa,
  resumption,
  resumedAgain,
  downloads,
  uploads,
  messages,
  idleConnections,
  scalingRequests,
  scalingConnections,
  growingRequests,
  growingConnections,
];
