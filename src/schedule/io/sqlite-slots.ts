import {
  type Row,
  dateIn,
  fieldsOf,
  maybe,
  textIn,
  type Database,
  numberIn,
  optional,
} from "../../platform/sqlite/database.ts";
import type { Fingerprint } from "../../sources/fingerprint.ts";
import type { Clock } from "../../platform/clock.ts";
import { parseAlerts, type AlertHistory } from "./alerts.ts";
import { releaseItems, takeItems } from "../../sources/io/cursor.ts";
import type { Environment } from "../../platform/environment.ts";
import {
  assertAtHome,
  type NewsletterStore,
  openTrusted,
  type Trusting,
} from "../../platform/sqlite/open-store.ts";

/**
 * What a slot may become:
 *
 *     begun → built → sending → sent
 *                  ↘ waiting (for an editor) ↗
 *
 * `empty`: there was nothing new. `skipped`: by `broadsheet skip`. `missed`: nothing ran in time. `merged`: its
 * stories are for a later slot. `expired`: it was begun, and could not be sent, or was not approved, in time. A slot
 * whose issue was removed before its recipients were planned is `begun` again.
 */
const NEXT = {
  begun: ["built", "sending", "empty", "skipped", "missed", "merged", "expired"],
  built: ["begun", "waiting", "sending", "skipped", "expired"],
  waiting: ["sending", "skipped", "expired"],
  sending: ["begun", "sent", "expired"],
} as const;

type Nexts = typeof NEXT;

/** A state in which something is still to be done. */
export type OpenState = keyof Nexts;

/** The states that may follow a state. */
type After<State extends OpenState> = Nexts[State][number];

export type SlotState = OpenState | After<OpenState>;

/** A slot and what became of it. */
export interface SlotRecord {
  readonly slot: string;
  readonly at: Date;
  readonly state: SlotState;
  readonly changedAt: Date;
  /** Why the slot isn't further along, or why no issue came of it; of a merged one, the slot that has its stories. */
  readonly why?: string;
}

const STATES = new Set<string>([...Object.keys(NEXT), ...Object.values(NEXT).flat()]);

export function isOpen(state: SlotState): state is OpenState {
  return state in NEXT;
}

const slotRecord: (row: Row) => SlotRecord = fieldsOf({
  slot: textIn,
  at: dateIn,
  state: stateIn,
  changedAt: dateIn,
  why: maybe(textIn),
});

function stateIn(row: Row, column: string): SlotState {
  const state = textIn(row, column);
  if (isState(state)) return state;
  throw new TypeError(`${state} is no state of a slot`);
}

function isState(text: string): text is SlotState {
  return STATES.has(text);
}

interface SlotContext {
  readonly newsletter: string;
  readonly clock: Clock;
}

/** A slot by its name and time. */
interface TimedSlot {
  readonly name: string;
  readonly at: Date;
}

/** A run's hold on a slot. Another run that takes the slot over has another number. */
export interface SlotClaim {
  readonly slot: string;
  readonly attempt: number;
}

/** What is in the issue of a slot. */
interface SlotIssue {
  readonly items: readonly Fingerprint[];
  /** The issue number that readers see. */
  readonly number?: number | undefined;
}

/** How a newsletter stands in its timetable. */
interface Timetable {
  /** What was due before is never run; absent where the newsletter has never been run. */
  readonly since?: Date;
  /** Since when nothing is run, where the newsletter is held. */
  readonly heldAt?: Date;
}

interface Change<From extends OpenState> {
  readonly from: From;
  readonly to: After<From>;
  readonly why?: string | undefined;
}

/** How far apart two slots of one name may be: those of a week. */
const SAME_NAME_MS = 8 * 86_400_000;

/**
 * The slots of a newsletter and their states. A change is made only from the state that the caller has seen, and is
 * durable when it returns. It closes the store when it is closed.
 */
export class SqliteSlots {
  readonly #database: Database;
  readonly #newsletter: string;
  readonly #clock: Clock;

  constructor(database: Database, { newsletter, clock }: SlotContext) {
    this.#database = database;
    this.#newsletter = newsletter;
    this.#clock = clock;
  }

