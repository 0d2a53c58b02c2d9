import type {
  CanaryNote,
  Claim,
  ClaimRequest,
  History,
  IssueContent,
  IssueKey,
  KnownPace,
  Ledger,
  PlannedIssue,
  PlanRequest,
  Run,
  RunEnd,
  Turn,
  TurnResult,
} from "../../ledger.ts";
import type { Clock } from "../../../platform/clock.ts";
import * as z from "zod";
import {
  type Database,
  fieldsOf,
  numberIn,
  optional,
  type Row,
  textIn,
} from "../../../platform/sqlite/database.ts";
import {
  restoredStore,
  openStore,
  hasStore,
  makeStore,
  openTrusted,
  assertInPlace,
  saveDisplaced,
} from "../../../platform/sqlite/open-store.ts";
import { busyError, lockFileOf, RunLock } from "../../../platform/sqlite/run-lock.ts";
import { beginRun, claimNext, endRun, Holding, settleDead, takeTurn, tryAgain } from "./groups.ts";
import type { Judged } from "../../judgement.ts";
import { type LedgerContext, explainAddress, readIssue, readIssues } from "./read-ledger.ts";
import { contentOf } from "./issue-content.ts";
import { planIssue } from "./plan.ts";
import { type AcceptedStore, acceptRestored } from "./accept-restored.ts";
import { noteCanary, postponeDomain, retryIssue, settleIssue } from "./settle.ts";
import { change, Watermarks, markAway } from "../../../platform/sqlite/watermarks.ts";
import { settleHere, homeElsewhere } from "../../../platform/sqlite/home.ts";
import type { Environment } from "../../../platform/environment.ts";
import { unlessMissing } from "../../../platform/file-error.ts";
import { rename } from "node:fs/promises";
import { BroadsheetError } from "../../../errors.ts";

interface LedgerParts {
  readonly clock: Clock;
  /** A second mark, outside the store's folder, of how far the ledger has come. */
  readonly markAway?: string | undefined;
}

/** The ledger in a store. It closes the store when it is closed. */
export class SqliteLedger implements Ledger {
  #context: LedgerContext;
  readonly #holding = new Holding();
  readonly #lock: RunLock;
  #isTrusted = false;

  constructor(database: Database, { clock, markAway }: LedgerParts) {
    this.#context = { database, clock, marks: new Watermarks(database, markAway) };
    this.#lock = new RunLock(lockFileOf(database.file));
  }

