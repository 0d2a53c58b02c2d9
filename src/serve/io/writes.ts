import type { SqliteAudience } from "../../subscribers/io/sqlite-audience.ts";

/** What a write works on. */
export interface Store {
  readonly audience: SqliteAudience;
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
    audience.scrub();
  },
};

export type Writes = typeof WRITES;
