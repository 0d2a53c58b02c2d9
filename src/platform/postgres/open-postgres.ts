import { existsSync } from "node:fs";
import path from "node:path";
import type { Pool } from "pg";
import { followClock } from "../clock.ts";
import { BroadsheetError } from "../../errors.ts";
import type { Queries, Trusting } from "../database.ts";
import { connect, type Connected } from "./connect.ts";
import { type Doubt, plannedIssues, PostgresMarks } from "./marks.ts";
import { JOBS_SCHEMA, VERSION } from "./migrations.ts";
import {
  PostgresStore,
  type Standing,
  STANDING,
  standingIn,
  type Trust,
  types,
} from "./postgres-store.ts";
import { SHAPE, shapeDifference } from "./shape.ts";
import { storeError } from "./store-error.ts";

const MIGRATE = "run: broadsheet db migrate";
const ACCEPT = "broadsheet reconcile --accept-store";

/** A store whose schema is valid. It isn't trusted yet. */
export interface Found extends Connected {
  readonly standing: Standing;
  readonly marks: PostgresMarks;
  /** The position in the server's log that the marks record. */
  readonly reached: number;
}

/**
 * The store in this database. The caller closes it.
 * @throws BroadsheetError STORE_AUTH, STORE_UNREACHABLE, STORE_TLS, STORE_UNUSABLE, STORE_SCHEMA, STORE_TOO_NEW;
 * LEDGER_RESTORED for another database than the one that was used last; STORE_MOVED if a copy took its place.
 */
export async function openPostgres(
  url: string,
  { beside, ...how }: OpenOptions = {},
): Promise<PostgresStore> {
  const found = await findStore(url, how);
  try {
    if (beside !== undefined) await assertNotBeside(found, beside);
    const doubt = found.marks.doubtOf(found.standing, found.reached);
    if (doubt) throw doubtedStore(found.name, doubt);
    return await settled(found);
  } catch (error) {
    await found.pool.end();
    throw error;
  }
}

interface OpenOptions extends Trusting {
  /** The file where the store would be without this database. */
  readonly beside?: string | undefined;
}

/**
 * Refuses an empty database beside a file with data. The database has no subscribers, or would send to all readers again.
 * @throws BroadsheetError STORE_UNUSABLE.
 */
async function assertNotBeside({ pool, name }: Found, file: string): Promise<void> {
  const { rows } = await pool.query({ text: IS_USED, types });
  if (rows[0]?.["is_used"] === 1 || !existsSync(file)) return;
  const { lookAtStore } = await import("../sqlite/open-store.ts");
  using store = lookAtStore(file, LOOK_MS);
  if (store.get(IS_USED_FILE)?.["is_used"] !== 1) return;
  const what = `the database ${name} is empty, and the store ${path.basename(file)} is not`;
  throw new BroadsheetError("STORE_UNUSABLE", what, {
    where: { file },
    fix: `copy the file into the database: broadsheet db copy ${file} DATABASE_URL; or, to begin a new list, move the file away`,
  });
}

const LOOK_MS = 5_000;
const IS_USED =
  "SELECT EXISTS (SELECT 1 FROM broadsheet.list) OR EXISTS (SELECT 1 FROM broadsheet.issue) AS is_used";
const IS_USED_FILE = IS_USED.replaceAll("broadsheet.", "");

/** The store in this database. Its marks are not checked. The caller ends the pool. */
export async function findStore(url: string, { env = process.env }: Trusting = {}): Promise<Found> {
  const connected = await connect(url);
  const { pool, name } = connected;
  try {
    await assertSchema(connected);
    const { uid } = await standingOf(pool);
    const marks = new PostgresMarks(uid, { name, env });
    const reached = marks.reached();
    return { pool, name, standing: await standingOf(pool), marks, reached };
  } catch (error) {
    await pool.end();
    throw storeError(error, name);
  }
}

async function standingOf(pool: Pool): Promise<Standing> {
  const askedAt = performance.now();
  const { rows } = await pool.query({ text: STANDING, types });
  const standing = standingIn(rows[0] ?? {});
  followClock(standing.now, performance.now() - askedAt);
  return standing;
}

/**
 * The trusted store. Its home is this database from now on. `accept`, for a store that was in doubt, runs in the same
 * transaction that writes the home.
 */
export async function settled(
  { pool, name, standing, marks }: Found,
  accept?: (tx: Queries) => Promise<void>,
): Promise<PostgresStore> {
  const server = new TrustedServer(name, standing, marks);
  const store = new PostgresStore(pool, { name, trust: server });
  const home = homeHere(standing, name);
  if (standing.home !== home || accept) {
    await store.transaction(async (tx) => {
      await tx.run("UPDATE store SET home = ?", home);
      await accept?.(tx);
    });
  }
  server.opened = { ...standing, home };
  const planned = await plannedIssues(store);
  if (!marks.isNoted(server.opened, planned)) marks.note(server.opened, planned);
  return store;
}

/** The store without trust, to be accepted. */
export function untrusted({ pool, name, marks }: Found): PostgresStore {
  marks.close();
  return new PostgresStore(pool, { name });
}

/** This database as a home. The name of its host is for people: it may differ from worker to worker. */
function homeHere({ place = "", home }: Standing, name: string): string {
  if (home !== undefined && isAt(home, place)) return home;
  const [host = "", ...database] = name.split("/");
  return `${place} ${host} ${database.join("/")}`;
}

function isAt(home: string | undefined, place: string | undefined): boolean {
  return home?.startsWith(`${place ?? ""} `) ?? false;
}

