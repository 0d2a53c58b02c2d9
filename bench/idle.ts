/**
 * `broadsheet run` with nothing due, from the packed package, Node's compile cache warm, beside a Node that does
 * nothing at all (`node -e 0`), interleaved in one run. The newsletter has a list, and a year of slots behind it.
 *
 *     npx node bench/idle.ts [RUNS]
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../src/platform/clock.ts";
import { openRecords } from "../src/delivery/io/issue-records.ts";
import { installPacked } from "./packed.ts";

const RUNS = Number(process.argv[2] ?? 21);
const DAY_MS = 86_400_000;
const TARGET = 4;

const folder = mkdtempSync(join(tmpdir(), "broadsheet-idle-"));
try {
  const command = installPacked(folder);
  await writeNewsletter(folder);
  const idle = () => time([command, "run"], folder);
  const nothing = () => time(["-e", "0"], folder);
  for (let warm = 0; warm < 3; warm++) {
    idle();
    nothing();
  }
  const rounds = Array.from({ length: RUNS }, () => ({ idle: idle(), nothing: nothing() }));
  const ratio = median(rounds.map((round) => round.idle / round.nothing));
  console.log(
    `node -e 0                    ${median(rounds.map((round) => round.nothing)).toFixed(0)} ms`,
  );
  console.log(
    `broadsheet run, nothing due  ${median(rounds.map((round) => round.idle)).toFixed(0)} ms`,
  );
  console.log(`ratio ${ratio.toFixed(2)}, target ${TARGET} at most; medians of ${RUNS} rounds`);
} finally {
  rmSync(folder, { recursive: true });
}

/** Its last slot was yesterday, and the next is tomorrow. */
async function writeNewsletter(into: string): Promise<void> {
  const tomorrow = new Date(systemClock().getTime() + DAY_MS);
  const cron = `0 7 ${tomorrow.getUTCDate()} ${tomorrow.getUTCMonth() + 1} *`;
  const config = `import type { Config } from "broadsheet";\nexport default { name: "Idle", schedule: { cron: "${cron}" } } satisfies Config;\n`;
  writeFileSync(join(into, "broadsheet.config.ts"), config);
  const store = join(into, ".broadsheet/broadsheet.db");
  await using records = await openRecords({ store: { file: store }, slug: "idle" }, systemClock);
  await records.enrol(new Date(systemClock().getTime() - DAY_MS));
  const behind = Array.from({ length: 365 }, (_, days) => {
    const at = new Date(systemClock().getTime() - (days + 1) * DAY_MS);
    return { slot: at.toISOString().slice(0, 10), at };
  });
  await records.passOver(behind, "miss");
}

/** Wall time of one cold process, in ms. */
function time(args: readonly string[], cwd: string): number {
  const start = performance.now();
  execFileSync(process.execPath, args, { cwd, stdio: ["ignore", "ignore", "inherit"] });
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
