/** The next message of a child that talks over Node's channel. */
import type { ChildProcess } from "node:child_process";
import { BenchError } from "./bench-error.ts";

/** @param name of the child, for the sentence that is said when it ends instead of answering */
export async function answerFrom<Message>(child: ChildProcess, name: string): Promise<Message> {
  return new Promise((resolve, reject) => {
    const ended = () => {
      reject(new BenchError(`The ${name} ended unexpectedly; what it said is above.`));
    };
    child.once("exit", ended).once("error", ended);
    child.once("message", (message) => {
      child.off("exit", ended).off("error", ended);
      resolve(message as Message);
    });
  });
}
