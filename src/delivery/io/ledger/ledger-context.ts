import type { Clock } from "../../../platform/clock.ts";
import { type Database, type Row, numberIn } from "../../../platform/sqlite/database.ts";
import type { IssueKey } from "../../ledger.ts";
import type { Watermarks } from "../../../platform/sqlite/watermarks.ts";

/** What every change of the ledger needs. */
export interface LedgerContext {
  readonly database: Database;
  readonly clock: Clock;
  readonly marks: Watermarks;
}

/** The row of an issue; undefined where there is none. */
export function issueRow(
  { database }: LedgerContext,
  { newsletter, slot }: IssueKey,
): Row | undefined {
  return database
    .prepare("SELECT * FROM issue WHERE newsletter = ? AND slot = ?")
    .get(newsletter, slot);
}

/** The id of an issue whose planning is complete; undefined where it isn't. */
export function plannedId(context: LedgerContext, issue: IssueKey): number | undefined {
  const row = issueRow(context, issue);
  return row && row["planned_at"] !== null ? numberIn(row, "id") : undefined;
}

/** Adds an event to the history of a delivery. */
export function noteEvent(
  { database, clock }: LedgerContext,
  { delivery, what, reply }: { delivery: number; what: string; reply?: string | undefined },
): void {
  database
    .prepare("INSERT INTO delivery_event (delivery, at, what, reply) VALUES (?, ?, ?, ?)")
    .run(delivery, clock().getTime(), what, reply);
}
