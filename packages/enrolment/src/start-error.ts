/** Something that the person at the keyboard can mend. The message is complete; no stack is shown, and the exit code is 1. */
export class StartError extends Error {
  override readonly name = "StartError";
}