/** A server that was trusted when its store was opened. */
class TrustedServer implements Trust {
  opened: Standing;
  readonly #name: string;
  readonly #marks: PostgresMarks;

  constructor(name: string, opened: Standing, marks: PostgresMarks) {
    this.#name = name;
    this.opened = opened;
    this.#marks = marks;
  }

  get seen(): number {
    return this.#marks.seen;
  }

  check(now: Standing, seen: number): void {
    const { version, home, place } = this.opened;
    if (now.version !== version) throw versionError(this.#name, now.version);
    const { position = 0 } = now;
    // Another process may have opened a new store at the same moment.
    const isHome = now.home === home || (home === undefined && isAt(now.home, place));
    if (isHome && now.place === place && position >= seen) return;
    throw doubtedStore(this.#name, this.#marks.doubtOf(now, seen) ?? "elsewhere");
  }

  raise(position: number): void {
    this.#marks.raise(position);
  }

  end(): void {
    this.#marks.close();
  }
}

const NOT_ACCEPTED = "has a copy of a store, and nothing is sent from it until it is accepted";

/** For each doubt the end of a sentence about the database, and the fix. */
const DOUBTS: Readonly<Record<Doubt, readonly [what: string, fix?: string]>> = {
  arrived: [NOT_ACCEPTED, "the original store is no longer used. Accept the copy"],
  behind: [
    "is an older copy, such as a restored backup, and lacks the later deliveries and unsubscribes. Nothing is sent from it",
  ],
  copied: [
    NOT_ACCEPTED,
    "use the original store. To use the copy instead, first stop all programs that use the original, then run",
  ],
  elsewhere: [
    "is not the one that was used last, but a copy or a restored backup that may lack deliveries and unsubscribes. Nothing is sent from it",
  ],
  moved: [
    'was moved to another store with "broadsheet db copy", and nothing is sent from here',
    "use the other store. To use this one again, although it lacks all changes made there",
  ],
  promoted: [
    "was a standby or a backup before, and may lack the latest deliveries and unsubscribes. Nothing is sent from it",
  ],
  replaced: [
    "is new, and the store that was in use before is missing. It has no subscribers and no unsubscribes, so nothing is sent",
  ],
};

const GO_BACK = "use the latest database again. Only if it is lost, accept this one as it is";

function doubtedStore(name: string, doubt: Doubt): BroadsheetError {
  const [what, fix = GO_BACK] = DOUBTS[doubt];
  const code = doubt === "moved" ? "STORE_MOVED" : "LEDGER_RESTORED";
  return new BroadsheetError(code, `the database ${name} ${what}`, { fix: `${fix}: ${ACCEPT}` });
}

/** @throws BroadsheetError STORE_SCHEMA, STORE_TOO_NEW, STORE_UNUSABLE. */
async function assertSchema({ pool, name }: Connected): Promise<void> {
  const { rows: found } = await pool.query({ text: HAS_SCHEMA, types });
  if (found[0]?.["has_schema"] !== 1) {
    throw new BroadsheetError("STORE_SCHEMA", `the database ${name} has no tables of Broadsheet`, {
      fix: `${MIGRATE}. If DATABASE_URL belongs to another program, write DATABASE_URL= into .env; Broadsheet then uses a file`,
    });
  }
  const { rows } = await pool.query({ text: SCHEMA_STATE, types });
  const { version, expected, shape, refused } = rows[0] ?? {};
  if (version !== VERSION) throw versionError(name, Number(version));
  const difference = shapeDifference(String(expected), String(shape));
  if (difference !== undefined) throw changedByHand(name, difference);
  if (refused !== null) {
    const what = `the user of the database ${name} has no right to read and write ${String(refused)}`;
    throw new BroadsheetError("STORE_UNUSABLE", what, {
      fix: "let the owner of the tables run: broadsheet db migrate, which prints the grants",
    });
  }
}

const HAS_SCHEMA = `
  SELECT to_regclass('broadsheet.schema_state') IS NOT NULL AND to_regclass('${JOBS_SCHEMA}.version') IS NOT NULL
    AS has_schema`;

const SCHEMA_STATE = `
  SELECT version, shape AS expected, (${SHAPE}) AS shape, (
    SELECT oid::regclass::text FROM pg_class
    WHERE relnamespace IN (to_regnamespace('broadsheet'), to_regnamespace('${JOBS_SCHEMA}'))
      AND relkind IN ('r', 'p') AND NOT (has_table_privilege(oid, 'SELECT') AND has_table_privilege(oid, 'INSERT')
      AND has_table_privilege(oid, 'UPDATE') AND has_table_privilege(oid, 'DELETE'))
    ORDER BY relname LIMIT 1) AS refused
  FROM broadsheet.schema_state`;

export function changedByHand(name: string, difference: string): BroadsheetError {
  const what = `the tables of the database ${name} were changed by hand: ${difference}`;
  return new BroadsheetError("STORE_SCHEMA", what, {
    fix: "take that change back, or restore a backup",
  });
}

export function versionError(name: string, version: number): BroadsheetError {
  if (version < VERSION) {
    const what = `the tables of the database ${name} are of an older version of Broadsheet`;
    return new BroadsheetError("STORE_SCHEMA", what, { fix: MIGRATE });
  }
  const what = `the tables of the database ${name} are of a newer version of Broadsheet`;
  return new BroadsheetError("STORE_TOO_NEW", what, {
    fix: "install the newer version on this machine too",
  });
}
