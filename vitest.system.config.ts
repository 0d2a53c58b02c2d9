import { mergeConfig } from "vitest/config";
import base from "./vitest.config.ts";

/** What needs Debian packages and root: see `.ci/run`. A part that is missing is a failure. */
export default mergeConfig(
  { ...base, test: { ...base.test, include: [] } },
  { test: { include: ["tests/system/*.system.ts"], fileParallelism: false } },
);
