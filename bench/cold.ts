/**
 * Cold start: `broadsheet build` of one article from the packed package, Node's compile cache warm,
 * beside the script that people write today (bench/naive.mjs), interleaved in one run.
 *
 *     npx node bench/cold.ts [RUNS]
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const PROJECT = fileURLToPath(new URL("..", import.meta.url));
const RUNS = Number(process.argv[2] ?? 15);

const folder = mkdtempSync(join(tmpdir(), "broadsheet-cold-"));
try {
  const command = installPacked(folder);
  const article = writeArticle(folder);
  const ours = () => time([command, "build", article, "--date", "2019-03-14", "--quiet"], folder);
  const naive = () => time([join(PROJECT, "bench/naive.mjs"), article, folder], folder);
  for (let warm = 0; warm < 3; warm++) {
    ours();
    naive();
  }
  const pairs = Array.from({ length: RUNS }, () => ({ ours: ours(), naive: naive() }));
  report(pairs);
} finally {
  rmSync(folder, { recursive: true });
}

/** The package as npm would install it; its bin. */
function installPacked(into: string): string {
  const npm = (...args: string[]) =>
    execFileSync("npm", args, {
      cwd: into,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
    });
  const tarball =
    npm("pack", PROJECT, "--silent", "--pack-destination", into).trim().split("\n").at(-1) ?? "";
  writeFileSync(join(into, "package.json"), '{ "private": true }');
  npm("install", "--silent", "--no-audit", "--no-fund", join(into, tarball));
  return join(into, "node_modules/broadsheet/dist/cli/main.js");
}

function writeArticle(into: string): string {
  mkdirSync(join(into, "in"));
  const file = join(into, "in/article.txt");
  writeFileSync(file, readFileSync(join(PROJECT, "content/02-eleven-minutes.txt")));
  return file;
}

/** Wall time of one cold process, in ms. */
function time(args: readonly string[], cwd: string): number {
  const start = performance.now();
  execFileSync(process.execPath, args, { cwd, stdio: ["ignore", "ignore", "inherit"] });
  return performance.now() - start;
}

function report(pairs: readonly { ours: number; naive: number }[]): void {
  const ours = median(pairs.map((pair) => pair.ours));
  const naive = median(pairs.map((pair) => pair.naive));
  const ratio = median(pairs.map((pair) => pair.ours / pair.naive));
  console.log(`broadsheet build   ${ours.toFixed(0)} ms`);
  console.log(`naive script       ${naive.toFixed(0)} ms`);
  console.log(
    `ratio              ${ratio.toFixed(2)}   (median of ${pairs.length} pairs; target 0.60 at most)`,
  );
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
