import type { IssueContent, IssueKey } from "../../ledger.ts";
import { parseEmailJson } from "../../../email/email-json.ts";
import { type Database, bytesIn, numberIn, textIn } from "../../../platform/sqlite/database.ts";

/** Keeps what an issue is sent from, in the place of what was kept before. */
export function keepContent(database: Database, issue: number, content: IssueContent): void {
  database.prepare("DELETE FROM issue_content WHERE issue = ?").run(issue);
  // As in email.json, which says what it was rendered from.
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
export function contentOf(
  database: Database,
  { newsletter, slot }: IssueKey,
): IssueContent | undefined {
  const row = database.prepare(KEPT).get(newsletter, slot);
  if (!row) return undefined;
  const { digest: _digest, ...email } = parseEmailJson(textIn(row, "email"), database.file);
  const pictures = database.prepare(PICTURES).all(numberIn(row, "issue"));
  return {
    digest: textIn(row, "digest"),
    email,
    pictures: pictures.map((picture) => ({
      name: textIn(picture, "name"),
      contentType: textIn(picture, "content_type"),
      content: Buffer.from(bytesIn(picture, "content")),
    })),
  };
}

const KEPT = `
  SELECT issue_content.* FROM issue_content JOIN issue ON issue.id = issue_content.issue
  WHERE newsletter = ? AND slot = ? AND planned_at IS NOT NULL`;

const PICTURES = "SELECT * FROM issue_picture WHERE issue = ? ORDER BY id";

/** Issues that nobody waits for any more are sent from their files, where somebody asks for that all the same. */
export function forgetContents(database: Database, newsletter: string, now: Date): void {
  database.prepare(FORGET).run(newsletter, now.getTime());
}

const FORGET = `
  DELETE FROM issue_content WHERE issue IN (
    SELECT id FROM issue
    WHERE newsletter = ? AND expires_at < ?
      AND NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.issue = issue.id AND due IS NOT NULL))`;
