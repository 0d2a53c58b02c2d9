import { createHash } from "node:crypto";
import type { Look } from "../pages.ts";
import type {
  ClaimedMail,
  JoinRequest,
  MailOutcome,
  OutgoingMail,
  ProviderReport,
} from "../ports.ts";
import {
  askToJoin,
  confirmRequest,
  forgetRequests,
  joiningIn,
  weighRequests,
} from "./join-requests.ts";
import { claimMail, putMail, settleMail } from "./mail-queue.ts";
import type { Store } from "./store.ts";

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
  ask: (store: Store, requests: readonly JoinRequest[]) => askToJoin(joiningIn(store), requests),
  weigh: (store: Store, look: Look) => weighRequests(joiningIn(store), look),
  confirm: (store: Store, id: number) => confirmRequest(joiningIn(store), id),
  forget: (store: Store) => forgetRequests(joiningIn(store)),
  put: (store: Store, mail: OutgoingMail) => putMail(joiningIn(store), mail),
  claim(store: Store, joinsPerHour: number): ClaimedMail | undefined {
    store.audience.assertAtHome();
    return claimMail(joiningIn(store), joinsPerHour);
  },
  settle: (store: Store, id: number, outcome: MailOutcome) =>
    settleMail(joiningIn(store), id, outcome),
  report({ audience }: Store, report: ProviderReport, atMost?: number): boolean {
    const { token, slot = "", what, id } = report;
    const said = report.said.replace(/\s+/g, " ").slice(0, MOST_SAID);
    return audience.together(() => {
      const hash = id === undefined ? [] : [hashOf(id)];
      if (hash.some((one) => audience.recall(one))) return true;
      const isOurs = audience.noteReport(token, slot, { what, said, atMost });
      if (isOurs) audience.remember(hash, false);
      return isOurs;
    });
  },
};

/** The words of a server that are kept. */
const MOST_SAID = 500;

function hashOf(id: string): Uint8Array {
  return createHash("sha256").update(`report ${id}`).digest().subarray(0, 16);
}

/** After an erasure the file is written anew. That waits while an issue is being sent, and for the reader's answer. */
let isScrubDue = false;

export function scrubWhereDue({ audience }: Pick<Store, "audience">): void {
  if (isScrubDue) isScrubDue = !audience.scrub();
}

export type Writes = typeof WRITES;
