/** Ctrl-C at a question. The process leaves as a shell expects of SIGINT: 128 + 2. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  static readonly exitCode = 130;
}
