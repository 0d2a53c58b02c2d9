import type { Finding, NotRun, Place, Report } from "../check/finding.ts";
import { shownFindings, type ShownFinding, verdictText } from "../check/fold-findings.ts";
import { tallyOf } from "../check/tally.ts";
import { headlinesOf } from "../check/content/stories.ts";
import type { Digest } from "../digest/digest.ts";
import { ERROR_CODES } from "../errors.ts";
import type { CheckedTarget } from "../issue/check-stored-issue.ts";
import type { CheckFlags } from "./check-flags.ts";
import type { Style } from "./paint.ts";
import type { Terminal } from "./terminal.ts";
import { wrapped } from "./wrapped.ts";

/** The words for a finding's weight, with what is between. */
const INDENT = 7;

/** Prints a report, as JSON where that is asked for, and leaves with 65 where something must be fixed. */
export function conclude(target: CheckedTarget, { json }: CheckFlags, terminal: Terminal): void {
  const { report } = target;
  const hasFailed = report.verdict === "fail";
  if (json) terminal.printJson(report);
  else if (terminal.isQuiet && hasFailed)
    terminal.warn(`${report.target}: ${verdictText(report)}`, FAILED);
  else terminal.print(view(target, terminal));
  if (hasFailed) terminal.exitCode ||= FAILED;
}

const FAILED = ERROR_CODES.EMAIL_INVALID.exit;

function view({ report, digest }: CheckedTarget, terminal: Terminal): string {
  const { paint, isUtf8, columns } = terminal;
  const { shown, left } = shownFindings(report);
  const rule = paint("dim", (isUtf8 ? "─" : "-").repeat(columns));
  const headlines = digest ? headlinesOf(digest) : [];
  const rows = shown.map((finding) => row(finding, headlines, terminal));
  return [
    paint(
      "bold",
      wrapped(digest ? `${name(digest)}, ${digest.subject}` : report.target, columns).join("\n"),
    ),
    tally(report),
    "",
    paint(verdictStyle(report), verdictText(report)),
    ...(rows.length > 0 ? [rule, ...rows, ...leftOver(left, terminal), rule] : []),
    "",
    ...notRun(report.notRun, terminal),
  ]
    .join("\n")
    .trimEnd();
}

function verdictStyle({ verdict, findings }: Report): Style {
  if (verdict === "fail") return "fix";
  return findings.some(({ severity }) => severity === "warning") ? "look" : "ready";
}

function name({ issue, publication }: Digest): string {
  const number = issue.number === undefined ? issue.slot : `No. ${issue.number}`;
  return publication ? `${publication.name}, ${number}` : number;
}

function tally(report: Report): string {
  const { passed, ran } = tallyOf(report);
  return `${passed} of ${ran} checks pass`;
}

const WORDS: Readonly<Record<Finding["severity"], readonly [word: string, style: Style]>> = {
  error: ["Fix", "fix"],
  warning: ["Look", "look"],
  info: ["Note", "dim"],
};

function row(
  finding: ShownFinding,
  headlines: readonly string[],
  { paint, columns }: Terminal,
): string {
  const { severity, more, rule, where, fix } = finding;
  const [word, style] = WORDS[severity];
  const story = headlines.indexOf(where?.story ?? "") + 1;
  const told = `${story > 0 ? `Story ${story}: ` : ""}${finding.message}${more > 0 ? `, and ${more} more like it` : ""}`;
  const [first = "", ...rest] = wrapped(told, columns - INDENT);
  const place = [rule, placeText(where, finding.count)].filter(Boolean).join("   ");
  const indent = " ".repeat(INDENT);
  const advice = severity === "info" || fix === undefined ? [] : wrapped(fix, columns - INDENT);
  const last = rest.at(-1) ?? first;
  const fits = last.length + place.length + 3 <= columns - INDENT;
  const lines = [first, ...rest];
  if (fits) lines[lines.length - 1] = `${last}   ${paint("dim", place)}`;
  return [
    `${paint(style, word)}${" ".repeat(INDENT - word.length)}${lines.join(`\n${indent}`)}`,
    ...(fits ? [] : [indent + paint("dim", place)]),
    ...advice.map((line) => indent + paint("dim", line)),
  ].join("\n");
}

function placeText(where: Place | undefined, count = 1): string {
  const at = where?.template ?? (where?.line === undefined ? "" : `line ${where.line}`);
  const others = count > 1 && at !== "" ? ` and ${count - 1} more` : "";
  return `${at}${others}`;
}

function leftOver(left: readonly Finding[], { paint, columns }: Terminal): string[] {
  if (left.length === 0) return [];
  const rules = [...new Set(left.map(({ rule }) => rule))].join(", ");
  const text = `${left.length} more with --json: ${rules}`;
  const indent = " ".repeat(INDENT);
  const [first = "", ...rest] = wrapped(text, columns - INDENT);
  return [`${paint("dim", "More")}   ${first}`, ...rest.map((line) => indent + line)];
}

const NOT_RUN = "Not run   ";

/** What the same thing would let run stands in one line. */
function notRun(left: readonly NotRun[], { paint, columns }: Terminal): string[] {
  if (left.length === 0) return [];
  const groups = [...Map.groupBy(left, ({ why }) => why)];
  const lines = groups.flatMap(([why, rules]) => {
    const names =
      rules.length > 3 ? `${rules.length} rules` : rules.map(({ rule }) => rule).join(", ");
    return wrapped(`${names}: ${why}`, columns - NOT_RUN.length);
  });
  const [first = "", ...rest] = lines;
  return [
    `${NOT_RUN}${paint("dim", first)}`,
    ...rest.map((line) => " ".repeat(NOT_RUN.length) + paint("dim", line)),
  ];
}
