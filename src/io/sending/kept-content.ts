import type { Config, Environment } from "../../config.ts";
import type { IssueContent } from "../../delivery/ledger.ts";
import { systemClock } from "../clock.ts";
import { openLedger } from "../sqlite/open-ledger.ts";
import { hasStore } from "../sqlite/open-store.ts";

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
