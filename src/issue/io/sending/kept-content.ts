import type { Environment } from "../../../platform/environment.ts";
import type { Config } from "../../../config/config.ts";
import type { IssueContent } from "../../../delivery/ledger.ts";
import { systemClock } from "../../../platform/clock.ts";
import { openLedger } from "../../../delivery/io/open-ledger.ts";
import { hasStore } from "../../../platform/sqlite/open-store.ts";

/**
 * What the readers of an issue get, once its sending has begun; undefined before.
 * @throws BroadsheetError STORE_*, LEDGER_RESTORED.
 */
export async function keptContent(
  slot: string,
  { store, slug }: Pick<Config, "store" | "slug">,
  env: Environment,
): Promise<IssueContent | undefined> {
  if (!hasStore(store)) return undefined;
  const ledger = await openLedger(store, { clock: systemClock, env, isLooking: true });
  try {
    return await ledger.content({ newsletter: slug, slot });
  } finally {
    await ledger.close();
  }
}
