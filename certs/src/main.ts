#!/usr/bin/env node
import { CommanderError } from "commander";
import { CertsError } from "./certs-error.ts";
import { program } from "./program.ts";

const helpLine = "See: npm run certs -- --help";

try {
  await program(process.env["SALLYPORT_CERTS_PASSPHRASE"]).parseAsync();
} catch (error) {
  if (error instanceof CertsError) {
    console.error(error.message);
    process.exitCode = 1;
  } else if (error instanceof CommanderError) {
    // commander has already printed the help that somebody asked for, or that an empty line deserves
    if (error.code.startsWith("commander.help")) {
      process.exitCode = error.exitCode;
    } else {
      console.error(`${error.message.replace(/^error: /, "").replace(/\.?$/, ".")} ${helpLine}`);
      process.exitCode = 1;
    }
  } else {
    console.error(error);
    process.exitCode = 70;
  }
}
