/**
 * How a client certificate gets into a browser and how the browser is made to ask for it again: a row for each pair of
 * browser and system that keeps certificates in a way of its own. Words in backticks are to be typed.
 */

export type Way = {
  /** As in "What to do in ...". */
  readonly place: string;
  /** Getting the file to where the browser finds it. */
  readonly importing: readonly string[];
  /** Taking back a choice that the browser remembers beyond its end. */
  readonly forgetting: readonly string[];
  /** A browser keeps its answer, "none" included, as long as it runs. */
  readonly restarting: string;
  /** What is asked behind the choice. */
  readonly granting: readonly string[];
};

const file = "the certificate file you were given; its name ends in .p12 or .pfx";

const windows = {
  importing: [
    `Double-click ${file}.`,
    "Keep “Current User”, enter the password that came with the file, and otherwise click “Next” until you can click “Finish”.",
  ],
  forgetting: [],
  granting: [],
};

const mac = {
  importing: [
    `Double-click ${file}. Keychain Access opens.`,
    "If it asks for a keychain, choose “login”. Then enter the password that came with the file.",
  ],
  restarting: "Quit the browser with Command-Q and open it again.",
  granting: [
    "If the Mac asks whether the browser may use the key, enter the password you log in to the Mac with and choose “Always Allow”.",
  ],
};

export const ways = {
  windowsChrome: {
    place: "Chrome on Windows",
    ...windows,
    restarting:
      "Type `chrome://restart` into the address bar and press Enter: Chrome closes and opens again.",
  },
  windowsEdge: {
    place: "Edge on Windows",
    ...windows,
    restarting: "Type `edge://restart` into the address bar and press Enter: Edge closes and opens again.",
  },
  macSafari: {
    place: "Safari on a Mac",
    ...mac,
    forgetting: [
      "Open Keychain Access, search for the name of this site, and delete its entries of the kind “identity preference”: there Safari remembers your choice.",
    ],
  },
  macChrome: { place: "Chrome or Edge on a Mac", ...mac, forgetting: [] },
  linuxChrome: {
    place: "Chrome or Chromium on Linux",
    importing: [
      "Type `chrome://certificate-manager` into the address bar and press Enter.",
      "Under “Your certificates” open “View imported certificates from Linux”, and click “Import”.",
      `Choose ${file}. Then enter the password that came with it.`,
    ],
    forgetting: [],
    restarting:
      "Type `chrome://restart` into the address bar and press Enter: the browser closes and opens again.",
    granting: [],
  },
  firefox: {
    place: "Firefox on a computer",
    importing: [
      "Type `about:preferences#privacy` into the address bar and press Enter.",
      "Under “Certificates” click “View Certificates”; under “Your Certificates” click “Import”.",
      `Choose ${file}. Then enter the password that came with it.`,
    ],
    forgetting: [
      "Type `about:preferences#privacy` into the address bar, press Enter, click “View Certificates” and then “Authentication Decisions”, and delete the line of this site if there is one.",
    ],
    restarting: "Choose “Exit” or “Quit” in the menu of Firefox, and open it again.",
    granting: [],
  },
  ios: {
    place: "Safari on an iPhone or iPad",
    importing: [
      `In Mail or Files, open ${file}.`,
      "Open Settings, tap “Profile Downloaded” and then “Install”; enter the code of your device and the password that came with the file.",
      "Go on in Safari: no other browser on this device can use the certificate.",
    ],
    forgetting: [],
    restarting: "Swipe Safari away among the open apps, and open it again.",
    granting: [],
  },
  android: {
    place: "Chrome on Android",
    importing: [
      "Open Settings, search for “certificate”, and choose “Install a certificate” or “Install from device storage”.",
      "Choose “VPN & app user certificate”.",
      `Choose ${file}. Then enter the password that came with it.`,
    ],
    forgetting: [],
    restarting: "Swipe the browser away among the open apps, and open it again.",
    granting: [],
  },
} as const satisfies Record<string, Way>;

export type WayName = keyof typeof ways;

/** Where the browser or the system is not one of these. */
export const anyWay: Way = {
  place: "",
  importing: [
    "Import the certificate file you were given into the certificate store of your browser or system. Its name ends in .p12 or .pfx, and a password came with it.",
  ],
  forgetting: [],
  restarting: "Close every window of the browser and open it again.",
  granting: [],
};
