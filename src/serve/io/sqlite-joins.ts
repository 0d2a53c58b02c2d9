import type { Clock } from "../../platform/clock.ts";
import { SqliteAudience } from "../../subscribers/io/sqlite-audience.ts";
import type { Keyring } from "../../subscribers/tokens.ts";
import type { Look } from "../pages.ts";
import type { JoinRequest, Joins, Outgoing } from "../ports.ts";
import { findRequest, hasOpenRequest } from "./join-requests.ts";
import { isMailDue, listWith } from "./mail-queue.ts";
import type { StoreReader } from "./sqlite-readers.ts";
import type { StoreThread } from "./store-thread.ts";

interface Parts {
  readonly newsletter: string;
  /** The list's own six bytes. */
  readonly list: Uint8Array;
  readonly reader: StoreReader;
  readonly thread: StoreThread;
  readonly clock: Clock;
  readonly keyring: Keyring;
  /** Of the mails to visitors. */
  readonly look: Look;
}

/** Visitors and mails in a store. A write goes through its thread. */
export function sqliteJoins(parts: Parts): { readonly joins: Joins; readonly outgoing: Outgoing } {
  const { thread } = parts;
  const { site, hasArchive, theme, publication } = parts.look;
  const look = { site, hasArchive, theme, publication };
  return {
    joins: {
      ask: together((requests) => thread.do("ask", requests)),
      weigh: async () => {
        // A write would hold up others every few seconds, for nothing.
        if (hasOpenRequest(readingOf(parts))) await thread.do("weigh", look);
      },
      find: async (id) => findRequest(readingOf(parts), id),
      confirm: async (id) => thread.do("confirm", id),
      forget: async () => thread.do("forget"),
    },
    outgoing: {
      put: async (mail) => thread.do("put", mail),
      isDue: async (joinsPerHour) => isMailDue(readingOf(parts), joinsPerHour),
      claim: async (joinsPerHour) => thread.do("claim", joinsPerHour),
      settle: async (id, outcome) => thread.do("settle", id, outcome),
    },
  };
}

function readingOf({ newsletter, list: uid, reader, clock, keyring }: Parts) {
  const { database } = reader;
  const audience = new SqliteAudience(database, { newsletter, clock, keyring });
  return { database, audience, clock, list: listWith(database, uid) ?? 0 };
}

/** All requests that come while one write is under way go into the next one. */
function together(
  write: (requests: readonly JoinRequest[]) => Promise<void>,
): (request: JoinRequest) => Promise<void> {
  let next: { readonly requests: JoinRequest[]; readonly written: Promise<void> } | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const begin = () => {
    const requests: JoinRequest[] = [];
    const writeAll = async (): Promise<void> => {
      await last;
      next = undefined;
      await write(requests);
    };
    const written = writeAll();
    last = written.catch(() => undefined);
    return { requests, written };
  };
  return async (request) => {
    next ??= begin();
    next.requests.push(request);
    return next.written;
  };
}
