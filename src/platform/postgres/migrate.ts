import { randomBytes } from "node:crypto";
import type { PoolClient } from "pg";
import { BroadsheetError } from "../../errors.ts";
import { connect, type Connected } from "./connect.ts";
import { loadPgBoss } from "./jobs.ts";
import { JOBS_SCHEMA, stepsFrom, VERSION } from "./migrations.ts";
import { changedByHand, versionError } from "./open-postgres.ts";
import { EXCLUSIVE } from "./postgres-store.ts";
import { SHAPE, shapeDifference } from "./shape.ts";
import { storeError } from "./store-error.ts";

export interface Migrated {
  /** "host/database" */
  readonly name: string;
  /** The version of the tables before; 0 if there were none. */
  readonly from: number;
  readonly to: number;
  /** SQL for a user who may read and write, but not change tables. */
  readonly grants: readonly string[];
}

/**
 * Creates or updates the tables of Broadsheet and of pg-boss in a database.
 * @throws BroadsheetError as `openPostgres` does; STORE_FOREIGN for tables of another program in a schema of this name.
 */
export async function migratePostgres(url: string): Promise<Migrated> {
  const connected = await connect(url);
  const { pool, name } = connected;
  try {
    const from = await migrateOwn(connected);
    await migrateJobs(connected);
    const { rows } = await pool.query<{ database: string }>(
      "SELECT quote_ident(current_database()) AS database",
    );
    return { name, from, to: VERSION, grants: grantsOn(rows[0]?.database ?? "") };
  } catch (error) {
    throw storeError(error, name);
  } finally {
    await pool.end();
  }
}

async function migrateOwn({ pool, name }: Connected): Promise<number> {
  const client = await pool.connect();
  try {
    // In this transaction, names without a schema mean the schema broadsheet.
    await client.query(`BEGIN; ${EXCLUSIVE}; SET LOCAL search_path = broadsheet`);
    const from = await versionIn(client, name);
    for (const sql of await stepsFrom(from)) await client.query(sql);
    if (from === 0) {
      const uid = randomBytes(8).toString("hex");
      await client.query("INSERT INTO store (one, uid, epoch) VALUES (1, $1, 0)", [uid]);
    }
    const { rows } = await client.query<{ shape: string }>(SHAPE);
    await client.query("UPDATE schema_state SET version = $1, shape = $2", [
      VERSION,
      rows[0]?.shape,
    ]);
    await client.query("COMMIT");
    return from;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

/** The version of the tables. A missing schema is created. */
async function versionIn(client: PoolClient, name: string): Promise<number> {
  const { rows: state } = await client.query<{ schema: boolean; ours: boolean; other: number }>(
    `SELECT to_regnamespace('broadsheet') IS NOT NULL AS schema,
      to_regclass('broadsheet.schema_state') IS NOT NULL AS ours,
      (SELECT count(*)::int FROM pg_class WHERE relnamespace = to_regnamespace('broadsheet')) AS other`,
  );
  const { schema, ours, other } = state[0] ?? { schema: false, ours: false, other: 0 };
  if (!ours && other > 0) {
    const what = `the schema broadsheet of the database ${name} has tables of another program`;
    throw new BroadsheetError("STORE_FOREIGN", what, {
      fix: "name another database in DATABASE_URL",
    });
  }
  if (!schema) await client.query("CREATE SCHEMA broadsheet");
  if (!ours) {
    await client.query(`
      CREATE TABLE schema_state (
        one BIGINT PRIMARY KEY CHECK (one = 1), version BIGINT NOT NULL, shape TEXT NOT NULL
      );
      INSERT INTO schema_state VALUES (1, 0, '')`);
    return 0;
  }
  const { rows } = await client.query<{ version: string; shape: string; found: string }>(
    `SELECT version, shape, (${SHAPE}) AS found FROM schema_state`,
  );
  const { version = "0", shape = "", found = "" } = rows[0] ?? {};
  if (Number(version) > VERSION) throw versionError(name, Number(version));
  const difference = shapeDifference(shape, found);
  if (difference !== undefined) throw changedByHand(name, difference);
  return Number(version);
}

/** pg-boss has its own migrations with their own lock. */
async function migrateJobs({ pool }: Connected): Promise<void> {
  const PgBoss = await loadPgBoss();
  const boss = new PgBoss({
    db: { executeSql: async (text, values) => pool.query(text, values) },
    schema: JOBS_SCHEMA,
    supervise: false,
    schedule: false,
    registerInstance: false,
  });
  const failed = new Promise<never>((_, reject) => boss.on("error", reject));
  await Promise.race([boss.start(), failed]);
  await boss.stop({ graceful: false });
}

function grantsOn(database: string): string[] {
  const role = "broadsheet_worker";
  return [
    `GRANT CONNECT ON DATABASE ${database} TO ${role};`,
    `GRANT USAGE ON SCHEMA broadsheet, ${JOBS_SCHEMA} TO ${role};`,
    `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA broadsheet, ${JOBS_SCHEMA} TO ${role};`,
    `GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA broadsheet, ${JOBS_SCHEMA} TO ${role};`,
  ];
}
