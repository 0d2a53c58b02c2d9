import type { Config, Schedule } from "../config/config.ts";
import type { Environment } from "../platform/environment.ts";
import type { Clock } from "../platform/clock.ts";
import type { Ping } from "./io/ping.ts";
import type { SqliteSlots } from "./io/sqlite-slots.ts";
import type { WebFlags } from "../sources/article-reader.ts";

/** What a run needs to work on the slots of a newsletter. */
export interface RunJob {
  readonly config: Config;
  readonly schedule: Schedule;
  readonly slots: SqliteSlots;
  readonly clock: Clock;
  readonly env: Environment;
  /** The folder that relative paths start from. */
  readonly cwd: string;
  readonly flags: WebFlags;
  /** Called when there is work, and with how it ended. */
  readonly ping?: Ping | undefined;
  /** Ends the work: messages in flight get their answers, and nothing else starts. */
  readonly signal: AbortSignal;
}
