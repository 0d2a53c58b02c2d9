import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";

/*
 * Tests of sending, of its faults and of the schedule, with the newsletters of the tests in PostgreSQL. `onSqlite` says which
 * cases are about a file. The suites of the store, the list and the ledger run on both engines in `npm test`. Any other file
 * runs there too: STORE_ENGINE=postgres npx vitest run FILE.
 */
const FILES = [
  "tests/delivery/sending-faults.test.ts",
  "tests/delivery/sending-doubt.test.ts",
  "tests/delivery/whose-fault.test.ts",
  "tests/delivery/life.test.ts",
  "tests/schedule/notices.test.ts",
  ...[
    "approval-mail",
    "approve",
    "bounces",
    "bounces-run",
    "canary",
    "frozen-issue",
    "judgement",
    "ledger",
    "life",
    "life-commands",
    "next-open-slot",
    "quarantine",
    "run",
    "run-faults",
    "send-list",
    "send-pace",
    "send-process",
    "stay-up",
  ].map((name) => `tests/cli/${name}.test.ts`),
];

// The run inside tries a failing test once more by itself.
test(
  "sending, its faults and the schedule are the same on PostgreSQL",
  { retry: 0, timeout: 1_800_000 },
  async () => {
    const child = spawn("npx", ["vitest", "run", ...FILES], {
      env: { ...process.env, STORE_ENGINE: "postgres" },
      stdio: ["ignore", "inherit", "inherit"],
    });
    expect(await once(child, "close")).toEqual([0, null]);
  },
);
