import type { Environment } from "../../platform/environment.ts";
import type { Clock } from "../../platform/clock.ts";
import { SqliteLedger } from "./ledger/sqlite-ledger.ts";
import { markAway } from "../../platform/sqlite/watermarks.ts";
import { openStore } from "../../platform/sqlite/open-store.ts";
import { openTrusted } from "../../platform/sqlite/open-trusted.ts";

interface Circumstances {
  readonly clock: Clock;
  readonly env: Environment;
  /** Makes no store where there is none. */
  readonly isLooking?: boolean;
  /** Whether a store that is older than its marks is opened too, to be taken for what it is. */
  readonly isToBeAccepted?: boolean;
}

/**
 * The ledger of a store. Whoever opens it closes it.
 * @throws BroadsheetError STORE_*, LEDGER_RESTORED.
 */
export async function openLedger(
  file: string,
  { clock, env, isLooking = false, isToBeAccepted = false }: Circumstances,
): Promise<SqliteLedger> {
  const store = await (isToBeAccepted ? openStore(file) : openTrusted(file, { isLooking, env }));
  return new SqliteLedger(store, { clock, markAway: markAway(store, env) });
}
