import type { Clock } from "../../platform/clock.ts";
import type { Database } from "../../platform/sqlite/database.ts";
import type { Watermarks } from "../../platform/sqlite/watermarks.ts";
import type { SqliteAudience } from "../../subscribers/io/sqlite-audience.ts";
import type { Keyring } from "../../subscribers/tokens.ts";

/** What a write works on: the store, opened for it alone, at the moment of the call. */
export interface Store {
  readonly audience: SqliteAudience;
  readonly database: Database;
  readonly marks: Watermarks;
  readonly clock: Clock;
  readonly keyring: Keyring;
}
