import { ISSUE_FILES } from "../preview/page-data.ts";
import { canonicalLink } from "../article/identity.ts";
import { shownEntries } from "../digest/arrange/weights.ts";
import { type Digest, type Entry, flatEntries, headlineOf } from "../digest/digest.ts";
import type { Fingerprint } from "../digest/stories/story.ts";
import type { Email } from "../email/email.ts";
import type { Picture } from "../platform/picture.ts";
import type { CheckedIssue } from "./stages.ts";
import type { Finding, Report } from "../check/finding.ts";
import { BroadsheetError } from "../errors.ts";
import * as z from "zod";
import path from "node:path";
import { groupsOf, verdictWords } from "../review/verdict-words.js";
import { parseJson } from "../platform/attempt.ts";

/** An issue that can be sent. */
export interface IssueToSend {
  readonly digest: Digest;
  /** The text of the digest before an editor's changes, if the issue's folder has it. */
  readonly built?: string | undefined;
  readonly email: Email;
  readonly pictures: readonly Picture[];
  /** The folder in the outbox, absolute. */
  readonly folder: string;
  readonly digestHash: string;
  /** The text of articles.json, if the folder has it. */
  readonly articlesText?: string | undefined;
  /**
   * Set if the digest was edited after sending began: the issue rendered from that digest. `send --revise` sends it and
   * writes it to the outbox.
   */
  readonly unwritten?: CheckedIssue | undefined;
  /** Whether the files in the outbox were changed or removed after the content was frozen in the ledger. */
  readonly since?: "changed" | "gone" | undefined;
}

/**
 * Returns the identities of an issue's articles: those recorded by its build or, in the folder of an older version, those
 * that its digest shows.
 */
export function articlesOf({
  articlesText,
  digest,
}: Pick<IssueToSend, "articlesText" | "digest">): readonly Fingerprint[] {
  return (
    parseArticles(articlesText)?.articles ??
    flatEntries(digest).map(({ article }) => printIn(article))
  );
}

function printIn({ id, url, title, source }: Entry["article"]): Fingerprint {
  return { id, title, letters: "", source, ...(url !== undefined && { link: canonicalLink(url) }) };
}

const articlesSchema = z.object({
  at: z.iso.datetime().optional(),
  articles: z.array(
    z.object({
      id: z.string(),
      file: z.string().exactOptional(),
      link: z.string().exactOptional(),
      title: z.string(),
      letters: z.string(),
      likeness: z.string().exactOptional(),
      source: z.string(),
    }),
  ),
});

/** Parses the text of `articles.json`; undefined if it is missing or invalid. */
export function parseArticles(
  text: string | undefined,
): z.infer<typeof articlesSchema> | undefined {
  return text === undefined ? undefined : articlesSchema.safeParse(parseJson(text)).data;
}

/** The message that an edit has withdrawn an approval. */
export function withdrawnText(slot: string): string {
  return `${slot} was changed after it had been approved: it is a draft again`;
}

/** The error for an issue that waits or is approved, but is no longer in the outbox. */
export function goneError(slot: string): BroadsheetError {
  return new BroadsheetError("ISSUE_MISSING", `the issue of ${slot} is no longer in the outbox`, {
    fix: "the next run builds it again and asks you again: broadsheet run; before its time: broadsheet run --now",
  });
}

/** The name of an issue in messages: its number, otherwise its slot. */
export function nameOf({ digest: { issue } }: Pick<IssueToSend, "digest">): string {
  return issue.number === undefined ? issue.slot : `No. ${issue.number}`;
}

/** The result of the checks in a few words. */
export function verdictText(
  report: Pick<Report, "findings">,
  paint: (style: "fix" | "look" | "ready", text: string) => string = (_style, text) => text,
): string {
  const toFix = groupsOf(findingsOf(report, "error")).length;
  const toLookAt = groupsOf(findingsOf(report, "warning")).length;
  const words = verdictWords({ toFix, toLookAt });
  return paint(toFix > 0 ? "fix" : toLookAt > 0 ? "look" : "ready", words);
}

/**
 * Rejects an issue in which the checks found errors.
 * @throws BroadsheetError CHECK_FAILED, which lists them.
 */
