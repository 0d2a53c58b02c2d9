import { existsSync } from "node:fs";
import path from "node:path";
import type { IssueKey, Counts } from "../../ledger.ts";
import { BroadsheetError } from "../../../errors.ts";
import type { Clock } from "../../../platform/clock.ts";
import {
  hasStore,
  lookAtStore,
  assertLatest,
  type NewsletterStore,
} from "../../../platform/sqlite/open-store.ts";
import { numberIn, textIn } from "../../../platform/sqlite/database.ts";
import { setImmediate } from "node:timers/promises";
import { SqliteAudience } from "../../../subscribers/io/sqlite-audience.ts";
import { isFrozen, type IssueState } from "../../life.ts";
import { type IssueRecord, IssueRecords, issueState, recordIn } from "../issue-records.ts";
import { countsOf } from "./read-ledger.ts";

/** How long to wait for a store that another process is making: a write-ahead log never keeps a reader waiting. */
const WAIT_MS = 5_000;

/** Where a newsletter keeps its store and its issues: absolute paths. */
interface StoreAndOutbox {
  readonly store: string;
  readonly outbox: string;
}

/** How far the sending of an issue is, once it has begun. */
export type FrozenSince = "sending" | "sent";

/**
 * The state of an issue; a draft where there is no store.
 * @throws BroadsheetError STORE_*, LEDGER_RESTORED.
 */
export function stateInStore(store: string, issue: IssueKey): IssueState {
  if (!hasStore(store)) return "draft";
  using database = lookAtStore(store, WAIT_MS);
  assertLatest(database);
  return issueState(database, issue);
}

/**
 * Whether the files of an issue in the newsletter's outbox must not be changed any more, since readers get what they
 * say, or have it: from when its recipients are planned. Undefined before that, and where there are no files.
 * @throws BroadsheetError STORE_*, LEDGER_RESTORED: then that can't be said.
 */
export function frozenSince(
  { store, outbox }: StoreAndOutbox,
  issue: IssueKey,
): FrozenSince | undefined {
  if (!existsSync(path.join(outbox, issue.newsletter, issue.slot))) return undefined;
  const state = stateInStore(store, issue);
  return isFrozen(state) ? state : undefined;
}

/**
 * Refuses to change the files of an issue whose sending has begun.
 * @throws BroadsheetError ISSUE_FROZEN; STORE_*, LEDGER_RESTORED.
 */
export function assertNotFrozen(config: StoreAndOutbox, issue: IssueKey): void {
  const since = frozenSince(config, issue);
  if (!since) return;
  const { newsletter, slot } = issue;
  throw frozen(slot, path.join(config.outbox, newsletter, slot), since);
}

function frozen(slot: string, file: string, since: FrozenSince): BroadsheetError {
  const what =
    since === "sending"
      ? `${slot} is being sent, and its files stay as they were when that began`
      : `${slot} was sent, and its files stay as its readers have it`;
  const revise = `to send the readers who are left another text, edit its digest.json: broadsheet send ${slot} --revise`;
  const other =
    "for another issue give another day, --date YYYY-MM-DD, or another outbox, --out DIR";
  return new BroadsheetError("ISSUE_FROZEN", what, {
    where: { file },
    fix: since === "sending" ? `${revise}; ${other}` : other,
  });
}

/** The record of an issue, and where its readers stand where it was planned. */
type LookedAt = IssueKey & IssueRecord & { readonly counts?: Counts | undefined };

/** What a store knows of its issues, and of one newsletter. */
export interface StoreView {
  readonly issues: readonly LookedAt[];
  /** How many readers an issue of the newsletter goes to now. */
  readonly readers: number;
  /** Since when the newsletter is held. */
  readonly heldAt?: Date | undefined;
}

/** The same, for a process that has other things to do. */
const SHORT_WAIT_MS = 100;

/**
 * The issues of a store with their counts, for a process that has other things to do: nothing is written or made,
 * and between two issues other work gets its turn, since counting a large issue takes a while. Empty where there is
 * no store.
 * @throws BroadsheetError STORE_*, LEDGER_RESTORED.
 */
export async function lookAtIssues(
  { store, slug: newsletter }: NewsletterStore,
  clock: Clock,
): Promise<StoreView> {
  using database = lookAtStore(store, SHORT_WAIT_MS);
  assertLatest(database);
  const issues: LookedAt[] = [];
  for (const row of database.prepare(ISSUES).all()) {
    const isPlanned = row["planned_at"] !== null;
    const counts = isPlanned ? countsOf({ database }, numberIn(row, "id")) : undefined;
    issues.push({ newsletter: textIn(row, "newsletter"), ...recordIn(row), counts });
    if (isPlanned) await setImmediate();
  }
  const { active: readers } = new SqliteAudience(database, { newsletter, clock }).counts();
  const { heldAt } = new IssueRecords(database, { newsletter, clock }).timetable();
  return { issues, readers, heldAt };
}

const ISSUES = "SELECT * FROM issue";
