import { createInterface } from "node:readline";
import { Interrupted } from "./terminal.ts";

/**
 * Whether the question, asked on stderr, is answered with yes; Enter and the end of input mean no.
 * @throws Interrupted on Ctrl-C.
 */
export async function confirm(question: string): Promise<boolean> {
  return /^y(?:es)?$/i.test((await ask(`${question} [y/N] `)).trim());
}

/**
 * The answer to what is asked on stderr; empty at the end of input.
 * @throws Interrupted on Ctrl-C.
 */
export async function ask(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await new Promise((resolve, reject) => {
      lines.once("SIGINT", () => reject(new Interrupted()));
      lines.once("close", () => resolve(""));
      lines.question(question, resolve);
    });
  } finally {
    lines.close();
  }
}
