import { BroadsheetError } from "../../errors.ts";
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
import { releaseArticles, takeArticles } from "./taken.ts";

/** The record of an issue. A draft has none before a run or an editor's command makes one. */
export interface IssueRecord {
  readonly slot: string;
  readonly state: IssueState;
  /** When the schedule sends it; absent for an issue that no schedule sends. */
  readonly at?: Date;
  readonly changedAt: Date;
  /** Why it isn't further along, or why no issue came of the slot; of a merged one, the slot that has its stories. */
  readonly why?: string;
  /** The code of the fault that `why` tells of, and since when runs meet it; absent where it tells of none. */
  readonly whyCode?: string;
  readonly whySince?: Date;
  /** Whether a run brought it into its state: then the next run goes on with it, also before its time. */
  readonly isRuns: boolean;
  /** The hash of the digest for which approval was asked or given; of a draft, before its folder was lost. */
  readonly digestHash?: string;
  /** Since when this issue is held. */
  readonly heldAt?: Date;
}

/** A run's hold on the draft of a slot. Another run that takes it over, and every plan, has another number. */
export interface Claim {
  readonly slot: string;
  readonly attempt: number;
}

/** An issue by its slot, and the time of the slot where the schedule has it. */
export interface TimedIssue {
  readonly slot: string;
  readonly at?: Date | undefined;
}

/** What is noted with a transition. */
export interface Particulars {
  readonly why?: string | undefined;
  /** What the issue takes; given where the transition takes articles. */
  readonly articles?: readonly Fingerprint[] | undefined;
  /** The hash of the digest for which approval is asked or given. */
  readonly digestHash?: string | undefined;
  /** The number that readers see. */
  readonly number?: number | undefined;
}

/** How a newsletter stands in its timetable. */
interface Timetable {
  /** No slot before this is ever run; absent where the newsletter has never been run. */
  readonly since?: Date;
  /** Since when nothing is run, where the newsletter is held. */
  readonly heldAt?: Date;
}

/** How far apart two slots of one name may be: those of a week. */
const SAME_NAME_MS = 8 * 86_400_000;

interface Context {
  readonly newsletter: string;
  readonly clock: Clock;
}

