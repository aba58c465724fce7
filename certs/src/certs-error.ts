/**
 * A mistake or a state of the disk that the person at the keyboard can mend. Its message is complete: what happened,
 * which file, and the next command to type. It is shown without a stack, and the process exits with 1.
 */
export class CertsError extends Error {
  override readonly name = "CertsError";
}
