import type { Config } from "../config/config.ts";
import type { Clock } from "../platform/clock.ts";
import type { ConfigFlag } from "./flags.ts";
import type { Terminal } from "./terminal.ts";

/** What a command does with a part of the newsletter's store. */
export type Work<Opened> = (opened: Opened, config: Config) => Promise<void> | void;

interface Opening<Opened> {
  readonly open: (config: Config, clock: Clock) => Promise<Opened>;
  readonly work: Work<Opened>;
}

/** Opens a part of the store of the newsletter that the flags mean, for as long as the work takes. */
export async function withOpened<Opened extends { close(): Promise<void> | void }>(
  flags: ConfigFlag,
  terminal: Terminal,
  { open, work }: Opening<Opened>,
): Promise<void> {
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
}
