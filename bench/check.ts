/**
 * `check` over mails that others wrote, and its speed:
 *
 *     npx node bench/check.ts [FOLDER [RUNS]]
 *
 * FOLDER has emails (.html, in folders), and may have caniemail's own test pages in `caniemail-probes/` with
 * `caniemail-feature-to-test.tsv`: how many of the features that a page tests are found in it, of those that
 * some client does not know. Without FOLDER only the speed is measured, on the golden emails: warm in the library,
 * and cold from dist/ (npm run build) with Node's compile cache, beside `node -e 0` in the same run.
 */
import { execFileSync } from "node:child_process";
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { checkEmail } from "../src/check/check-email.ts";
import type { Report } from "../src/check/finding.ts";
import { shownFindings } from "../src/issue/issue-to-send.ts";
import { parseHtml } from "../src/check/html-document.ts";
import { TESTED_CLIENTS } from "../src/check/settings.ts";
import { FEATURES } from "../src/check/rules/support.ts";

const PROJECT = path.resolve(import.meta.dirname, "..");
const [folder, runs = "11"] = process.argv.slice(2);

if (folder !== undefined) {
  probes(folder);
  strangers(folder);
}
warm();
cold(Number(runs));

function reportOn(file: string): Report {
  return checkEmail({ target: file, html: parseHtml(readFileSync(file, "utf8")) });
}

/** The features of each test page that are told, of those that a client lacks or knows in part. */
function probes(from: string): void {
  const table = path.join(from, "caniemail-feature-to-test.tsv");
  if (!existsSync(table)) return;
  const rows = readFileSync(table, "utf8").split("\n");
  const wanted = rows.flatMap((row) => {
    const [slug = "", page = ""] = row.split("\t");
    const file = path.join(from, "caniemail-probes", path.basename(page));
    return page !== "" && existsSync(file) && isLacking(slug) ? [{ slug, file }] : [];
  });
  const missed = wanted.filter(({ slug, file }) => {
    return !reportOn(file).findings.some(({ features }) => features?.includes(slug));
  });
  console.log(`features found              ${wanted.length - missed.length} of ${wanted.length}`);
  for (const { slug, file } of missed)
    console.log(`  not found: ${slug} in ${path.basename(file)}`);
}

function isLacking(slug: string): boolean {
  return TESTED_CLIENTS.some((client) => {
    return /^(?:no|partly)$/.test(FEATURES.get(slug)?.supportIn(client).level ?? "");
  });
}

function strangers(from: string): void {
  const files = globSync("**/*.html", { cwd: from }).filter((name) => !name.includes("probes"));
  const outcomes = files.map((name) => {
    try {
      const report = reportOn(path.join(from, name));
      const { shown, left } = shownFindings(report);
      const lines = shown.length + (left.length > 0 ? 1 : 0);
      return { crashed: false, lines, all: report.findings.length };
    } catch (error) {
      console.log(`  crashed: ${name}: ${String(error)}`);
      return { crashed: true, lines: 0, all: 0 };
    }
  });
  const crashes = outcomes.filter(({ crashed }) => crashed).length;
  console.log(`mails of others             ${files.length}, ${crashes} crashes`);
  console.log(`findings shown, median      ${median(outcomes.map(({ lines }) => lines))}`);
  console.log(`findings in all, median     ${median(outcomes.map(({ all }) => all))}`);
}

function warm(): void {
  const html = readFileSync(path.join(PROJECT, "tests/golden/digest.html"), "utf8");
  const times = Array.from({ length: 60 }, (_, round) => {
    const start = performance.now();
    // Another text each time, so that nothing is remembered.
    checkEmail({ target: "warm", html: parseHtml(html + " ".repeat(round)) });
    return performance.now() - start;
  });
  console.log(`warm, first                 ${times[0]?.toFixed(0)} ms`);
  console.log(`warm, median of the last 40 ${median(times.slice(20)).toFixed(1)} ms`);
}

function cold(rounds: number): void {
  const command = path.join(PROJECT, "dist/cli/main.js");
  if (!existsSync(command)) return console.log("cold: build dist/ first: npm run build");
  const project = mkdtempSync(path.join(tmpdir(), "broadsheet-check-"));
  try {
    writeFileSync(
      path.join(project, "a.txt"),
      readFileSync(path.join(PROJECT, "content/02-eleven-minutes.txt")),
    );
    execFileSync(process.execPath, [command, "build", "a.txt", "--quiet"], { cwd: project });
    const time = (...args: string[]) => {
      const start = performance.now();
      execFileSync(process.execPath, args, { cwd: project, stdio: "ignore" });
      return performance.now() - start;
    };
    const check = () => time(command, "check", "--static");
    check();
    const pairs = Array.from({ length: rounds }, () => ({ node: time("-e", "0"), check: check() }));
    const nodes = median(pairs.map(({ node }) => node));
    const checks = median(pairs.map((pair) => pair.check));
    const ratio = median(pairs.map((pair) => pair.check / pair.node));
    console.log(
      `cold, check of an issue     ${checks.toFixed(0)} ms, node -e 0 ${nodes.toFixed(0)} ms, ratio ${ratio.toFixed(1)}`,
    );
  } finally {
    rmSync(project, { recursive: true });
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
