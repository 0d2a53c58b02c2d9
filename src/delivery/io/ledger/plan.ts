import { change } from "../../../platform/sqlite/watermarks.ts";
import { addressKey } from "../../../subscribers/recipient.ts";
import type { Addressee, IssueKey, PlanRequest, Subscribers } from "../../ledger.ts";
import { BroadsheetError } from "../../../errors.ts";
import { type Database, numberIn, optional, textIn } from "../../../platform/sqlite/database.ts";
import { type LedgerContext, issueRow } from "./read-ledger.ts";
import { issueState, moveIssue } from "../issue-records.ts";
import { QUARANTINED } from "../../../subscribers/io/quarantine.ts";
import { defineSegment } from "../../../subscribers/io/sqlite-audience.ts";
import { PAUSED } from "./refusals.ts";
import { settleStates } from "./settle.ts";
import { keepContent } from "./issue-content.ts";

/** Recipients a transaction: a change of the list that comes meanwhile waits no longer than for these. */
const CHUNK = 5_000;

/** What to do about recipients who may have got an issue that a restored ledger doesn't know. */
type Lost = "doubt" | "accept" | "resend";

/** Freezes an issue's recipients and content. */
export function planIssue(context: LedgerContext, request: PlanRequest): void {
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
  const plan = { ...change(context, () => beginPlan(context, request)), request, lost };
  if (Symbol.iterator in request.recipients) addRecipients(context, plan, request.recipients);
  else addSubscribers(context, plan, request.recipients);
  change(context, () => {
    assertOurs(context.database, request.issue, plan);
    context.database
      .prepare("UPDATE issue SET planned_at = ?, lost = NULL WHERE id = ?")
      .run(context.clock().getTime(), plan.id);
    start(context, request);
    settleStates(context);
  });
}

/** A plan that is being made. Another one for the same issue has a higher number. */
interface Plan {
  readonly id: number;
  readonly attempt: number;
  readonly request: PlanRequest;
  readonly lost: string | undefined;
}

/** Begins the plan, anew where an earlier one was cut off. */
function beginPlan(
  { database }: LedgerContext,
  request: PlanRequest,
): Pick<Plan, "id" | "attempt"> {
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

/** Recipients who may be no subscribers, in the order in which they come. */
function addRecipients(context: LedgerContext, plan: Plan, recipients: Iterable<Addressee>): void {
  let chunk: object[] = [];
  const add = () => addChunk(context, plan, insertFrom(GIVEN), [JSON.stringify(chunk)]);
  for (const recipient of recipients) {
    chunk.push({ ...recipient, key: addressKey(recipient.address) });
    if (chunk.length < CHUNK) continue;
    add();
    chunk = [];
  }
  add();
}

/** The list in the order of its index and of the plan's: no page of the plan is written twice. */
function addSubscribers(context: LedgerContext, plan: Plan, { segment }: Subscribers): void {
  const { database } = context;
  if (segment) defineSegment(database, segment);
  const insert = insertFrom(SUBSCRIBERS + (segment ? IN_SEGMENT : ""), "ORDER BY recipient.key");
  for (let after: string | undefined = ""; after !== undefined;) {
    const row = database.prepare(END_OF_CHUNK).get(plan.request.issue.newsletter, after, CHUNK - 1);
    const upTo: string | undefined = row && textIn(row, "key");
    addChunk(context, plan, insert, [after, upTo ?? AFTER_ALL]);
    after = upTo;
  }
}

/** SQLite sorts bytes after every text. */
const AFTER_ALL = new Uint8Array();

const LIST = "(SELECT id FROM list WHERE newsletter = ?1)";

const END_OF_CHUNK = `
  SELECT key FROM subscriber WHERE list = ${LIST} AND key > ?2 ORDER BY key LIMIT 1 OFFSET ?3`;

const SUBSCRIBERS = `
  SELECT key, address, name, language, id AS subscriber, paused_until
  FROM subscriber WHERE list = ${LIST} AND key > ?7 AND key <= ?8`;

const IN_SEGMENT = " AND in_segment(address, language, tags)";

const GIVEN = `
  SELECT value ->> 'key' AS key, value ->> 'address' AS address, value ->> 'name' AS name,
    value ->> 'language' AS language, value ->> 'subscriberId' AS subscriber, paused_until
  FROM json_each(?7) LEFT JOIN subscriber ON list = ${LIST} AND subscriber.key = value ->> 'key'`;

/* Parameters: newsletter, issue, now; the state, due and reply of those to whom something is sent; those of the source. */
const insertFrom = (source: string, order = "") => `
  INSERT INTO delivery (issue, key, address, name, language, subscriber, state, due, reply, changed_at)
  SELECT ?2, key, address, name, language, subscriber,
    CASE WHEN reason IS NULL THEN ?4 WHEN reason IN ('${QUARANTINED}', '${PAUSED}') THEN 'skipped' ELSE 'suppressed' END,
    iif(reason IS NULL, ?5, NULL), coalesce(reason, ?6), ?3
  FROM (
    SELECT recipient.*, coalesce(suppression.reason, iif(quarantine.key IS NOT NULL, '${QUARANTINED}', NULL),
      iif(paused_until > ?3, '${PAUSED}', NULL)) AS reason
    FROM (${source}) AS recipient
    LEFT JOIN suppression ON suppression.list = ${LIST} AND suppression.key = recipient.key
    LEFT JOIN quarantine ON quarantine.list = ${LIST} AND quarantine.key = recipient.key
    ${order})
  WHERE true
  ON CONFLICT (issue, key) DO NOTHING`;

function addChunk(
  { database, clock }: LedgerContext,
  { id, attempt, request: { issue }, lost }: Plan,
  insert: string,
  values: readonly (string | Uint8Array)[],
): void {
  const [state, due, reply] = FRESH.get(lost ?? "resend") ?? ["planned", 0];
  database.transaction(() => {
    assertOurs(database, issue, { id, attempt });
    const last = numberIn(database.prepare(LAST).get() ?? {}, "id");
    const now = clock().getTime();
    database.prepare(insert).run(issue.newsletter, id, now, state, due, reply, ...values);
    database.prepare(COUNT).run(id, last, state);
  });
}

const LAST = "SELECT coalesce(max(id), 0) AS id FROM delivery";

/** The states of what was added after ?2. */
const COUNT = `
  WITH added AS (
    SELECT count(*) AS many, coalesce(sum(state = 'suppressed'), 0) AS suppressed,
      coalesce(sum(state = 'skipped'), 0) AS skipped
    FROM delivery WHERE id > ?2)
  INSERT INTO delivery_count (issue, state, count)
  SELECT ?1, 'suppressed', suppressed FROM added
  UNION ALL SELECT ?1, 'skipped', skipped FROM added
  UNION ALL SELECT ?1, ?3, many - suppressed - skipped FROM added
  WHERE true ON CONFLICT DO UPDATE SET count = count + excluded.count`;

function assertOurs(
  database: Database,
  issue: IssueKey,
  { id, attempt }: Pick<Plan, "id" | "attempt">,
): void {
  if (!database.prepare(OURS).get(id, attempt)) throw busy(issue);
}

const OURS = "SELECT 1 FROM issue WHERE id = ? AND attempt = ? AND planned_at IS NULL";

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
