/**
 * Trains how likely an editor keeps a line and sends an issue unseen, from lines and issues that were judged
 * (bench/judged/ready.ndjson), and writes the weights, the same to the byte in every run:
 *
 *   npm run train:ready
 *   npm run train:ready -- --check          cross-validated by issue: what to expect of issues never seen; writes nothing
 *   npm run train:ready -- --sheets DIR     builds the issues, with what is to be judged in them: texts and empty sheets
 *   npm run train:ready -- --take DIR NAME  takes up the sheets that a reader has filled in, as the build of that name
 *
 * --last takes the issues that were kept aside. BROADSHEET_CORPORA names the folder with articles/, texts/ and feeds/, which
 * only --sheets reads. Leaves with 66 where there is none.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as z from "zod";
import { hashId } from "../src/article/identity.ts";
import { parseHtml } from "../src/check/html-document.ts";
import { headlineOf } from "../src/digest/digest.ts";
import { linesIn, type PrintedLine } from "../src/review/lines.ts";
import { issueChance, lineFeatures } from "../src/review/ready.ts";
import { DEVELOPED, drawIssues, type Known, withBuilder } from "./ready/issues.ts";
import { corpora } from "./reading/corpus.ts";
import { randomFrom } from "./training/random.ts";
import { fitLine, type Line, logOddsOn } from "./stories/fit.ts";

const JUDGED = path.join(import.meta.dirname, "judged/ready.ndjson");
const WEIGHTS = path.join(import.meta.dirname, "../src/review/ready-weights.json");

const lineRow = z.strictObject({
  issue: z.int(),
  as: z.string(),
  /** Of its text. */
  line: z.string(),
  features: z.array(z.number()),
  /** `k` to keep it, else why not; see bench/judged/README.md. */
  verdict: z.string(),
});
const issueRow = z.strictObject({
  issue: z.int(),
  build: z.string(),
  articles: z.array(z.string()),
  /** Its judged lines. */
  lines: z.array(z.string()),
  sends: z.boolean(),
});
const builtIssue = z.object({
  issue: z.int(),
  articles: z.array(z.string()),
  rows: z.array(lineRow.omit({ issue: true, verdict: true })),
});
type LineRow = z.output<typeof lineRow>;
type IssueRow = z.output<typeof issueRow>;

/** Issues that are put together from judged lines, beside those that were judged whole. */
const DRAWN = 600;
const SEED = 7;
/** Below it a build leaves a line out. */
const SHOWN = 0.35;

/** Where these stand in the features of a line. */
const READ = 9;
const FAULT = 10;
/** The kinds of lines that a cure leaves out alone. */
const MODULES = new Set(["point", "timeline", "quotation", "number", "caption"]);
/** So many lines of an issue are named. */
const NAMED = 3;

process.exitCode = await main();

async function main(): Promise<number> {
  const [flag, folder = "", name = "now"] = process.argv.slice(2);
  if (flag === "--sheets" && !existsSync(path.join(corpora, "articles"))) {
    console.error(`bench/train-ready: ${corpora} has no articles; nothing was built`);
    return 66;
  }
  if (flag === "--sheets") await writeSheets(folder);
  else if (flag === "--take") takeUp(folder, name);
  else if (flag === "--check") check(judged());
  else writeFileSync(WEIGHTS, `${JSON.stringify(trained(judged()))}\n`);
  return 0;
}

interface Judged {
  readonly lines: readonly LineRow[];
  readonly issues: readonly IssueRow[];
}

