import type { Config, Schedule } from "../config/config.ts";
import type { Environment } from "../platform/environment.ts";
import type { Clock } from "../platform/clock.ts";
import type { Ping } from "./io/ping.ts";
import type { SqliteSlots } from "./io/slots/sqlite-slots.ts";
import type { WebFlags } from "../sources/article-reader.ts";

/** What everybody needs who works on the slots of a newsletter. */
export interface RunJob {
  readonly config: Config;
  readonly schedule: Schedule;
  readonly slots: SqliteSlots;
  readonly clock: Clock;
  readonly env: Environment;
  /** The folder that files are named from. */
  readonly cwd: string;
  readonly flags: WebFlags;
  /** Told when there is work, and how it ended. */
  readonly ping?: Ping | undefined;
  /** Ends the work: what is in flight lands, nothing else starts. */
  readonly signal: AbortSignal;
}
