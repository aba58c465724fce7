/** How a certificate file gets into a browser: a row for each pair of browser and system that keeps certificates in a way of its own. */

export type Way = {
  /** As in "What to do in ...". */
  readonly place: string;
  /** A browser keeps its answer to "which certificate?", "none" included, as long as it runs. */
  readonly restarting: string;
  /** From the file to the store. What is to be typed stands in backticks. */
  readonly importing: (file: string) => readonly string[];
  readonly userAgent: RegExp;
};

const windows = (file: string) => [
  `Double-click ${file} among your downloads.`,
  "Keep “Current User” and click “Next” twice. Enter the password, and click “Next” until you can click “Finish”.",
];
const mac = (file: string) => [
  `Double-click ${file} among your downloads. Keychain Access opens; choose the keychain “login” if it asks.`,
  "Enter the password.",
];
const quitting = "Quit the browser with Command-Q and open it again.";

/** The first whose pattern fits is the visitor's: every browser also names those that it wants to be taken for. */
export const ways: readonly Way[] = [
  {
    place: "Safari on an iPhone or iPad",
    userAgent: /iPhone|iPad/,
    importing: (file) => [
      `Allow the download, or open ${file} in Files.`,
      "Open Settings, tap “Profile Downloaded” and then “Install”. Enter the code of your device, and then the password.",
      "Go on in Safari: no other browser on this device can use the certificate.",
    ],
    restarting: "Swipe Safari away among the open apps, and open it again.",
  },
  {
    place: "Chrome on Android",
    userAgent: /Android/,
    importing: (file) => [
      `Open ${file} among your downloads. If nothing happens: open Settings, search for “certificate”, choose “Install a certificate”, and then the file.`,
      "Enter the password. If you are asked what it is for, choose “VPN & app user certificate”.",
    ],
    restarting: "Swipe the browser away among the open apps, and open it again.",
  },
  {
    place: "Firefox on a computer",
    userAgent: /(?:Windows NT|Macintosh|Linux).*Firefox\//,
    importing: (file) => [
      "In a new tab, type `about:preferences#privacy` into the address bar and press Enter.",
      "Under “Certificates” click “View Certificates”; under “Your Certificates” click “Import”.",
      `Choose ${file} among your downloads, and enter the password.`,
    ],
    restarting: "Choose “Exit” or “Quit” in the menu of Firefox, and open it again.",
  },
  {
    place: "Edge on Windows",
    userAgent: /Windows NT.*Edg\//,
    importing: windows,
    restarting: "Type `edge://restart` into the address bar and press Enter: Edge closes and opens again.",
  },
  {
    place: "Chrome on Windows",
    userAgent: /Windows NT.*Chrome\//,
    importing: windows,
    restarting:
      "Type `chrome://restart` into the address bar and press Enter: Chrome closes and opens again.",
  },
  {
    place: "Chrome or Edge on a Mac",
    userAgent: /Macintosh.*Chrome\//,
    importing: mac,
    restarting: quitting,
  },
  { place: "Safari on a Mac", userAgent: /Macintosh.*Safari\//, importing: mac, restarting: quitting },
  {
    place: "Chrome or Chromium on Linux",
    userAgent: /Linux.*Chrome\//,
    importing: (file) => [
      "In a new tab, type `chrome://certificate-manager` into the address bar and press Enter.",
      "Under “Your certificates” open “View imported certificates from Linux”, and click “Import”.",
      `Choose ${file} among your downloads, and enter the password.`,
    ],
    restarting:
      "Type `chrome://restart` into the address bar and press Enter: the browser closes and opens again.",
  },
];

/** Where the browser or the system is none of these. */
const anyWay: Way = {
  place: "your browser",
  userAgent: /^/,
  importing: (file) => [
    `Import ${file} into the certificate store of your browser or system, and enter the password.`,
  ],
  restarting: "Close every window of the browser and open it again.",
};

/** Longer than any browser's; nobody makes us search through more. */
const longest = 512;

/** @param userAgent as it came: it chooses among texts of ours and is never shown */
export function wayOf(userAgent = ""): Way {
  const text = userAgent.slice(0, longest);
  return ways.find((way) => way.userAgent.test(text)) ?? anyWay;
}
