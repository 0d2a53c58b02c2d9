/**
 * What the checks say of issues of real pages: 20 digests of ten pages each, the same in every run, and nothing is
 * fetched; a picture of our own stands in for each story's.
 *
 *   node bench/ready.ts              a line for each issue, and how often each rule spoke
 *   node bench/ready.ts --show       with all that is to look at, and each text part
 *
 * BROADSHEET_CORPORA names the folder with articles/, by default ../shared/corpora beside the project. Leaves with 66
 * where there is none.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Article } from "../src/article/article.ts";
import { readHtml } from "../src/article/page.ts";
import type { Finding, Report } from "../src/check/finding.ts";
import { verdictWords } from "../src/review/verdict-words.js";
import { parseConfig } from "../src/config/config.ts";
import { BroadsheetError } from "../src/errors.ts";
import { draftIssue, finishIssue } from "../src/issue/build.ts";
import { openBuild } from "../src/issue/open-build.ts";
import { tooThin } from "../src/summary/summary.ts";
import { SILENT } from "../src/platform/reporter.ts";
import { readings } from "../tests/digest/readings.ts";
import { photo } from "../tests/pictures.ts";
import { corpora, type Folder, type Sample, samplesOf } from "./reading/corpus.ts";
import { randomFrom } from "./training/random.ts";

const FOLDERS: readonly Folder[] = ["en", "multilingual", "fields", "vetted"];
const ISSUES = 20;
const PAGES = 10;
const SEED = Number(process.env["BROADSHEET_SEED"] ?? 19);

const isShown = process.argv.includes("--show");
process.exitCode = existsSync(path.join(corpora, "articles")) ? await main() : missing();

function missing(): number {
  console.error(`bench/ready: ${corpora} does not exist; nothing was measured`);
  return 66;
}

async function main(): Promise<number> {
  const folder = mkdtempSync(path.join(tmpdir(), "broadsheet-ready-"));
  try {
    await photo(1200, 675).jpeg({ quality: 40 }).toFile(path.join(folder, "stand-in.jpg"));
    await measure(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
  return 0;
}

async function measure(folder: string): Promise<void> {
  const pages = shuffled(FOLDERS.flatMap((name) => samplesOf(name)));
  const articles = readable(pages, folder);
  const counts = new Map<string, number>();
  const reports: Report[] = [];
  for (let at = 1; at <= ISSUES; at++) {
    const taken = Array.from({ length: PAGES }, () => articles.next().value).filter(
      (article) => article !== undefined,
    );
    const { report, text } = await issueOf(taken, folder);
    reports.push(report);
    const faults = report.findings.filter(({ severity }) => severity !== "info");
    for (const { rule } of faults) counts.set(rule, (counts.get(rule) ?? 0) + 1);
    console.log(`${String(at).padStart(2)}  ${said(report)}  ${tally(faults)}`);
    if (isShown) console.log(`\n${faults.map(lineOf).join("\n")}\n\n${text}`);
  }
  const within = (most: number) => reports.filter((report) => openIn(report) <= most).length;
  console.log(`\nready: ${within(0)}   with at most two to look at: ${within(2)}   of ${ISSUES}`);
  for (const [rule, count] of [...counts].sort(([, a], [, b]) => b - a))
    console.log(`${String(count).padStart(4)}  ${rule}`);
}

async function issueOf(
  articles: readonly Article[],
  folder: string,
): Promise<{ report: Report; text: string }> {
  const config = parseConfig(
    {
      name: "The Mudlark",
      from: "desk@mudlark.internal",
      postalAddress: "The Mudlark, 3 Staithe Lane, Orrell",
      urls: {
        web: "https://mudlark.example/{slot}",
        unsubscribe: "https://mudlark.example/u/{token}",
      },
    },
    {},
    path.join(folder, "broadsheet.config.ts"),
  );
  const build = await openBuild(config, { flags: { date: "2026-11-24" }, reporter: SILENT });
  const all = readings(articles, { collected: true });
  const read = async () => ({ readings: all, failures: [], missing: [], fetched: 0 });
  const { report, files } = await finishIssue(await draftIssue(read, build), build);
  return { report, text: String(files.get("email.txt")) };
}

/**
 * The articles of some pages, each under an address. Pages that the reader refuses are left out, as in a build, and
 * those that somebody invented to test readers, which are filler.
 */
function* readable(pages: readonly Sample[], folder: string): Generator<Article, undefined> {
  for (const { id, html } of pages) {
    if (/lorem ipsum/i.test(html)) continue;
    try {
      const read = readHtml({ format: "html", location: `${id}.html`, body: html });
      if (tooThin(read)) continue;
      const [image] = read.images;
      const { widthPx: _width, heightPx: _height, ...rest } = image ?? { src: "", alt: "" };
      yield {
        ...read,
        url: read.url ?? `https://pages.example/${id}`,
        source: path.join(folder, `${id}.html`),
        images: image ? [{ ...rest, src: "stand-in.jpg" }] : [],
      };
    } catch (error) {
      if (!(error instanceof BroadsheetError)) throw error;
    }
  }
  return undefined;
}

function shuffled<T>(values: readonly T[]): T[] {
  const random = randomFrom(SEED);
  return values
    .map((value) => ({ value, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ value }) => value);
}

function openIn({ findings }: Report): number {
  return findings.filter(({ severity }) => severity !== "info").length;
}

function said({ findings }: Report): string {
  const count = (wanted: string) => findings.filter(({ severity }) => severity === wanted).length;
  return verdictWords({ toFix: count("error"), toLookAt: count("warning") }).padEnd(22);
}

function tally(findings: readonly Finding[]): string {
  const groups = Map.groupBy(findings, ({ rule }) => rule);
  return [...groups].map(([rule, { length }]) => `${rule} ${length}`).join(", ");
}

function lineOf({ severity, rule, message, where }: Finding): string {
  return `${severity}  ${rule}  ${where?.story ?? ""}\n    ${message}`;
}
