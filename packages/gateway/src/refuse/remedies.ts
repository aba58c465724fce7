/** What a person does about a refusal, step by step, in the way of their browser. */
import type { Way } from "./ways.ts";

export type Remedy = {
  /** For whom the steps are, or where to start; can be empty. */
  readonly lead: (way: Way) => string;
  readonly steps: (way: Way) => readonly string[];
  /** Whether the steps differ from browser to browser. */
  readonly perWay: boolean;
};

const restartAndChoose = (way: Way, choice: string) => [
  way.restarting,
  `Come back to this page. When you are asked which certificate to use, choose ${choice}.`,
  ...way.granting,
];
const chooseAnother = (way: Way) => [...way.forgetting, ...restartAndChoose(way, "the other one")];
const always = (...steps: readonly string[]): Remedy => ({
  lead: () => "",
  steps: () => steps,
  perWay: false,
});

export const remedies = {
  import: {
    lead: ({ importing }) =>
      `Is your certificate installed already? Start with step ${importing.length + 1}.`,
    steps: (way) => [...way.importing, ...restartAndChoose(way, "the one with your name")],
    perWay: true,
  },
  renew: {
    lead: () => "Do you have a new certificate already? Start with step 2.",
    steps: (way) => [
      "Ask whoever gave you this certificate for a new one.",
      ...way.importing,
      ...way.forgetting,
      ...restartAndChoose(way, "the new one"),
    ],
    perWay: true,
  },
  choose: {
    lead: () => "If you have no other certificate, ask whoever gave you this one. If you have:",
    steps: chooseAnother,
    perWay: true,
  },
  permission: {
    lead: () =>
      "If it should be open to you, ask the people who run this site. If you have another certificate for it:",
    steps: chooseAnother,
    perWay: true,
  },
  reconnect: {
    lead: () => "",
    steps: (way) => [way.restarting, "Come back to this page."],
    perWay: true,
  },
  wait: always(
    "Come back when your certificate has begun.",
    "If you have an older certificate that is still valid, close the browser, open it again, and choose that one.",
    "If the time above is wrong, tell the people who run this site.",
  ),
  retry: always("Try again in a minute."),
  ask: always("Only the people who run this site can change this. Give them the number below."),
  secure: always("In the address bar, write https:// in place of http:// in front of the address."),
  lighten: always("Delete the cookies of this site in the settings of your browser, and try again."),
  none: always(),
} as const satisfies Record<string, Remedy>;

export type RemedyName = keyof typeof remedies;