function judged(): Judged {
  const rows = existsSync(JUDGED)
    ? readFileSync(JUDGED, "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line) => z.union([lineRow, issueRow]).parse(JSON.parse(line)))
    : [];
  const isAll = process.argv.includes("--last");
  const own = rows.filter(({ issue }) => isAll || issue <= DEVELOPED);
  return {
    lines: own.filter((row): row is LineRow => "verdict" in row),
    issues: own.filter((row): row is IssueRow => "sends" in row),
  };
}

interface Weights {
  readonly line: Line;
  /** See `issueChance`. */
  readonly issue: number;
}

function trained({ lines, issues }: Judged): Weights {
  const rows = lines.filter(({ features }) => features.length > 0);
  const line = fitLine({
    evidence: rows.map(({ features }) => features),
    labels: rows.map(isKept),
  });
  // Lines that were trained on look surer than those of an issue never seen.
  const chances = new Map(
    [...new Set(rows.map(({ issue }) => issue))].flatMap((issue) => {
      const others = rows.filter((row) => row.issue !== issue);
      const own = fitLine({
        evidence: others.map(({ features }) => features),
        labels: others.map(isKept),
      });
      return rows
        .filter((row) => row.issue === issue)
        .map((row) => [row, chanceOn(own, row.features)] as const);
    }),
  );
  // A build leaves out what is less sure.
  const left = rows.filter((row) => (chances.get(row) ?? 0) >= SHOWN);
  const whole = [...wholeIssues(issues, rows, chances), ...drawnIssues(left, chances)];
  return { line, issue: likeliest(whole) };
}

/** The exponent under which the issues are likeliest to be as they were judged. */
function likeliest(whole: readonly Whole[]): number {
  const exponents = Array.from({ length: 60 }, (_, at) => (at + 1) / 20);
  const [best = 1] = exponents
    .map((exponent) => ({ exponent, likelihood: likelihoodOf(whole, exponent) }))
    .toSorted((a, b) => b.likelihood - a.likelihood)
    .map(({ exponent }) => exponent);
  return best;
}

function likelihoodOf(whole: readonly Whole[], exponent: number): number {
  return whole.reduce((sum, { lines, sends }) => {
    const chance = Math.min(0.999, Math.max(0.001, issueChance(lines, exponent)));
    return sum + Math.log(sends ? chance : 1 - chance);
  }, 0);
}

type Chances = ReadonlyMap<LineRow, number>;

interface Whole {
  readonly lines: readonly { readonly chance: number }[];
  readonly sends: boolean;
}

function wholeIssues(
  issues: readonly IssueRow[],
  rows: readonly LineRow[],
  chances: Chances,
): Whole[] {
  return issues.map(({ issue, lines, sends }) => {
    const own = rows.filter((row) => row.issue === issue && lines.includes(row.line));
    return { sends, lines: chancesOf(own, chances) };
  });
}

function drawnIssues(rows: readonly LineRow[], chances: Chances): Whole[] {
  const random = randomFrom(SEED);
  const byKind = Map.groupBy(rows, ({ as }) => as);
  const pick = (as: string, count: number) =>
    Array.from({ length: count }, () => {
      const some = byKind.get(as) ?? [];
      return some[Math.floor(random() * some.length)];
    }).filter((row) => row !== undefined);
  return Array.from({ length: DRAWN }, () => {
    const stories = 1 + Math.floor(random() * 5);
    const own = [
      ...pick("subject", 1),
      ...pick("preheader", 1),
      ...pick("headline", stories),
      ...pick("gist", stories),
      ...pick("point", Math.floor(random() * 4)),
      ...pick("brief", Math.floor(random() * 6)),
      ...pick("quotation", Math.floor(random() * 2)),
    ];
    return { sends: own.every(isKept), lines: chancesOf(own, chances) };
  });
}

function chancesOf(rows: readonly LineRow[], chances: Chances): Whole["lines"] {
  return rows.map((row) => ({ chance: chances.get(row) ?? 1 }));
}

function isKept({ verdict }: LineRow): boolean {
  return verdict === "k";
}

function chanceOn(line: Line, features: readonly number[]): number {
  return 1 / (1 + Math.exp(-logOddsOn(line, features)));
}

/** What issues never seen would come to: each is judged by what was trained without it. */
function check(all: Judged): void {
  const lines: (readonly [row: LineRow, chance: number])[] = [];
  const issues: (readonly [row: IssueRow, chance: number])[] = [];
  for (const issue of new Set(all.lines.map((row) => row.issue))) {
    const weights = trained({
      lines: all.lines.filter((row) => row.issue !== issue),
      issues: all.issues.filter((row) => row.issue !== issue),
    });
    const own = all.lines.filter((row) => row.issue === issue && row.features.length > 0);
    const chances = new Map(own.map((row) => [row, chanceOn(weights.line, row.features)]));
    lines.push(...chances);
    for (const row of all.issues.filter((one) => one.issue === issue)) {
      const shown = own.filter(({ line }) => row.lines.includes(line));
      issues.push([row, issueChance(chancesOf(shown, chances), weights.issue)]);
    }
  }
  const bad = lines.filter(([row]) => !isKept(row));
  const good = lines.filter(([row]) => isKept(row));
  console.log(
    `lines: ${lines.length}, not kept ${bad.length}, area under the curve ${area(lines)}`,
  );
  for (const limit of [0.2, 0.35, 0.5, 0.65, 0.8]) {
    const below = (some: typeof lines) => some.filter(([, chance]) => chance < limit).length;
    console.log(
      `  below ${limit}: ${share(below(bad), bad.length)} of those not kept, ${share(below(good), good.length)} of those kept`,
    );
  }
  for (const limit of [0.2, 0.35, 0.5]) reportCured(all.issues, new Map(lines), limit);
  for (const [kind, some] of Map.groupBy(lines, ([{ as }]) => as))
    console.log(
      `  ${kind}: ${some.length}, not kept ${some.filter(([row]) => !isKept(row)).length}, area ${area(some)}`,
    );
  for (const [build, some] of Map.groupBy(issues, ([row]) => row.build)) {
    console.log(
      `issues, ${build}: ${some.length}, sent unseen ${some.filter(([{ sends }]) => sends).length}`,
    );
    for (const [row, chance] of some.toSorted(([, a], [, b]) => b - a))
      console.log(`  ${chance.toFixed(2)}  ${row.sends ? "send" : "no  "}  ${row.issue}`);
  }
}

/** The lines of an issue that cures at a limit would leave out, as `cures.ts` does, but for what is in another language. */
function curedLines(rows: readonly LineRow[], chances: Chances, limit: number): Set<LineRow> {
  const isBad = (row: LineRow) => row.features[FAULT] === 1 || (chances.get(row) ?? 1) < limit;
  const isTitle = ({ as }: LineRow) => as === "headline" || as === "brief";
  const stories = Object.values(
    Object.groupBy(rows, (row) => rows.slice(0, rows.indexOf(row) + 1).filter(isTitle).length),
  ).filter((story) => story !== undefined);
  const removed = stories.flatMap((story) => {
    const title = story.find(isTitle);
    const gist = story.find(({ as }) => as === "gist");
    const isHidden =
      title !== undefined &&
      ((chances.get(title) ?? 1) < limit || (title.features[READ] ?? 0) < logOdds(limit));
    if (isHidden) return story;
    const toBrief = gist !== undefined && isBad(gist);
    return story.filter((row) =>
      toBrief ? !isTitle(row) && row.as !== "source" : MODULES.has(row.as) && isBad(row),
    );
  });
  return new Set(removed.filter(({ as }) => as !== "subject" && as !== "preheader"));
}

function logOdds(chance: number): number {
  return Math.log(chance / (1 - chance));
}

/** What cures at a limit leave out of the issues as they were built without any, and what the report then names. */
function reportCured(issues: readonly IssueRow[], chances: Chances, limit: number): void {
  const rowsOf = ({ issue, lines }: IssueRow) =>
    lines.flatMap((line) =>
      [...chances.keys()].filter((row) => row.issue === issue && row.line === line),
    );
  const counts = { bad: 0, cured: 0, named: 0, good: 0, lost: 0 };
  for (const one of issues.filter(({ build }) => build === "today")) {
    const rows = [...new Set(rowsOf(one))];
    const removed = curedLines(rows, chances, limit);
    const worst = rows
      .filter((row) => !removed.has(row))
      .toSorted((a, b) => (chances.get(a) ?? 1) - (chances.get(b) ?? 1))
      .slice(0, NAMED);
    const named = new Set(worst);
    for (const row of rows) {
      counts[isKept(row) ? "good" : "bad"]++;
      if (removed.has(row)) counts[isKept(row) ? "lost" : "cured"]++;
      else if (!isKept(row) && named.has(row)) counts.named++;
    }
  }
  const { bad, cured, named, good, lost } = counts;
  console.log(
    `  cured at ${limit}: ${share(cured, bad)} of ${bad} bad lines, with those named ${share(cured + named, bad)}; ${share(lost, good)} of ${good} good ones`,
  );
}

function area(lines: readonly (readonly [row: LineRow, chance: number])[]): string {
  const [good, bad] = [true, false].map((kept) =>
    lines.filter(([row]) => isKept(row) === kept).map(([, chance]) => chance),
  );
  let won = 0;
  for (const one of good ?? [])
    for (const other of bad ?? []) won += one > other ? 1 : one === other ? 0.5 : 0;
  return (won / ((good?.length ?? 0) * (bad?.length ?? 0))).toFixed(3);
}

function share(count: number, of: number): string {
  return `${((100 * count) / of).toFixed(0)} %`;
}

/** The issues to build, by their numbers. */
function numbered(): (readonly [number: number, articles: readonly Known[]])[] {
  const all = drawIssues().map((articles, at) => [at + 1, articles] as const);
  return process.argv.includes("--last")
    ? all.filter(([number]) => number > DEVELOPED)
    : all.filter(([number]) => number <= DEVELOPED);
}

interface BuiltLines {
  readonly lines: readonly { readonly line: PrintedLine; readonly features: readonly number[] }[];
  readonly text: string;
  readonly findings: string;
}

async function eachBuilt(
  use: (number: number, articles: readonly Known[], built: BuiltLines) => void,
): Promise<void> {
  await withBuilder(async (build) => {
    for (const [number, articles] of numbered()) {
      const { digest, files, sample, report } = await build(articles);
      const text = String(files.get("email.txt"));
      const html = parseHtml(String(files.get("email.html")));
      const printed = linesIn(html, digest, { text, slots: sample.slots });
      const lines = printed.lines.flatMap((line) => {
        const features = lineFeatures(line, digest) ?? (line.as === "source" ? [] : undefined);
        return features ? [{ line, features }] : [];
      });
      const found = report.findings.map(
        ({ severity, rule, message }) => `${severity}  ${rule}  ${message}`,
      );
      const ready = report.ready ? `ready  ${report.ready.chance}` : "not judged";
      use(number, articles, { lines, text, findings: [ready, ...found].join("\n") });
    }
  });
}

async function writeSheets(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const known = new Map(judged().lines.map((row) => [keyOf(row.issue, row.as, row.line), row]));
  await eachBuilt((number, articles, { lines, text, findings }) => {
    const write = (what: string, content: string) =>
      writeFileSync(path.join(folder, `issue-${nameOf(number)}.${what}`), `${content}\n`);
    let last: unknown;
    const shown = lines.flatMap(({ line: { as, text: words, entry } }, at) => {
      const above = entry && entry !== last ? [`\n     (story: ${headlineOf(entry)})`] : [];
      last = entry;
      return [...above, `${String(at + 1).padStart(3)}  ${as.padEnd(10)} ${words}`];
    });
    const sheet = lines.map(({ line: { as, text: words } }, at) => {
      const verdict = known.get(keyOf(number, as, hashId(words)))?.verdict ?? "";
      return [nameOf(number), at + 1, as, hashId(words), verdict].join("\t");
    });
    const rows = lines.map(({ line: { as, text: words }, features }) => {
      return { as, line: hashId(words), features: features.map(rounded) };
    });
    write(
      "rows.json",
      JSON.stringify({ issue: number, articles: articles.map(({ id }) => id), rows }),
    );
    write("lines.txt", shown.join("\n"));
    write("email.txt", text);
    write("findings.txt", findings);
    write(
      "articles.txt",
      articles
        .map(({ article }) => `${article.title}\n\n${article.text.slice(0, 4000)}`)
        .join("\n\n\n"),
    );
    write(
      "sheet.tsv",
      ["issue\tline\tkind\thash\tverdict", ...sheet, `${nameOf(number)}\t0\twhole\t\t`].join("\n"),
    );
  });
}

/** What a reader says of the issues in a folder of sheets, beside what was known before. */
function takeUp(folder: string, build: string): void {
  const names = readdirSync(folder).filter((name) => name.endsWith(".rows.json"));
  const taken: (LineRow | IssueRow)[] = [];
  for (const name of names) {
    const read = (file: string) => readFileSync(path.join(folder, file), "utf8");
    const { issue, articles, rows } = builtIssue.parse(JSON.parse(read(name)));
    const cells = read(name.replace("rows.json", "sheet.tsv")).split("\n");
    const verdicts = new Map(
      cells
        .map((row) => row.split("\t"))
        .map(([, , as, hash, verdict = ""]) => [`${as} ${hash}`, verdict]),
    );
    const lines = rows.flatMap(({ as, line, features }): LineRow[] => {
      const verdict = verdicts.get(`${as} ${line}`) ?? "";
      return verdict === "" ? [] : [{ issue, as, line, features, verdict }];
    });
    const sends = verdicts.get("whole ")?.startsWith("send") ?? false;
    const shown = lines.map(({ line }) => line);
    taken.push(...lines, { issue, build, articles, lines: shown, sends });
  }
  const before = existsSync(JUDGED) ? readFileSync(JUDGED, "utf8").split("\n").filter(Boolean) : [];
  const kept = new Map<string, string>();
  for (const text of [...before, ...taken.map((row) => JSON.stringify(row))]) {
    const row = z.union([lineRow, issueRow]).parse(JSON.parse(text));
    kept.set(
      "verdict" in row ? keyOf(row.issue, row.as, row.line) : `${row.issue} ${row.build}`,
      text,
    );
  }
  writeFileSync(JUDGED, `${[...kept.values()].join("\n")}\n`);
}

function nameOf(number: number): string {
  return String(number).padStart(2, "0");
}

function keyOf(issue: number, as: string, line: string): string {
  return `${issue} ${as} ${line}`;
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
