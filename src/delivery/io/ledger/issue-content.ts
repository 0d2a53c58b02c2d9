import { parseEmailJson } from "../../../email/email.ts";
import type { Picture } from "../../../platform/picture.ts";
import {
  bytesIn,
  type Database,
  dateIn,
  fieldsOf,
  maybe,
  type Queries,
  textIn,
} from "../../../platform/database.ts";
import type { IssueContent, IssueKey } from "../../ledger.ts";

/*
 * The content of sent issues. It stays in the store, because the pages of the archive are made of it. It takes no more room
 * than the same files in the outbox.
 */

/** Stores the content of an issue, and deletes its former content. */
export async function keepContent(
  queries: Queries,
  issue: number,
  content: IssueContent,
): Promise<void> {
  await queries.run("DELETE FROM issue_content WHERE issue = ?", issue);
  // `parseEmailJson` requires a hash of the digest, which is not needed here.
  const email = JSON.stringify({ digest: "", ...content.email });
  await queries.run(KEEP, issue, content.digest, email);
  for (const { name, contentType, content: bytes } of content.pictures)
    await queries.run(KEEP_PICTURE, issue, name, contentType, bytes);
}

const KEEP = "INSERT INTO issue_content (issue, digest, email) VALUES (?, ?, ?)";

const KEEP_PICTURE =
  "INSERT INTO issue_picture (issue, name, content_type, content) VALUES (?, ?, ?, ?)";

/** The content of a planned issue. Undefined if none is stored. */
export async function contentOf(
  database: Database,
  key: IssueKey,
): Promise<IssueContent | undefined> {
  const texts = await textsOf(database, key);
  if (!texts) return undefined;
  const { newsletter, slot } = key;
  const pictures = await database.all(`${PICTURES} ORDER BY issue_picture.id`, newsletter, slot);
  return { ...texts, pictures: pictures.map(pictureIn) };
}

/** The content without its pictures. */
export async function textsOf(
  database: Database,
  { newsletter, slot }: IssueKey,
): Promise<Omit<IssueContent, "pictures"> | undefined> {
  const row = await database.get(TEXTS, newsletter, slot);
  if (!row) return undefined;
  const { digest: _digest, ...email } = parseEmailJson(textIn(row, "email"), database.name);
  return { digest: textIn(row, "digest"), email };
}

/** One picture of a planned issue. */
export async function pictureOf(
  queries: Queries,
  { newsletter, slot }: IssueKey,
  name: string,
): Promise<Picture | undefined> {
  const row = await queries.get(`${PICTURES} AND name = ?`, newsletter, slot, name);
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

/**
 * The issues of a newsletter that were sent or are being sent. `plannedAt` is absent for an issue of which a restored store
 * knows only the name.
 */
export async function sentIssues(queries: Queries, newsletter: string) {
  return (await queries.all(SENT, newsletter)).map(sentIn);
}

const sentIn = fieldsOf({ slot: textIn, contentHash: textIn, plannedAt: maybe(dateIn) });

const SENT = `
  SELECT slot, content_hash, planned_at FROM issue
  WHERE newsletter = ? AND state IN ('sending', 'sent')`;
