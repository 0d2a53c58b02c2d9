import type {
  CanaryNote,
  Claim,
  ClaimRequest,
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
import {
  assertInPlace,
  restoredStore,
  saveDisplaced,
} from "../../../platform/sqlite/open-store.ts";
import { busyError } from "../../../platform/store.ts";
import { FileLock, lockFileOf } from "../../../platform/sqlite/run-lock.ts";
import {
  beginRun,
  claimNext,
  endRun,
  foldAll,
  type GroupContext,
  Holding,
  settleDead,
  takeTurn,
  tryAgain,
} from "./groups.ts";
import type { Judged } from "../../judgement.ts";
import { keepPace } from "./read-ledger.ts";
import { planIssue } from "./plan.ts";
import { type AcceptedStore, acceptRestored } from "./accept-restored.ts";
import { INTERRUPTED, StoredLedger } from "./stored-ledger.ts";
import { noteCanary, postponeDomain, retryIssue, settleIssue } from "./settle.ts";
import type { SqliteStore } from "../../../platform/sqlite/sqlite-store.ts";
import { settleHere } from "../../../platform/sqlite/home.ts";

/** The ledger in an SQLite store. Closing the ledger closes the store. */
export class SqliteLedger extends StoredLedger<SqliteStore> implements Ledger {
  readonly #holding = new Holding();
  readonly #lock: FileLock;
  #run: number | undefined;
  #isTrusted = false;

  constructor(store: SqliteStore, { clock }: { readonly clock: Clock }) {
    super(store, clock);
    this.#lock = new FileLock(lockFileOf(store.raw.file));
  }

  get #context(): GroupContext {
    return { store: this.store, clock: this.clock, run: this.#run };
  }

  async plan(request: PlanRequest): Promise<PlannedIssue> {
    const [store, clock] = [this.store, this.clock];
    this.#trust();
    await this.#syncedLater(async () => planIssue({ store, clock }, request));
    // The marks must contain the issue's name before the first message goes out.
    store.marks.note();
    return this.planned(request.issue);
  }

  async begin(worker: string, issue: IssueKey): Promise<Run> {
    if (!(await this.#lock.take()))
      throw busyError("sending from this store", await this.#lock.holder());
    try {
      this.#trust();
      // The holder of the lock is the only sender, so all other claims belong to runs that died.
      const begun = await beginRun(this.#context, worker, issue);
      await this.store.raw.syncLater(true);
      this.#holding.clear();
      this.#run = begun.number;
      return {
        ...begun,
        askSome: async (limit) => tryAgain(this.#context, this.#holding, { issue, limit }),
        tryAll: async () => tryAgain(this.#context, this.#holding, { issue }),
        end: async (how = INTERRUPTED) => this.#end(issue, how),
      };
    } catch (error) {
      await this.#lock.release();
      throw error;
    }
  }

  async claim(request: ClaimRequest): Promise<Claim[]> {
    this.#trust();
    const claims = await this.store.atOnce((raw) => {
      assertInPlace(raw);
      return claimNext(this.#context, this.#holding, request);
    });
    await this.store.marks.sync();
    return claims;
  }

  async turn(turn: Turn): Promise<TurnResult> {
    return this.store.atOnce(() => takeTurn(this.#context, this.#holding, turn));
  }

  async noteCanary(issue: IssueKey, note: CanaryNote): Promise<void> {
    this.#trust();
    await noteCanary({ queries: this.store, clock: this.clock }, issue, note);
    await this.store.marks.sync();
  }

  async postpone(issue: IssueKey, domain: string, until: Date): Promise<number> {
    this.#trust();
    const postponed = await this.store.change(async (tx) =>
      postponeDomain(tx, issue, { domain, until }),
    );
    await this.store.marks.sync();
    return postponed;
  }

  async keepPace(account: string, pace: KnownPace): Promise<void> {
    await keepPace(this.store, account, pace);
  }

  async settle(issue: IssueKey, how: "accept" | "resend"): Promise<number> {
    this.#trust();
    await this.#settleDead();
    return this.store.change(async (queries) =>
      settleIssue({ queries, clock: this.clock }, issue, how),
    );
  }

  /** Accepts a store that is older than its marks. Undefined if the store is the latest. */
  async acceptStore(): Promise<AcceptedStore | undefined> {
    const { marks } = this.store;
    const { isRestored, lost, highest } = marks.check();
    if (!isRestored) return undefined;
    const accepted = await this.store.transaction(async (tx) => {
      foldAll(this.#context);
      const accepted = await acceptRestored(tx, this.clock, lost);
      await tx.run("UPDATE store SET epoch = max(epoch, ?) + 1", highest);
      return accepted;
    });
    marks.note();
    return accepted;
  }

  /** Makes this place the store's home. The marks inform the former place. */
  async settleHere(): Promise<void> {
    await this.store.change(async () => settleHere(this.store.raw));
    this.store.marks.note();
  }

  async retry(issue: IssueKey): Promise<number> {
    this.#trust();
    await this.#settleDead();
    return this.store.change(async (queries) => retryIssue({ queries, clock: this.clock }, issue));
  }

  async close(): Promise<void> {
    await this.#lock.release();
    await this.store.close();
  }

  /** Cleans up after a sender that died. Does nothing while another sender works. */
  async #settleDead(): Promise<void> {
    if (!(await this.#lock.take())) return;
    try {
      await settleDead(this.#context);
    } finally {
      await this.#lock.release();
    }
  }

  /** Syncs all commits of `work` together at its end. */
  async #syncedLater(work: () => Promise<void>): Promise<void> {
    const { raw, marks } = this.store;
    const isRun = raw.syncsLater;
    if (!isRun) await raw.syncLater(true);
    try {
      await work();
      await marks.sync();
    } finally {
      if (!isRun) await raw.syncLater(false);
    }
  }

  async #end(issue: IssueKey, how: RunEnd): Promise<Judged> {
    const { raw } = this.store;
    try {
      await raw.syncLater(false);
      const judged = await endRun(this.#context, issue, how);
      saveDisplaced(raw);
      return judged;
    } finally {
      this.#holding.clear();
      this.#run = undefined;
      await this.#lock.release();
    }
  }

  /** Throws if the ledger was restored from a backup. */
  #trust(): void {
    if (this.#isTrusted) return;
    const { raw, marks } = this.store;
    const check = marks.check();
    if (check.isRestored) throw restoredStore(raw.file, check);
    marks.note();
    this.#isTrusted = true;
  }
}
