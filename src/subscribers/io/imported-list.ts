import { addressKey } from "../recipient.ts";
import type { ImportedRow } from "../import-row.ts";
import type { Subscriber, SubscriberFacts, SuppressionReason } from "../subscriber.ts";
import { addressHash, type Key } from "../tokens.ts";
import {
  type BoundValue,
  bytesIn,
  numberIn,
  placeholders,
  type Queries,
  textIn,
} from "../../platform/database.ts";
import { FORGET_SUPPRESSION } from "./depart.ts";
import { FORGET_HASH, REMEMBER_FORMER } from "./erased.ts";
import { LAST_ID, reasonIn, subscriberIn, tagsColumn } from "./lists.ts";

interface Held {
  readonly reader: Subscriber;
  readonly isStored: boolean;
  readonly isChanged: boolean;
}

interface Leaver {
  readonly key: string;
  readonly address: string;
  readonly reason: SuppressionReason;
  /** The time of a new status, which `save` writes. */
  readonly since?: number;
}

/**
 * The list in the store during an import. All data of a group of rows is read before the rows are put, and all changes are
 * written after that, because each statement is a round trip to the store. A key is the address in lower case.
 */
export class ImportedList {
  readonly #tx: Queries;
  readonly #list: number;
  readonly #keys: readonly Key[];
  readonly #readers = new Map<string, Held>();
  readonly #leavers = new Map<string, Leaver>();
  readonly #erased = new Set<string>();
  readonly #takenBack: string[] = [];

  /** `tx`: an open transaction. `keys`: the keys of the list's erased addresses. */
  constructor(tx: Queries, list: number, keys: readonly Key[]) {
    this.#tx = tx;
    this.#list = list;
    this.#keys = keys;
  }

