import { keyringOf, secretChanged, unknownSecrets } from "../../subscribers/tokens.ts";
import type { Environment } from "../../platform/environment.ts";
import { type Diagnosis, fromError, look, ok, toFix, unseen } from "../diagnosis.ts";
import { type Clock, momentText } from "../../platform/clock.ts";
import { many } from "../../platform/text.ts";
import { hasStore, openStore, type StorePlace } from "../../platform/store.ts";
import {
  checkOwner,
  checkVersion,
  versionOf,
  assertAtHome,
  assertLatest,
} from "../../platform/sqlite/open-store.ts";
import { BroadsheetError } from "../../errors.ts";
import {
  fieldsOf,
  maybe,
  numberIn,
  type Queries,
  textIn,
  dateIn,
} from "../../platform/database.ts";
import { SqliteDatabase } from "../../platform/sqlite/database.ts";
import { SqliteStore } from "../../platform/sqlite/sqlite-store.ts";
import { MIGRATIONS } from "../../platform/sqlite/migrations.ts";
import { type ListConfig, usedSecrets } from "../../subscribers/io/audience.ts";

/** Diagnoses the content and the integrity of the store, and compares the clock with the times in it. */
export async function diagnoseStore(
  { store, slug, secrets }: ListConfig,
  { clock, env }: { readonly clock: Clock; readonly env: Environment },
): Promise<Diagnosis[]> {
  try {
    if (!(await hasStore(store, env))) {
      const says = "there is no list yet";
      return [
        look("List", says, "import one: broadsheet subscribers import FILE.csv"),
        unseen("Clock", "there is no time in the store to compare it with"),
      ];
    }
    const facts = await inspectStore(store, slug, env);
    return [...contents(facts), ...linksOut(facts, secrets), clockBeside(facts, clock())];
  } catch (error) {
    return [fromError("List", error), unseen("Clock", "there is no store to compare it with")];
  }
}

function contents({ isOlder, subscribers, inDoubt }: StoreFacts): Diagnosis[] {
  if (isOlder) {
    const says = "an earlier version wrote the store, and the next command updates it";
    return [look("List", says, "copy it first, then run: broadsheet status")];
  }
  const count = subscribers.toLocaleString("en");
  return [
    subscribers > 0
      ? ok(
          "List",
          `${count} ${subscribers === 1 ? "subscriber" : "subscribers"}, the store is sound`,
        )
      : look(
          "List",
          "the store is sound, and there is no subscriber on the list",
          "broadsheet subscribers import FILE.csv",
        ),
    ...inDoubt.map(({ slot, count }) =>
      look(
        "In doubt",
        `${many(count, "reader")} may or may not have ${slot}`,
        `broadsheet reconcile ${slot} --accept, or --resend`,
      ),
    ),
  ];
}

/** Diagnoses whether the links in sent mails still work, so that readers can unsubscribe. */
function linksOut(
  { usedSecrets: used }: StoreFacts,
  { secret, oldSecrets }: ListConfig["secrets"],
): Diagnosis[] {
  if (secret === undefined || used.length === 0) return [];
  return unknownSecrets(used, keyringOf(secret, oldSecrets)).length > 0
    ? [fromError("Links", secretChanged())]
    : [ok("Links", "all links already sent are signed with a secret that is set")];
}

/** The clock may be earlier than the newest time in the store by this much, because corrections set it back a little. */
const SLACK_MS = 60_000;

/** Slots, retries and signatures depend on the clock. A clock that is ahead can't be detected without the network. */
function clockBeside({ newest }: StoreFacts, now: Date): Diagnosis {
  if (!newest) return unseen("Clock", "there is no time in the store to compare it with");
  if (now.getTime() + SLACK_MS < newest.getTime()) {
    const says = `it says ${momentText(now)}, and the store was written at ${momentText(newest)}`;
    return toFix("Clock", says, {
      fix: "set the clock, or synchronise it: timedatectl set-ntp true",
      code: "CLOCK_BEHIND",
    });
  }
  return ok(
    "Clock",
    `${momentText(now)}, later than all times in the store; no other clock was asked`,
  );
}

/** The content of a store. */
interface StoreFacts {
  /** Whether an earlier version wrote it. The next command that opens it updates it. */
  readonly isOlder: boolean;
  readonly subscribers: number;
  /** Issues that some subscribers may or may not have, and the number of these subscribers. */
  readonly inDoubt: readonly { readonly slot: string; readonly count: number }[];
  /** The fingerprints of the secrets that signed links. */
  readonly usedSecrets: readonly Uint8Array[];
  /** The time of the last change. */
  readonly newest?: Date;
}

/**
 * Reads an existing store without changing it.
 * @throws BroadsheetError STORE_*, LEDGER_RESTORED.
 */
async function inspectStore(
  place: StorePlace,
  newsletter: string,
  env: Environment,
): Promise<StoreFacts> {
  if ("url" in place) {
    await using store = await openStore(place, { isLooking: true, isToSend: true, env });
    return { isOlder: false, ...(await factsOf(store, newsletter)) };
  }
  await using store = new SqliteStore(new SqliteDatabase(place.file));
  const { raw } = store;
  checkOwner(raw);
  checkVersion(raw);
  checkPages(raw);
  assertLatest(raw, env);
  assertAtHome(raw, env);
  const isOlder = versionOf(raw) < MIGRATIONS.length;
  return isOlder ? { ...NOTHING, isOlder } : { isOlder, ...(await factsOf(store, newsletter)) };
}

const NOTHING = { subscribers: 0, inDoubt: [], usedSecrets: [] };

/** https://sqlite.org/pragma.html#pragma_quick_check: "ok", or a description of the damage. */
function checkPages(database: SqliteDatabase): void {
  const [first = {}] = database.all("PRAGMA quick_check(1)");
  const said = textIn(first, "quick_check");
  if (said === "ok") return;
  throw new BroadsheetError("STORE_CORRUPT", "the store is damaged", {
    where: { file: database.file },
    fix: "put a backup in its place, or save the readable part: sqlite3 FILE .recover",
  });
}

async function factsOf(queries: Queries, newsletter: string): Promise<Omit<StoreFacts, "isOlder">> {
  return {
    subscribers: numberIn((await queries.get(SUBSCRIBERS, newsletter)) ?? {}, "count"),
    inDoubt: (await queries.all(IN_DOUBT, newsletter)).map(doubtIn),
    usedSecrets: await usedSecrets(queries, newsletter),
    ...newestIn((await queries.get(NEWEST)) ?? {}),
  };
}

const doubtIn = fieldsOf({ slot: textIn, count: numberIn });

const newestIn = fieldsOf({ newest: maybe(dateIn) });

const SUBSCRIBERS = `
  SELECT count(*) AS count FROM subscriber JOIN list ON list.id = subscriber.list
  WHERE list.newsletter = ?`;

const IN_DOUBT = `
  SELECT issue.slot, count(*) AS count FROM delivery JOIN issue ON issue.id = delivery.issue
  WHERE issue.newsletter = ? AND delivery.state = 'uncertain' GROUP BY issue.id, issue.slot ORDER BY issue.id`;

const NEWEST = `
  SELECT max(at) AS newest FROM (
    SELECT max(changed_at) AS at FROM delivery
    UNION ALL SELECT max(subscribed_at) FROM subscriber
    UNION ALL SELECT max(planned_at) FROM issue) AS times`;
