import { tmpdir } from "node:os";
import { mergeConfig } from "vitest/config";
import base from "./vitest.config.ts";

// A container has a /dev of its own, and other accounts read what these tests write.
process.env["TMPDIR"] ??= tmpdir();

/** What needs Debian packages and root, and what kills many processes: see `.ci/run`. A part that is missing is a failure. */
export default mergeConfig(
  { ...base, test: { ...base.test, include: [] } },
  {
    test: {
      include: ["tests/system/*.system.ts"],
      fileParallelism: false,
      // The programs of the machine itself, SpamAssassin too.
      env: { PATH: process.env["PATH"] },
    },
  },
);