  /** @throws BroadsheetError STORE_MOVED where another place makes the issues. */
  assertAtHome(env: Environment): void {
    assertAtHome(this.#database, env);
  }

  timetable(): Timetable {
    const row = this.#database
      .prepare("SELECT since, held_at FROM timetable WHERE newsletter = ?")
      .get(this.#newsletter);
    return row ? timetableIn(row) : {};
  }

  /** Begins a timetable where there is none. */
  enrol(since: Date): void {
    this.#database
      .prepare("INSERT OR IGNORE INTO timetable (newsletter, since) VALUES (?, ?)")
      .run(this.#newsletter, since.getTime());
  }

  /** Stops all slots, or lets them go on; whether that changed anything. */
  hold(isHeld: boolean): boolean {
    if (isHeld) {
      return this.#database.prepare(HOLD).run(this.#clock().getTime(), this.#newsletter) > 0;
    }
    return this.#database.prepare(RELEASE).run(this.#newsletter) > 0;
  }

  find(slot: string): SlotRecord | undefined {
    const row = this.#database
      .prepare("SELECT * FROM slot WHERE newsletter = ? AND slot = ?")
      .get(this.#newsletter, slot);
    return row && slotRecord(row);
  }

  /** The open slots, the last one that has passed, and those that may share a name with a slot due now, by time. */
  recent(now: Date): SlotRecord[] {
    const newsletter = this.#newsletter;
    const row = this.#database.prepare(LATEST).get(newsletter, now.getTime(), now.getTime()) ?? {};
    const latest = optional(row, "at", numberIn) ?? now.getTime();
    const from = latest - SAME_NAME_MS;
    return this.#database
      .prepare(RECENT)
      .all(newsletter, latest, newsletter, from, newsletter)
      .map(slotRecord);
  }

  /** The latest slots, the latest first. */
  latest(limit: number): SlotRecord[] {
    return this.#database
      .prepare("SELECT * FROM slot WHERE newsletter = ? ORDER BY at DESC LIMIT ?")
      .all(this.#newsletter, limit)
      .map(slotRecord);
  }

  /** How many slots are in each state. */
  counts(): ReadonlyMap<SlotState, number> {
    const rows = this.#database
      .prepare("SELECT *, count(*) AS count FROM slot WHERE newsletter = ? GROUP BY state")
      .all(this.#newsletter);
    return new Map(rows.map((row) => [slotRecord(row).state, numberIn(row, "count")]));
  }

  /** Begins a slot, or begins it again where nothing has been built; undefined where it is settled already. */
  begin({ name, at }: TimedSlot): SlotClaim | undefined {
    const row = this.#database
      .prepare(BEGIN)
      .get(this.#newsletter, name, at.getTime(), this.#clock().getTime());
    return row && { slot: name, attempt: numberIn(row, "attempt") };
  }

  /** The number of the next issue: one more than the highest there is, and not less than the first. */
  nextNumber(first: number, { slot }: SlotClaim): number {
    const row = this.#database.prepare(HIGHEST).get(this.#newsletter, slot) ?? {};
    const highest = optional(row, "number", numberIn);
    return highest === undefined ? first : Math.max(first, highest + 1);
  }

  /** Notes that the slot's issue is in the outbox, and what is in it; false where another run has taken it over. */
  built({ slot, attempt }: SlotClaim, { items, number }: SlotIssue): boolean {
    return this.#database.transaction(() => {
      const now = this.#clock();
      const isOurs =
        this.#database
          .prepare(`${CHANGE} AND attempt = ?`)
          .run("built", null, now.getTime(), this.#newsletter, slot, "begun", attempt) > 0;
      if (isOurs) {
        this.#database.prepare(NUMBER).run(number, this.#newsletter, slot);
        takeItems(this.#database, { newsletter: this.#newsletter, slot, items, at: now });
      }
      return isOurs;
    });
  }

  /** Whether the run still holds its slot. */
  isOurs({ slot, attempt }: SlotClaim): boolean {
    const isThere = "SELECT 1 FROM slot WHERE newsletter = ? AND slot = ? AND attempt = ?";
    return this.#database.prepare(isThere).get(this.#newsletter, slot, attempt) !== undefined;
  }

  /** False where the slot is no longer in the state `from`; nothing is changed then. */
  change<From extends OpenState>(slot: string, { from, to, why }: Change<From>): boolean {
    return this.#database.transaction(() => {
      const values = [to, why, this.#clock().getTime(), this.#newsletter, slot, from] as const;
      if (this.#database.prepare(CHANGE).run(...values) === 0) return false;
      if (to !== "sent" && to !== "sending" && to !== "built" && to !== "waiting") {
        releaseItems(this.#database, { newsletter: this.#newsletter, slot });
      }
      return true;
    });
  }

  /** Notes why an open slot is not further along. */
  note(slot: string, why: string): void {
    this.#database
      .prepare("UPDATE slot SET why = ? WHERE newsletter = ? AND slot = ?")
      .run(why, this.#newsletter, slot);
  }

  /** The alerts about a slot since it came to its state. */
  alertsOf(slot: string): AlertHistory {
    const row = this.#database.prepare(ALERTS).get(this.#newsletter, slot);
    return parseAlerts((row && optional(row, "told", textIn)) ?? "{}");
  }

  /** Undefined: none, so that the next fault gives an alert. */
  noteAlerts(slot: string, history: AlertHistory | undefined): void {
    this.#database
      .prepare("UPDATE slot SET told = ? WHERE newsletter = ? AND slot = ?")
      .run(history && JSON.stringify(history), this.#newsletter, slot);
  }

  /** Forgets all alerts, so that every fault gives one again. */
  forgetAlerts(): void {
    this.#database
      .prepare("UPDATE slot SET told = NULL WHERE newsletter = ? AND told IS NOT NULL")
      .run(this.#newsletter);
  }

  /** Settles slots of which nothing has been built; others stay as they are. */
  passOver(
    slots: readonly TimedSlot[],
    { state, why }: { state: "missed" | "merged" | "skipped"; why?: string | undefined },
  ): void {
    if (slots.length === 0) return;
    const now = this.#clock().getTime();
    this.#database.transaction(() => {
      const pass = this.#database.prepare(PASS);
      for (const { name, at } of slots) {
        pass.run(this.#newsletter, name, at.getTime(), state, why, now);
      }
    });
  }

  /** Forgets a slot that was begun before its time, so that it is run at its time. */
  forget({ slot, attempt }: SlotClaim): void {
    const sql =
      "DELETE FROM slot WHERE newsletter = ? AND slot = ? AND attempt = ? AND state = 'begun'";
    this.#database.prepare(sql).run(this.#newsletter, slot, attempt);
  }

  /** Undoes a skip: the slot is run at its time, or by the next run where that has passed; false where it wasn't skipped. */
  unskip(slot: string): boolean {
    const now = this.#clock().getTime();
    const whose = [this.#newsletter, slot] as const;
    return this.#database.transaction(() => {
      const begun = this.#database.prepare(UNSKIP_DUE).run(now, ...whose, now);
      return begun + this.#database.prepare(UNSKIP_COMING).run(...whose) > 0;
    });
  }

  close(): void {
    this.#database.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

const timetableIn = fieldsOf({ since: maybe(dateIn), heldAt: maybe(dateIn) });

const HOLD = "UPDATE timetable SET held_at = ? WHERE newsletter = ? AND held_at IS NULL";
const RELEASE = "UPDATE timetable SET held_at = NULL WHERE newsletter = ? AND held_at IS NOT NULL";

/** A slot that was begun has not passed, nor has one that was missed by a clock that was ahead. */
const LATEST = `
  SELECT at FROM slot
  WHERE newsletter = ? AND at <= ? AND state <> 'begun' AND (state <> 'missed' OR changed_at <= ?)
  ORDER BY at DESC LIMIT 1`;

/** A slot that is named by its moment shares its name with no other. Without INDEXED BY, SQLite reads all slots for the open ones. */
const RECENT = `
  SELECT * FROM slot WHERE newsletter = ? AND at >= ?
  UNION
  SELECT * FROM slot WHERE newsletter = ? AND at >= ? AND slot NOT LIKE '%T%'
  UNION
  SELECT * FROM slot INDEXED BY slot_open
  WHERE newsletter = ? AND state IN ('begun', 'built', 'waiting', 'sending')
  ORDER BY at`;

/** A clock that was wrong may have marked the slot as missed before its time. */
const BEGIN = `
  INSERT INTO slot (newsletter, slot, at, state, attempt, changed_at) VALUES (?, ?, ?, 'begun', 1, ?)
  ON CONFLICT (newsletter, slot) DO UPDATE SET
    at = excluded.at, state = 'begun', attempt = attempt + 1, changed_at = excluded.changed_at
  WHERE state IN ('begun', 'missed')
  RETURNING attempt`;

/** An issue that was skipped, or is built again, leaves its number to others. */
const HIGHEST = `
  SELECT max(number) AS number FROM slot
  WHERE newsletter = ? AND slot <> ? AND state IN ('built', 'waiting', 'sending', 'sent')`;

const NUMBER = "UPDATE slot SET number = ? WHERE newsletter = ? AND slot = ?";

const ALERTS = "SELECT told FROM slot WHERE newsletter = ? AND slot = ?";

const CHANGE = `
  UPDATE slot SET state = ?, why = ?, changed_at = ?, told = NULL
  WHERE newsletter = ? AND slot = ? AND state = ?`;

const UNSKIP_DUE = `
  UPDATE slot SET state = 'begun', why = NULL, changed_at = ?
  WHERE newsletter = ? AND slot = ? AND state = 'skipped' AND at <= ?`;

const UNSKIP_COMING = "DELETE FROM slot WHERE newsletter = ? AND slot = ? AND state = 'skipped'";

const PASS = `
  INSERT INTO slot (newsletter, slot, at, state, why, changed_at) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (newsletter, slot) DO UPDATE SET
    state = excluded.state, why = excluded.why, changed_at = excluded.changed_at
  WHERE state IN ('begun', 'missed')`;

/**
 * The slots of a config's newsletter. With `isLooking`, no store is made where there is none. The caller closes it.
 * @throws BroadsheetError STORE_*, LEDGER_RESTORED.
 */
export async function openSlots(
  { store, slug }: NewsletterStore,
  clock: Clock,
  how: Trusting = {},
): Promise<SqliteSlots> {
  const database = await openTrusted(store, how);
  return new SqliteSlots(database, { newsletter: slug, clock });
}
