import {
  type Database,
  type Row,
  dateIn,
  numberIn,
  optional,
  textIn,
} from "../../../platform/sqlite/database.ts";
import type { Taking } from "./taken.ts";

/** How reading a source of a newsletter has gone. */
export interface SourceHealth {
  readonly source: string;
  /** As messages name it. */
  readonly name: string;
  readonly lastFetch: Date;
  readonly lastSuccess?: Date;
  /** Slots in a row for which it couldn't be read; 0 where it could last time. */
  readonly failures: number;
  /**
   * Why not, where it couldn't last time; of one that could, what of it couldn't and was left out. A code of
   * `ERROR_CODES`, and in words.
   */
  readonly code?: string;
  readonly error?: string;
  /** When it was reported as failing; not since it could be read. */
  readonly reportedAt?: Date;
}

/** How reading a source went this time. */
export interface ReadOutcome {
  readonly source: string;
  readonly name: string;
  readonly error?: Fault;
  /** Of a source that could be read, what of it couldn't, and was left out. */
  readonly leftOut?: Fault;
}

interface Fault {
  readonly code: string;
  readonly message: string;
}

interface NoteRequest extends Taking {
  readonly sources: readonly ReadOutcome[];
  readonly at: Date;
}

/** Notes how reading the sources for a slot went. To be called within a transaction. */
export function noteSources(database: Database, request: NoteRequest): void {
  const { newsletter, slot, sources, at } = request;
  for (const { source, name, error, leftOut } of sources) {
    const now = at.getTime();
    if (error) {
      const failure = [name, now, slot, error.code, error.message] as const;
      database.prepare(FAILED).run(newsletter, source, ...failure);
    } else {
      const lost = [leftOut?.code, leftOut?.message] as const;
      database.prepare(READ).run(newsletter, source, name, now, now, ...lost);
    }
  }
}

/** The sources of a newsletter that were ever read, also those that its config no longer has. */
export function sourceHealth(database: Database, newsletter: string): SourceHealth[] {
  return database
    .prepare("SELECT * FROM source_health WHERE newsletter = ? ORDER BY source")
    .all(newsletter)
    .map(healthIn);
}

/** Notes that these were reported. */
export function noteReported(
  database: Database,
  { newsletter, sources, at }: { newsletter: string; sources: readonly string[]; at: Date },
): void {
  const note = database.prepare(
    "UPDATE source_health SET reported_at = ? WHERE newsletter = ? AND source = ?",
  );
  for (const source of sources) note.run(at.getTime(), newsletter, source);
}

/** What is to be reported: what has failed so many times in a row, and was not reported since. */
export function toReport(health: readonly SourceHealth[], atFailures: number): SourceHealth[] {
  return health.filter(
    ({ failures, reportedAt }) => failures >= atFailures && reportedAt === undefined,
  );
}

const READ = `
  INSERT INTO source_health (newsletter, source, name, fetched_at, succeeded_at, code, error)
  VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (newsletter, source) DO UPDATE SET
    name = excluded.name, fetched_at = excluded.fetched_at, succeeded_at = excluded.succeeded_at,
    failures = 0, failed_slot = NULL, code = excluded.code, error = excluded.error, reported_at = NULL`;

const FAILED = `
  INSERT INTO source_health (newsletter, source, name, fetched_at, failures, failed_slot, code, error)
  VALUES (?, ?, ?, ?, 1, ?, ?, ?)
  ON CONFLICT (newsletter, source) DO UPDATE SET
    name = excluded.name, fetched_at = excluded.fetched_at,
    failures = failures + (failed_slot IS NOT excluded.failed_slot),
    failed_slot = excluded.failed_slot, code = excluded.code, error = excluded.error`;

function healthIn(row: Row): SourceHealth {
  const lastSuccess = optional(row, "succeeded_at", dateIn);
  const code = optional(row, "code", textIn);
  const error = optional(row, "error", textIn);
  const reportedAt = optional(row, "reported_at", dateIn);
  return {
    source: textIn(row, "source"),
    name: textIn(row, "name"),
    lastFetch: dateIn(row, "fetched_at"),
    ...(lastSuccess && { lastSuccess }),
    failures: numberIn(row, "failures"),
    ...(code !== undefined && { code }),
    ...(error !== undefined && { error }),
    ...(reportedAt && { reportedAt }),
  };
}
