import { existsSync } from "node:fs";
import { type Report, parseReport } from "../../check/finding.ts";
import type { IssueKey } from "../../delivery/ledger.ts";
import { systemClock } from "../../platform/clock.ts";
import type { CheckedIssue, ComposedIssue, PublishedIssue } from "../stages.ts";
import { type Places, readBeside, refuseFrozen, writeIssue } from "./outbox.ts";
import { digestJsonSchema } from "../../digest/digest-json.ts";
import type { BuiltDigest } from "../../digest/digest.ts";
import type { EditsFile } from "./edits-file.ts";
import { fillMergeFields } from "../../delivery/compile-message.ts";
import { digestHash, type StoredEmail } from "../../email/email.ts";
import {
  issueData,
  type IssueFiles,
  previewPage,
  previewStamp,
  STAMP_FILE,
} from "../../preview/preview-page.ts";
import { ISSUE_FILES } from "../../preview/page-data.ts";
import { SAMPLE_READER } from "../mailing.ts";
import path from "node:path";
import { once } from "../../platform/remembering.ts";

export interface PublishOptions {
  /** The outbox for the issue; by default the newsletter's own. */
  readonly outbox?: string;
  /**
   * Set if an issue whose sending has begun may be written: its readers get this version from now on, or the outbox is not
   * the newsletter's.
   */
  readonly mayBeSent?: true;
  /** The editor's operations on the issue, locked. Present if the issue may have an editor. */
  readonly edits?: EditsFile | undefined;
}

/**
 * Writes an issue to the outbox. No other function writes an issue's folder.
 * @throws BroadsheetError ISSUE_FROZEN if sending has begun; OUTBOX_*, STORE_*, LEDGER_RESTORED.
 */
export async function publish<I extends CheckedIssue>(
  given: I,
  config: Places,
  { outbox = config.outbox, mayBeSent, edits }: PublishOptions = {},
): Promise<I & PublishedIssue> {
  const issue = { ...given, report: await wholeReport(given, outbox) };
  const { files, data } = filesAndPage(issue);
  const key = issue.digest.issue;
  if (!mayBeSent) await refuseFrozen(config, key);
  const isOwn = path.resolve(outbox) === path.resolve(config.outbox);
  const isDraftAgain = isOwn && (await withdrawApproval(config, key, files));
  let isOutdated = false;
  // Text editors that change digest.json take no lock.
  const { editedText: read, built } = issue;
  await edits?.store(files);
  const folder = await writeIssue(outbox, key, files, async (former) => {
    isOutdated = (await edits?.takeUpReplaced(former, { read, built })) || isOutdated;
  });
  return { ...issue, files, data, folder, isDraftAgain, isOutdated };
}

/** The omissions of a build stay in the report of every version of the issue until the next build. */
async function wholeReport(
  { report, digest: { issue } }: CheckedIssue,
  outbox: string,
): Promise<Report> {
  if (report.leftOut) return report;
  const folder = path.join(outbox, issue.newsletter, issue.slot);
  const before = parseReport((await readBeside(folder, ISSUE_FILES.report)) ?? "");
  return before?.leftOut ? { ...report, leftOut: before.leftOut } : report;
}

/** Makes an approved issue a draft again if its digest changes. Returns whether it did. */
async function withdrawApproval(
  { outbox, store }: Places,
  { newsletter, slot }: IssueKey,
  files: ReadonlyMap<string, string | Buffer>,
): Promise<boolean> {
  // Most builds make a new issue and need no store.
  if (!existsSync(path.join(outbox, newsletter, slot))) return false;
  const { hasStore } = await import("../../platform/store.ts");
  if (!(await hasStore(store))) return false;
  const { openRecords } = await import("../../delivery/io/issue-records.ts");
  await using records = await openRecords({ store, slug: newsletter }, systemClock, {
    isLooking: true,
  });
  const { state, digestHash: approved } = (await records.find(slot)) ?? {};
  if (state !== "approved" || approved === digestHash(files.get(ISSUE_FILES.digest) ?? ""))
    return false;
  return await records.move({ slot }, { seen: state, event: "change" });
}

/** The files of an issue, including the page that shows it. The same issue gives the same bytes. */
export function issueFiles(issue: CheckedIssue): IssueFiles {
  return filesAndPage(issue).files;
}

function filesAndPage(issue: CheckedIssue): Pick<PublishedIssue, "files" | "data"> {
  const { digest, email, sample, report, pictures, built, articlesText } = issue;
  const filled = fillMergeFields(email, SAMPLE_READER, sample.mailing);
  const text = digestText(digest);
  const files = new Map<string, string | Buffer>([
    ["email.html", filled.html],
    ["email.txt", filled.text],
    ["email.eml", sample.message.raw],
    [ISSUE_FILES.report, toJson(report)],
    [ISSUE_FILES.digest, text],
    [ISSUE_FILES.written, text],
    ...(built === undefined ? [] : [[ISSUE_FILES.built, built] as const]),
    ...(articlesText === undefined ? [] : [[ISSUE_FILES.articles, articlesText] as const]),
    ["digest.schema.json", schemaText()],
    ...pictures.map(({ name, content }) => [`images/${name}`, content] as const),
  ]);
  const data = issueData(digest, files);
  const stored: StoredEmail = { digest: data.hash, ...email };
  const page = previewPage({ mode: "file", issue: data, desk: null });
  files.set(ISSUE_FILES.email, toJson(stored)).set("preview.html", page);
  return { data, files: files.set(STAMP_FILE, previewStamp(page)) };
}

const schemaText = once(() => toJson(digestJsonSchema()));

export function digestText(digest: BuiltDigest): string {
  return toJson({ $schema: "./digest.schema.json", ...digest });
}

/** The text of `articles.json`: the identities of the articles, and the time at which the schedule sends the issue. */
export function articlesText({ letters, stories }: ComposedIssue, at: Date | undefined): string {
  const told = stories.flatMap((story) => [story, ...story.merged]);
  const articles = [...letters.slice(0, 1), ...told].map(({ print }) => print);
  return toJson({ ...(at && { at: at.toISOString() }), articles });
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
