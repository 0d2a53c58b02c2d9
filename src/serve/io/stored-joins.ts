import type { Clock } from "../../platform/clock.ts";
import { Audience } from "../../subscribers/io/audience.ts";
import type { Keyring } from "../../subscribers/tokens.ts";
import type { Look } from "../pages.ts";
import type { JoinRequest, Joins, Outgoing } from "../ports.ts";
import { findRequest, hasOpenRequest } from "./join-requests.ts";
import { isMailDue, listWith } from "./mail-queue.ts";
import type { StoreReader, StoreWriter } from "./store-calls.ts";

interface Parts {
  readonly newsletter: string;
  /** The list's own six bytes. */
  readonly list: Uint8Array;
  readonly reader: StoreReader;
  readonly writer: StoreWriter;
  readonly clock: Clock;
  readonly keyring: Keyring;
  readonly look: Look;
}

/** The ports for visitors and single mails, in a store. */
export function storedJoins(parts: Parts): { readonly joins: Joins; readonly outgoing: Outgoing } {
  const { writer } = parts;
  const { site, hasArchive, theme, publication } = parts.look;
  const look = { site, hasArchive, theme, publication };
  return {
    joins: {
      ask: together((requests) => writer.do("ask", requests)),
      weigh: async () => {
        // A write every few seconds would delay other writers, so we look first.
        const { store, list } = await readingOf(parts);
        if (await hasOpenRequest(store, list)) await writer.do("weigh", look);
      },
      find: async (id) => findRequest(await readingOf(parts), id),
      confirm: async (id) => writer.do("confirm", id),
      forget: async () => writer.do("forget"),
    },
    outgoing: {
      put: async (mail) => writer.do("put", mail),
      isDue: async (joinsPerHour) => isMailDue(await readingOf(parts), joinsPerHour),
      claim: async (joinsPerHour) => writer.do("claim", joinsPerHour),
      settle: async (id, outcome) => writer.do("settle", id, outcome),
    },
  };
}

async function readingOf({ newsletter, list: uid, reader, clock, keyring }: Parts) {
  const store = await reader.store();
  const audience = new Audience(store, { newsletter, clock, keyring });
  return { store, audience, clock, list: (await listWith(store, uid)) ?? 0 };
}

/** All requests that come during a write go into the next write together. */
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
