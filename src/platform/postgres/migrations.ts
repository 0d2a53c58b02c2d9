import { MIGRATIONS } from "../sqlite/migrations.ts";

/** Our tables are in the schema `broadsheet`, and pg-boss's jobs in this one. */
export const JOBS_SCHEMA = "broadsheet_jobs";

/** The first step creates the tables of this number of first SQLite steps. */
const BASE = 21;

/**
 * The triggers of SQLite, and the parts that PostgreSQL does differently. Many senders at once would block each other on
 * stored counts of deliveries, so deliveries are counted when a count is needed.
 */
const OWN = `
  CREATE VIEW delivery_count AS SELECT issue, state, count(*) AS count FROM delivery GROUP BY issue, state;

  DROP INDEX subscriber_in_order;
  CREATE INDEX subscriber_in_order ON subscriber (list, id);

  CREATE FUNCTION suppressed() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    DELETE FROM broadsheet.quarantine WHERE list = new.list AND key = new.key;
    DELETE FROM broadsheet.leave_request WHERE list = new.list AND key = new.key;
    RETURN NULL;
  END $$;
  CREATE TRIGGER suppressed AFTER INSERT ON suppression FOR EACH ROW EXECUTE FUNCTION suppressed();

  -- Several workers send at once. A group belongs to a shard, and to the attempt of its job in which it was claimed.
  ALTER TABLE delivery_group ADD COLUMN shard BIGINT;
  ALTER TABLE delivery_group ADD COLUMN job TEXT COLLATE "C";
  ALTER TABLE delivery_group ADD COLUMN attempt BIGINT;

  -- The workers of a run that are at work, with how many messages each has sent. seen_at: by the clock of the server. blamed:
  -- who is at fault where a worker has stopped for that reason.
  CREATE TABLE run_worker (
    run BIGINT NOT NULL REFERENCES run,
    worker TEXT COLLATE "C" NOT NULL,
    accepted BIGINT NOT NULL DEFAULT 0,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (run, worker)
  );
  ALTER TABLE run ADD COLUMN blamed TEXT COLLATE "C";

  -- What the senders of an account have reserved: the next start time by the database's clock, in milliseconds, and the
  -- number of changes of its rate. The last three are of the last reservation.
  ALTER TABLE relay
    ADD COLUMN next_at DOUBLE PRECISION NOT NULL DEFAULT 0,
    ADD COLUMN changes BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN granted BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN every DOUBLE PRECISION NOT NULL DEFAULT 0,
    ADD COLUMN noted_at DOUBLE PRECISION NOT NULL DEFAULT 0;

  -- The same of a recipient domain. places: by worker, how many messages it may have in flight, and until when.
  CREATE TABLE relay_domain (
    account TEXT COLLATE "C" NOT NULL REFERENCES relay,
    domain TEXT COLLATE "C" NOT NULL,
    next_at DOUBLE PRECISION NOT NULL DEFAULT 0,
    places JSONB NOT NULL DEFAULT '{}',
    PRIMARY KEY (account, domain)
  );

  -- The issues that are worked on, for all machines: their files and their editor's operations. is_pending: whether the
  -- files were rendered before the last operations came.
  CREATE TABLE stored_issue (
    newsletter TEXT COLLATE "C" NOT NULL,
    slot TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    operations TEXT COLLATE "C" NOT NULL,
    is_pending BIGINT NOT NULL,
    PRIMARY KEY (newsletter, slot)
  );
  CREATE TABLE stored_file (
    newsletter TEXT COLLATE "C" NOT NULL,
    slot TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    content BYTEA NOT NULL,
    PRIMARY KEY (newsletter, slot, name),
    FOREIGN KEY (newsletter, slot) REFERENCES stored_issue ON DELETE CASCADE
  );
`;

/**
 * The steps after the first, in PostgreSQL's own SQL. Each new step of SQLite has one here. A step that has been released
 * is never changed. Unqualified names are in our schema.
 */
const STEPS: readonly string[] = [];

/** The number of steps, which is the version of a schema after all of them. */
export const VERSION = 1 + STEPS.length;

/** The steps that bring a schema from this version to the latest. The first one inserts no row. */
export async function stepsFrom(version: number): Promise<readonly string[]> {
  const later = STEPS.slice(Math.max(0, version - 1));
  return version === 0 ? [await firstStep(), ...later] : later;
}

/** The schema of SQLite in the words of PostgreSQL, so that both have the same tables. */
async function firstStep(): Promise<string> {
  const { SqliteDatabase } = await import("../sqlite/database.ts");
  using database = new SqliteDatabase(":memory:");
  for (const sql of MIGRATIONS.slice(0, BASE)) database.exec(sql);
  const made = database.all(SQLITE_SCHEMA);
  return [...made.map(({ sql }) => `${translated(String(sql))};`), OWN].join("\n");
}

const SQLITE_SCHEMA = `
  SELECT sql FROM sqlite_schema
  WHERE type IN ('table', 'index') AND sql IS NOT NULL AND name NOT LIKE 'sqlite_%' AND name <> 'delivery_count'
  ORDER BY rowid`;

/** Texts are compared byte by byte, as SQLite does. */
function translated(sql: string): string {
  return sql
    .replaceAll(/--[^\n]*/g, "")
    .replace(/\)\s*STRICT(, WITHOUT ROWID)?\s*$/, ")")
    .replace(/\bid INTEGER PRIMARY KEY( AUTOINCREMENT)?/, `id BIGINT ${IDENTITY} PRIMARY KEY`)
    .replaceAll(/\bINTEGER\b/g, "BIGINT")
    .replaceAll(/\bBLOB\b/g, "BYTEA")
    .replaceAll(/\bREAL\b/g, "DOUBLE PRECISION")
    .replaceAll(/\bTEXT\b/g, 'TEXT COLLATE "C"');
}

const IDENTITY = "GENERATED BY DEFAULT AS IDENTITY";