/**
 * The records of a newsletter's issues, and its timetable. A transition is made only from the state that the caller has
 * seen, together with what it does to articles, and is durable when the call returns. Closing it closes the store.
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

  /** @throws BroadsheetError STORE_MOVED where another place makes the issues. */
  async assertAtHome(env: Environment): Promise<void> {
    await this.#store.assertAtHome(env);
  }

  async timetable(): Promise<Timetable> {
    const row = await this.#store.get(TIMETABLE, this.#newsletter);
    return row ? timetableIn(row) : {};
  }

  /** Begins a timetable where there is none. */
  async enrol(since: Date): Promise<void> {
    await this.#store.run(ENROL, this.#newsletter, since.getTime());
  }

  /** Stops the newsletter, or lets it go on. Returns whether that changed anything. */
  async hold(isHeld: boolean): Promise<boolean> {
    if (isHeld) return (await this.#store.run(HOLD, this.#now(), this.#newsletter)) > 0;
    return (await this.#store.run(RELEASE, this.#newsletter)) > 0;
  }

  /** Holds one issue, or lets it go on. Returns whether that changed anything. */
  async holdIssue({ slot, at }: TimedIssue, isHeld: boolean): Promise<boolean> {
    return this.#store.transaction(async (tx) => {
      if (!isHeld) return (await tx.run(RELEASE_ISSUE, this.#newsletter, slot)) > 0;
      await this.#record(tx, { slot, at });
      return (await tx.run(HOLD_ISSUE, this.#now(), this.#newsletter, slot)) > 0;
    });
  }

  /** The command that lets an issue go on, where it or the whole newsletter is held. */
  async liftedBy(slot: string): Promise<string | undefined> {
    const { heldAt } = await this.timetable();
    return liftedBy(slot, heldAt, (await this.find(slot))?.heldAt);
  }

  /** @throws BroadsheetError USAGE where the newsletter is held, or the issue. */
  async assertNotHeld(slot: string): Promise<void> {
    const command = await this.liftedBy(slot);
    if (command === undefined) return;
    const what = (await this.timetable()).heldAt
      ? "the newsletter is held: nothing is sent"
      : `${slot} is held: it is not sent`;
    throw new BroadsheetError("USAGE", what, { fix: `let it go on first: ${command}` });
  }

  async find(slot: string): Promise<IssueRecord | undefined> {
    const row = await this.#store.get(FIND, this.#newsletter, slot);
    return row && recordIn(row);
  }

  /** The open issues, the last slot that has passed, and issues that may share a name with a slot due now, by time. */
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

  /** All issues that have a record, by slot. */
  async all(): Promise<ReadonlyMap<string, IssueRecord>> {
    const rows = await this.#store.all(
      "SELECT * FROM issue WHERE newsletter = ?",
      this.#newsletter,
    );
    return new Map(rows.map(recordIn).map((record) => [record.slot, record]));
  }

  /** How many issues of the schedule are in each state. */
  async counts(): Promise<ReadonlyMap<IssueState, number>> {
    const rows = await this.#store.all(COUNTS, this.#newsletter);
    return new Map(rows.map((row) => [stateIn(row, "state"), numberIn(row, "count")]));
  }

  /** Takes the draft of a slot in hand; undefined where the slot is no draft any more, or is held. */
  async begin({ slot, at }: TimedIssue): Promise<Claim | undefined> {
    const row = await this.#store.get(BEGIN, this.#newsletter, slot, at?.getTime(), this.#now());
    return row && { slot, attempt: numberIn(row, "attempt") };
  }

  /** Whether the run still holds the draft. */
  async isOurs({ slot, attempt }: Claim): Promise<boolean> {
    return (await this.#store.get(OURS, this.#newsletter, slot, attempt)) !== undefined;
  }

  /** Forgets a draft that was taken in hand before its time, so that it is as if no run had come to it. */
  async letGo({ slot, attempt }: Claim): Promise<void> {
    await this.#store.transaction(async (tx) => {
      if ((await tx.run(LET_GO, this.#newsletter, slot, attempt)) > 0) return;
      await tx.run(LET_GO_HELD, this.#newsletter, slot, attempt);
    });
  }

  /** The number of the next issue: one more than the highest there is, and not less than the first. */
  async nextNumber(first: number, slot: string): Promise<number> {
    const row = await this.#store.get(HIGHEST, this.#newsletter, slot);
    const highest = optional(row ?? {}, "number", numberIn);
    return highest === undefined ? first : Math.max(first, highest + 1);
  }

  /**
   * Brings an issue that was seen in a state to the next one. False where it is no longer in that state, or the life has no
   * such transition; nothing is changed then. A draft without a record gets one.
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

  /** Notes why an open issue is not further along; without a reason, that nothing is in its way any more. */
  async note(slot: string, why?: string, code?: string): Promise<void> {
    await this.#store.run(NOTE, why, code, this.#now(), this.#newsletter, slot);
  }

  /** The alerts about an issue since it came to its state, as they were noted; undefined where there were none. */
  async alertsOf(slot: string): Promise<string | undefined> {
    const row = await this.#store.get(ALERTS, this.#newsletter, slot);
    return row && optional(row, "told", textIn);
  }

  /** Undefined: none, so that the next fault gives an alert. */
  async noteAlerts(slot: string, alerts: string | undefined): Promise<void> {
    await this.#store.run(NOTE_ALERTS, alerts, this.#newsletter, slot);
  }

  /** Forgets all alerts, so that every fault gives one again. */
  async forgetAlerts(): Promise<void> {
    await this.#store.run(FORGET_ALERTS, this.#newsletter);
  }

  /** Settles slots of which no issue comes. Slots that are no drafts any more stay as they are. */
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

  /** Makes the record of a draft where there is none. */
  async #record(tx: Queries, { slot, at }: TimedIssue): Promise<void> {
    await tx.run(RECORD, this.#newsletter, slot, at?.getTime(), this.#now());
  }

  #now(): number {
    return this.#clock().getTime();
  }
}

/**
 * One transition of an issue that has a record, within a transaction that the caller has begun. False where the issue is
 * not in the state that was seen, or the life has no such transition.
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
    /** The digest for which approval was seen: where it is given for another by now, nothing changes. */
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

/** The command that lets an issue go on, where the newsletter is held since `all`, or it since `one`. */
export function liftedBy(slot: string, all?: Date, one?: Date): string | undefined {
  if (all) return "broadsheet hold --off";
  return one && `broadsheet hold ${slot} --off`;
}

/** The state of an issue in a store; a draft where it has no record. */
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
/** If the canary stopped the issue, its readers are no longer a reason. */
const RELEASE_ISSUE = `
  UPDATE issue SET held_at = NULL,
    canary_verdict = CASE WHEN canary_verdict = 'held' THEN 'passed' ELSE canary_verdict END,
    why = CASE WHEN canary_verdict = 'held' THEN NULL ELSE why END,
    why_code = CASE WHEN canary_verdict = 'held' THEN NULL ELSE why_code END,
    why_since = CASE WHEN canary_verdict = 'held' THEN NULL ELSE why_since END
  WHERE newsletter = ? AND slot = ? AND held_at IS NOT NULL`;

/** An issue that was sent by hand before may have got its time from the schedule since. */
const RECORD = `
  INSERT INTO issue (newsletter, slot, content_hash, at, changed_at) VALUES (?, ?, '', ?, ?)
  ON CONFLICT (newsletter, slot) DO UPDATE SET at = coalesce(issue.at, excluded.at)`;

/** A draft has not passed, nor has a slot that was missed by a clock that was ahead. */
const LATEST = `
  SELECT at FROM issue
  WHERE newsletter = ? AND at <= ? AND state <> 'draft' AND (state <> 'missed' OR changed_at <= ?)
  ORDER BY at DESC LIMIT 1`;

/**
 * A slot that is named by its moment shares its name with no other. Without INDEXED BY, SQLite reads all issues for the
 * open ones.
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

/** An editor has held it meanwhile. */
const LET_GO_HELD = `
  UPDATE issue SET is_runs = 0 WHERE newsletter = ? AND slot = ? AND attempt = ? AND state = 'draft'`;

/** An issue that was skipped, or is a draft again, leaves its number to others. */
const HIGHEST = `
  SELECT max(number) AS number FROM issue
  WHERE newsletter = ? AND slot <> ? AND state IN ('waiting', 'approved', 'sending', 'sent')`;

const ALERTS = "SELECT told FROM issue WHERE newsletter = ? AND slot = ?";
const NOTE_ALERTS = "UPDATE issue SET told = ? WHERE newsletter = ? AND slot = ?";
const FORGET_ALERTS = "UPDATE issue SET told = NULL WHERE newsletter = ? AND told IS NOT NULL";

/** A fault that lasts began when it was noted first. */
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
 * The records of a config's newsletter. With `isLooking`, no store is made where there is none. The caller closes it.
 * @throws BroadsheetError STORE_*, LEDGER_RESTORED.
 */
export async function openRecords(
  { store, slug }: NewsletterStore,
  clock: Clock,
  how: Trusting = {},
): Promise<IssueRecords> {
  return new IssueRecords(await openStore(store, how), { newsletter: slug, clock });
}
