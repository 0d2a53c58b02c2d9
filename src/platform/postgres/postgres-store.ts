import { AsyncLocalStorage } from "node:async_hooks";
import { setImmediate } from "node:timers/promises";
import type { Pool, PoolClient, QueryResult } from "pg";
import { BroadsheetError } from "../../errors.ts";
import { followClock } from "../clock.ts";
import {
  type BoundValue,
  fieldsOf,
  maybe,
  numberIn,
  type Queries,
  type Row,
  type Store,
  textIn,
} from "../database.ts";
import { toPostgres } from "./sql.ts";
import { storeError } from "./store-error.ts";

/** The state of the database at the beginning of each transaction. */
export interface Standing {
  readonly uid: string;
  /** The version of the schema. */
  readonly version: number;
  /** The home of the store: `<place> <host> <database>`. Undefined before it is used for the first time. */
  readonly home?: string;
  /** `<identifier of the server>/<timeline>/<id of the table>`: undefined on a replica. */
  readonly place?: string;
  /** The number of bytes that the server has written into its log. */
  readonly position?: number;
  /** The time of day by its clock, in milliseconds. */
  readonly now: number;
}

export const standingIn: (row: Row) => Standing = fieldsOf({
  uid: textIn,
  version: numberIn,
  home: maybe(textIn),
  place: maybe(textIn),
  position: maybe(numberIn),
  now: numberIn,
});

/** On a replica the functions of the write-ahead log would fail. */
export const STANDING = `
  SELECT uid, version, home,
    CASE WHEN pg_is_in_recovery() THEN NULL ELSE
      (SELECT system_identifier FROM pg_control_system()) || '/' ||
      left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) || '/' ||
      'broadsheet.store'::regclass::oid END AS place,
    CASE WHEN pg_is_in_recovery() THEN NULL ELSE pg_current_wal_insert_lsn() - '0/0' END AS position,
    CAST(1000 * extract(epoch FROM clock_timestamp()) AS BIGINT) AS now
  FROM broadsheet.store CROSS JOIN broadsheet.schema_state`;

/** Unqualified names are in our schema. Behind PgBouncer in transaction mode, a setting is valid for one transaction. */
const OUR_NAMES = "SET LOCAL search_path = broadsheet";

/**
 * The settings of one transaction. The server confirms a commit only when it is on the disk. A process that hangs, or a
 * machine that is gone, blocks the others for a minute at most.
 */
const BEGIN = `
  BEGIN ISOLATION LEVEL READ COMMITTED; ${OUR_NAMES};
  SELECT set_config('lock_timeout', '30s', true), set_config('idle_in_transaction_session_timeout', '60s', true),
    CASE current_setting('synchronous_commit') WHEN 'off' THEN set_config('synchronous_commit', 'on', true) END`;

const BEGIN_SNAPSHOT = `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; ${OUR_NAMES}`;
const BEGIN_READ = `BEGIN READ ONLY; ${OUR_NAMES}`;

/** Lets one such transaction run at a time, as on SQLite. The number is "Broadshe" in ASCII. */
export const EXCLUSIVE = "SELECT pg_advisory_xact_lock(4778905637423179877)";

/** The position is part of the answer, so that it takes no further round trip. */
const COMMIT = "COMMIT; SELECT pg_current_wal_flush_lsn() - '0/0' AS position";

/** Checks the store in each transaction, and records the position of its log afterwards. */
export interface Trust {
  /** The highest known position of the store's log. */
  readonly seen: number;
  /**
   * `seen`: the position that was known before the query, because other transactions commit meanwhile.
   * @throws BroadsheetError if it is no longer the store that was opened.
   */
  check(standing: Standing, seen: number): void;
  raise(position: number): void;
  end(): void;
}

/** The store in whose transaction the code runs. */
const inside = new AsyncLocalStorage<PostgresStore>();

/** A newsletter's store in a database of PostgreSQL. */
export class PostgresStore implements Store {
  readonly engine = "postgres";
  readonly name: string;
  readonly #pool: Pool;
  /** Absent until the store is accepted. */
  readonly #trust: Trust | undefined;

