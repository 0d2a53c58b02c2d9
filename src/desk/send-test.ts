import { parseRecipient } from "../subscribers/recipient.ts";
import { composeCopy, sendCopy } from "../issue/io/sending/send-copy.ts";
import { readIssue } from "../issue/io/outbox/outbox.ts";
import { picturesOf } from "../issue/pictures-of.ts";
import type { Desk } from "./desk.ts";
import { digestOf } from "../issue/io/stored-files.ts";

/**
 * Sends one copy, as `broadsheet send ISSUE --to ADDRESS` does; what the server answered.
 * @throws BroadsheetError USAGE for what is no address, SMTP_UNCONFIGURED, which says how that is mended, and
 * what `composeCopy` and `sendCopy` throw.
 */
export async function sendTest(desk: Desk, name: string, to: string): Promise<string> {
  const recipient = parseRecipient(to);
  // Renders an issue that was edited by hand a moment ago.
  await desk.open(name);
  const { config } = desk;
  const stored = await readIssue(config.outbox, undefined, name);
  const digest = digestOf(stored);
  const pictures = await picturesOf(digest, stored.dir);
  const issue = { digest, email: stored.email, pictures, folder: stored.dir };
  const copy = await composeCopy(issue, recipient, config);
  return sendCopy(copy);
}