  /** Reads the data of the rows that are put next. */
  async load(rows: readonly ImportedRow[]): Promise<void> {
    const keys = rows.map(({ address }) => addressKey(address));
    for (const row of await this.#tx.all(STORED + placeholders(keys), this.#list, ...keys)) {
      const held = { reader: subscriberIn(row), isStored: true, isChanged: false };
      this.#readers.set(textIn(row, "key"), held);
    }
    for (const row of await this.#tx.all(LEAVERS + placeholders(keys), this.#list, ...keys)) {
      const [key, address] = [textIn(row, "key"), textIn(row, "address")];
      this.#leavers.set(key, { key, address, reason: reasonIn(row, "reason") });
    }
    if (this.#keys.length === 0) return;
    const hashes = rows.flatMap(({ address }) => this.#hashes(address));
    for (const row of await this.#tx.all(ERASED + placeholders(hashes), this.#list, ...hashes))
      this.#erased.add(hex(bytesIn(row, "hash")));
  }

  suppressedAs(key: string): SuppressionReason | undefined {
    return this.#leavers.get(key)?.reason;
  }

  isErased(address: string): boolean {
    return this.#hashes(address).some((hash) => this.#erased.has(hex(hash)));
  }

  /** Suppresses an address. Returns whether it was not suppressed before. */
  suppress(address: string, reason: SuppressionReason, since: number): boolean {
    const key = addressKey(address);
    const before = this.#leavers.get(key);
    if (!before || before.reason === "bounced")
      this.#leavers.set(key, { key, address, reason, since });
    return !before;
  }

  /** Undoes the suppression or erasure of a reader. */
  takeBack(address: string): void {
    this.#takenBack.push(address);
    this.#leavers.delete(addressKey(address));
    for (const hash of this.#hashes(address)) this.#erased.delete(hex(hash));
  }

  /** Adds a subscriber. Returns whether the subscriber is new. */
  insert(row: ImportedRow, now: number): boolean {
    const key = addressKey(row.address);
    if (this.#readers.has(key)) return false;
    const reader = { ...row, subscribedAt: row.subscribedAt ?? new Date(now), id: now * 1_000 };
    this.#readers.set(key, { reader, isStored: false, isChanged: true });
    return true;
  }

  find(key: string): Subscriber | undefined {
    return this.#readers.get(key)?.reader;
  }

  update(before: Subscriber, facts: Omit<SubscriberFacts, "address">): void {
    const key = addressKey(before.address);
    const isStored = this.#readers.get(key)?.isStored ?? false;
    this.#readers.set(key, { reader: { ...before, ...facts }, isStored, isChanged: true });
  }

  async save(): Promise<void> {
    for (const address of this.#takenBack) await this.#forgive(address);
    const leavers = [...this.#leavers.values()].filter(({ since }) => since !== undefined);
    const changed = [...this.#readers.values()].filter(({ isChanged }) => isChanged);
    const stored = changed.filter(({ isStored }) => isStored).map(({ reader }) => reader);
    const fresh = changed.filter(({ isStored }) => !isStored).map(({ reader }) => reader);
    await this.#write(
      SUPPRESS,
      leavers.map(({ ...columns }) => columns),
    );
    await this.#write(UPDATE, stored.map(columnsOf));
    await this.#write(INSERT, (await this.#withIds(fresh)).map(columnsOf));
    this.#takenBack.length = 0;
    this.#leavers.clear();
    this.#readers.clear();
  }

  async #write(statement: Statement, rows: readonly Columns[]): Promise<void> {
    if (rows.length === 0) return;
    if (this.#tx.engine === "postgres")
      await this.#tx.run(statement.postgres, this.#list, JSON.stringify(rows));
    else
      for (const row of rows)
        await this.#tx.run(statement.sqlite, this.#list, ...Object.values(row));
  }

  /** An id is the present time in microseconds, or the last id plus one. So even a restored store never gives an id twice. */
  async #withIds(readers: readonly Subscriber[]): Promise<Subscriber[]> {
    if (readers.length === 0) return [];
    let last = numberIn((await this.#tx.get(LAST_ID)) ?? {}, "id");
    return readers.map((reader) => ({ ...reader, id: (last = Math.max(reader.id, last + 1)) }));
  }

  async #forgive(address: string): Promise<void> {
    await this.#tx.run(FORGET_SUPPRESSION, this.#list, addressKey(address));
    for (const hash of this.#hashes(address)) {
      await this.#tx.run(FORGET_HASH, this.#list, hash);
      await this.#tx.run(REMEMBER_FORMER, address, this.#list, hash);
    }
  }

  #hashes(address: string): Buffer[] {
    return this.#keys.map((key) => addressHash(address, key));
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

type Columns = Readonly<Record<string, BoundValue>>;

function columnsOf(reader: Subscriber): Columns {
  const { id, address, name, language, tags, subscribedAt, consent } = reader;
  return {
    id,
    key: addressKey(address),
    address,
    name,
    language,
    tags: tagsColumn(tags),
    subscribed_at: subscribedAt.getTime(),
    consent: consent?.how,
    consent_at: consent?.at?.getTime(),
  };
}

const STORED = "SELECT * FROM subscriber WHERE list = ? AND key IN ";
const LEAVERS = "SELECT key, address, reason FROM suppression WHERE list = ? AND key IN ";
const ERASED = "SELECT hash FROM erased WHERE list = ? AND hash IN ";

/**
 * A statement that writes rows. Its first parameter is the list. On SQLite it writes one row, because for a statement that
 * may write many rows SQLite copies each changed page. On PostgreSQL it writes all rows, from JSON.
 */
interface Statement {
  readonly sqlite: string;
  readonly postgres: string;
}

const BUT_FOR_BOUNCES = `
  ON CONFLICT (list, key) DO UPDATE SET reason = excluded.reason, how = NULL
    WHERE suppression.reason = 'bounced'`;

const SUPPRESS: Statement = {
  sqlite: `
    INSERT INTO suppression (list, key, address, reason, since) VALUES (?, ?, ?, ?, ?)
    ${BUT_FOR_BOUNCES}`,
  postgres: `
    INSERT INTO suppression (list, key, address, reason, since)
    SELECT ?1, given.*
    FROM json_to_recordset(CAST(?2 AS json)) AS given (key TEXT, address TEXT, reason TEXT, since BIGINT)
    ${BUT_FOR_BOUNCES}`,
};

const COLUMNS = "list, id, key, address, name, language, tags, subscribed_at, consent, consent_at";

const SUBSCRIBERS = `
  json_to_recordset(CAST(?2 AS json)) AS given (id BIGINT, key TEXT, address TEXT, name TEXT, language TEXT, tags TEXT,
    subscribed_at BIGINT, consent TEXT, consent_at BIGINT)`;

const INSERT: Statement = {
  sqlite: `INSERT INTO subscriber (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  postgres: `INSERT INTO subscriber (${COLUMNS}) SELECT ?1, given.* FROM ${SUBSCRIBERS}`,
};

const UPDATE: Statement = {
  sqlite: `
    UPDATE subscriber SET name = ?5, language = ?6, tags = ?7, consent = ?9, consent_at = ?10
    WHERE list = ?1 AND id = ?2`,
  postgres: `
    UPDATE subscriber SET name = given.name, language = given.language, tags = given.tags,
      consent = given.consent, consent_at = given.consent_at
    FROM ${SUBSCRIBERS}
    WHERE subscriber.list = ?1 AND subscriber.id = given.id`,
};
