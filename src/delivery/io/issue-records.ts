import { BroadsheetError } from "../../errors.ts";
import { keysOf } from "../../digest/stories/fingerprint.ts";
import type { Fingerprint } from "../../digest/stories/story.ts";
import type { Clock } from "../../platform/clock.ts";
import {
  dateIn,
  fieldsOf,
  maybe,
  numberIn,
  oneOf,
  optional,
  type Queries,
  type Row,
  type Store,
  textIn,
  type Trusting,
} from "../../platform/database.ts";
import { type NewsletterStore, openStore } from "../../platform/store.ts";
import type { Environment } from "../../platform/environment.ts";
import type { IssueKey } from "../ledger.ts";
import { ISSUE_STATES, type IssueState, LIFE, type LifeEvent, stateAfter } from "../life.ts";

/** The record of an issue. A draft has none before a run or an editor's command makes one. */
export interface IssueRecord {
  readonly slot: string;
  readonly state: IssueState;
  /** The time at which the schedule sends the issue. Absent for an issue outside the schedule. */
  readonly at?: Date;
  readonly changedAt: Date;
  /** The reason why the issue is stopped, or why the slot has no issue. For a merged slot: the slot that has its stories. */
  readonly why?: string;
  /** The error code of the fault in `why`. Absent if `why` is no fault. */
  readonly whyCode?: string;
  /** The time at which a run first met that fault. */
  readonly whySince?: Date;
  /** Whether a run made the last transition. The next run then continues the issue, even before its time. */
  readonly isRuns: boolean;
  /** The hash of the digest for which approval was asked or given. A draft keeps it after its folder was lost. */
  readonly digestHash?: string;
  /** The time since which this issue is held. */
  readonly heldAt?: Date;
  /**
   * An issue of which a restored store has no record: the decision about all its readers, or "doubt" before it. Absent as soon
   * as the readers are planned, which applies the decision.
   */
  readonly lost?: "doubt" | "accept" | "resend";
}

/** A run's claim on the draft of a slot. If another run takes over the draft, it gets a higher attempt number. */
export interface Claim {
  readonly slot: string;
  readonly attempt: number;
}

/** An issue by its slot. `at` is the time of the slot if the schedule contains it. */
export interface TimedIssue {
  readonly slot: string;
  readonly at?: Date | undefined;
}

/** Values that are recorded with a transition. */
export interface Particulars {
  readonly why?: string | undefined;
  /** The articles that the issue takes, for a transition that takes articles. */
  readonly articles?: readonly Fingerprint[] | undefined;
  /** The hash of the digest for which approval is asked or given. */
  readonly digestHash?: string | undefined;
  /** The number of the issue as readers see it. */
  readonly number?: number | undefined;
}

/** When a newsletter began its schedule, and whether it is held. */
interface Timetable {
  /** The schedule ignores slots before this time. Absent if the newsletter has never been run. */
  readonly since?: Date;
  /** The time since which the newsletter is held. */
  readonly heldAt?: Date;
}

/** Two slots with the same name are at most this far apart. */
const SAME_NAME_MS = 8 * 86_400_000;

interface Context {
  readonly newsletter: string;
  readonly clock: Clock;
}

/**
 * The records of a newsletter's issues, and its timetable. A transition is made only from the state that the caller saw.
 * It changes the articles in the same transaction, and is durable when the call returns. Closing the records closes the
 * store.
 */
export class IssueRecords {
  readonly #store: Store;
  readonly #newsletter: string;
  readonly #clock: Clock;

  constructor(store: Store, { newsletter, clock }: Context) {
    this.#store = store;
    this.#newsletter = newsletter;
    this.#clock = clock;
  }

  /** @throws BroadsheetError STORE_MOVED if another folder or machine makes the issues. */
  async assertAtHome(env: Environment): Promise<void> {
    await this.#store.assertAtHome(env);
  }

  async timetable(): Promise<Timetable> {
    const row = await this.#store.get(TIMETABLE, this.#newsletter);
    return row ? timetableIn(row) : {};
  }

  /** Begins a timetable if there is none. */
  async enrol(since: Date): Promise<void> {
    await this.#store.run(ENROL, this.#newsletter, since.getTime());
  }

