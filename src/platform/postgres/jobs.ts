import type * as Jobs from "pg-boss";
import { missingPackage } from "./connect.ts";
import { JOBS_SCHEMA } from "./migrations.ts";
import { openPostgres } from "./open-postgres.ts";
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

/** The store at a URL with its jobs. `close` closes both. */
export async function openJobsAt(url: string, instanceName?: string) {
  const store = await openPostgres(url);
  const boss = await openJobs(store, JOB_TIMING, instanceName).catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
  const close = async (): Promise<void> => {
    await boss.stop({ graceful: false });
    await store.close();
  };
  return { store, boss, close };
}

/** @throws BroadsheetError STORE_UNUSABLE if it is not installed. */
export async function loadPgBoss(): Promise<typeof Jobs.PgBoss> {
  try {
    return (await import("pg-boss")).PgBoss;
  } catch (cause) {
    throw missingPackage("pg-boss", cause);
  }
}
