import { addressKey } from "../../../subscribers/recipient.ts";
import type { Addressee, IssueKey, PlanRequest, Subscribers } from "../../ledger.ts";
import { BroadsheetError } from "../../../errors.ts";
import {
  type BoundValue,
  numberIn,
  optional,
  type Queries,
  type Row,
  type Store,
  textIn,
} from "../../../platform/database.ts";
import type { Clock } from "../../../platform/clock.ts";
import { issueRow } from "./read-ledger.ts";
import { issueState, moveIssue } from "../issue-records.ts";
import { QUARANTINED } from "../../../subscribers/io/quarantine.ts";
import { factsIn } from "../../../subscribers/io/lists.ts";
import { PAUSED, reasonAt } from "./open-groups.ts";
import { settleStates } from "./settle.ts";
import { keepContent } from "./issue-content.ts";

/** The recipients of one transaction. Another change of the list waits no longer than for these. */
const CHUNK_RECIPIENTS = 5_000;

/** The decision about recipients who may have got an issue that a restored ledger doesn't know. */
type Lost = "doubt" | "accept" | "resend";

interface Planning {
  readonly store: Store;
  readonly clock: Clock;
  /** Called with the issue's id in the transaction that completes the plan. */
  readonly onPlanned?: ((tx: Queries, issue: number) => Promise<void>) | undefined;
}

/** Freezes an issue's recipients and content. */
export async function planIssue(planning: Planning, request: PlanRequest): Promise<void> {
  const { store, clock, onPlanned } = planning;
  const row = await issueRow(store, request.issue);
  if (row && row["planned_at"] !== null) {
    const change = changeOf(store, row, request);
    if (change && !request.revise) throw change;
    if (request.revise) await revise(store, numberIn(row, "id"), request);
    // A run may have died after its last message.
    if (row["state"] === "sending")
      await store.change(async (queries) => settleStates({ queries, clock }));
    return;
  }
  const lost = row && optional(row, "lost", textIn);
  const plan = { ...(await store.change(async (tx) => beginPlan(tx, request))), request, lost };
  if (Symbol.iterator in request.recipients)
    await addRecipients(planning, plan, request.recipients);
  else await addSubscribers(planning, plan, request.recipients);
  await store.change(async (queries) => {
    await assertOurs(queries, request.issue, plan);
    await queries.run(PLANNED, clock().getTime(), plan.id);
    await start(queries, clock(), request);
    await settleStates({ queries, clock });
    await onPlanned?.(queries, plan.id);
  });
}

/** The error for a planned issue whose content or config has changed. Undefined if both are the same. */
function changeOf(
  { engine }: Store,
  row: Row,
  { issue, contentHash, settingsHash }: PlanRequest,
): BroadsheetError | undefined {
  if (textIn(row, "content_hash") !== contentHash) return contentChanged(issue);
  const before = optional(row, "settings_hash", textIn);
  // A single machine continues with its present config.
  const isOther = engine === "postgres" && settingsHash !== undefined;
  if (!isOther || before === undefined || before === settingsHash) return undefined;
  return settingsChanged(issue);
}

const PLANNED = "UPDATE issue SET planned_at = ?, lost = NULL WHERE id = ?";

/** A plan that is being made. A later plan for the same issue has a higher attempt number. */
interface Plan {
  readonly id: number;
  readonly attempt: number;
  readonly request: PlanRequest;
  readonly lost: string | undefined;
}

/** Begins the plan. It replaces an earlier one that was interrupted. */
async function beginPlan(tx: Queries, request: PlanRequest): Promise<Pick<Plan, "id" | "attempt">> {
  const { issue, contentHash, settingsHash, content, expiresAt, start } = request;
  const values = [contentHash, settingsHash, expiresAt?.getTime(), start?.at?.getTime()] as const;
  const row = (await tx.get(BEGIN_PLAN, issue.newsletter, issue.slot, ...values)) ?? {};
  const plan = { id: numberIn(row, "id"), attempt: numberIn(row, "attempt") };
  await tx.run("DELETE FROM delivery WHERE issue = ?", plan.id);
  if (tx.engine === "sqlite") await tx.run("DELETE FROM delivery_count WHERE issue = ?", plan.id);
  if (content) await keepContent(tx, plan.id, content);
  return plan;
}

