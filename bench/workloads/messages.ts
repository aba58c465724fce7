/** W6: WebSockets. */
import { webSocket } from "../loads/websocket.ts";
import { smallAnswers } from "./small-answers.ts";
import type { Workload } from "./workload.ts";

const connections = 32;

export const messages: Workload = {
  ...smallAnswers,
  name: "w6",
  title: `W6 WebSocket: a short message there and one back on ${connections} connections`,
  unit: "message",
  budget: [],
  load: webSocket(connections),
};
