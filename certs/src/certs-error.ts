/**
 * A mistake or a state of the disk that the person at the keyboard can mend. Its message is complete: what happened,
 * which file, and the next command to type. It is shown without a stack, and the process exits with 1.
 */
export class CertsError extends Error {
  override readonly name = "CertsError";
}

/**
 * What is wrong is the authority's folder, and not what was asked of it: a file that cannot be read or written, a lock that
 * stays taken. Its message names files, for the one who keeps the authority; a service does not show it to anybody else.
 */
export class FolderError extends CertsError {}