const BEGIN_PLAN = `
  INSERT INTO issue (newsletter, slot, content_hash, settings_hash, expires_at, at, attempt)
  VALUES (?, ?, ?, ?, ?, ?, 1)
  ON CONFLICT (newsletter, slot) DO UPDATE SET
    content_hash = excluded.content_hash, settings_hash = excluded.settings_hash, expires_at = excluded.expires_at,
    at = coalesce(issue.at, excluded.at), attempt = issue.attempt + 1
  RETURNING id, attempt`;

/** Brings the issue's record to `sending`. A lost issue of a restored store is already in that state. */
async function start(tx: Queries, at: Date, { issue, start }: PlanRequest): Promise<void> {
  const state = await issueState(tx, issue);
  if (state === "sending") return;
  const { seen = state, event = "send", seenHash, articles, number } = start ?? {};
  if (await moveIssue(tx, issue, { seen, seenHash, event, at, articles, number })) return;
  const what = `another command or run has just changed ${issue.slot}`;
  throw new BroadsheetError("LEDGER_BUSY", what, { fix: "look at its state: broadsheet status" });
}

/** Plans the given recipients in their order. They need not be subscribers. */
async function addRecipients(
  planning: Planning,
  plan: Plan,
  recipients: Iterable<Addressee>,
): Promise<void> {
  const insert = insertFrom(GIVEN[planning.store.engine]);
  let chunk: object[] = [];
  const add = async () => addChunk(planning, plan, insert, [JSON.stringify(chunk)]);
  for (const recipient of recipients) {
    chunk.push({ ...recipient, key: addressKey(recipient.address) });
    if (chunk.length < CHUNK_RECIPIENTS) continue;
    await add();
    chunk = [];
  }
  await add();
}

/** Plans the subscribers in the order of both indexes, so that no page of the plan is written twice. */
async function addSubscribers(
  planning: Planning,
  plan: Plan,
  { segment }: Subscribers,
): Promise<void> {
  const { store } = planning;
  const { newsletter } = plan.request.issue;
  // The rows of a segment are read in this order already.
  const insert = segment
    ? insertFrom(GIVEN[store.engine])
    : insertFrom(SUBSCRIBERS, "ORDER BY recipient.key");
  for (let after: string | undefined = ""; after !== undefined;) {
    const row = await store.get(END_OF_CHUNK, newsletter, after, CHUNK_RECIPIENTS - 1);
    const last: string | undefined = row && textIn(row, "key");
    const upTo = last ?? AFTER_ALL;
    if (segment) {
      const rows = await store.all(PAGE, newsletter, after, upTo);
      const chunk = rows.filter((row) => segment(factsIn(row)));
      await addChunk(planning, plan, insert, [JSON.stringify(chunk)]);
    } else await addChunk(planning, plan, insert, [after, upTo]);
    after = last;
  }
}

const LIST = "(SELECT id FROM list WHERE newsletter = ?1)";

const END_OF_CHUNK = `
  SELECT key FROM subscriber WHERE list = ${LIST} AND key > ?2 ORDER BY key LIMIT 1 OFFSET ?3`;

/** In the order of bytes, all addresses come before this text. */
const AFTER_ALL = "\u{10ffff}";

const PAGE = `
  SELECT key, address, name, language, tags, id AS "subscriberId"
  FROM subscriber WHERE list = ${LIST} AND key > ?2 AND key <= ?3 ORDER BY key`;

const SUBSCRIBERS = `
  SELECT key, address, name, language, id AS subscriber, paused_until
  FROM subscriber WHERE list = ${LIST} AND key > ?7 AND key <= ?8`;

const given = (rows: string) => `
  SELECT value ->> 'key' AS key, value ->> 'address' AS address, value ->> 'name' AS name,
    value ->> 'language' AS language, CAST(value ->> 'subscriberId' AS BIGINT) AS subscriber, paused_until
  FROM ${rows} LEFT JOIN subscriber ON list = ${LIST} AND subscriber.key = value ->> 'key'`;

const GIVEN = {
  sqlite: given("json_each(?7)"),
  postgres: given("json_array_elements(?7::json) AS given(value)"),
};

