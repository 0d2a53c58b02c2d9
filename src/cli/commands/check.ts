import { BroadsheetError, ERROR_CODES } from "../../errors.ts";
import { systemClock } from "../../platform/clock.ts";
import type { Notice } from "../../platform/notice.ts";
import { noticesOn } from "../../schedule/io/gather-notices.ts";
import { noticesView } from "../notices-view.ts";
import { type Configure, outboxFlags, type OutboxFlags } from "../flags.ts";
import { Option } from "commander";
import { checkStoredIssue, type CheckedTarget } from "../../issue/check-stored-issue.ts";
import {
  findingText,
  type ShownFinding,
  shownFindings,
  verdictText,
} from "../../issue/issue-to-send.ts";
import type { Config } from "../../config/config.ts";
import { openOutbox } from "../open-outbox.ts";
import { announcedBuilt, announceNamed } from "../meant.ts";
import { reporterOn } from "../reporter.ts";
import path from "node:path";
import { messageInput } from "../../check/check-email.ts";
import type { Finding, NotRun, Place, Report } from "../../check/finding.ts";
import { reviewMail, tallyOf } from "../../review/review.ts";
import { shownEntries } from "../../digest/arrange/weights.ts";
import { type Digest, headlineOf } from "../../digest/digest.ts";
import type { Style, Terminal } from "../terminal.ts";
import { hanging, wrapped } from "../table.ts";
import { type CheckOptions, checkAll, type Checkable } from "../../check/io/check-outside.ts";
import { decodeSource } from "../../article/decode-source.ts";
import { parseHtml } from "../../check/html-document.ts";
import type { CheckInput } from "../../check/rule.ts";
import { backgroundWords, isBackground } from "../../review/verdict-words.js";
import { readBytes } from "../../sources/io/read-sources.ts";

const check: Configure = (command, terminal) => {
  outboxFlags(command)
    .argument(
      "[ISSUE]",
      "its slot, its folder, or: latest (default: the next open slot, or latest without a schedule)",
    )
    .option("--html <FILE>", "check a file instead: any HTML, or a message (.eml)")
    .addOption(
      new Option("--static", "check only the email itself, without other programs").conflicts([
        "browser",
        "links",
      ]),
    )
    .option("--browser", "check it in a browser too, in each view, with the network blocked")
    .option("--links", "request every link and picture on the web")
    .option("--dkim-key <FILE>", "verify DKIM with this public key, or its DNS record")
    .option("--allow-private", "with --links, also request private addresses")
    .addHelpText(
      "after",
      `
Prints "Ready to send" if there is nothing to fix or to look at. Exits with 65 if something must be fixed, which stops
\`send\`, and otherwise with 0. Checks that did not run are listed, with what they need. docs/checks.md explains each
rule.

Examples:
  broadsheet check
  broadsheet check 2026-11-24 --browser --json
  broadsheet check --html newsletter.eml --links`,
    )
    .action(async (name: string | undefined, flags: CheckFlags) => {
      if (name !== undefined && flags.html !== undefined)
        throw new BroadsheetError("USAGE", "an issue and --html can't both be given", {
          fix: "leave one of them out",
        });
      const config = await openOutbox(flags, terminal);
      const { cwd } = terminal;
      const surroundings = { cwd, reporter: reporterOn(terminal) };
      if (name !== undefined) await announceNamed(name, config, terminal);
      const checked =
        flags.html === undefined
          ? await checkStoredIssue(
              name ?? (await nameMeant(config, terminal)),
              config,
              flags,
              surroundings,
            )
          : await checkFile(flags.html, config, flags, terminal);
      const { digest, report } = checked;
      const around = { clock: systemClock, env: process.env };
      const notices = digest ? await noticesOn({ digest, report }, config, around) : undefined;
      conclude({ ...checked, notices }, flags, terminal);
    });
};

/** Finds the issue to check. Without a schedule it is the latest one. */
async function nameMeant(config: Config, terminal: Terminal): Promise<string> {
  if (!config.schedule) return "latest";
  return (await announcedBuilt(config, terminal)).slot;
}

interface Concluded extends CheckedTarget {
  readonly notices?: readonly Notice[] | undefined;
}

/** The width of a finding's severity with the space after it. */
const INDENT = 7;

/** Prints a report, as JSON if requested. The exit code is 65 if something must be fixed. */
function conclude(target: Concluded, { json }: CheckFlags, terminal: Terminal): void {
  const { report, notices } = target;
  const hasFailed = report.verdict === "fail";
  if (json) terminal.printJson({ ...report, ...(notices && { notices }) });
  else if (terminal.isQuiet && hasFailed)
    terminal.warn(`${report.target}: ${verdictText(report)}`, FAILED);
  else terminal.print(view(target, terminal));
  if (hasFailed) terminal.exitCode ||= FAILED;
}

const FAILED = ERROR_CODES.EMAIL_INVALID.exit;

