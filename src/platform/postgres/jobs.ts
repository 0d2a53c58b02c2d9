import type * as Jobs from "pg-boss";
import { missingPackage } from "./connect.ts";
import { JOBS_SCHEMA } from "./migrations.ts";
import type { PostgresStore } from "./postgres-store.ts";

export interface JobTiming {
  /** A job goes to another worker after this time without a sign of life. */
  readonly heartbeatSeconds: number;
  /** The interval at which each process looks for such jobs. */
  readonly superviseSeconds: number;
}

export const JOB_TIMING: JobTiming = { heartbeatSeconds: 30, superviseSeconds: 10 };

/** Opens the pg-boss jobs in the database of a store. The caller stops them before it closes the store. */
export async function openJobs(
  store: PostgresStore,
  { superviseSeconds }: JobTiming,
  instanceName?: string,
): Promise<Jobs.PgBoss> {
  const PgBoss = await loadPgBoss();
  const boss = new PgBoss({
    db: store,
    schema: JOBS_SCHEMA,
    migrate: false,
    createSchema: false,
    schedule: false,
    superviseIntervalSeconds: superviseSeconds,
    monitorIntervalSeconds: superviseSeconds,
    monitorVacuum: false,
    instanceHeartbeatSeconds: superviseSeconds,
    openTelemetry: { enabled: false },
    ...(instanceName !== undefined && { instanceName }),
  });
  // pg-boss retries by itself, and each failed call of Broadsheet rejects with its own error.
  boss.on("error", () => undefined);
  return boss.start();
}

/** @throws BroadsheetError STORE_UNUSABLE if it is not installed. */
export async function loadPgBoss(): Promise<typeof Jobs.PgBoss> {
  try {
    return (await import("pg-boss")).PgBoss;
  } catch (cause) {
    throw missingPackage("pg-boss", cause);
  }
}
