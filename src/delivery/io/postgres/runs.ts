import { maybe, fieldsOf, numberIn, type Queries } from "../../../platform/database.ts";
import type { PostgresQueries } from "../../../platform/postgres/postgres-store.ts";
import { NOW } from "../../../platform/postgres/sql.ts";
import type { Clock } from "../../../platform/clock.ts";
import { type Judged, NOTHING_JUDGED } from "../../judgement.ts";
import type { IssueKey, RunEnd } from "../../ledger.ts";
import { causeIn, type LedgerContext, plannedId } from "../ledger/read-ledger.ts";
import { endRun, judgeDead, judgeRefusals } from "../ledger/refusals.ts";
import { settleStates } from "../ledger/settle.ts";

/*
 * All workers that send an issue are in one run, so that their evidence is judged together. A worker joins the open run of
 * the issue, or begins one. The last worker that leaves judges the run. If all workers died, the next worker judges it.
 * The callers of these functions have begun a transaction. The lock on the issue's row puts the transactions in a sequence.
 */

export interface RunWorker {
  readonly run: number;
  readonly worker: string;
}

export interface Runs {
  readonly clock: Clock;
  /** A worker without a sign of life for this time counts as dead. */
  readonly deadAfterMs: number;
}

/** Joins the open run of an issue. Returns its number, and the number of readers quarantined by the judgement of dead runs. */
export async function joinRun(
  tx: PostgresQueries,
  runs: Runs,
  { worker, issue }: { readonly worker: string; readonly issue: IssueKey },
) {
  await lockIssue(tx, issue);
  const id = await plannedId(tx, issue);
  const quarantined = id === undefined ? 0 : await judgeDeadRuns(tx, runs, id);
  const open = id === undefined ? undefined : await tx.get(OPEN, id);
  const row = open ?? (await tx.get(BEGIN, worker, runs.clock().getTime(), id)) ?? {};
  const run = numberIn(row, "id");
  await tx.run(JOIN, run, worker);
  return { run, quarantined };
}

const OPEN = "SELECT id FROM run WHERE issue = ? AND ended_at IS NULL ORDER BY id DESC LIMIT 1";
const BEGIN = "INSERT INTO run (worker, began_at, issue) VALUES (?, ?, ?) RETURNING id";

const JOIN = `
  INSERT INTO run_worker (run, worker, seen_at) VALUES (?, ?, ${NOW})
  ON CONFLICT (run, worker) DO UPDATE SET seen_at = excluded.seen_at`;

/** Judges the runs of an issue whose workers have all died. Returns the number of quarantined readers. */
export async function judgeDeadRuns(
  tx: PostgresQueries,
  { clock, deadAfterMs }: Runs,
  issue: number,
): Promise<number> {
  const dead = await tx.all(DEAD, issue, deadAfterMs);
  for (const row of dead) await closeAccounts(tx, numberIn(row, "id"));
  return judgeDead({ queries: tx, clock }, dead);
}

const DEAD = `
  SELECT id, issue FROM run
  WHERE issue = ? AND ended_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM run_worker WHERE run_worker.run = run.id AND seen_at > ${NOW} - ?)`;

/** Records that the worker is alive. Returns false if other workers took it for dead. */
export async function seen(tx: Queries, { run, worker }: RunWorker): Promise<boolean> {
  return (await tx.run(SEEN, run, worker)) > 0;
}

const SEEN = `UPDATE run_worker SET seen_at = ${NOW} WHERE run = ? AND worker = ?`;

/** Records that the worker is gone without having left the run. */
export async function buryWorker(queries: Queries, { run, worker }: RunWorker): Promise<void> {
  await queries.run("UPDATE run_worker SET seen_at = 0 WHERE run = ? AND worker = ?", run, worker);
}

/** Whether the run has other live workers. */
export async function hasOthers(
  tx: Queries,
  { run, worker }: RunWorker,
  { deadAfterMs }: Runs,
): Promise<boolean> {
  return (await tx.get(OTHERS, run, worker, deadAfterMs)) !== undefined;
}

const OTHERS = `
  SELECT 1 FROM run_worker WHERE run = ? AND worker <> ? AND seen_at > ${NOW} - ? LIMIT 1`;

/** Leaves a run. The last worker judges the refusals of all workers. */
export async function leaveRun(
  tx: PostgresQueries,
  runs: Runs,
  leaving: RunWorker & { readonly issue: IssueKey; readonly how: RunEnd },
): Promise<Judged> {
  const { issue, how, run } = leaving;
  await lockIssue(tx, issue);
  const context: LedgerContext = { queries: tx, clock: runs.clock, run };
  if (how.blamed) await tx.run("UPDATE run SET blamed = ? WHERE id = ?", how.blamed, run);
  const left = await tx.get(LEAVE, run, leaving.worker);
  if (left) await tx.run(ADD, numberIn(left, "accepted"), run);
  const id = await plannedId(tx, issue);
  const isLast = left !== undefined && !(await hasOthers(tx, leaving, runs));
  const judged = isLast ? await judgeRun(tx, context, { how, id }) : NOTHING_JUDGED;
  await settleStates(context);
  return judged;
}

const LEAVE = "DELETE FROM run_worker WHERE run = ? AND worker = ? RETURNING accepted";
const ADD = "UPDATE run SET accepted = accepted + ? WHERE id = ?";

async function judgeRun(
  tx: PostgresQueries,
  context: LedgerContext,
  { how, id }: { readonly how: RunEnd; readonly id: number | undefined },
): Promise<Judged> {
  const { run = 0 } = context;
  await closeAccounts(tx, run);
  const blamed = blamedIn((await tx.get("SELECT blamed FROM run WHERE id = ?", run)) ?? {}).blamed;
  const all: RunEnd = blamed ? { ...how, ending: "blamed", blamed } : how;
  const judged = id === undefined ? NOTHING_JUDGED : await judgeRefusals(context, id, all);
  await endRun(context);
  return judged;
}

const blamedIn = fieldsOf({ blamed: maybe(causeIn) });

/** Adds the accepted messages of dead workers to the run. */
async function closeAccounts(tx: PostgresQueries, run: number): Promise<void> {
  await tx.run(ADD_ALL, run);
  await tx.run("DELETE FROM run_worker WHERE run = ?", run);
}

const ADD_ALL = `
  UPDATE run SET accepted = accepted + (SELECT coalesce(sum(accepted), 0) FROM run_worker WHERE run = ?1)
  WHERE id = ?1`;

export async function lockIssue(
  tx: PostgresQueries,
  { newsletter, slot }: IssueKey,
): Promise<void> {
  await tx.get(
    "SELECT id FROM issue WHERE newsletter = ? AND slot = ? FOR UPDATE",
    newsletter,
    slot,
  );
}
