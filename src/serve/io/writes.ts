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

/** All that the server does to the store, by name. Arguments and results are sent between threads. */
export const WRITES = {
  leave: ({ audience }: Store, id: number, how: string) => audience.leave(id, how),
  undo: ({ audience }: Store, id: number, leftAt: Date) => audience.undoLeave(id, leftAt),
  pause: ({ audience }: Store, id: number, until?: Date) => audience.pause(id, until),
  erase({ audience }: Store, id: number): void {
    const { address } = audience.readerWith(id) ?? {};
    if (address === undefined) return;
    audience.erase(address);
    isScrubDue = true;
  },
};

/** After an erasure the file is written anew. That waits while an issue is being sent, and for the reader's answer. */
let isScrubDue = false;

export function scrubWhereDue({ audience }: Pick<Store, "audience">): void {
  if (isScrubDue) isScrubDue = !audience.scrub();
}

export type Writes = typeof WRITES;
