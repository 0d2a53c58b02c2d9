import type { CheckedIssue, PublishedIssue } from "../stages.ts";
import { type Places, refuseFrozen, writeIssue } from "./outbox.ts";
import { digestJsonSchema } from "../../digest/digest-json.ts";
import type { Digest } from "../../digest/digest.ts";
import { fillMergeFields } from "../../delivery/compile-message.ts";
import { digestHash, type StoredEmail } from "../../email/email.ts";
import { issueData } from "../../preview/issue-data.ts";
import { ISSUE_FILES } from "../../preview/page-data.ts";
import { previewPage, previewStamp, STAMP_FILE } from "../../preview/preview-page.ts";
import { SAMPLE_READER } from "../mailing.ts";

interface PublishOptions {
  /** Where the issue goes: the newsletter's own outbox by default. */
  readonly outbox?: string;
  /** Whether its sending may have begun: its readers get it from now on, or the outbox is not the newsletter's. */
  readonly mayBeSent?: true;
}

/**
 * Writes an issue into the outbox. It is the only place that writes an issue's folder.
 * @throws BroadsheetError ISSUE_FROZEN where its sending has begun; OUTBOX_*, STORE_*, LEDGER_RESTORED.
 */
export async function publish<I extends CheckedIssue>(
  issue: I,
  config: Places,
  { outbox = config.outbox, mayBeSent }: PublishOptions = {},
): Promise<I & PublishedIssue> {
  if (!mayBeSent) await refuseFrozen(config, issue.digest.issue);
  const files = issueFiles(issue);
  const folder = await writeIssue(outbox, issue.digest.issue, files);
  return { ...issue, files, folder };
}

/** The files of an issue, the page that shows it among them. The same issue gives the same bytes. */
export function issueFiles(issue: CheckedIssue): ReadonlyMap<string, string | Buffer> {
  const { digest, email, sample, report, pictures, built, edits, editedText } = issue;
  const filled = fillMergeFields(email, SAMPLE_READER, sample.mailing);
  const text = digestText(digest);
  const stored: StoredEmail = { digest: digestHash(text), ...email };
  const files = new Map<string, string | Buffer>([
    ["email.html", filled.html],
    ["email.txt", filled.text],
    ["email.eml", sample.message.raw],
    [ISSUE_FILES.email, toJson(stored)],
    [ISSUE_FILES.report, toJson(report)],
    [ISSUE_FILES.digest, text],
    ...(built === undefined ? [] : [[ISSUE_FILES.built, built] as const]),
    ["digest.schema.json", toJson(digestJsonSchema())],
    ...pictures.map(({ name, content }) => [`images/${name}`, content] as const),
    ...(edits?.file !== undefined && editedText !== undefined
      ? [[edits.file, editedText] as const]
      : []),
  ]);
  const page = previewPage({ mode: "file", issue: issueData(digest, files), desk: null });
  return files.set("preview.html", page).set(STAMP_FILE, previewStamp(page));
}

/** The text of a digest as `digest.json` has it. */
export function digestText(digest: Digest): string {
  return toJson({ $schema: "./digest.schema.json", ...digest });
}

/** The name of a digest that is kept as it was edited: another one for each, so that none is overwritten. */
export function editedFile(digestJson: string): string {
  return `edited/digest-${digestHash(digestJson).slice(0, 8)}.json`;
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
