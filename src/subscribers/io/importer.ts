import { REPLACE_BOUNCE, SUPPRESS } from "./depart.ts";
import { addressKey } from "../recipient.ts";
import type { ImportedRow, Tally } from "../import-row.ts";
import type { Keyring } from "../tokens.ts";
import { type SuppressionReason, joinTags } from "../subscriber.ts";
import type { Clock } from "../../platform/clock.ts";
import { type Database, numberIn } from "../../platform/sqlite/database.ts";
import { raiseEpoch, type Watermarks } from "../../platform/sqlite/watermarks.ts";
import { ErasedAddresses } from "./erased.ts";
import { makeList, subscriberIn, suppressedAs, tagsColumn } from "./lists.ts";

interface Import {
  readonly newsletter: string;
  readonly clock: Clock;
  readonly keyring?: Keyring | undefined;
  readonly marks: Watermarks;
  /** The readers have asked for the newsletter again: their suppression is removed. */
  readonly isResubscription?: boolean;
}

/**
 * The longest time between commits. A commit writes all touched pages of the index, which are most of them when
 * addresses come in no order, so there should be few; but other writers wait for it.
 */
const LONGEST_MS = 2_000;

/**
 * Puts rows on a newsletter's list. They are durable when `finish` returns, most of them within seconds; where a row
 * fails, the rows since the last commit are rolled back.
 */
export class Importer {
  readonly tally: Tally = { added: 0, updated: 0, unchanged: 0, suppressed: 0, keptOut: {} };
  readonly #database: Database;
  readonly #list: number;
  readonly #erased: ErasedAddresses;
  readonly #clock: Clock;
  readonly #marks: Watermarks;
  readonly #isResubscription: boolean;
  #lastId = 0;
  #now = 0;
  #begunMs: number | undefined;
  /** Whether the list has suppressions. Most lists have none when they are imported, and each row is faster then. */
  #hasLeavers = false;

  /** @throws BroadsheetError SECRET_MISSING where erased addresses can't be recognised. */
  constructor(database: Database, options: Import) {
    const { newsletter, clock, keyring, marks, isResubscription } = options;
    this.#database = database;
    this.#clock = clock;
    this.#marks = marks;
    this.#isResubscription = isResubscription ?? false;
    this.#list = database.transaction(() => makeList(database, newsletter)).id;
    this.#erased = new ErasedAddresses(database, this.#list, keyring);
  }

  add(rows: readonly ImportedRow[]): void {
    this.#now = this.#clock().getTime();
    try {
      if (this.#begunMs === undefined) this.#begin();
      for (const row of rows) this.#addRow(row);
    } catch (error) {
      this.#database.rollback();
      this.#begunMs = undefined;
      throw error;
    }
    if (performance.now() - (this.#begunMs ?? 0) > LONGEST_MS) this.finish();
  }

  finish(): Tally {
    if (this.#begunMs === undefined) return this.tally;
    const epoch = raiseEpoch(this.#database);
    this.#database.commit();
    this.#begunMs = undefined;
    this.#marks.raise(epoch);
    return this.tally;
  }

  #begin(): void {
    this.#database.begin();
    this.#begunMs = performance.now();
    this.#lastId = numberIn(this.#database.prepare(LAST_ID).get() ?? {}, "id");
    this.#hasLeavers = this.#database.prepare(ANY_LEAVER).get(this.#list) !== undefined;
  }

  #addRow(row: ImportedRow): void {
    const key = addressKey(row.address);
    if (row.suppressed) return this.#suppress(row.suppressed, row.address, key);
    if (this.#isResubscription) this.#takeBack(row.address, key);
    const why = this.#whyOut(row.address, key);
    if (why) this.tally.keptOut[why] = (this.tally.keptOut[why] ?? 0) + 1;
    else if (this.#insert(row, key)) this.tally.added += 1;
    else if (this.#update(row, key)) this.tally.updated += 1;
    else this.tally.unchanged += 1;
  }

  #whyOut(address: string, key: string): SuppressionReason | undefined {
    if (this.#erased.has(address)) return "erased";
    return this.#hasLeavers ? suppressedAs(this.#database, this.#list, key) : undefined;
  }

  #suppress(reason: SuppressionReason, address: string, key: string): void {
    this.#hasLeavers = true;
    this.#database.prepare(REPLACE_BOUNCE).run(reason, null, this.#list, key);
    this.tally.suppressed += this.#database
      .prepare(SUPPRESS)
      .run(this.#list, key, address, reason, this.#now, null);
  }

  #takeBack(address: string, key: string): void {
    this.#database
      .prepare("DELETE FROM suppression WHERE list = ? AND key = ?")
      .run(this.#list, key);
    this.#erased.forgive(address);
  }

  /** Returns whether the subscriber is new. */
  #insert(row: ImportedRow, key: string): boolean {
    const id = Math.max(this.#now * 1_000, this.#lastId + 1);
    const { address, name = null, language = null, tags, consent, subscribedAt } = row;
    const inserted = this.#database
      .prepare(INSERT)
      .run(
        id,
        this.#list,
        key,
        address,
        name,
        language,
        tagsColumn(tags) ?? null,
        subscribedAt?.getTime() ?? this.#now,
        consent?.how ?? null,
        consent?.at?.getTime() ?? null,
      );
    if (inserted > 0) this.#lastId = id;
    return inserted > 0;
  }

  /** Returns whether the row added anything: what it doesn't say stays as it is. */
  #update(row: ImportedRow, key: string): boolean {
    const stored = this.#database.prepare(STORED).get(this.#list, key);
    if (!stored) return false;
    const before = subscriberIn(stored);
    const name = row.name ?? before.name;
    const language = row.language ?? before.language;
    const tags = joinTags(before.tags, row.tags);
    const [earlier, later] = [before.consent, row.consent];
    const consent = this.#isResubscription ? (later ?? earlier) : (earlier ?? later);
    const isSame =
      name === before.name &&
      language === before.language &&
      tags === before.tags &&
      consent === before.consent;
    if (isSame) return false;
    this.#database
      .prepare(UPDATE)
      .run(name, language, tagsColumn(tags), consent?.how, consent?.at?.getTime(), before.id);
    return true;
  }
}

/** The index of a million addresses is 40 MB: with less of it in the cache every row reads and writes pages. */
export const BULK_MEMORY = "PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 16384";

/** Ids rise with the time, in microseconds, so that even a store from a backup gives none twice. */
const LAST_ID = `
  SELECT max(coalesce((SELECT max(id) FROM subscriber), 0),
    coalesce((SELECT max(id) FROM former_subscriber), 0)) AS id`;

const ANY_LEAVER = "SELECT 1 FROM suppression WHERE list = ? LIMIT 1";

/** VALUES with one row: for a SELECT, which may have many, SQLite keeps a copy of each page that it changes. */
const INSERT = `
  INSERT INTO subscriber
    (id, list, key, address, name, language, tags, subscribed_at, consent, consent_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (list, key) DO NOTHING`;

const STORED = "SELECT * FROM subscriber WHERE list = ? AND key = ?";

const UPDATE = `
  UPDATE subscriber SET name = ?, language = ?, tags = ?, consent = ?, consent_at = ? WHERE id = ?`;
