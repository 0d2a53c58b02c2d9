import type { Config } from "../../config.ts";
import type { SqliteLedger } from "../../io/sqlite/ledger/sqlite-ledger.ts";
import type { ConfigFlag } from "../flags.ts";
import type { Terminal } from "../terminal.ts";

type Work = (ledger: SqliteLedger, config: Config) => Promise<void>;

/** Changes the ledger of the newsletter that the flags mean. */
export async function withLedger(flags: ConfigFlag, terminal: Terminal, work: Work): Promise<void> {
  await withOpened(flags, terminal, { work, isLooking: false });
}

/** Looks into it. */
export async function lookAtLedger(
  flags: ConfigFlag,
  terminal: Terminal,
  work: Work,
): Promise<void> {
  await withOpened(flags, terminal, { work, isLooking: true });
}

async function withOpened(
  flags: ConfigFlag,
  terminal: Terminal,
  { work, isLooking }: { readonly work: Work; readonly isLooking: boolean },
): Promise<void> {
  const [{ openProject }, { openLedger }, { systemClock }] = await Promise.all([
    import("../project.ts"),
    import("../../io/sqlite/open-ledger.ts"),
    import("../../io/clock.ts"),
  ]);
  const config = await openProject(flags, terminal);
  const ledger = await openLedger(config.store, {
    clock: systemClock,
    env: process.env,
    isLooking,
  });
  try {
    await work(ledger, config);
  } finally {
    await ledger.close();
  }
}
