import type { Environment } from "../../platform/environment.ts";
import { BroadsheetError } from "../../errors.ts";
import { Database } from "../../platform/sqlite/database.ts";
import { MIGRATIONS } from "../../platform/sqlite/migrations.ts";
import { checkOwner, checkVersion, versionOf } from "../../platform/sqlite/open-store.ts";
import { assertLatest } from "../../platform/sqlite/open-trusted.ts";
import { usedSecrets } from "../../subscribers/io/signing.ts";
import { numberIn, optional, textIn, dateIn } from "../../platform/sqlite/row.ts";

/** What a look at a store tells. */
export interface StoreFacts {
  /** Written by an earlier version; the next command that opens it brings it up to date. */
  readonly isOlder: boolean;
  readonly subscribers: number;
  /** Issues that somebody may have or not, and how many those are. */
  readonly inDoubt: readonly { readonly slot: string; readonly count: number }[];
  /** The fingerprints of the secrets that links went out with. */
  readonly usedSecrets: readonly Uint8Array[];
  /** When something was last written into it. */
  readonly newest?: Date;
}

/**
 * Looks through a store that is there, and changes nothing in it.
 * @throws BroadsheetError STORE_*, LEDGER_RESTORED.
 */
export function inspectStore(file: string, newsletter: string, env: Environment): StoreFacts {
  const database = new Database(file);
  try {
    checkOwner(database);
    checkVersion(database);
    checkPages(database);
    assertLatest(database, env);
    const isOlder = versionOf(database) < MIGRATIONS.length;
    return isOlder ? { ...NOTHING, isOlder } : { isOlder, ...factsOf(database, newsletter) };
  } finally {
    database.close();
  }
}

const NOTHING = { subscribers: 0, inDoubt: [], usedSecrets: [] };

/** https://sqlite.org/pragma.html#pragma_quick_check: "ok", or what is wrong. */
function checkPages(database: Database): void {
  const [first = {}] = database.prepare("PRAGMA quick_check(1)").all();
  const said = textIn(first, "quick_check");
  if (said === "ok") return;
  throw new BroadsheetError("STORE_CORRUPT", "the store is damaged", {
    where: { file: database.file },
    fix: "put a backup in its place, or save what can be read: sqlite3 FILE .recover",
  });
}

function factsOf(database: Database, newsletter: string): Omit<StoreFacts, "isOlder"> {
  const newest = optional(database.prepare(NEWEST).get() ?? {}, "newest", dateIn);
  return {
    subscribers: numberIn(database.prepare(SUBSCRIBERS).get(newsletter) ?? {}, "count"),
    inDoubt: database
      .prepare(IN_DOUBT)
      .all(newsletter)
      .map((row) => ({ slot: textIn(row, "slot"), count: numberIn(row, "count") })),
    usedSecrets: usedSecrets(database, newsletter),
    ...(newest && { newest }),
  };
}

const SUBSCRIBERS = `
  SELECT count(*) AS count FROM subscriber JOIN list ON list.id = subscriber.list
  WHERE list.newsletter = ?`;

const IN_DOUBT = `
  SELECT issue.slot, count(*) AS count FROM delivery JOIN issue ON issue.id = delivery.issue
  WHERE issue.newsletter = ? AND delivery.state = 'uncertain' GROUP BY issue.id ORDER BY issue.id`;

const NEWEST = `
  SELECT max(at) AS newest FROM (
    SELECT max(changed_at) AS at FROM delivery
    UNION ALL SELECT max(subscribed_at) FROM subscriber
    UNION ALL SELECT max(planned_at) FROM issue)`;
