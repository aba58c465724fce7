/** W1 with a line in a log for every request, and what it adds. */
import { asTheyAre, type Contestant } from "../contestant.ts";
import { smallAnswers } from "./small-answers.ts";
import type { Workload } from "./workload.ts";

const withoutLog = "sallyport-without";

export const accessLog: Workload = {
  ...smallAnswers,
  name: "w1log",
  title: `W1 with access log${smallAnswers.title.slice(smallAnswers.title.indexOf(":"))}`,
  contestants: (servers) => {
    const logging = asTheyAre(servers).map((each): Contestant => ({
      ...each,
      settings: { accessLog: true },
    }));
    const ours = logging.find(({ name }) => name === "sallyport");
    const silent = ours && {
      ...ours,
      name: withoutLog,
      title: "sallyport, access log off",
      settings: {},
    };
    return silent ? [...logging, silent] : logging;
  },
  beside: [withoutLog, "nginx", "apache"],
  budget: [{ contestant: "sallyport", most: 1.15, peer: withoutLog }],
};
