/** What a second worker costs. On two cores that also carry the load there is nothing to gain, and nobody does. */
import type { Contestant } from "../contestant.ts";
import { allCores } from "../cores.ts";
import { ours } from "../servers/index.ts";
import { nginx } from "../servers/nginx.ts";
import type { Server } from "../servers/server.ts";
import { fullHandshakesP256 } from "./full-handshakes.ts";
import { smallAnswers } from "./small-answers.ts";
import type { Workload } from "./workload.ts";

function contestants(servers: readonly Server[]): Contestant[] {
  const scalable = [ours, nginx].filter((server) => servers.includes(server));
  return scalable.flatMap((server) =>
    [1, 2].map((workers) => ({
      name: `${server.name}-${workers}`,
      title: `${server.title}, ${workers === 1 ? "1 worker" : `${workers} workers`}`,
      server,
      settings: { workers, cores: allCores },
    })),
  );
}

const scaling: Pick<Workload, "contestants" | "beside" | "budget"> = {
  contestants,
  beside: ["sallyport-1", "nginx-1"],
  budget: [{ contestant: "sallyport-2", most: 1.1, peer: "sallyport-1" }],
};

export const scalingRequests: Workload = {
  ...smallAnswers,
  ...scaling,
  name: "scaling",
  title: "Scaling: 1 and 2 workers on both cores, keep-alive as in W1",
};

export const scalingConnections: Workload = {
  ...fullHandshakesP256,
  ...scaling,
  name: "scaling2",
  title: "Scaling: 1 and 2 workers on both cores, new connections as in W2",
};
