import { tmpdir } from "node:os";
import path from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { LESS_GC } from "./tests/less-gc.ts";

/** The longest files begin first. Without an earlier run, vitest begins with the largest files. */
const LONGEST = [
  "desk/pictures",
  "cli/pictures",
  "desk/whole-way",
  "cli/send-process",
  "desk/edit-in-place",
  "desk/server",
  "check/io/browser/check-in-browser",
  "serve/joins",
  "email/browser",
  "cli/run",
  "delivery/io/ledger",
  "desk/sending",
  "delivery/sending-faults",
  "desk/first-run",
  "serve/serve-process",
  "subscribers/io/audience",
  "cli/quarantine",
  "preview/page",
  "delivery/whose-fault",
  "package",
  "matrix/matrix",
  "golden-pictures",
  "cli/screenshot",
  "cli/worker",
  "cli/send-store",
  "readme",
  "desk/start",
  "desk/edited-issue",
  "cli/two-machines",
  "desk/stories-by-hand",
  "cli/archive",
  "desk/notices",
  "issue/pictures/io/convert-picture",
  "desk/kept-words",
  "config/io/contain-config",
  "issue/pictures/io/fit-pictures",
  "cli/edits-kill",
].map((name) => path.resolve(`tests/${name}.test.ts`));

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

function rank({ moduleId }: TestSpecification): number {
  const at = LONGEST.indexOf(moduleId);
  return at === -1 ? LONGEST.length : at;
}

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    globalSetup: "tests/temporary.ts",
    setupFiles: ["tests/same-inputs.ts"],
    // Limits for what hangs. What goes well ends long before, also on a machine that is busy with other things.
    testTimeout: 400_000,
    hookTimeout: 400_000,
    expect: { poll: { timeout: 150_000 } },
    // A test that needs the second try is named at the end of the run.
    retry: 1,
    reporters: ["default", "./tests/second-tries.ts"],
    // Most of the time is spent waiting for spawned commands and servers, so two workers a core.
    maxWorkers: 4,
    // A worker loads what many files import once; no test changes what another one sees.
    isolate: false,
    execArgv: [...LESS_GC],
    sequence: { sequencer: LongestFirst },
    // Node loads our TypeScript itself, as for users; Vite would transform each file anew for each run.
    experimental: { viteModuleRunner: false },
    env: {
      // Neither workers nor spawned commands compile anything twice, their first file included.
      NODE_COMPILE_CACHE: path.join(tmpdir(), "node-compile-cache"),
      // The tests are the same on machines with and without the programs that Broadsheet asks where they are there.
      PATH: [path.resolve("tests/programs"), process.env["PATH"]].join(path.delimiter),
    },
  },
});
