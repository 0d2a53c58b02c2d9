import { addressKey } from "../recipient.ts";
import type { ImportedRow, Tally } from "../import-row.ts";
import type { Keyring } from "../tokens.ts";
import { joinTags } from "../subscriber.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Queries, Store } from "../../platform/database.ts";
import { SqliteStore } from "../../platform/sqlite/sqlite-store.ts";
import { keysOfErased } from "./erased.ts";
import { ImportedList } from "./imported-list.ts";
import { makeList } from "./lists.ts";

/** @throws BroadsheetError SECRET_MISSING if erased addresses can't be recognised. */
export async function rowsOf(
  tx: Queries,
  list: number,
  keyring: Keyring | undefined,
): Promise<ImportedList> {
  return new ImportedList(tx, list, await keysOfErased(tx, list, keyring));
}

interface Putting {
  readonly tally: Tally;
  readonly now: number;
  /** Whether the readers have subscribed again. Their suppression is removed then. */
  readonly isResubscription?: boolean;
}

export function newTally(): Tally {
  return { added: 0, updated: 0, unchanged: 0, suppressed: 0, keptOut: {} };
}

/** Puts rows on a list, one after another. */
export async function putRows(
  rows: readonly ImportedRow[],
  list: ImportedList,
  putting: Putting,
): Promise<void> {
  await list.load(rows);
  for (const row of rows) putRow(row, list, putting);
  await list.save();
}

function putRow(row: ImportedRow, list: ImportedList, putting: Putting): void {
  const { tally, now, isResubscription = false } = putting;
  const key = addressKey(row.address);
  if (row.suppressed) {
    if (list.suppress(row.address, row.suppressed, now)) tally.suppressed += 1;
    return;
  }
  if (isResubscription) list.takeBack(row.address);
  const why = list.isErased(row.address) ? "erased" : list.suppressedAs(key);
  if (why) tally.keptOut[why] = (tally.keptOut[why] ?? 0) + 1;
  else if (list.insert(row, now)) tally.added += 1;
  else if (update(row, key, { list, isResubscription })) tally.updated += 1;
  else tally.unchanged += 1;
}

/** Adds the facts of a row to a subscriber. Missing facts change nothing. Returns whether anything changed. */
function update(
  row: ImportedRow,
  key: string,
  { list, isResubscription }: { list: ImportedList; isResubscription: boolean },
): boolean {
  const before = list.find(key);
  if (!before) return false;
  const name = row.name ?? before.name;
  const language = row.language ?? before.language;
  const tags = joinTags(before.tags, row.tags);
  const [earlier, later] = [before.consent, row.consent];
  const consent = isResubscription ? (later ?? earlier) : (earlier ?? later);
  const isSame =
    name === before.name &&
    language === before.language &&
    tags === before.tags &&
    consent === before.consent;
  if (isSame) return false;
  list.update(before, {
    tags,
    ...(name !== undefined && { name }),
    ...(language !== undefined && { language }),
    ...(consent && { consent }),
  });
  return true;
}

interface Import {
  readonly newsletter: string;
  readonly clock: Clock;
  readonly keyring?: Keyring | undefined;
}

/**
 * The longest time between commits. On SQLite a commit writes all changed pages of the index. If addresses are not sorted,
 * that is most of the index, so there should be few commits. But other writers wait for each of them. PostgreSQL commits
 * each group.
 */
const LONGEST_MS = { sqlite: 2_000, postgres: 0 };

/** The index of a million addresses is 40 MB. With a smaller cache, every row would read and write pages. */
const BULK_MEMORY = "PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 16384";

export type RowGroups = AsyncIterable<readonly ImportedRow[]> | Iterable<readonly ImportedRow[]>;

/**
 * Puts groups of rows on a newsletter's list. All rows are durable when it resolves, and most of them within seconds. If a
 * group can't be read, the groups before it are imported. If a row fails, the rows since the last commit are rolled back.
 * @throws BroadsheetError SECRET_MISSING if erased addresses can't be recognised; the error of the groups.
 */
export async function importRows(
  groups: RowGroups,
  store: Store,
  { newsletter, clock, keyring }: Import,
): Promise<Tally> {
  if (store instanceof SqliteStore) store.raw.exec(BULK_MEMORY);
  const tally = newTally();
  const reading = inOrder(groups);
  let fault: { readonly cause: unknown } | undefined;
  const read = async () => {
    try {
      const { value, done } = await reading.next();
      return done ? undefined : value;
    } catch (cause) {
      fault = { cause };
      return undefined;
    }
  };
  for (let first = await read(); first; first = await read()) {
    const rows = first;
    await store.change(async (tx) => {
      const { id } = await makeList(tx, newsletter);
      const list = await rowsOf(tx, id, keyring);
      const until = performance.now() + LONGEST_MS[store.engine];
      let group: typeof rows | undefined = rows;
      while (group) {
        await putRows(group, list, { tally, now: clock().getTime() });
        group = performance.now() < until ? await read() : undefined;
      }
    });
  }
  if (fault) throw fault.cause;
  return tally;
}

/** The groups that have a row. */
async function* inOrder(groups: RowGroups): AsyncGenerator<readonly ImportedRow[]> {
  for await (const group of groups) if (group.length > 0) yield group;
}
