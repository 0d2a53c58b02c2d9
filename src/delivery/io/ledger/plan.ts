import { change } from "../../../platform/sqlite/watermarks.ts";
import { addressKey } from "../../../subscribers/recipient.ts";
import type { Addressee, IssueKey, PlanRequest } from "../../ledger.ts";
import { BroadsheetError } from "../../../errors.ts";
import { numberIn, optional, textIn } from "../../../platform/sqlite/database.ts";
import { type LedgerContext, issueRow } from "./read-ledger.ts";
import { issueState, moveIssue } from "../issue-records.ts";
import { QUARANTINED } from "../../../subscribers/io/quarantine.ts";
import { PAUSED, stateFor } from "./refusals.ts";
import { settleStates } from "./settle.ts";
import { keepContent } from "./issue-content.ts";

/** Rows a transaction: a change of the list that comes meanwhile waits no longer than for these. */
const GROUP = 5_000;

/**
 * Addresses come in no order, and the index of 200,000 is 12 MB: with little of it in the cache every row reads and
 * writes pages. The larger cache lasts no longer than the planning, as a sender has other uses for its memory.
 */
const MEMORY = "PRAGMA cache_size = -8192";
const LESS_MEMORY = "PRAGMA cache_size = -2000";

/** What to do about recipients who may have got an issue that a restored ledger doesn't know. */
type Lost = "doubt" | "accept" | "resend";

/** Freezes an issue's recipients and content. */
export async function planIssue(context: LedgerContext, request: PlanRequest): Promise<void> {
  const row = issueRow(context, request.issue);
  if (row && row["planned_at"] !== null) {
    if (textIn(row, "content_hash") !== request.contentHash) {
      revise(context, numberIn(row, "id"), request);
    }
    // A run may have died after its last message.
    if (row["state"] === "sending") change(context, () => settleStates(context));
    return;
  }
  const lost = row && optional(row, "lost", textIn);
  const plan = change(context, () => beginPlan(context, request));
  context.database.exec(MEMORY);
  let group: Addressee[] = [];
  for await (const recipient of request.recipients) {
    group.push(recipient);
    if (group.length < GROUP) continue;
    addGroup(context, { plan, request, lost, group });
    group = [];
  }
  change(context, () => {
    insertAll(context, { plan, request, lost, group });
    context.database
      .prepare("UPDATE issue SET planned_at = ?, lost = NULL WHERE id = ?")
      .run(context.clock().getTime(), plan.id);
    start(context, request);
    settleStates(context);
  });
  context.database.exec(LESS_MEMORY);
  // The issue's name is in the marks before the first message goes out.
  context.marks.note();
}

/** A plan that is being made. Another one for the same issue has a higher number. */
interface Plan {
  readonly id: number;
  readonly attempt: number;
}

/** Begins the plan, anew where an earlier one was cut off. */
function beginPlan({ database }: LedgerContext, request: PlanRequest): Plan {
  const { issue, contentHash, content, expiresAt, start } = request;
  const row = database
    .prepare(BEGIN_PLAN)
    .get(issue.newsletter, issue.slot, contentHash, expiresAt?.getTime(), start?.at?.getTime());
  const plan = { id: numberIn(row ?? {}, "id"), attempt: numberIn(row ?? {}, "attempt") };
  database.prepare("DELETE FROM delivery WHERE issue = ?").run(plan.id);
  database.prepare("DELETE FROM delivery_count WHERE issue = ?").run(plan.id);
  if (content) keepContent(database, plan.id, content);
  return plan;
}

const BEGIN_PLAN = `
  INSERT INTO issue (newsletter, slot, content_hash, expires_at, at, attempt) VALUES (?, ?, ?, ?, ?, 1)
  ON CONFLICT (newsletter, slot) DO UPDATE SET
    content_hash = excluded.content_hash, expires_at = excluded.expires_at,
    at = coalesce(issue.at, excluded.at), attempt = attempt + 1
  RETURNING id, attempt`;

/** Brings the issue's record to `sending`. One that a restored store has only the name of is there already. */
function start({ database, clock }: LedgerContext, { issue, start }: PlanRequest): void {
  const state = issueState(database, issue);
  if (state === "sending") return;
  const { seen = state, event = "send", seenHash, articles, number } = start ?? {};
  const at = clock();
  if (moveIssue(database, issue, { seen, seenHash, event, at, articles, number })) return;
  const what = `${issue.slot} was changed by another command or run at this moment`;
  throw new BroadsheetError("LEDGER_BUSY", what, { fix: "see where it stands: broadsheet status" });
}

interface Group {
  readonly plan: Plan;
  readonly request: PlanRequest;
  readonly lost: string | undefined;
  readonly group: readonly Addressee[];
}

function addGroup(context: LedgerContext, group: Group): void {
  context.database.transaction(() => insertAll(context, group));
}

function insertAll(
  { database, clock }: LedgerContext,
  { plan: { id, attempt }, request, lost, group }: Group,
): void {
  const isOurs = database
    .prepare("SELECT 1 FROM issue WHERE id = ? AND attempt = ? AND planned_at IS NULL")
    .get(id, attempt);
  if (!isOurs) throw busy(request.issue);
  const insert = database.prepare(INSERT);
  const leftOut = database.prepare(LEFT_OUT);
  const now = clock().getTime();
  const fresh = FRESH.get(lost ?? "resend") ?? ["planned", 0];
  const counts = new Map<string, number>();
  for (const { address, name, language, subscriberId } of group) {
    const key = addressKey(address);
    const row = leftOut.get(request.issue.newsletter, key, now);
    const why = row && textIn(row, "reason");
    const [state, due, reply] = why === undefined ? fresh : ([stateFor(why), null, why] as const);
    const added = insert.run(
      id,
      key,
      address,
      name,
      language,
      subscriberId,
      state,
      due,
      reply,
      now,
    );
    counts.set(state, (counts.get(state) ?? 0) + added);
  }
  for (const [state, count] of counts) database.prepare(COUNT).run(id, state, count);
}

const INSERT = `
  INSERT INTO delivery (issue, key, address, name, language, subscriber, state, due, reply, changed_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (issue, key) DO NOTHING`;

const COUNT = `
  INSERT INTO delivery_count (issue, state, count) VALUES (?, ?, ?)
  ON CONFLICT DO UPDATE SET count = count + excluded.count`;

const LEFT_OUT = `
  SELECT reason FROM suppression JOIN list ON list.id = suppression.list
  WHERE list.newsletter = ?1 AND suppression.key = ?2
  UNION ALL
  SELECT '${QUARANTINED}' FROM quarantine JOIN list ON list.id = quarantine.list
  WHERE list.newsletter = ?1 AND quarantine.key = ?2
  UNION ALL
  SELECT '${PAUSED}' FROM subscriber JOIN list ON list.id = subscriber.list
  WHERE list.newsletter = ?1 AND subscriber.key = ?2 AND paused_until > ?3`;

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
      {
        fix: "run it again, put its files back, or send the readers who are left what they are now: --revise",
      },
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