  /** Holds the newsletter, or releases it. Returns whether that changed anything. */
  async hold(isHeld: boolean): Promise<boolean> {
    if (isHeld) return (await this.#store.run(HOLD, this.#now(), this.#newsletter)) > 0;
    return (await this.#store.run(RELEASE, this.#newsletter)) > 0;
  }

  /** Holds one issue, or releases it. Returns whether that changed anything. */
  async holdIssue({ slot, at }: TimedIssue, isHeld: boolean): Promise<boolean> {
    return this.#store.transaction(async (tx) => {
      if (!isHeld) return (await tx.run(RELEASE_ISSUE, this.#newsletter, slot)) > 0;
      await this.#record(tx, { slot, at });
      return (await tx.run(HOLD_ISSUE, this.#now(), this.#newsletter, slot)) > 0;
    });
  }

  /** The command that releases an issue. Undefined if neither the issue nor the newsletter is held. */
  async liftedBy(slot: string): Promise<string | undefined> {
    const { heldAt } = await this.timetable();
    return liftedBy(slot, heldAt, (await this.find(slot))?.heldAt);
  }

  /** @throws BroadsheetError USAGE if the newsletter or the issue is held. */
  async assertNotHeld(slot: string): Promise<void> {
    const command = await this.liftedBy(slot);
    if (command === undefined) return;
    const what = (await this.timetable()).heldAt
      ? "the newsletter is held: nothing is sent"
      : `${slot} is held: it is not sent`;
    throw new BroadsheetError("USAGE", what, { fix: `release it first: ${command}` });
  }

  async find(slot: string): Promise<IssueRecord | undefined> {
    const row = await this.#store.get(FIND, this.#newsletter, slot);
    return row && recordIn(row);
  }

  /** The open issues, the last slot in the past, and issues that may share a name with a slot due now. Sorted by time. */
  async recent(now: Date): Promise<IssueRecord[]> {
    const newsletter = this.#newsletter;
    const row = await this.#store.get(LATEST, newsletter, now.getTime(), now.getTime());
    const latest = optional(row ?? {}, "at", numberIn) ?? now.getTime();
    const rows = await this.#store.all(
      recentIn(this.#store.engine),
      newsletter,
      latest,
      latest - SAME_NAME_MS,
    );
    return rows.map(recordIn);
  }

  /** The latest issues of the schedule, the latest first. */
  async latest(limit: number): Promise<IssueRecord[]> {
    const rows = await this.#store.all(LAST, this.#newsletter, limit);
    return rows.map(recordIn);
  }

  /** All issues with a record, by slot. */
  async all(): Promise<ReadonlyMap<string, IssueRecord>> {
    const rows = await this.#store.all(
      "SELECT * FROM issue WHERE newsletter = ?",
      this.#newsletter,
    );
    return new Map(rows.map(recordIn).map((record) => [record.slot, record]));
  }

  /** The number of the schedule's issues in each state. */
  async counts(): Promise<ReadonlyMap<IssueState, number>> {
    const rows = await this.#store.all(COUNTS, this.#newsletter);
    return new Map(rows.map((row) => [stateIn(row, "state"), numberIn(row, "count")]));
  }

  /** Claims the draft of a slot. Undefined if the issue is no longer a draft, or is held. */
  async begin({ slot, at }: TimedIssue): Promise<Claim | undefined> {
    const row = await this.#store.get(BEGIN, this.#newsletter, slot, at?.getTime(), this.#now());
    return row && { slot, attempt: numberIn(row, "attempt") };
  }

  /** Whether the run still holds the draft. */
  async isOurs({ slot, attempt }: Claim): Promise<boolean> {
    return (await this.#store.get(OURS, this.#newsletter, slot, attempt)) !== undefined;
  }

  /** Deletes the record of a draft that was claimed before its time, as if no run had claimed it. */
  async letGo({ slot, attempt }: Claim): Promise<void> {
    await this.#store.transaction(async (tx) => {
      if ((await tx.run(LET_GO, this.#newsletter, slot, attempt)) > 0) return;
      await tx.run(LET_GO_HELD, this.#newsletter, slot, attempt);
    });
  }

  /** The number of the next issue: the highest so far plus one, and at least `first`. */
  async nextNumber(first: number, slot: string): Promise<number> {
    const row = await this.#store.get(HIGHEST, this.#newsletter, slot);
    const highest = optional(row ?? {}, "number", numberIn);
    return highest === undefined ? first : Math.max(first, highest + 1);
  }

  /**
   * Brings an issue from the state that the caller saw to the next one. Returns false and changes nothing if the issue is
   * no longer in that state, or if the life has no such transition. A draft without a record gets one.
   */
  async move(
    issue: TimedIssue,
    {
      seen,
      event,
      ...noted
    }: Particulars & { readonly seen: IssueState; readonly event: LifeEvent },
  ): Promise<boolean> {
    if (stateAfter(seen, event) === undefined) return false;
    return this.#store.transaction(async (tx) => {
      const key = { newsletter: this.#newsletter, slot: issue.slot };
      if ((await issueState(tx, key)) !== seen) return false;
      if (seen === "draft") await this.#record(tx, issue);
      return moveIssue(tx, key, { seen, event, at: this.#clock(), ...noted });
    });
  }

  /** Records why an open issue is stopped. Without a reason, the former reason is removed. */
  async note(slot: string, why?: string, code?: string): Promise<void> {
    await this.#store.run(NOTE, why, code, this.#now(), this.#newsletter, slot);
  }

  /** The recorded alerts about an issue since its last transition. Undefined if there were none. */
  async alertsOf(slot: string): Promise<string | undefined> {
    const row = await this.#store.get(ALERTS, this.#newsletter, slot);
    return row && optional(row, "told", textIn);
  }

  /** Records the alerts about an issue. With undefined, the next fault raises an alert again. */
  async noteAlerts(slot: string, alerts: string | undefined): Promise<void> {
    await this.#store.run(NOTE_ALERTS, alerts, this.#newsletter, slot);
  }

  /** Forgets all alerts, so that every fault raises one again. */
  async forgetAlerts(): Promise<void> {
    await this.#store.run(FORGET_ALERTS, this.#newsletter);
  }

  /** Ends slots that get no issue. Slots that are no longer drafts are not changed. */
  async passOver(
    slots: readonly TimedIssue[],
    event: "miss" | "merge" | "skip",
    why?: string,
  ): Promise<void> {
    if (slots.length === 0) return;
    const at = this.#clock();
    await this.#store.transaction(async (tx) => {
      for (const slot of slots) {
        await this.#record(tx, slot);
        const key = { newsletter: this.#newsletter, slot: slot.slot };
        // A clock that was ahead may have marked the slot as missed.
        await tx.run(AS_DRAFT, this.#newsletter, slot.slot);
        await moveIssue(tx, key, { seen: "draft", event, at, why });
      }
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#store.close();
  }

  /** Makes the record of a draft if there is none. */
  async #record(tx: Queries, { slot, at }: TimedIssue): Promise<void> {
    await tx.run(RECORD, this.#newsletter, slot, at?.getTime(), this.#now());
  }

  #now(): number {
    return this.#clock().getTime();
  }
}

/**
 * One transition of an issue that has a record. The caller has begun the transaction. Returns false if the issue is
 * not in the state `seen`, or if the life has no such transition.
 */
export async function moveIssue(
  tx: Queries,
  { newsletter, slot }: IssueKey,
  {
    seen,
    event,
    at,
    why,
    articles,
    digestHash,
    number,
    seenHash,
  }: Particulars & {
    readonly seen: IssueState;
    /** The hash of the approved digest that the caller saw. If another digest is approved now, nothing changes. */
    readonly seenHash?: string | undefined;
    readonly event: LifeEvent;
    readonly at: Date;
  },
): Promise<boolean> {
  const to = stateAfter(seen, event);
  if (to === undefined) return false;
  const isRuns = Number(LIFE[event].by === "schedule");
  const values = [to, why, digestHash, isRuns, number, at.getTime()] as const;
  if ((await tx.run(MOVE, ...values, newsletter, slot, seen, seenHash)) === 0) return false;
  const effect = LIFE[event].articles;
  if (effect === "taken" && articles) await takeArticles(tx, { newsletter, slot, articles, at });
  if (effect === "released") await releaseArticles(tx, { newsletter, slot });
  return true;
}

interface TakeRequest extends IssueKey {
  readonly articles: readonly Fingerprint[];
  readonly at: Date;
}

/**
 * Takes articles for the issue of a slot. They replace the articles that it had. The issue changes its state in the same
 * transaction, which the caller has begun.
 */
export async function takeArticles(
  tx: Queries,
  { articles, at, ...taking }: TakeRequest,
): Promise<void> {
  await releaseArticles(tx, taking);
  const { newsletter, slot } = taking;
  for (const article of articles) {
    const { source, id, file, link, title, letters, likeness } = article;
    const values = [newsletter, slot, source, id, file, link, title, letters, likeness] as const;
    const row = await tx.get(TAKE, ...values, at.getTime());
    const taken = numberIn(row ?? {}, "id");
    for (const key of keysOf(article)) await tx.run(TAKE_KEY, `${newsletter} ${key}`, taken);
  }
}

/** Makes the articles of a slot new again. The caller has begun a transaction. Returns their number. */
async function releaseArticles(tx: Queries, { newsletter, slot }: IssueKey): Promise<number> {
  return tx.run("DELETE FROM taken WHERE newsletter = ? AND slot = ?", newsletter, slot);
}

const TAKE = `
  INSERT INTO taken
    (newsletter, slot, source, article, file, link, title, letters, likeness, taken_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  RETURNING id`;

const TAKE_KEY =
  "INSERT INTO taken_key (key, taken) VALUES (?, ?) ON CONFLICT (key, taken) DO NOTHING";

/** The command that releases an issue. `all`: the time since which the newsletter is held. `one`: since which the issue is. */
export function liftedBy(slot: string, all?: Date, one?: Date): string | undefined {
  if (all) return "broadsheet hold --off";
  return one && `broadsheet hold ${slot} --off`;
}

/** The state of an issue in a store. An issue without a record is a draft. */
export async function issueState(
  queries: Queries,
  { newsletter, slot }: IssueKey,
): Promise<IssueState> {
  const row = await queries.get(FIND, newsletter, slot);
  return row ? stateIn(row, "state") : "draft";
}

const stateIn = oneOf(ISSUE_STATES, "state of an issue");

/** The record in a row of the table `issue`. */
export const recordIn: (row: Row) => IssueRecord = fieldsOf({
  slot: textIn,
  state: stateIn,
  at: maybe(dateIn),
  changedAt: dateIn,
  why: maybe(textIn),
  whyCode: maybe(textIn),
  whySince: maybe(dateIn),
  isRuns: (row) => numberIn(row, "is_runs") === 1,
  digestHash: maybe(textIn),
  heldAt: maybe(dateIn),
  lost: maybe(oneOf(["doubt", "accept", "resend"] as const, "decision about a lost issue")),
});

const timetableIn = fieldsOf({ since: maybe(dateIn), heldAt: maybe(dateIn) });

const FIND = "SELECT * FROM issue WHERE newsletter = ? AND slot = ?";
const LAST = "SELECT * FROM issue WHERE newsletter = ? AND at IS NOT NULL ORDER BY at DESC LIMIT ?";

const COUNTS = `
  SELECT state, count(*) AS count FROM issue WHERE newsletter = ? AND at IS NOT NULL GROUP BY state`;

const TIMETABLE = "SELECT since, held_at FROM timetable WHERE newsletter = ?";
const ENROL = `
  INSERT INTO timetable (newsletter, since) VALUES (?, ?) ON CONFLICT (newsletter) DO NOTHING`;

const HOLD = "UPDATE timetable SET held_at = ? WHERE newsletter = ? AND held_at IS NULL";
const RELEASE = "UPDATE timetable SET held_at = NULL WHERE newsletter = ? AND held_at IS NOT NULL";

const HOLD_ISSUE =
  "UPDATE issue SET held_at = ? WHERE newsletter = ? AND slot = ? AND held_at IS NULL";
/** Releasing an issue that the canary stopped also overrules the canary. */
const RELEASE_ISSUE = `
  UPDATE issue SET held_at = NULL,
    canary_verdict = CASE WHEN canary_verdict = 'held' THEN 'passed' ELSE canary_verdict END,
    why = CASE WHEN canary_verdict = 'held' THEN NULL ELSE why END,
    why_code = CASE WHEN canary_verdict = 'held' THEN NULL ELSE why_code END,
    why_since = CASE WHEN canary_verdict = 'held' THEN NULL ELSE why_since END
  WHERE newsletter = ? AND slot = ? AND held_at IS NOT NULL`;

/** An issue that was first sent by hand may get its time from the schedule later. */
const RECORD = `
  INSERT INTO issue (newsletter, slot, content_hash, at, changed_at) VALUES (?, ?, '', ?, ?)
  ON CONFLICT (newsletter, slot) DO UPDATE SET at = coalesce(issue.at, excluded.at)`;

/**
 * The time of the latest slot that has passed. Drafts are excluded. A missed slot is excluded if it was marked at a time
 * that is still in the future, because the clock was wrong then.
 */
const LATEST = `
  SELECT at FROM issue
  WHERE newsletter = ? AND at <= ? AND state <> 'draft' AND (state <> 'missed' OR changed_at <= ?)
  ORDER BY at DESC LIMIT 1`;

/**
 * A slot whose name contains its time of day shares its name with no other slot. Without INDEXED BY, SQLite reads all
 * issues to find the open ones.
 */
const recentIn = (engine: Queries["engine"]) => `
  SELECT * FROM issue WHERE newsletter = ?1 AND at >= ?2
  UNION
  SELECT * FROM issue WHERE newsletter = ?1 AND at >= ?3 AND replace(slot, 'T', '') = slot
  UNION
  SELECT * FROM issue WHERE newsletter = ?1 AND at IS NULL AND changed_at >= ?3
  UNION
  SELECT * FROM issue ${engine === "sqlite" ? "INDEXED BY issue_open" : ""}
  WHERE newsletter = ?1 AND state IN ('draft', 'waiting', 'approved', 'sending')
  ORDER BY at NULLS FIRST`;

const BEGIN = `
  INSERT INTO issue (newsletter, slot, content_hash, at, attempt, is_runs, changed_at)
  VALUES (?, ?, '', ?, 1, 1, ?)
  ON CONFLICT (newsletter, slot) DO UPDATE SET
    at = coalesce(excluded.at, issue.at), state = 'draft', attempt = issue.attempt + 1, is_runs = 1,
    changed_at = excluded.changed_at
  WHERE issue.state IN ('draft', 'missed') AND issue.planned_at IS NULL AND issue.lost IS NULL
    AND issue.held_at IS NULL
  RETURNING attempt`;

const OURS = `
  SELECT 1 FROM issue WHERE newsletter = ? AND slot = ? AND attempt = ? AND state = 'draft'`;

const LET_GO = `
  DELETE FROM issue
  WHERE newsletter = ? AND slot = ? AND attempt = ? AND state = 'draft' AND planned_at IS NULL
    AND held_at IS NULL`;

/** For a draft that an editor has held meanwhile. */
const LET_GO_HELD = `
  UPDATE issue SET is_runs = 0 WHERE newsletter = ? AND slot = ? AND attempt = ? AND state = 'draft'`;

/** An issue that was skipped, or is a draft again, does not keep its number. */
const HIGHEST = `
  SELECT max(number) AS number FROM issue
  WHERE newsletter = ? AND slot <> ? AND state IN ('waiting', 'approved', 'sending', 'sent')`;

const ALERTS = "SELECT told FROM issue WHERE newsletter = ? AND slot = ?";
const NOTE_ALERTS = "UPDATE issue SET told = ? WHERE newsletter = ? AND slot = ?";
const FORGET_ALERTS = "UPDATE issue SET told = NULL WHERE newsletter = ? AND told IS NOT NULL";

/** A fault that stays keeps the time at which it was first recorded. */
const NOTE = `
  UPDATE issue
  SET why = ?1, why_code = ?2,
    why_since = CASE WHEN coalesce(why_code, '') = coalesce(?2, '') THEN coalesce(why_since, ?3) ELSE ?3 END
  WHERE newsletter = ?4 AND slot = ?5`;

const MOVE = `
  UPDATE issue
  SET state = ?, why = ?, why_code = NULL, why_since = NULL, digest_hash = ?, is_runs = ?, number = coalesce(?, number), changed_at = ?, told = NULL
  WHERE newsletter = ? AND slot = ? AND state = ? AND coalesce(digest_hash, '') = coalesce(?, digest_hash, '')`;

const AS_DRAFT = `
  UPDATE issue SET state = 'draft' WHERE newsletter = ? AND slot = ? AND state = 'missed'`;

/**
 * The records of a config's newsletter. With `isLooking`, a missing store is not created. The caller closes the records.
 * @throws BroadsheetError STORE_*, LEDGER_RESTORED.
 */
export async function openRecords(
  { store, slug }: NewsletterStore,
  clock: Clock,
  how: Trusting = {},
): Promise<IssueRecords> {
  return new IssueRecords(await openStore(store, how), { newsletter: slug, clock });
}
