import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    setupFiles: ["tests/same-inputs.ts"],
    // A limit for what hangs, with room for a machine that is busy with other things.
    testTimeout: 90_000,
    hookTimeout: 120_000,
    // Most of the time is spent waiting for spawned commands and servers, so two workers a core.
    maxWorkers: 4,
    // A worker loads what many files import once; no test changes what another one sees.
    isolate: false,
  },
});
