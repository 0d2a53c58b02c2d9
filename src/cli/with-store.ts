import type { Config } from "../config/config.ts";
import type { Clock } from "../platform/clock.ts";
import type { ConfigFlags } from "./flags.ts";
import type { Terminal } from "./terminal.ts";
import type { IssueRecord } from "../delivery/io/issue-records.ts";
import type { Ledger } from "../delivery/ledger.ts";
import type { Audience } from "../subscribers/io/audience.ts";

/** The work of a command with a part of the newsletter's store. */
type Work<Opened> = (opened: Opened, config: Config) => Promise<void> | void;
type Opening<Opened> = (config: Config, clock: Clock) => Promise<Opened>;
type With<Opened> = (flags: ConfigFlags, terminal: Terminal, work: Work<Opened>) => Promise<void>;

/** Opens the ledger of the newsletter that the flags name, for changes. */
export const withLedger = withOpened(ledger(false));

/** Opens it for reading. */
export const lookAtLedger = withOpened(ledger(true));

/** Opens the subscribers of the newsletter that the flags name, for changes. */
export const withAudience = withOpened(audience(false));

/** Opens them for reading. */
export const lookAtAudience = withOpened(audience(true));

function ledger(isLooking: boolean): Opening<Ledger> {
  return async ({ store }, clock) => {
    const { openLedger } = await import("../delivery/io/open-ledger.ts");
    return openLedger(store, { clock, env: process.env, isLooking });
  };
}

function audience(isLooking: boolean): Opening<Audience> {
  return async (config, clock) => {
    const { openAudience } = await import("../subscribers/io/audience.ts");
    return openAudience(config, clock, { isLooking });
  };
}

/** The record of an issue, if it has one. */
export async function recordOf(slot: string, config: Config): Promise<IssueRecord | undefined> {
  const [{ openRecords }, { systemClock }] = await Promise.all([
    import("../delivery/io/issue-records.ts"),
    import("../platform/clock.ts"),
  ]);
  await using records = await openRecords(config, systemClock, { isLooking: true });
  // Without `await`, the store is closed before PostgreSQL answers.
  return await records.find(slot);
}

/** Opens a part of the store while the work runs. */
function withOpened<Opened extends { close(): Promise<void> | void }>(
  open: Opening<Opened>,
): With<Opened> {
  return async (flags, terminal, work) => {
    const [{ openProject }, { systemClock }] = await Promise.all([
      import("../config/io/load-config.ts"),
      import("../platform/clock.ts"),
    ]);
    const config = await openProject(flags, terminal);
    const opened = await open(config, systemClock);
    try {
      await work(opened, config);
    } finally {
      await opened.close();
    }
  };
}
