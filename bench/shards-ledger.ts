import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createHash } from "node:crypto";
import type { Addressee, Ledger } from "../src/delivery/ledger.ts";
import { SqliteLedger } from "../src/delivery/io/ledger/sqlite-ledger.ts";
import { PostgresLedger } from "../src/delivery/io/postgres/postgres-ledger.ts";
import type { JobTiming } from "../src/platform/postgres/jobs.ts";
import { openPostgres } from "../src/platform/postgres/open-postgres.ts";
import { openSqlite } from "../src/platform/sqlite/sqlite-store.ts";

const clock = () => new Date();

/** The ledger in a file, or in the database of a URL. */
export async function benchLedger(place: string, timing?: JobTiming): Promise<Ledger> {
  const env = { XDG_STATE_HOME: mkdtempSync(path.join(tmpdir(), "broadsheet-bench-state-")) };
  if (!place.startsWith("postgres:"))
    return new SqliteLedger(await openSqlite(place, { env }), { clock });
  return new PostgresLedger(await openPostgres(place, { env }), { clock, timing });
}

export function messageIdOf({ address }: Addressee): string {
  return `<${createHash("sha256").update(address).digest("hex").slice(0, 24)}@tidewrack.example>`;
}
