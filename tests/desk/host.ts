import { run } from "../../src/cli/run.ts";
import type { Asked } from "./server.ts";

/*
 * A process that runs `broadsheet desk` as often as it is asked to. Loading the code takes two seconds of CPU, ten times what
 * the start of a desk takes, so one process serves one desk of a test after the other.
 */

process.on("message", (asked: Asked) => void serve(asked));
// The tests have ended.
process.on("disconnect", () => process.exit());

async function serve({ cwd, env, args }: Asked): Promise<void> {
  process.chdir(cwd);
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
  const code = await run(["desk", ...args]);
  // Behind all that it has said. A message to the other process could be there before the last words.
  process.stderr.write(`\0${code}\n`);
}
