import { existsSync } from "node:fs";
import path from "node:path";
import type { IssueKey, Counts } from "../../ledger.ts";
import { BroadsheetError } from "../../../errors.ts";
import { hasStore, lookAtStore, assertLatest } from "../../../platform/sqlite/open-store.ts";
import { numberIn, textIn } from "../../../platform/sqlite/database.ts";
import { setImmediate } from "node:timers/promises";
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
 * Whether the files of an issue in the newsletter's outbox must not be changed any more, since readers get what they
 * say, or have it: from when its recipients are planned. Undefined before that, and where there are no files.
 * @throws BroadsheetError STORE_*, LEDGER_RESTORED: then that can't be said.
 */
export function frozenSince(
  { store, outbox }: StoreAndOutbox,
  { newsletter, slot }: IssueKey,
): FrozenSince | undefined {
  if (!existsSync(path.join(outbox, newsletter, slot)) || !hasStore(store)) return undefined;
  using database = lookAtStore(store, WAIT_MS);
  assertLatest(database);
  const row = database.prepare(BEGUN).get(newsletter, slot);
  if (!row) return undefined;
  return numberIn(row, "open") > 0 ? "sending" : "sent";
}

/** An issue of which a restored store has only the name may have gone to all readers. */
const BEGUN = `
  SELECT
    EXISTS (SELECT 1 FROM delivery WHERE delivery.issue = issue.id AND due IS NOT NULL)
    OR EXISTS (SELECT 1 FROM delivery WHERE lease_until IS NOT NULL AND delivery.issue = issue.id) AS open
  FROM issue
  WHERE newsletter = ? AND slot = ? AND (planned_at IS NOT NULL OR lost IS NOT NULL)`;

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

/** An issue that was planned, and where its readers stand. */
interface LookedAt {
  readonly issue: IssueKey;
  readonly counts: Counts;
}

/** The same, for a process that has other things to do. */
const SHORT_WAIT_MS = 100;

/**
 * The issues of a store with their counts, for a process that has other things to do: nothing is written or made,
 * and between two issues other work gets its turn, since counting a large issue takes a while. Empty where there is
 * no store.
 * @throws BroadsheetError STORE_*, LEDGER_RESTORED.
 */
export async function lookAtIssues(file: string): Promise<LookedAt[]> {
  using database = lookAtStore(file, SHORT_WAIT_MS);
  assertLatest(database);
  const found: LookedAt[] = [];
  for (const row of database.prepare(PLANNED).all()) {
    const issue = { newsletter: textIn(row, "newsletter"), slot: textIn(row, "slot") };
    found.push({ issue, counts: countsOf({ database }, numberIn(row, "id")) });
    await setImmediate();
  }
  return found;
}

const PLANNED = "SELECT id, newsletter, slot FROM issue WHERE planned_at IS NOT NULL";