  constructor(pool: Pool, { name, trust }: { readonly name: string; readonly trust?: Trust }) {
    this.#pool = pool;
    this.name = name;
    this.#trust = trust;
  }

  async get(sql: string, ...values: readonly BoundValue[]): Promise<Row | undefined> {
    const [row] = await this.all(sql, ...values);
    return row;
  }

  async all(sql: string, ...values: readonly BoundValue[]): Promise<Row[]> {
    // A statement that changes something needs the settings of a transaction.
    if (!/^\s*SELECT\b/i.test(sql)) return this.transaction(async (tx) => tx.all(sql, ...values));
    this.#assertOutside();
    return this.#connected(async (client) => {
      const sent = [client.query(BEGIN_READ), query(client, sql, values), client.query("COMMIT")];
      return (await Promise.all(sent))[1]?.rows ?? [];
    });
  }

  async run(sql: string, ...values: readonly BoundValue[]): Promise<number> {
    return this.transaction(async (tx) => tx.run(sql, ...values));
  }

  /** No other transaction of this kind runs meanwhile, so nothing that `work` reads can change before the commit. */
  async transaction<Result>(work: (tx: PostgresQueries) => Promise<Result>): Promise<Result> {
    return this.#transact(`${BEGIN}; ${EXCLUSIVE}; ${STANDING}`, work);
  }

  async change<Result>(work: (tx: PostgresQueries) => Promise<Result>): Promise<Result> {
    return this.transaction(work);
  }

  /** Every transaction checks it, so an empty one is enough. */
  async assertAtHome(): Promise<void> {
    await this.beside(async () => undefined);
  }

  /** Nothing to do: PostgreSQL's autovacuum removes deleted rows. */
  async scrub(): Promise<boolean> {
    return true;
  }

  /**
   * A transaction that runs beside others. They may change the rows that `work` reads, unless it locks them.
   */
  async beside<Result>(work: (tx: PostgresQueries) => Promise<Result>): Promise<Result> {
    return this.#transact(`${BEGIN}; ${STANDING}`, work);
  }

  /** Reads the store in one snapshot. */
  async snapshot<Result>(work: (tx: PostgresQueries) => Promise<Result>): Promise<Result> {
    return this.#transact(`${BEGIN_SNAPSHOT}; ${STANDING}`, work);
  }

  /** Runs a statement of pg-boss, which has its own SQL. */
  async executeSql(text: string, values?: unknown[]): Promise<{ rows: Row[] }> {
    return this.#connected(async (client) => client.query<Row>(text, values));
  }

  async close(): Promise<void> {
    this.#trust?.end();
    if (!this.#pool.ending) await this.#pool.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #transact<Result>(
    begin: string,
    work: (tx: PostgresQueries) => Promise<Result>,
  ): Promise<Result> {
    this.#assertOutside();
    return this.#connected(async (client) => {
      const tx = new Transaction(client, this.name);
      const began = this.#begin(client, begin);
      try {
        // The first statements are sent together with BEGIN. Nothing is committed before the store is checked.
        const [result] = await Promise.all([inside.run(this, work, tx), began]);
        const [[ended, after]] = await Promise.all([results(client, COMMIT), tx.last]);
        // A transaction in which a statement has failed is rolled back without an error.
        if (ended?.command !== "COMMIT") throw new Error("the transaction was rolled back");
        this.#trust?.raise(numberIn(after?.rows[0] ?? {}, "position"));
        return result;
      } catch (error) {
        // If the connection has failed, the server rolls back by itself.
        await client.query("ROLLBACK").catch(() => undefined);
        // The first error is thrown: later statements only say that the transaction has failed.
        await began;
        throw error;
      } finally {
        tx.end();
      }
    });
  }

  /** Begins a transaction, and checks the store in it. */
  async #begin(client: PoolClient, begin: string): Promise<void> {
    const seen = this.#trust?.seen ?? 0;
    const askedAt = performance.now();
    const all = await results(client, begin);
    const standing = standingIn(all.at(-1)?.rows[0] ?? {});
    followClock(standing.now, performance.now() - askedAt);
    this.#trust?.check(standing, seen);
  }

  /** A connection that fails is not used again. */
  async #connected<Result>(work: (client: PoolClient) => Promise<Result>): Promise<Result> {
    let client: PoolClient | undefined;
    let isBroken = false;
    // A lost connection also emits an error event. Without a listener it would end the process.
    const onError = (): void => {
      isBroken = true;
    };
    try {
      client = await this.#pool.connect();
      client.on("error", onError);
      return await work(client);
    } catch (error) {
      const said = storeError(error, this.name);
      isBroken ||= said instanceof BroadsheetError && said.code === "STORE_UNREACHABLE";
      throw said;
    } finally {
      client?.off("error", onError);
      client?.release(isBroken);
    }
  }

  /** Otherwise the statement would wait for the lock of the transaction around it. */
  #assertOutside(): void {
    if (inside.getStore() === this)
      throw new Error("a statement inside of a transaction must use that transaction");
  }
}