function view({ report, digest, notices = [] }: Concluded, terminal: Terminal): string {
  const { paint, columns } = terminal;
  const background = report.findings.filter(isBackground);
  const { shown, left } = shownFindings({
    findings: report.findings.filter((finding) => !isBackground(finding)),
  });
  const rule = terminal.rule();
  const headlines = digest ? shownEntries(digest).map(headlineOf) : [];
  const rows = [
    ...shown.map((finding) => row(finding, headlines, terminal)),
    ...backgroundRow(background, terminal),
    // The findings are above, with their places.
    ...noticesView(
      notices.filter(({ about }) => about.rule === undefined),
      terminal,
    ),
  ];
  return [
    paint(
      "bold",
      wrapped(digest ? `${name(digest)}, ${digest.subject}` : report.target, columns).join("\n"),
    ),
    tally(report),
    "",
    verdictText(report, paint),
    ...(rows.length > 0 ? [rule, ...rows, ...leftOver(left, terminal), rule] : []),
    "",
    ...notRun(report.notRun, terminal),
  ]
    .join("\n")
    .trimEnd();
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
  const { severity, rule, where, fix } = finding;
  const [word, style] = WORDS[severity];
  const text = findingText(finding, headlines);
  const [first = "", ...rest] = wrapped(text, columns - INDENT);
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

function backgroundRow(notes: readonly Finding[], { paint, columns }: Terminal): string[] {
  if (notes.length === 0) return [];
  const [word, style] = WORDS.info;
  const head = `${paint(style, word)}${" ".repeat(INDENT - word.length)}`;
  return [hanging(head, `${backgroundWords(notes)} (--json has them)`, columns)];
}

function placeText(where: Place | undefined, count = 1): string {
  const at = where?.template ?? (where?.line === undefined ? "" : `line ${where.line}`);
  const others = count > 1 && at !== "" ? ` and ${count - 1} more` : "";
  return `${at}${others}`;
}

function leftOver(left: readonly Finding[], { paint, columns }: Terminal): string[] {
  if (left.length === 0) return [];
  const rules = [...new Set(left.map(({ rule }) => rule))].join(", ");
  return [
    hanging(`${paint("dim", "More")}   `, `${left.length} more with --json: ${rules}`, columns),
  ];
}

const NOT_RUN = "Not run   ";

/** Checks that need the same input share one line. */
function notRun(left: readonly NotRun[], { paint, columns }: Terminal): string[] {
  if (left.length === 0) return [];
  const groups = [...Map.groupBy(left, ({ why }) => why)];
  const lines = groups.flatMap(([why, rules]) => {
    const names =
      rules.length > 3 ? `${rules.length} rules` : rules.map(({ rule }) => rule).join(", ");
    return wrapped(`${why} (${names})`, columns - NOT_RUN.length);
  });
  const [first = "", ...rest] = lines;
  return [
    `${NOT_RUN}${paint("dim", first)}`,
    ...rest.map((line) => " ".repeat(NOT_RUN.length) + paint("dim", line)),
  ];
}

interface CheckFlags extends OutboxFlags, CheckOptions {
  readonly html?: string;
}

/** Checks a file: HTML, or a message. */
async function checkFile(
  name: string,
  { audience }: Pick<CheckInput, "audience">,
  flags: CheckFlags,
  terminal: Terminal,
): Promise<CheckedTarget> {
  const bytes = await readBytes(name, terminal.cwd);
  const target = terminal.shown(path.resolve(terminal.cwd, name));
  const common = { target, audience };
  const { cwd } = terminal;
  const isMessage = /\.eml$/i.test(name) || looksLikeMessage(bytes.toString("latin1", 0, 2000));
  const signed = flags.dkimKey === undefined ? undefined : async () => ({ raw: bytes });
  const checkable: Checkable = isMessage
    ? { input: { ...common, ...(await messageInput(bytes)) }, raw: bytes, cwd, signed }
    : { input: { ...common, html: parseHtml(decoded(bytes, name)) }, cwd };
  return { report: await checkAll(reviewMail(checkable.input), checkable, flags) };
}

/** Header fields at the beginning of a message, whether a mail program saved it or another program wrote it. */
const FIRST =
  /^(?:From .*\r?\n)?(?:Return-Path|Received|Delivered-To|X-[\w-]+|ARC-[\w-]+|Authentication-Results|DKIM-Signature|Date|From|To|Subject|Message-ID|MIME-Version|Content-Type|Reply-To|Sender|List-[\w-]+)[ \t]*:/i;

/** Recognises a message by its beginning, decoded as Latin-1. The file name does not matter. */
function looksLikeMessage(beginning: string): boolean {
  return FIRST.test(
    beginning
      .slice(0, 2000)
      .replace(/^\u00EF\u00BB\u00BF/, "")
      .trimStart(),
  );
}

/** @throws BroadsheetError if the file is not text. */
function decoded(bytes: Buffer, name: string): string {
  try {
    return decodeSource(bytes, name);
  } catch (cause) {
    if (!(cause instanceof BroadsheetError)) throw cause;
    const fix = "give the HTML of an email, or a message as an .eml file";
    throw new BroadsheetError(cause.code, cause.message, { where: cause.where, fix, cause });
  }
}

export const commands = { check };
