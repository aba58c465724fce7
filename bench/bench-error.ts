/** Something the person at the keyboard can put right: said in one sentence, without a stack. */
export class BenchError extends Error {
  override readonly name = "BenchError";
}
