/** How a person's `.p12`, and the root, get to where a system or a program looks for them. */
import { quoted } from "./next-command.ts";

/** Whose certificate, and the password that stands in the lines, if it may. */
export type Import = { readonly name: string; readonly password?: string | undefined };

type Steps = { readonly title: string; readonly lines: (given: Import) => readonly string[] };

// without a password on the line, each of these tools asks for it
const flag = (letter: string, { password }: Import) =>
  password === undefined ? "" : ` ${letter} ${quoted(password)}`;

const exported = (name: string) => `npm run certs -- export ${name} --legacy`;

/** One entry for each system; a new one is a new entry. */
export const importSteps = {
  macos: {
    title: "macOS",
    lines: (given) => [
      `security import ${given.name}.p12${flag("-P", given)}`,
      "security add-trusted-cert root.crt",
    ],
  },
  windows: {
    title: "Windows",
    lines: (given) => [
      `certutil -user${flag("-p", given)} -importPFX ${given.name}.p12`,
      "certutil -user -addstore Root root.crt",
    ],
  },
  linux: {
    title: "Linux (Chromium and others that use NSS)",
    lines: (given) => [
      `pk12util -d sql:$HOME/.pki/nssdb -i ${given.name}.p12${flag("-W", given)}`,
      'certutil -d sql:$HOME/.pki/nssdb -A -t "C,," -n "Flask root" -i root.pem',
    ],
  },
  firefox: {
    title: "Firefox",
    lines: ({ name }) => [
      "Settings, Privacy & Security, View Certificates:",
      `Your Certificates, Import, ${name}.p12; Authorities, Import, root.pem`,
    ],
  },
  chrome: {
    title: "Chrome",
    lines: ({ name }) => [
      "Chrome asks the system: import as for macOS or Windows, and start it again.",
      "On Linux: Settings, Privacy and security, Security, Manage certificates:",
      `Your certificates, Import, ${name}.p12; Custom, Trusted, Import, root.pem`,
    ],
  },
  ios: {
    title: "iPhone and iPad",
    lines: ({ name }) => [
      `Before iOS 18, make the .p12 anew: ${exported(name)}`,
      `Send ${name}.p12 and root.crt to the device (AirDrop, mail) and open each there.`,
      "Settings, Profile Downloaded, Install; then trust the root:",
      "Settings, General, About, Certificate Trust Settings.",
    ],
  },
  android: {
    title: "Android",
    lines: ({ name }) => [
      `Before Android 14, make the .p12 anew: ${exported(name)}`,
      `Send ${name}.p12 and root.crt to the device.`,
      "Settings, Security, More security settings, Encryption & credentials,",
      `Install a certificate: VPN & app user certificate, ${name}.p12;`,
      "CA certificate, root.crt.",
    ],
  },
  curl: {
    title: "curl",
    lines: ({ name }) => [`curl --cacert root.pem --cert ${name}.pem https://localhost:8443/`],
  },
  python: {
    title: "Python (requests)",
    lines: ({ name }) => [
      'requests.get("https://localhost:8443/", verify="root.pem",',
      `             cert=("${name}.crt", "${name}.key"))`,
    ],
  },
  powershell: {
    title: "PowerShell",
    lines: ({ name }) => [
      `$own = Import-PfxCertificate ${name}.p12 Cert:\\CurrentUser\\My \``,
      "  -Password (Read-Host Password -AsSecureString)",
      "Import-Certificate root.crt Cert:\\CurrentUser\\Root",
      "Invoke-WebRequest https://localhost:8443/ -Certificate $own",
    ],
  },
} as const satisfies Record<string, Steps>;

export type ImportSystem = keyof typeof importSteps;

/** A title and what to type below it, indented. */
export function stepsFor(system: ImportSystem, given: Import): readonly string[] {
  const { title, lines } = importSteps[system];
  return [`  ${title}`, ...lines(given).map((line) => `    ${line}`)];
}