/* Parameters: newsletter, issue, now; state, due and reply for readers who get the issue; the parameters of `source`. */
const insertFrom = (source: string, order = "") => `
  INSERT INTO delivery (issue, key, address, name, language, subscriber, state, due, reply, changed_at)
  SELECT ?2, key, address, name, language, subscriber,
    CASE WHEN reason IS NULL THEN ?4 WHEN reason IN ('${QUARANTINED}', '${PAUSED}') THEN 'skipped' ELSE 'suppressed' END,
    CASE WHEN reason IS NULL THEN CAST(?5 AS BIGINT) END, coalesce(reason, ?6), ?3
  FROM (
    SELECT recipient.*, ${reasonAt("?3")} AS reason
    FROM (${source}) AS recipient
    LEFT JOIN suppression ON suppression.list = ${LIST} AND suppression.key = recipient.key
    LEFT JOIN quarantine ON quarantine.list = ${LIST} AND quarantine.key = recipient.key
    ${order}) AS judged
  WHERE true
  ON CONFLICT (issue, key) DO NOTHING`;

async function addChunk(
  { store, clock }: Planning,
  { id, attempt, request: { issue }, lost }: Plan,
  insert: string,
  values: readonly BoundValue[],
): Promise<void> {
  const [state, due, reply] = FRESH.get(lost ?? "resend") ?? ["planned", 0];
  await store.transaction(async (tx) => {
    await assertOurs(tx, issue, { id, attempt });
    const last = tx.engine === "sqlite" ? numberIn((await tx.get(LAST)) ?? {}, "id") : 0;
    const now = clock().getTime();
    await tx.run(insert, issue.newsletter, id, now, state, due, reply, ...values);
    if (tx.engine === "sqlite") await tx.run(COUNT, id, last, state);
  });
}

const LAST = "SELECT coalesce(max(id), 0) AS id FROM delivery";

/** Counts the states of deliveries that were added after ?2. On PostgreSQL a view counts them when they are read. */
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

async function assertOurs(
  tx: Queries,
  issue: IssueKey,
  { id, attempt }: Pick<Plan, "id" | "attempt">,
): Promise<void> {
  if (!(await tx.get(OURS, id, attempt))) throw busy(issue);
}

const OURS = "SELECT 1 FROM issue WHERE id = ? AND attempt = ? AND planned_at IS NULL";

type Fresh = readonly [state: string, due: number | null, reply?: string];

const FORGOTTEN = "the ledger was restored from a backup that knew nothing of this issue";

const FRESH: ReadonlyMap<string, Fresh> = new Map<Lost, Fresh>([
  ["doubt", ["uncertain", null, FORGOTTEN]],
  ["accept", ["accepted", null, FORGOTTEN]],
  ["resend", ["planned", 0]],
]);

async function revise(
  store: Store,
  id: number,
  { contentHash, settingsHash, content }: PlanRequest,
): Promise<void> {
  await store.change(async (tx) => {
    await tx.run(REVISE, contentHash, settingsHash, id);
    if (content) await keepContent(tx, id, content);
  });
}

const REVISE = "UPDATE issue SET content_hash = ?, settings_hash = ? WHERE id = ?";

function contentChanged({ newsletter, slot }: IssueKey): BroadsheetError {
  return new BroadsheetError(
    "ISSUE_CHANGED",
    `the files of ${newsletter}/${slot} have changed since its sending began, or it was revised a moment ago`,
    {
      fix: "run it again, put its files back, or send the remaining readers the present files: --revise",
    },
  );
}

function settingsChanged({ slot }: IssueKey): BroadsheetError {
  return new BroadsheetError(
    "CONFIG_CHANGED",
    `the config here differs from the one with which the sending of ${slot} began: another sender, link, DKIM key or secret`,
    {
      fix: `use the same config and secrets on all machines; or send the remaining readers the messages of this config: broadsheet send ${slot} --revise`,
    },
  );
}

function busy({ newsletter, slot }: IssueKey): BroadsheetError {
  return new BroadsheetError("LEDGER_BUSY", `another run is planning ${newsletter}/${slot} now`, {
    fix: "try again when that run has ended",
  });
}
