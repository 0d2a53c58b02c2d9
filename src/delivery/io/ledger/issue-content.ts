import { parseEmailJson } from "../../../email/email.ts";
import type { Picture } from "../../../platform/picture.ts";
import {
  bytesIn,
  type Database,
  dateIn,
  fieldsOf,
  maybe,
  textIn,
} from "../../../platform/sqlite/database.ts";
import type { IssueContent, IssueKey } from "../../ledger.ts";

/*
 * What issues were sent from. The content of each issue stays in the store: the pages of the archive are made of it. It
 * takes no more room than the outbox, where the same files are.
 */

/** Keeps what an issue is sent from, and drops what was kept before. */
export function keepContent(database: Database, issue: number, content: IssueContent): void {
  database.prepare("DELETE FROM issue_content WHERE issue = ?").run(issue);
  // The shape of email.json, which names the hash of the digest that it was rendered from.
  const email = JSON.stringify({ digest: "", ...content.email });
  database.prepare(KEEP).run(issue, content.digest, email);
  for (const picture of content.pictures) {
    database.prepare(KEEP_PICTURE).run(issue, picture.name, picture.contentType, picture.content);
  }
}

const KEEP = "INSERT INTO issue_content (issue, digest, email) VALUES (?, ?, ?)";

const KEEP_PICTURE =
  "INSERT INTO issue_picture (issue, name, content_type, content) VALUES (?, ?, ?, ?)";

/** What a planned issue is sent from; undefined where nothing is kept. */
export function contentOf(database: Database, key: IssueKey): IssueContent | undefined {
  const texts = textsOf(database, key);
  if (!texts) return undefined;
  const pictures = database.prepare(`${PICTURES} ORDER BY issue_picture.id`);
  return { ...texts, pictures: pictures.all(key.newsletter, key.slot).map(pictureIn) };
}

/** The same without the pictures. */
export function textsOf(
  database: Database,
  { newsletter, slot }: IssueKey,
): Omit<IssueContent, "pictures"> | undefined {
  const row = database.prepare(TEXTS).get(newsletter, slot);
  if (!row) return undefined;
  const { digest: _digest, ...email } = parseEmailJson(textIn(row, "email"), database.file);
  return { digest: textIn(row, "digest"), email };
}

/** One of its pictures. */
export function pictureOf(
  database: Database,
  { newsletter, slot }: IssueKey,
  name: string,
): Picture | undefined {
  const row = database.prepare(`${PICTURES} AND name = ?`).get(newsletter, slot, name);
  return row && pictureIn(row);
}

const pictureIn = fieldsOf({
  name: textIn,
  contentType: textIn,
  content: (row, column) => Buffer.from(bytesIn(row, column)),
});

const TEXTS = `
  SELECT issue_content.* FROM issue_content JOIN issue ON issue.id = issue_content.issue
  WHERE newsletter = ? AND slot = ? AND planned_at IS NOT NULL`;

const PICTURES = `
  SELECT issue_picture.* FROM issue_picture JOIN issue ON issue.id = issue_picture.issue
  WHERE newsletter = ? AND slot = ? AND planned_at IS NOT NULL`;

/** The issues of a newsletter that readers have, or get now. An issue that a restored store has only the name of has no time. */
export function sentIssues(database: Database, newsletter: string) {
  return database.prepare(SENT).all(newsletter).map(sentIn);
}

const sentIn = fieldsOf({ slot: textIn, contentHash: textIn, plannedAt: maybe(dateIn) });

const SENT = `
  SELECT slot, content_hash, planned_at FROM issue
  WHERE newsletter = ? AND state IN ('sending', 'sent')`;
