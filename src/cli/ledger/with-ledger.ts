import type { Config } from "../../config/config.ts";
import type { Clock } from "../../platform/clock.ts";
import type { SqliteLedger } from "../../delivery/io/ledger/sqlite-ledger.ts";
import type { ConfigFlag } from "../flags.ts";
import type { Terminal } from "../terminal.ts";
import { withOpened, type Work } from "../with-opened.ts";

type LedgerWork = Work<SqliteLedger>;

/** Changes the ledger of the newsletter that the flags mean. */
export async function withLedger(
  flags: ConfigFlag,
  terminal: Terminal,
  work: LedgerWork,
): Promise<void> {
  await withOpened(flags, terminal, { open: opening(false), work });
}

/** Looks into it. */
export async function lookAtLedger(
  flags: ConfigFlag,
  terminal: Terminal,
  work: LedgerWork,
): Promise<void> {
  await withOpened(flags, terminal, { open: opening(true), work });
}

function opening(isLooking: boolean) {
  return async ({ store }: Config, clock: Clock): Promise<SqliteLedger> => {
    const { openLedger } = await import("../../delivery/io/open-ledger.ts");
    return openLedger(store, { clock, env: process.env, isLooking });
  };
}
