import { change } from "../../../platform/sqlite/watermarks.ts";
import { addressKey } from "../../../subscribers/address-key.ts";
import type { Addressee, IssueKey, PlanRequest } from "../../ledger.ts";
import { BroadsheetError } from "../../../errors.ts";
import { numberIn, optional, textIn } from "../../../platform/sqlite/database.ts";
import { type LedgerContext, issueRow } from "./ledger-context.ts";
import { forgetContents, keepContent } from "./issue-content.ts";

/** Rows a transaction: whoever unsubscribes meanwhile waits no longer than for these. */
const GROUP = 5_000;

/**
 * Addresses come in no order, and of 200,000 their index is 12 MB: with little of it at hand every row reads and
 * writes pages. Not for longer than it is needed, as a sender has other uses for its memory.
 */
const MEMORY = "PRAGMA cache_size = -8192";
const LESS_MEMORY = "PRAGMA cache_size = -2000";

/** What the ledger does about those who may have got an issue that it has forgotten. */
type Lost = "doubt" | "accept" | "resend";

/** Freezes an issue's recipients and content. */
export async function planIssue(context: LedgerContext, request: PlanRequest): Promise<void> {
  const row = issueRow(context, request.issue);
  if (row && row["planned_at"] !== null) {
    if (textIn(row, "content_hash") !== request.contentHash) {
      revise(context, numberIn(row, "id"), request);
    }
    return;
  }
  const lost = row && optional(row, "lost", textIn);
  const id = change(context, () => beginPlan(context, request));
  context.database.exec(MEMORY);
  let group: Addressee[] = [];
  for await (const recipient of request.recipients) {
    group.push(recipient);
    if (group.length < GROUP) continue;
    addGroup(context, { id, request, lost, group });
    group = [];
  }
  change(context, () => {
    insertAll(context, { id, request, lost, group });
    forgetContents(context.database, request.issue.newsletter, context.clock());
    context.database
      .prepare("UPDATE issue SET planned_at = ?, lost = NULL WHERE id = ?")
      .run(context.clock().getTime(), id);
  });
  context.database.exec(LESS_MEMORY);
  // The issue's name is in the marks before anybody is sent it.
  context.marks.note();
}

/** Begins anew where an earlier plan was cut off. */
function beginPlan({ database }: LedgerContext, request: PlanRequest): number {
  const { issue, contentHash, content, expiresAt } = request;
  const { newsletter, slot } = issue;
  const former = database
    .prepare("SELECT id FROM issue WHERE newsletter = ? AND slot = ?")
    .get(newsletter, slot);
  if (former) {
    const id = numberIn(former, "id");
    database.prepare("DELETE FROM delivery WHERE issue = ?").run(id);
    database.prepare("DELETE FROM issue WHERE id = ?").run(id);
  }
  const added = database
    .prepare(
      "INSERT INTO issue (newsletter, slot, content_hash, expires_at) VALUES (?, ?, ?, ?) RETURNING id",
    )
    .get(newsletter, slot, contentHash, expiresAt?.getTime());
  const id = numberIn(added ?? {}, "id");
  if (content) keepContent(database, id, content);
  return id;
}

interface Group {
  readonly id: number;
  readonly request: PlanRequest;
  readonly lost: string | undefined;
  readonly group: readonly Addressee[];
}

function addGroup(context: LedgerContext, group: Group): void {
  context.database.transaction(() => insertAll(context, group));
}

function insertAll({ database, clock }: LedgerContext, { id, request, lost, group }: Group): void {
  const isOurs = database
    .prepare("SELECT 1 FROM issue WHERE id = ? AND planned_at IS NULL")
    .get(id);
  if (!isOurs) throw busy(request.issue);
  const insert = database.prepare(INSERT);
  const suppressed = database.prepare(SUPPRESSED);
  const now = clock().getTime();
  const fresh = FRESH.get(lost ?? "resend") ?? ["planned", 0];
  for (const { address, name, language, subscriberId } of group) {
    const key = addressKey(address);
    const why = suppressed.get(request.issue.newsletter, key);
    const [state, due, reply] = why
      ? (["suppressed", null, textIn(why, "reason")] as const)
      : fresh;
    insert.run(id, key, address, name, language, subscriberId, state, due, reply, now);
  }
}

const INSERT = `
  INSERT INTO delivery (issue, key, address, name, language, subscriber, state, due, reply, changed_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (issue, key) DO NOTHING`;

const SUPPRESSED = `
  SELECT reason FROM suppression JOIN list ON list.id = suppression.list
  WHERE list.newsletter = ? AND suppression.key = ?`;

type Fresh = readonly [state: string, due: number | null, reply?: string];

const FORGOTTEN = "the ledger was restored from a backup that knew nothing of this issue";

const FRESH: ReadonlyMap<string, Fresh> = new Map<Lost, Fresh>([
  ["doubt", ["uncertain", null, FORGOTTEN]],
  ["accept", ["accepted", null, FORGOTTEN]],
  ["resend", ["planned", 0]],
]);

function revise(
  context: LedgerContext,
  id: number,
  { issue, contentHash, content, revise }: PlanRequest,
): void {
  const { newsletter, slot } = issue;
  if (!revise) {
    throw new BroadsheetError(
      "ISSUE_CHANGED",
      `${newsletter}/${slot} is not what its sending began with, or was revised a moment ago`,
      { fix: "run it again, put its files back, or send who is left what they are now: --revise" },
    );
  }
  const { database } = context;
  change(context, () => {
    database.prepare("UPDATE issue SET content_hash = ? WHERE id = ?").run(contentHash, id);
    if (content) keepContent(database, id, content);
  });
}

function busy({ newsletter, slot }: IssueKey): BroadsheetError {
  return new BroadsheetError(
    "LEDGER_BUSY",
    `another run is planning ${newsletter}/${slot} at this moment`,
    { fix: "run it again when that is done" },
  );
}
