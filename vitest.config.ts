import { tmpdir } from "node:os";
import path from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** What takes longest begins first. Where no run was before this one, vitest goes by the size of files. */
const LONGEST = [
  "package",
  "issue/pictures/io/read-pictures",
  "desk/server",
  "preview/page",
  "cli/run",
  "cli/pictures",
  "cli/send-process",
  "matrix/matrix",
  "golden-pictures",
  "cli/screenshot",
  "email/browser",
  "check/io/browser/check-in-browser",
  "preview/frozen",
  "guide",
  "readme",
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
    // A limit for what hangs, with room for a machine that is busy with other things.
    testTimeout: 90_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    // Most of the time is spent waiting for spawned commands and servers, so two workers a core.
    maxWorkers: 4,
    // A worker loads what many files import once; no test changes what another one sees.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    // Node loads our TypeScript itself, as for users; Vite would transform each file anew for each run.
    experimental: { viteModuleRunner: false },
    // Neither workers nor spawned commands compile anything twice, their first file included.
    env: { NODE_COMPILE_CACHE: path.join(tmpdir(), "node-compile-cache") },
  },
});
