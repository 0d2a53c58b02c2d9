import path from "node:path";
import type { IssueKey, Ledger } from "./ledger.ts";
import { slotTime } from "../digest/slot.ts";
import { BroadsheetError } from "../errors.ts";

/**
 * The issue with this slot or folder, or the `latest`, among those whose sending has begun, whether their files are
 * still in the outbox or not. A slot may also be of an issue that a restored ledger doesn't know.
 * @throws BroadsheetError ISSUE_MISSING, USAGE.
 */
export async function issueNamed(
  name: string,
  ledger: Ledger,
  { slug }: { readonly slug: string },
): Promise<IssueKey> {
  if (name !== "latest") return { newsletter: slug, slot: slotOf(name) };
  const [latest] = await ledger.issues(slug);
  if (latest) return latest.issue;
  throw new BroadsheetError("ISSUE_MISSING", "no issue has been sent yet", {
    fix: "send one: broadsheet send latest",
  });
}

function slotOf(name: string): string {
  const slot = path.basename(name);
  if (slotTime(slot) !== undefined) return slot;
  throw new BroadsheetError("USAGE", `${JSON.stringify(name)} is no issue`, {
    fix: "name its date, its folder, or: latest",
  });
}

/** The error for an issue whose sending hasn't begun. */
export function notSent({ slot }: IssueKey): BroadsheetError {
  return new BroadsheetError("ISSUE_MISSING", `${slot} has not been sent to any reader yet`, {
    fix: "see what has been sent: broadsheet status",
  });
}
