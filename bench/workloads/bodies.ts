/** W4 and W5: large bodies down and up. */
import { download } from "../loads/download.ts";
import { upload } from "../loads/upload.ts";
import { smallAnswers } from "./small-answers.ts";
import { oursMayCost, type Workload } from "./workload.ts";

/** MiB. */
const size = 10;
const connections = 4;

export const downloads: Workload = {
  ...smallAnswers,
  name: "w4",
  title: `W4 download: bodies of ${size} MiB on ${connections} connections`,
  unit: "MiB",
  budget: oursMayCost(1.0, "nginx"),
  load: download("/large", connections),
};

export const uploads: Workload = {
  ...smallAnswers,
  name: "w5",
  title: `W5 upload: bodies of ${size} MiB on ${connections} connections`,
  unit: "MiB",
  beside: ["nginx", "apache", "haproxy"],
  budget: oursMayCost(1.0, "haproxy"),
  load: upload(size, connections),
};