export function assertFit(
  issue: Pick<IssueToSend, "digest" | "folder">,
  report: Report | undefined,
  fix = "fix it and build the issue again; to send it as it is, add --force",
): void {
  const errors = report ? findingsOf(report, "error") : [];
  if (errors.length === 0) return;
  const list = listOf(errors);
  const many = verdictWords({ toFix: errors.length, toLookAt: 0 });
  throw new BroadsheetError("CHECK_FAILED", `not sent: ${many} in ${nameOf(issue)}:${list}`, {
    where: { file: path.join(issue.folder, ISSUE_FILES.digest) },
    fix,
  });
}

/**
 * Rejects an issue with marked lines of a model that no editor has checked.
 * @throws BroadsheetError CONTENT_DOUBTFUL, which lists them.
 */
export function assertLookedAt(issue: IssueToSend, report: Report | undefined): void {
  const held = heldIn(report);
  if (held.length === 0) return;
  throw new BroadsheetError("CONTENT_DOUBTFUL", `not sent: ${HELD}:${listOf(held)}`, {
    where: { file: path.join(issue.folder, ISSUE_FILES.digest) },
    fix: "broadsheet desk shows them; to send it as it is, add --force",
  });
}

/** The reason why an issue waits for an editor, as a clause. */
export const HELD = "a model wrote lines that their articles do not clearly support";

/** The findings that make an issue wait for an editor. */
export function heldIn(report: Report | undefined): readonly Finding[] {
  return report?.findings.filter(({ holds }) => holds) ?? [];
}

function listOf(findings: readonly Finding[]): string {
  return findings.map((finding) => `\n  ${lineOf(finding)}`).join("");
}

function lineOf({ message, rule, where, fix }: Finding): string {
  const story = where?.story === undefined ? "" : `“${where.story}”: `;
  return `${story}${message} (${rule})${fix === undefined ? "" : `; ${fix}`}`;
}

function findingsOf(
  { findings }: Pick<Report, "findings">,
  severity: Finding["severity"],
): readonly Finding[] {
  return findings.filter((finding) => finding.severity === severity);
}

/** The maximum number of lines shown at once. */
const MOST_SHOWN = 12;

/** A finding as shown to people: one line. */
export interface ShownFinding extends Finding {
  /** The number of other findings of its kind that this one represents. */
  readonly more: number;
}

/**
 * Groups findings for people: many of one kind become one line, and if there are still too many, notes are only counted.
 * `left` is the number of findings that are not shown at all.
 */
export function shownFindings({ findings }: Pick<Report, "findings">): {
  readonly shown: readonly ShownFinding[];
  readonly left: readonly Finding[];
} {
  const groups = groupsOf(findings);
  const pressing = groups.filter(([{ severity }]) => severity !== "info").slice(0, MOST_SHOWN);
  const shown = groups.length <= MOST_SHOWN ? groups : pressing;
  return {
    shown: shown.map(([first, ...others]) => ({ ...first, more: others.length })),
    left: groups.filter((group) => !shown.includes(group)).flat(),
  };
}

/** A finding as a sentence. If the issue has several stories, the number of its story comes first. */
export function findingText(
  { message, where, more }: ShownFinding,
  headlines: readonly string[],
): string {
  const story = headlines.length > 1 ? headlines.indexOf(where?.story ?? "") + 1 : 0;
  const others = more > 0 ? `, and ${more} more like it` : "";
  return `${story > 0 ? `Story ${story}: ` : ""}${message}${others}`;
}

/** The verdict of the checks, then a line for each error and warning, in the words of `check`. */
export function findingLines(report: Report | undefined, digest: Digest): readonly string[] {
  if (!report) return ["The checks were not run."];
  const findings = report.findings.filter(({ severity }) => severity !== "info");
  const { shown } = shownFindings({ findings });
  const headlines = shownEntries(digest).map(headlineOf);
  const lines = shown.map((finding) => {
    const weight = finding.severity === "error" ? "Fix" : "Look";
    return `${weight}: ${findingText(finding, headlines)} (${finding.rule})`;
  });
  const left = findings.length - shown.reduce((sum, { more }) => sum + 1 + more, 0);
  const rest = left > 0 ? [`and ${left} more: broadsheet check ${digest.issue.slot}`] : [];
  return [`${verdictText(report)}${lines.length > 0 ? ":" : "."}`, ...lines, ...rest];
}