  async plan(request: PlanRequest): Promise<PlannedIssue> {
    this.#trust();
    await this.#syncedLater(() => planIssue(this.#context, request));
    // The issue's name is in the marks before the first message goes out.
    this.#context.marks.note();
    const planned = readIssue(this.#context, request.issue);
    if (planned) return planned;
    throw new Error("an issue was planned and isn't there");
  }

  async content(issue: IssueKey): Promise<IssueContent | undefined> {
    return contentOf(this.#context.database, issue);
  }

  async issues(newsletter?: string): Promise<PlannedIssue[]> {
    return readIssues(this.#context, newsletter);
  }

  async issue(issue: IssueKey): Promise<PlannedIssue | undefined> {
    return readIssue(this.#context, issue);
  }

  /** Deferrals, bounces and complaints, by issue of a newsletter. */
  async mishaps(newsletter: string): Promise<ReturnType<typeof mishapsIn>[]> {
    return this.#context.database.prepare(MISHAPS).all(newsletter).map(mishapsIn);
  }

  async begin(worker: string, issue: IssueKey): Promise<Run> {
    if (!this.#lock.take()) throw busyError("sending from this store", this.#lock);
    try {
      this.#trust();
      // The holder of the lock is the only sender: claims of others are those of dead ones.
      const begun = beginRun(this.#context, worker, issue);
      await this.#context.database.syncLater(true);
      this.#holding.clear();
      this.#context = { ...this.#context, run: begun.number };
      return {
        ...begun,
        askSome: async (limit) => tryAgain(this.#context, this.#holding, { issue, limit }),
        tryAll: async () => tryAgain(this.#context, this.#holding, { issue }),
        end: async (how = INTERRUPTED) => this.#end(issue, how),
      };
    } catch (error) {
      this.#lock.release();
      throw error;
    }
  }

  async claim(request: ClaimRequest): Promise<Claim[]> {
    this.#trust();
    assertInPlace(this.#context.database);
    const claims = claimNext(this.#context, this.#holding, request);
    await this.#context.marks.sync();
    return claims;
  }

  async turn(turn: Turn): Promise<TurnResult> {
    return takeTurn(this.#context, this.#holding, turn);
  }

  async noteCanary(issue: IssueKey, note: CanaryNote): Promise<void> {
    this.#trust();
    noteCanary(this.#context, issue, note);
    await this.#context.marks.sync();
  }

  async postpone(issue: IssueKey, domain: string, until: Date): Promise<number> {
    this.#trust();
    const postponed = postponeDomain(this.#context, issue, { domain, until });
    await this.#context.marks.sync();
    return postponed;
  }

  async pace(account: string): Promise<KnownPace | undefined> {
    const row = this.#context.database.prepare(PACE).get(account);
    return row && { rate: optional(row, "rate", numberIn), sent: sentIn(row) };
  }

  async keepPace(account: string, { rate, sent }: KnownPace): Promise<void> {
    this.#context.database.prepare(KEEP_PACE).run(account, rate, JSON.stringify(sent));
  }

  async settle(issue: IssueKey, how: "accept" | "resend"): Promise<number> {
    this.#trust();
    this.#settleDead();
    return settleIssue(this.#context, issue, how);
  }

  /** Accepts a store that is older than its marks; undefined where it is the latest. */
  acceptStore(): AcceptedStore | undefined {
    const check = this.#context.marks.check();
    return check.isRestored ? acceptRestored(this.#context, check) : undefined;
  }

  /** Makes this place the store's home; its marks say so to the place before. */
  settleHere(): void {
    change(this.#context, () => settleHere(this.#context.database));
    this.#context.marks.note();
  }

  async retry(issue: IssueKey): Promise<number> {
    this.#trust();
    this.#settleDead();
    return retryIssue(this.#context, issue);
  }

  async explain(address: string): Promise<History[]> {
    return explainAddress(this.#context, address);
  }

  async close(): Promise<void> {
    this.#lock.release();
    this.#context.marks.close();
    this.#context.database.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Settles what a sender that died has left; nothing while one sends. */
  #settleDead(): void {
    if (!this.#lock.take()) return;
    try {
      settleDead(this.#context);
    } finally {
      this.#lock.release();
    }
  }

  /** Does `work`, whose commits are synced together. */
  async #syncedLater(work: () => void): Promise<void> {
    const { database, marks } = this.#context;
    const isRun = database.syncsLater;
    if (!isRun) await database.syncLater(true);
    try {
      work();
      await marks.sync();
    } finally {
      if (!isRun) await database.syncLater(false);
    }
  }

  async #end(issue: IssueKey, how: RunEnd): Promise<Judged> {
    const { database } = this.#context;
    try {
      await database.syncLater(false);
      const judged = endRun(this.#context, issue, how);
      saveDisplaced(database);
      return judged;
    } finally {
      this.#holding.clear();
      this.#context = { ...this.#context, run: undefined };
      this.#lock.release();
    }
  }

  /** Refuses to go on from a ledger that was restored from a backup. */
  #trust(): void {
    if (this.#isTrusted) return;
    const check = this.#context.marks.check();
    if (check.isRestored) throw restoredStore(this.#context.database.file, check);
    this.#context.marks.note();
    this.#isTrusted = true;
  }
}

/**
 * How many readers of an issue were deferred, in one attempt or several, bounced or complained, whatever became of
 * them since.
 */
const mishapsIn = fieldsOf({
  slot: textIn,
  putOff: numberIn,
  bounced: numberIn,
  complained: numberIn,
});

/** The events first: they are few, and the deliveries as many as there are readers. */
const MISHAPS = `
  SELECT
    slot,
    count(DISTINCT iif(what = 'deferred', delivery.id, NULL)) AS put_off,
    count(DISTINCT iif(what IN ('bounced', 'bounced for now', 'blocked'), delivery.id, NULL)) AS bounced,
    count(DISTINCT iif(what = 'complained', delivery.id, NULL)) AS complained
  FROM delivery_event
    CROSS JOIN delivery ON delivery.id = delivery_event.delivery
    CROSS JOIN issue ON issue.id = delivery.issue
  WHERE what IN ('deferred', 'bounced', 'bounced for now', 'blocked', 'complained') AND newsletter = ?
  GROUP BY issue.id`;

const INTERRUPTED: RunEnd = { ending: "waits", isListDone: false };
const PACE = "SELECT rate, sent FROM relay WHERE account = ?";

const KEEP_PACE = "INSERT OR REPLACE INTO relay (account, rate, sent) VALUES (?, ?, ?)";

const sentColumn = z.array(z.tuple([z.number(), z.number()]));

function sentIn(row: Row): KnownPace["sent"] {
  return sentColumn.parse(JSON.parse(textIn(row, "sent")));
}

interface LedgerOptions {
  readonly clock: Clock;
  readonly env: Environment;
  /** The ledger is only read: no store is made where there is none. */
  readonly isLooking?: boolean;
  /** The ledger is opened to send to a list, which is only done where the store lives. */
  readonly isToSend?: boolean;
}

/**
 * The ledger of a store. The caller closes it.
 * @throws BroadsheetError STORE_*, LEDGER_RESTORED.
 */
export async function openLedger(
  file: string,
  { clock, env, isLooking = false, isToSend = false }: LedgerOptions,
): Promise<SqliteLedger> {
  const store = await openTrusted(file, { isLooking, isToSend, env });
  return new SqliteLedger(store, { clock, markAway: markAway(store, env) });
}

export interface Accepted extends AcceptedStore {
  /** Whether it is a new, empty store in the place of one that was lost. */
  readonly isNew: boolean;
  /** Whether something may have been done since that the store doesn't know. */
  readonly isOlder: boolean;
  /** Where the store lived; absent where that is here. */
  readonly movedFrom?: string | undefined;
}

/**
 * Accepts a store that is older than what was done with it, or that lives in another place, or begins a new one in the
 * place of one that was lost. Undefined where the store is the latest and at home, or there never was one.
 * @throws BroadsheetError STORE_*.
 */
export async function acceptStore(
  file: string,
  { clock, env }: { readonly clock: Clock; readonly env: Environment },
): Promise<Accepted | undefined> {
  const isNew = await isLost(file, env);
  if (isNew) {
    for (const end of ["", "-wal", "-shm"]) await setAside(file + end);
    await makeStore(file);
  } else if (!hasStore(file, env)) return undefined;
  const store = await openStore(file, { env });
  const movedFrom = homeElsewhere(store, env);
  await using ledger = new SqliteLedger(store, { clock, markAway: markAway(store, env) });
  const accepted = ledger.acceptStore();
  if (movedFrom !== undefined) ledger.settleHere();
  const isOlder = isNew || accepted !== undefined;
  if (!isOlder && movedFrom === undefined) return undefined;
  return { inDoubt: 0, lost: [], ...accepted, isNew, isOlder, movedFrom };
}

async function isLost(file: string, env: Environment): Promise<boolean> {
  try {
    if (hasStore(file, env)) (await openStore(file, { env })).close();
    return false;
  } catch (error) {
    if (error instanceof BroadsheetError && error.code === "STORE_LOST") return true;
    throw error;
  }
}

/** A damaged store is renamed and kept: its data may be wanted, such as a write-ahead log that was never merged. */
async function setAside(file: string): Promise<void> {
  await unlessMissing(rename(file, `${file}.lost`));
}
