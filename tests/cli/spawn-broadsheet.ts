import { spawn } from "node:child_process";
import { LESS_GC } from "../less-gc.ts";
import { settingIn } from "../stores.ts";
import { type Circumstances, ENVIRONMENT, MAIN, type Run } from "./broadsheet.ts";

interface ProcessCircumstances extends Circumstances {
  /** Flags for Node itself. */
  readonly node?: readonly string[];
}

/**
 * Runs the command line as its users do, as a process in an environment that holds nothing but what is given: where
 * that is what a test is about. It takes a second where `broadsheet` takes a tenth.
 */
export async function spawnBroadsheet(
  args: readonly string[],
  { cwd, env = {}, input = "", node = [] }: ProcessCircumstances,
): Promise<Run> {
  const child = spawn(process.execPath, [...LESS_GC, ...node, MAIN, ...args], {
    cwd,
    env: { ...ENVIRONMENT, ...(await settingIn(cwd)), ...env },
  });
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
  child.stdin.on("error", () => undefined).end(input);
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, ...output };
}