/** in_failed_sql_transaction */
const ABORTED = "25P02";

/** An open transaction of PostgreSQL, which pg-boss takes as its `db`. */
export interface PostgresQueries extends Queries {
  executeSql(text: string, values?: unknown[]): Promise<{ rows: Row[] }>;
  /** Runs the last statement of the transaction, whose result is not needed. It is sent together with COMMIT. */
  runLast(sql: string, ...values: readonly BoundValue[]): void;
}

class Transaction implements PostgresQueries {
  readonly engine = "postgres";
  readonly #name: string;
  #client: PoolClient | undefined;
  /** The error of the first statement that failed. */
  #failure: unknown;
  /** Settled when the last statement is answered. */
  last: Promise<unknown> | undefined;

  constructor(client: PoolClient, name: string) {
    this.#client = client;
    this.#name = name;
  }

  async get(sql: string, ...values: readonly BoundValue[]): Promise<Row | undefined> {
    const [row] = await this.all(sql, ...values);
    return row;
  }

  async all(sql: string, ...values: readonly BoundValue[]): Promise<Row[]> {
    return (await this.#guarded(async (client) => query(client, sql, values))).rows;
  }

  async run(sql: string, ...values: readonly BoundValue[]): Promise<number> {
    return (await this.#guarded(async (client) => query(client, sql, values))).rowCount ?? 0;
  }

  async executeSql(text: string, values?: unknown[]): Promise<{ rows: Row[] }> {
    return this.#guarded(async (client) => client.query<Row>(text, values));
  }

  runLast(sql: string, ...values: readonly BoundValue[]): void {
    this.last = this.run(sql, ...values);
    // Its error is thrown with the COMMIT.
    this.last.catch(() => undefined);
  }

  end(): void {
    this.#client = undefined;
  }

  async #guarded<Result>(work: (client: PoolClient) => Promise<Result>): Promise<Result> {
    if (!this.#client) throw new Error("the transaction of this statement is over");
    try {
      return await work(this.#client);
    } catch (error) {
      // Statements after the failed one only report an aborted transaction, some of them before its error arrives.
      if (error instanceof Error && "code" in error && error.code === ABORTED) await setImmediate();
      throw (this.#failure ??= storeError(error, this.#name));
    }
  }
}

/** Several statements in one message have several results. The types of pg don't express that. */
async function results(client: PoolClient, text: string): Promise<QueryResult<Row>[]> {
  return [await client.query<Row>({ text, types })].flat();
}

async function query(
  client: PoolClient,
  sql: string,
  given: readonly BoundValue[],
): Promise<QueryResult<Row>> {
  const { text, values } = toPostgres(sql, given);
  return client.query<Row>({ text, values: [...values], types });
}

/** The ids of types whose values are numbers, as in SQLite: int8, int4, int2, float4, float8, oid and numeric. */
const NUMBERS: ReadonlySet<number> = new Set([20, 23, 21, 700, 701, 26, 1700]);
const BOOLEAN = 16;
const BYTES = 17;

export const types = {
  getTypeParser: (oid: number) => (text: string) => {
    if (NUMBERS.has(oid)) return Number(text);
    if (oid === BOOLEAN) return text === "t" ? 1 : 0;
    return oid === BYTES ? Buffer.from(text.slice(2), "hex") : text;
  },
};
