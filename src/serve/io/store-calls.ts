import { createHash } from "node:crypto";
import type { Store } from "../../platform/database.ts";
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
import { claimMail, type OpenList, putMail, settleMail } from "./mail-queue.ts";

/** All changes of the store by the server, by name. Arguments and results are sent between threads. */
const STORE_CALLS = {
  leave: async ({ audience }: OpenList, id: number, how: string) => audience.leave(id, how),
  undo: async ({ audience }: OpenList, id: number, leftAt: Date) => audience.undoLeave(id, leftAt),
  pause: async ({ audience }: OpenList, id: number, until?: Date) => audience.pause(id, until),
  async erase({ audience }: OpenList, id: number): Promise<void> {
    const { address } = (await audience.readerWith(id)) ?? {};
    if (address === undefined) return;
    await audience.erase(address);
    isScrubDue = true;
  },
  ask: async (opened: OpenList, requests: readonly JoinRequest[]) =>
    askToJoin(await joiningIn(opened), requests),
  weigh: async (opened: OpenList, look: Look) => weighRequests(await joiningIn(opened), look),
  confirm: async (opened: OpenList, id: number) => confirmRequest(await joiningIn(opened), id),
  forget: async (opened: OpenList) => forgetRequests(await joiningIn(opened)),
  put: async (opened: OpenList, mail: OutgoingMail) => putMail(await joiningIn(opened), mail),
  async claim(opened: OpenList, joinsPerHour: number): Promise<ClaimedMail | undefined> {
    await opened.store.assertAtHome();
    return claimMail(await joiningIn(opened), joinsPerHour);
  },
  settle: async (opened: OpenList, id: number, outcome: MailOutcome) =>
    settleMail(await joiningIn(opened), id, outcome),
  async report(opened: OpenList, report: ProviderReport, atMost?: number): Promise<boolean> {
    const { token, slot = "", what, id } = report;
    const said = report.said.replace(/[\s\0]+/g, " ").slice(0, MOST_SAID);
    return opened.audience.together(async (audience) => {
      const hash = id === undefined ? [] : [hashOf(id)];
      for (const one of hash) if (await audience.recall(one)) return true;
      const isOurs = await audience.noteReport(token, slot, { what, said, atMost });
      if (isOurs) await audience.remember(hash, false);
      return isOurs;
    });
  },
};

/** The most characters of a server's text that are stored. */
const MOST_SAID = 500;

function hashOf(id: string): Uint8Array {
  return createHash("sha256").update(`report ${id}`).digest().subarray(0, 16);
}

/** Whether erased data must still be overwritten in the file. That is done after the reader's answer and after a sending. */
let isScrubDue = false;

export async function scrubWhereDue({ audience }: Pick<OpenList, "audience">): Promise<void> {
  if (isScrubDue) isScrubDue = !(await audience.scrub());
}

export type StoreCalls = typeof STORE_CALLS;

/** The store calls by name, for calls whose name and arguments come from another thread. */
export const callsByName: Readonly<
  Record<string, (opened: OpenList, ...args: readonly never[]) => unknown>
> = STORE_CALLS;

/** The arguments of a call after the list. */
export type ArgsOf<StoreCall> = StoreCall extends (opened: never, ...args: infer Args) => unknown
  ? Args
  : never;
export type ResultOf<StoreCall> = StoreCall extends (...args: never) => infer Result
  ? Awaited<Result>
  : never;

export interface StoreReader {
  store(): Promise<Store>;
  close(): Promise<void>;
}

export interface StoreWriter {
  /** @throws BroadsheetError STORE_BUSY if another process holds the store or the call waited too long; STORE_*. */
  do<Name extends keyof StoreCalls>(
    name: Name,
    ...args: ArgsOf<StoreCalls[Name]>
  ): Promise<ResultOf<StoreCalls[Name]>>;
  /** Resolves when all open calls have ended. */
  close(): Promise<void>;
}
