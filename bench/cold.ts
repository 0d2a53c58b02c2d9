/**
 * Cold start: `broadsheet build` of one article from the packed package, Node's compile cache warm,
 * beside the script that people write today (bench/naive.mjs), interleaved in one run. Twice: with the
 * shape of the issue in the MJML cache, as it is from the second issue of a newsletter on, and without.
 *
 *     npx node bench/cold.ts [RUNS]
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installPacked, PROJECT } from "./packed.ts";

const RUNS = Number(process.argv[2] ?? 15);

const folder = mkdtempSync(join(tmpdir(), "broadsheet-cold-"));
try {
  const command = installPacked(folder);
  const article = writeArticle(folder);
  const build = [command, "build", article, "--date", "2019-03-14", "--quiet"];
  const known = () => time(build, folder, join(folder, "cache"));
  const unknown = () => time(build, folder, mkdtempSync(join(folder, "empty-")));
  const naive = () => time([join(PROJECT, "bench/naive.mjs"), article, folder], folder);
  for (let warm = 0; warm < 3; warm++) {
    known();
    naive();
  }
  const rounds = Array.from({ length: RUNS }, () => ({
    known: known(),
    naive: naive(),
    unknown: unknown(),
  }));
  const naives = rounds.map((round) => round.naive);
  console.log(`naive script                 ${median(naives).toFixed(0)} ms`);
  report(
    "broadsheet, known shape",
    rounds.map((round) => round.known),
    naives,
  );
  report(
    "broadsheet, new shape",
    rounds.map((round) => round.unknown),
    naives,
  );
  console.log(`medians of ${RUNS} rounds; target for the ratio: 0.60 at most`);
} finally {
  rmSync(folder, { recursive: true });
}

function writeArticle(into: string): string {
  mkdirSync(join(into, "in"));
  const file = join(into, "in/article.txt");
  writeFileSync(file, readFileSync(join(PROJECT, "content/02-eleven-minutes.txt")));
  return file;
}

/** Wall time of one cold process, in ms. */
function time(args: readonly string[], cwd: string, cache = ""): number {
  const start = performance.now();
  const env = { ...process.env, XDG_CACHE_HOME: cache };
  execFileSync(process.execPath, args, { cwd, env, stdio: ["ignore", "ignore", "inherit"] });
  return performance.now() - start;
}

function report(name: string, ours: readonly number[], naive: readonly number[]): void {
  const ratio = median(ours.map((ms, round) => ms / (naive[round] ?? Number.NaN)));
  console.log(`${name.padEnd(28)} ${median(ours).toFixed(0)} ms   ratio ${ratio.toFixed(2)}`);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
