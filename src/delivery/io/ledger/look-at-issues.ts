import { setImmediate } from "node:timers/promises";
import type { Counts, IssueKey } from "../../ledger.ts";
import { lookAtStore } from "../../../platform/sqlite/open-store.ts";
import { assertLatest } from "../../../platform/sqlite/open-trusted.ts";
import { numberIn, textIn } from "../../../platform/sqlite/database.ts";
import { countsOf } from "./read-issues.ts";

/** An issue that was planned, and where its readers stand. */
interface LookedAt {
  readonly issue: IssueKey;
  readonly counts: Counts;
}

/** Readers never wait for whoever writes (WAL); only a store that is being made keeps them for a moment. */
const WAIT_MS = 100;

/**
 * How the issues of a store stand, for a process that has other things to do: nothing is written or made,
 * and between two issues others have their turn, since counting a large one takes a while. None where there
 * is no store.
 * @throws BroadsheetError STORE_*, LEDGER_RESTORED.
 */
export async function lookAtIssues(file: string): Promise<LookedAt[]> {
  const database = lookAtStore(file, WAIT_MS);
  try {
    assertLatest(database);
    const found: LookedAt[] = [];
    for (const row of database.prepare(PLANNED).all()) {
      const issue = { newsletter: textIn(row, "newsletter"), slot: textIn(row, "slot") };
      found.push({ issue, counts: countsOf({ database }, numberIn(row, "id")) });
      await setImmediate();
    }
    return found;
  } finally {
    database.close();
  }
}

const PLANNED = "SELECT id, newsletter, slot FROM issue WHERE planned_at IS NOT NULL";
