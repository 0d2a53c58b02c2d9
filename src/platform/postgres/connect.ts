import type * as Pg from "pg";
import { BroadsheetError } from "../../errors.ts";
import { storeError } from "./store-error.ts";

/** The maximum number of connections of one process. */
const CONNECTIONS = 8;
const CONNECT_MS = 10_000;
/** Longer than any statement of Broadsheet. If the server hangs, the command fails after this time. */
const STATEMENT_MS = 600_000;

/** A database that answers. Its content has not been read. */
export interface Connected {
  readonly pool: Pg.Pool;
  /** "host/database" */
  readonly name: string;
}

/**
 * Connects to the server of a URL and waits for its first answer. The caller ends the pool.
 * @throws BroadsheetError STORE_AUTH, STORE_UNREACHABLE, STORE_TLS, STORE_UNUSABLE; CONFIG_INVALID for another URL.
 */
export async function connect(url: string): Promise<Connected> {
  const { Pool } = await loadPg();
  const { address, name } = addressOf(url);
  const pool = new Pool({
    connectionString: address,
    application_name: "broadsheet",
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: STATEMENT_MS,
    keepAlive: true,
    // Independent statements share one round trip.
    pipeline: true,
    allowExitOnIdle: true,
  });
  // The next statement meets the same fault.
  pool.on("error", () => undefined);
  try {
    const { rows } = await pool.query<Facts>(FACTS);
    for (const facts of rows) assertUsable(facts, name);
    return { pool, name };
  } catch (error) {
    await pool.end();
    throw storeError(error, name);
  }
}

async function loadPg(): Promise<typeof Pg> {
  try {
    return await import("pg");
  } catch (cause) {
    throw missingPackage("pg", cause);
  }
}

export function missingPackage(name: string, cause: unknown): BroadsheetError {
  const what = `a store in PostgreSQL needs the package ${name}, which is not installed`;
  return new BroadsheetError("STORE_UNUSABLE", what, { fix: "npm install pg pg-boss", cause });
}

/** The URL for pg, and the name for messages, which contains no user and no password. */
function addressOf(text: string): { readonly address: string; readonly name: string } {
  const url = URL.parse(text);
  if (!url || !/^postgres(ql)?:$/.test(url.protocol)) {
    throw new BroadsheetError("CONFIG_INVALID", "DATABASE_URL is not a URL of PostgreSQL", {
      fix: "write it as postgres://user:password@host/database, or leave it empty for a store in a file",
    });
  }
  const host = url.searchParams.get("host") ?? decodeURIComponent(url.hostname);
  if (!url.searchParams.has("sslmode")) {
    url.searchParams.set("sslmode", isLocal(host) ? "disable" : "verify-full");
  }
  // Node trusts the certificates of the system already.
  if (url.searchParams.get("sslrootcert") === "system") url.searchParams.delete("sslrootcert");
  // This makes sslmode mean what it means in libpq.
  url.searchParams.set("uselibpqcompat", "true");
  return { address: url.href, name: `${new URL(text).host}${url.pathname}` };
}

/** A socket in the file system, or this machine. */
function isLocal(host: string): boolean {
  return /^(|localhost|127(\.\d+){3}|\[?::1\]?|\/.*)$/i.test(host);
}

interface Facts {
  readonly fsync: string;
  readonly encoding: string;
  readonly version: number;
  readonly is_replica: boolean;
  readonly read_only: string;
}

const FACTS = `
  SELECT current_setting('fsync') AS fsync, current_setting('server_encoding') AS encoding,
    current_setting('server_version_num')::int AS version, pg_is_in_recovery() AS is_replica,
    current_setting('transaction_read_only') AS read_only`;

/** The oldest version of PostgreSQL that pg-boss supports. */
const OLDEST_VERSION = 13;

function assertUsable({ fsync, encoding, version, is_replica, read_only }: Facts, name: string) {
  const refuse = (what: string, fix: string): never => {
    throw new BroadsheetError("STORE_UNUSABLE", `the database ${name} ${what}`, { fix });
  };
  if (version < OLDEST_VERSION * 10_000)
    refuse("is older than PostgreSQL 13", "move the store to a newer server");
  if (is_replica) {
    refuse(
      "is a replica, which can only be read",
      "name the primary server in DATABASE_URL, or promote this one if the primary is gone",
    );
  }
  if (read_only === "on") {
    refuse(
      "can only be read",
      "find out why its server is read-only, such as default_transaction_read_only or a full disk",
    );
  }
  if (fsync !== "on") {
    refuse(
      "has fsync off: after a power cut, deliveries would be forgotten, and readers would get an issue twice",
      "set fsync = on on its server",
    );
  }
  if (encoding !== "UTF8") {
    refuse(`is encoded in ${encoding}`, "create it again: CREATE DATABASE … ENCODING 'UTF8'");
  }
}
