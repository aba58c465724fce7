import { quoted } from "./next-command.ts";

/** Printable lines that say how to bring a person's `.p12`, and the root, into keychains and browsers. */
export function importGuide(name: string, folder: string, password?: string): readonly string[] {
  // without a password on the line, each of these tools asks for it
  const flag = (letter: string) => (password === undefined ? "" : ` ${letter} ${quoted(password)}`);
  return [
    `To log in with a browser, import ${name}.p12 and trust root.crt:`,
    "",
    `  cd ${quoted(folder)}`,
    "",
    "  macOS",
    `    security import ${name}.p12${flag("-P")}`,
    "    security add-trusted-cert root.crt",
    "  Windows",
    `    certutil -user${flag("-p")} -importPFX ${name}.p12`,
    "    certutil -user -addstore Root root.crt",
    "  Linux (Chromium and others that use NSS)",
    `    pk12util -d sql:$HOME/.pki/nssdb -i ${name}.p12${flag("-W")}`,
    '    certutil -d sql:$HOME/.pki/nssdb -A -t "C,," -n "Flask root" -i root.pem',
    "  Firefox",
    "    Settings, Privacy & Security, View Certificates:",
    `    Your Certificates, Import, ${name}.p12; Authorities, Import, root.pem`,
  ];
}
