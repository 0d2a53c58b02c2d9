import { createInterface } from "node:readline";
import { Interrupted } from "./interrupted.ts";

/**
 * Whether the question, asked on stderr, is answered with yes; Enter and the end of input mean no.
 * @throws Interrupted on Ctrl-C.
 */
export async function confirm(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await new Promise((resolve, reject) => {
      lines.once("SIGINT", () => reject(new Interrupted()));
      lines.once("close", () => resolve(false));
      lines.question(`${question} [y/N] `, (answer) => resolve(/^y(?:es)?$/i.test(answer.trim())));
    });
  } finally {
    lines.close();
  }
}
