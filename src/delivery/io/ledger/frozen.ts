import { existsSync } from "node:fs";
import path from "node:path";
import type { IssueKey } from "../../ledger.ts";
import { BroadsheetError } from "../../../errors.ts";
import { hasStore, lookAtStore } from "../../../platform/sqlite/open-store.ts";
import { assertLatest } from "../../../platform/sqlite/open-trusted.ts";
import { numberIn } from "../../../platform/sqlite/database.ts";

/** Longer than any change of ours takes. */
const WAIT_MS = 5_000;

/** Where a newsletter keeps its store and its issues; absolute. */
interface StoreAndOutbox {
  readonly store: string;
  readonly outbox: string;
}

/** How far the sending of an issue is, once it has begun. */
export type FrozenSince = "sending" | "sent";

/**
 * Whether the files of an issue in the newsletter's outbox are no longer to be changed, as its readers get what they
 * say, or have it: from when its list is settled on. Undefined before, and where there are none.
 * @throws BroadsheetError STORE_*, LEDGER_RESTORED: then nobody knows.
 */
export function frozenSince(
  { store, outbox }: StoreAndOutbox,
  { newsletter, slot }: IssueKey,
): FrozenSince | undefined {
  if (!existsSync(path.join(outbox, newsletter, slot)) || !hasStore(store)) return undefined;
  const database = lookAtStore(store, WAIT_MS);
  try {
    assertLatest(database);
    const row = database.prepare(BEGUN).get(newsletter, slot);
    if (!row) return undefined;
    return numberIn(row, "open") > 0 ? "sending" : "sent";
  } finally {
    database.close();
  }
}

/** One that a restored store knows only by name may have gone to everybody. */
const BEGUN = `
  SELECT
    EXISTS (SELECT 1 FROM delivery WHERE delivery.issue = issue.id AND due IS NOT NULL)
    OR EXISTS (SELECT 1 FROM delivery WHERE lease_until IS NOT NULL AND delivery.issue = issue.id) AS open
  FROM issue
  WHERE newsletter = ? AND slot = ? AND (planned_at IS NOT NULL OR lost IS NOT NULL)`;

/**
 * Refuses to have the files of an issue changed whose sending has begun.
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
  const revise = `to send who is left another text, edit its digest.json: broadsheet send ${slot} --revise`;
  const other =
    "for another issue give another day, --date YYYY-MM-DD, or another outbox, --out DIR";
  return new BroadsheetError("ISSUE_FROZEN", what, {
    where: { file },
    fix: since === "sending" ? `${revise}; ${other}` : other,
  });
}
