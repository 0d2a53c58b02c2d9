import { addressKey } from "../recipient.ts";
import {
  readBounceToken,
  mintToken,
  readToken,
  type Keyring,
  keyringOf,
  secretChanged,
  unknownSecrets,
} from "../tokens.ts";
import type { ImportedRow, Tally } from "../import-row.ts";
import type { Segment } from "../segment.ts";
import type {
  Suppression,
  SuppressionReason,
  ListedSubscriber,
  AudienceCounts,
  LeaveRequest,
  Quarantined,
  RestoredRun,
  Settlement,
  Blocked,
  NotedBounce,
  Bounce,
  WaitingMails,
} from "../subscriber.ts";
import { BroadsheetError } from "../../errors.ts";
import type { Clock } from "../../platform/clock.ts";
import {
  type Database,
  dateIn,
  fieldsOf,
  numberIn,
  textIn,
  bytesIn,
  maybe,
  type Row,
} from "../../platform/sqlite/database.ts";
import * as bounces from "./bounces.ts";
import * as departures from "./depart.ts";
import * as quarantine from "./quarantine.ts";
import * as lists from "./lists.ts";
import { ErasedAddresses, forgetErased } from "./erased.ts";
import { Watermarks, change, markAway } from "../../platform/sqlite/watermarks.ts";
import { lockFileOf, RunLock } from "../../platform/sqlite/run-lock.ts";
import { BULK_MEMORY, Importer } from "./importer.ts";
import { assertAtHome, openTrusted, type Trusting } from "../../platform/sqlite/open-store.ts";

interface AudienceOptions {
  readonly newsletter: string;
  readonly clock: Clock;
  /** Needed for tokens, and where addresses are erased. */
  readonly keyring?: Keyring | undefined;
  /** A second mark, outside the store's folder, of how far the store has come. */
  readonly markAway?: string | undefined;
}

/** The id that no reader has. A token of it proves that the pages answer, and that nothing they do changes the list. */
export const PROBE = 0;

/** A reader by token. Without an address: erased, or the probe. */
type TokenReader = Pick<ListedSubscriber, "id"> & Partial<ListedSubscriber>;

/** Whether anything is sent to an address, and since when and why not. */
export interface Standing extends Partial<Pick<Suppression, "since" | "how">> {
  readonly status: ReturnType<SqliteAudience["statusOf"]>;
  readonly pausedUntil?: Date;
}

/** The subscribers of one newsletter. It closes the store when it is closed. */
export class SqliteAudience {
  readonly #database: Database;
  readonly #newsletter: string;
  readonly #clock: Clock;
  readonly #keyring: Keyring | undefined;
  /** Marks of how far the store has come: a backup would bring back readers who have left since. */
  readonly #marks: Watermarks;
  /** The change that is being made. */
  #change: departures.ListContext | undefined;

  constructor(database: Database, { newsletter, clock, keyring, markAway }: AudienceOptions) {
    this.#database = database;
    this.#newsletter = newsletter;
    this.#clock = clock;
    this.#keyring = keyring;
    this.#marks = new Watermarks(database, markAway);
  }

  /** The six bytes that stand in this list's tokens; made where the list is still empty. */
  get listUid(): Uint8Array {
    return this.#database.transaction(() => lists.makeList(this.#database, this.#newsletter)).uid;
  }

  /**
   * Takes in rows, group after group, until `finish`.
   * @throws BroadsheetError SECRET_MISSING where erased addresses can't be recognised.
   */
  importer(): Importer {
    this.#database.exec(BULK_MEMORY);
    return this.#importer({});
  }

  #importer(options: { readonly isResubscription?: boolean }): Importer {
    return new Importer(this.#database, {
      newsletter: this.#newsletter,
      clock: this.#clock,
      keyring: this.#keyring,
      marks: this.#marks,
      ...options,
    });
  }

  add(row: ImportedRow, options: { readonly isResubscription?: boolean } = {}): Tally {
    const importer = this.#importer(options);
    importer.add([row]);
    importer.finish();
    return importer.tally;
  }

  /** Adds a reader who has asked for it, and does `also` in the same transaction, with the reader as they are then. */
  join(row: ImportedRow, also: (reader: ListedSubscriber) => void): void {
    const importer = this.#importer({ isResubscription: true });
    importer.add([row]);
    try {
      const reader = this.find(row.address);
      if (reader) also(reader);
    } catch (error) {
      this.#database.rollback();
      throw error;
    }
    importer.finish();
  }

  /** In the order in which they bounce, page after page, so that it doesn't matter how many there are. */
  *subscribers(segment?: Segment): Generator<ListedSubscriber> {
    const list = lists.findList(this.#database, this.#newsletter);
    let after = 0;
    for (;;) {
      const page = list ? this.#database.prepare(PAGE).all(list.id, after) : [];
      for (const row of page) {
        const subscriber = lists.subscriberIn(row);
        after = subscriber.id;
        if (!segment || segment(subscriber)) yield subscriber;
      }
      if (page.length === 0) return;
    }
  }

  /** Suppressed addresses that are not on the list, in order. */
  *suppressedStrangers(): Generator<Suppression> {
    const list = lists.findList(this.#database, this.#newsletter);
    let after = "";
    for (;;) {
      const page = list ? this.#database.prepare(STRANGERS).all(list.id, after) : [];
      for (const row of page) {
        after = textIn(row, "key");
        yield strangerIn(row);
      }
      if (page.length === 0) return;
    }
  }

  find(address: string): ListedSubscriber | undefined {
    const row = this.#database.prepare(FIND).get(addressKey(address), this.#newsletter);
    return row && lists.subscriberIn(row);
  }

  /** Whether anything is sent to an address: "subscribed", "quarantined", "unknown", or the reason why not. */
  statusOf(address: string): "subscribed" | "quarantined" | "unknown" | SuppressionReason {
    const list = lists.findList(this.#database, this.#newsletter);
    if (!list) return "unknown";
    const reason = lists.suppressedAs(this.#database, list.id, addressKey(address));
    if (reason) return reason;
    const found = this.find(address);
    if (found) return found.quarantinedSince ? "quarantined" : "subscribed";
    const erased = new ErasedAddresses(this.#database, list.id, this.#keyring);
    return erased.has(address) ? "erased" : "unknown";
  }

  /** The same with what is known of it. */
  standingOf(address: string): Standing {
    const status = this.statusOf(address);
    const list = lists.findList(this.#database, this.#newsletter);
    const row = list && this.#database.prepare(STRANGER).get(list.id, addressKey(address));
    const { since, how } = row ? strangerIn(row) : {};
    const { pausedUntil } = this.find(address) ?? {};
    const isPaused = status === "subscribed" && pausedUntil && pausedUntil > this.#clock();
    return {
      status,
      ...(since && { since }),
      ...(how && { how }),
      ...(isPaused && { pausedUntil }),
    };
  }

  counts(): AudienceCounts {
    const list = lists.findList(this.#database, this.#newsletter);
    return lists.countsOf(this.#database, list?.id, this.#clock());
  }

  quarantined(): Quarantined[] {
    const list = lists.findList(this.#database, this.#newsletter);
    return quarantine.readQuarantine(this.#database, list?.id);
  }

  /** Ends the quarantine of addresses; whether each was quarantined. */
  endQuarantine(addresses: readonly string[], how: Settlement): boolean[] {
    return this.#leave((leaving) =>
      addresses.map((address) => quarantine.endQuarantine(leaving, address, how)),
    );
  }

  /** Takes back what a run did to the list; undefined where there was no such run. */
  restoreRun(run: number): RestoredRun | undefined {
    return this.#leave((leaving) => quarantine.restoreRun(leaving, run));
  }

  /** How the list has changed since a moment. */
  changesSince(moment: Date): lists.ListChanges {
    const list = lists.findList(this.#database, this.#newsletter);
    return list
      ? lists.changesSince(this.#database, list.id, moment)
      : { joined: 0, left: 0, erased: 0 };
  }

  /** The mails to visitors and readers that wait; undefined where none do. */
  waitingMails(): WaitingMails | undefined {
    const list = lists.findList(this.#database, this.#newsletter);
    return list && lists.waitingMails(this.#database, list.id, this.#clock());
  }

  /** All that has changed in the list, the oldest day first. */
  changesByDay(): lists.DayOfList[] {
    const list = lists.findList(this.#database, this.#newsletter);
    return list ? lists.changesByDay(this.#database, list.id) : [];
  }

  /** The lists of other newsletters in the same store, with how many are on each. */
  otherLists(): { readonly newsletter: string; readonly subscribers: number }[] {
    return this.#database.prepare(OTHER_LISTS).all(this.#newsletter).map(otherListIn);
  }

  /** Nothing is sent to this address any more; whether that is new. `how`: for `explain`. */
  suppress(address: string, reason: SuppressionReason, how?: string): boolean {
    return this.#leave((leaving) => departures.suppress(leaving, address, reason, how));
  }

  /**
   * Ends the subscription of a token, and returns whether it was open. `how`: for `explain`.
   * @throws BroadsheetError TOKEN_INVALID, in the same words for every token that isn't one of this list's;
   * SECRET_MISSING; SECRET_CHANGED where the token may be signed with another secret.
   */
  unsubscribe(token: string, how?: string): boolean {
    const keyring = this.#needKeyring(SIGNS);
    return this.#leave((leaving) => {
      const id = readToken(token, leaving.list.uid, keyring);
      const wasOpen = id === undefined ? undefined : departures.unsubscribe(leaving, id, how);
      if (wasOpen !== undefined) return wasOpen;
      assertSameSecret(leaving, keyring);
      throw invalidToken();
    });
  }

  /** A valid token of no reader; undefined where there is no list yet. */
  probeToken(): string | undefined {
    const keyring = this.#needKeyring(SIGNS);
    const list = lists.findList(this.#database, this.#newsletter);
    return list && mintToken({ subscriberId: PROBE, list: list.uid }, keyring);
  }

  /** The reader of a token, who may have left since; undefined where it isn't one of this list's. */
  readerOf(token: string): TokenReader | undefined {
    const keyring = this.#needKeyring(SIGNS);
    const list = lists.findList(this.#database, this.#newsletter);
    const id = list && readToken(token, list.uid, keyring);
    return id === PROBE ? { id } : id === undefined ? undefined : this.readerWith(id);
  }

  /** The reader with an id, who may have left since; undefined where it was never given. */
  readerWith(id: number): TokenReader | undefined {
    const list = lists.findList(this.#database, this.#newsletter);
    if (!list) return undefined;
    const row = this.#database.prepare(WITH_ID).get(list.id, id);
    if (row) return lists.subscriberIn(row);
    const whose = departures.addressOf({ database: this.#database, list }, id);
    if (whose === "erased" || whose === undefined) return whose && { id };
    const gone = this.#database.prepare(STRANGER).get(list.id, addressKey(whose.address));
    return { id, ...whose, ...(gone && { suppressed: strangerIn(gone) }) };
  }

  /** Ends the subscription with an id, and returns when; undefined where it had ended before. */
  leave(id: number, how: string): Date | undefined {
    return this.#leave((leaving) =>
      departures.unsubscribe(leaving, id, how) ? leaving.now : undefined,
    );
  }

  /** Takes back what the reader with an id did at a moment: to leave. Returns whether it did. */
  undoLeave(id: number, leftAt: Date): boolean {
    return this.#leave((leaving) => departures.undoLeave(leaving, id, leftAt));
  }

  /** Pauses the subscription with an id until a moment, or ends its pause; whether there is such a subscription. */
  pause(id: number, until: Date | undefined): boolean {
    return this.#leave((leaving) => departures.pause(leaving, id, until));
  }

  /** Makes several changes in one, or rehearses them: then none of them is kept. */
  together<Result>(work: () => Result, isRehearsal = false): Result {
    if (!isRehearsal) return this.#leave(work);
    this.#database.begin();
    try {
      return this.#changing(work);
    } finally {
      this.#database.rollback();
    }
  }

  /**
   * Notes a bounce or complaint, for the reader of its first valid token: that of a return path, or that of an
   * unsubscribe link, which only its reader has. `judgeBounces` is to follow in the same change.
   * @throws BroadsheetError TOKEN_INVALID, SECRET_MISSING, SECRET_CHANGED.
   */
  noteBounce(tokens: readonly string[], bounce: Bounce): NotedBounce {
    const keyring = this.#needKeyring("return paths are signed with it");
    return this.#leave((leaving) => {
      const { uid } = leaving.list;
      for (const token of tokens) {
        const id = readBounceToken(token, uid, keyring) ?? readToken(token, uid, keyring);
        const noted = id === undefined ? undefined : bounces.noteBounce(leaving, id, bounce);
        if (noted) return noted;
      }
      assertSameSecret(leaving, keyring);
      throw foreignBounce();
    });
  }

  /**
   * Takes in what a provider reports of the message of an issue, which settles a reader in doubt; "delivered" changes
   * nothing else. Whether the token is one of this list's.
   */
  noteReport(
    token: string,
    slot: string,
    {
      what,
      ...rest
    }: Omit<Bounce, "what" | "messageIds"> & { readonly what: Bounce["what"] | "delivered" },
  ): boolean {
    const keyring = this.#needKeyring("what messages carry for providers is signed with it");
    return this.#leave((leaving) => {
      const id = readBounceToken(token, leaving.list.uid, keyring);
      if (id === undefined) return false;
      const messageId = bounces.noteArrival(leaving, id, slot);
      if (what === "delivered") return true;
      const messageIds = messageId === undefined ? [] : [messageId];
      const noted = bounces.noteBounce(leaving, id, { what, messageIds, ...rest });
      bounces.doubtIssues(leaving);
      return noted !== undefined;
    });
  }

  /** Quarantines the readers whom the bounces of this change suppressed, if there are too many; how many that are. */
  judgeBounces(): number {
    return this.#leave(bounces.doubtIssues);
  }

  /** The messages that servers blocked, by issue, the latest first. */
  blocked(): Blocked[] {
    return bounces.blockedMessages(this.#database, this.#newsletter);
  }

  /** What is remembered of a mail that was taken in before: whether it stays where it is. */
  recall(hash: Uint8Array): { readonly stays: boolean } | undefined {
    const row = this.#database.prepare(RECALL).get(this.#newsletter, hash);
    return row && { stays: numberIn(row, "stays") > 0 };
  }

  /** Remembers a mail that was taken in. */
  remember(hashes: readonly Uint8Array[], stays: boolean): void {
    this.#leave(({ database, list }) => {
      for (const hash of hashes) database.prepare(REMEMBER).run(list.id, hash, Number(stays));
    });
  }

  /** Stores that a mail asks to leave in the name of an address; not of one to which nothing is sent anyway. */
  noteLeaveRequest(request: LeaveRequest): void {
    const status = this.statusOf(request.address);
    if (status !== "subscribed" && status !== "unknown") return;
    this.#leave((leaving) => departures.noteLeaveRequest(leaving, request));
  }

  /** The mails that ask to leave and wait for an operator, the latest first. */
  leaveRequests(): LeaveRequest[] {
    return departures.leaveRequests(this.#database, this.#newsletter);
  }

  /** Drops the request to leave in the name of an address; whether there was one. */
  settleLeaveRequest(address: string): boolean {
    return this.#leave((leaving) => departures.settleLeaveRequest(leaving, address));
  }

  /** @throws BroadsheetError SECRET_CHANGED where links were sent that are signed with a secret that isn't set. */
  assertSameSecret(): void {
    const keyring = this.#needKeyring(SIGNS);
    assertSameSecret({ database: this.#database, newsletter: this.#newsletter }, keyring);
  }

  /** @throws BroadsheetError STORE_MOVED. */
  assertAtHome(): void {
    assertAtHome(this.#database);
  }

  /** Notes that links signed with the current secret are sent. */
  noteSecret(): void {
    const keyring = this.#needKeyring(SIGNS);
    this.#leave((leaving) => noteSecret(leaving, keyring));
  }

  /** Gives up secrets that aren't set: the links that they signed, and the erased addresses that they hashed. */
  acceptSecret(): GivenUp {
    const keyring = this.#needKeyring(SIGNS);
    return this.#leave((leaving) => giveUpSecrets(leaving, keyring));
  }

  /** Takes an address off the list; whether it was on it. */
  remove(address: string): boolean {
    return this.#leave((leaving) => departures.remove(leaving, address));
  }

  /**
   * Forgets an address; whether there was anything of it. To be followed by `scrub`.
   * @throws BroadsheetError SECRET_MISSING.
   */
  erase(address: string): boolean {
    const keyring = this.#needKeyring("what is kept of an erased address is hashed with it");
    return this.#leave((leaving) => departures.erase(leaving, address, keyring));
  }

  /**
   * Writes the file anew, since SQLite leaves parts of deleted rows in its pages. Returns false while an issue is
   * being sent, which would have to wait too long.
   */
  scrub(): boolean {
    const lock = new RunLock(lockFileOf(this.#database.file));
    if (!lock.take()) return false;
    try {
      this.#database.exec("VACUUM");
      this.#database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
      return true;
    } finally {
      lock.release();
    }
  }

  close(): void {
    this.#marks.close();
    this.#database.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #leave<Result>(work: (leaving: departures.ListContext) => Result): Result {
    if (this.#change) return work(this.#change);
    const store = { database: this.#database, marks: this.#marks };
    return change(store, () => this.#changing(work));
  }

  #changing<Result>(work: (leaving: departures.ListContext) => Result): Result {
    this.#change = {
      database: this.#database,
      list: lists.makeList(this.#database, this.#newsletter),
      newsletter: this.#newsletter,
      now: this.#clock(),
      bounced: new Set(),
    };
    try {
      return work(this.#change);
    } finally {
      this.#change = undefined;
    }
  }

  #needKeyring(why: string): Keyring {
    if (this.#keyring) return this.#keyring;
    throw new BroadsheetError("SECRET_MISSING", `there is no secret, and ${why}`, {
      fix: "set BROADSHEET_SECRET, in the environment or in .env beside the config",
    });
  }
}

/** Lets statements of a store ask whether a subscriber is in a segment: `in_segment(address, language, tags)`. */
export function defineSegment(database: Database, segment: Segment): void {
  database.define("in_segment", (address, language, tags) =>
    Number(segment(lists.factsIn({ address, language, tags }))),
  );
}

const RECALL = `
  SELECT stays FROM received_mail JOIN list ON list.id = list WHERE newsletter = ? AND hash = ?`;

const REMEMBER = `
  INSERT INTO received_mail (list, hash, stays) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`;

const SIGNS = "unsubscribe tokens are signed with it";

const LISTED = `
  SELECT subscriber.*, reason, suppression.since, how, quarantine.since AS quarantined_since
  FROM subscriber LEFT JOIN suppression USING (list, key) LEFT JOIN quarantine USING (list, key)`;

const PAGE = `${LISTED}
  WHERE list = ? AND id > ?
  ORDER BY id LIMIT 1000`;

const WITH_ID = `${LISTED}
  WHERE list = ? AND id = ?`;

const STRANGERS = `
  SELECT suppression.* FROM suppression LEFT JOIN subscriber USING (list, key)
  WHERE list = ? AND key > ? AND subscriber.id IS NULL
  ORDER BY key LIMIT 1000`;

const FIND = `${LISTED}
  WHERE key = ? AND list = (SELECT id FROM list WHERE newsletter = ?)`;

const strangerIn: (row: Row) => Suppression = fieldsOf({
  address: textIn,
  reason: lists.reasonIn,
  since: dateIn,
  how: maybe(textIn),
});

const STRANGER = "SELECT * FROM suppression WHERE list = ? AND key = ?";

const otherListIn = fieldsOf({ newsletter: textIn, subscribers: numberIn });

const OTHER_LISTS = `
  SELECT newsletter, count(subscriber.id) AS subscribers
  FROM list LEFT JOIN subscriber ON subscriber.list = list.id
  WHERE newsletter <> ?
  GROUP BY newsletter ORDER BY subscribers DESC`;

/** The settings that name a list and its store. */
export interface ListConfig {
  /** The file of the store. */
  readonly store: string;
  readonly slug: string;
  readonly secrets: { readonly secret?: string; readonly oldSecrets?: readonly string[] };
}

/**
 * The subscribers of a config's newsletter. With `isLooking`, no store is made where there is none. The caller closes
 * it.
 * @throws BroadsheetError STORE_*, LEDGER_RESTORED.
 */
export async function openAudience(
  { store, slug, secrets }: ListConfig,
  clock: Clock,
  how: Trusting = {},
): Promise<SqliteAudience> {
  const { secret, oldSecrets } = secrets;
  const database = await openTrusted(store, how);
  return new SqliteAudience(database, {
    newsletter: slug,
    clock,
    markAway: markAway(database, how.env ?? process.env),
    keyring: secret === undefined ? undefined : keyringOf(secret, oldSecrets),
  });
}

type Signing = Pick<departures.ListContext, "database" | "list">;

/** The fingerprints of the secrets that sent links of a newsletter are signed with. */
export function usedSecrets(database: Database, newsletter: string): Uint8Array[] {
  return database
    .prepare(USED)
    .all(newsletter)
    .map((row) => bytesIn(row, "fingerprint"));
}

const USED = `
  SELECT fingerprint FROM used_secret JOIN list ON list.id = used_secret.list
  WHERE list.newsletter = ?`;

/** @throws BroadsheetError SECRET_CHANGED where links were sent that are signed with a secret that isn't set. */
function assertSameSecret(
  { database, newsletter }: Pick<departures.ListContext, "database" | "newsletter">,
  keyring: Keyring,
): void {
  if (unknownSecrets(usedSecrets(database, newsletter), keyring).length > 0) throw secretChanged();
}

/** Notes that links signed with the current key are sent from now on. */
function noteSecret({ database, list }: Signing, { current }: Keyring): void {
  database.prepare(NOTE).run(list.id, current.fingerprint);
}

const NOTE = "INSERT INTO used_secret (list, fingerprint) VALUES (?, ?) ON CONFLICT DO NOTHING";

/** What is given up with a secret that is lost. */
export interface GivenUp {
  /** Whether links were sent that the lost secret signed. */
  readonly links: boolean;
  /** How many erased addresses can't be recognised any more. */
  readonly erased: number;
}

/** Forgets the secrets that the keyring doesn't have. */
function giveUpSecrets(
  { database, list, newsletter }: Signing & Pick<departures.ListContext, "newsletter">,
  keyring: Keyring,
): GivenUp {
  const unknown = unknownSecrets(usedSecrets(database, newsletter), keyring);
  const forget = database.prepare("DELETE FROM used_secret WHERE list = ? AND fingerprint = ?");
  for (const fingerprint of unknown) forget.run(list.id, fingerprint);
  return { links: unknown.length > 0, erased: forgetErased(database, list.id, keyring) };
}

function foreignBounce(): BroadsheetError {
  return new BroadsheetError(
    "TOKEN_INVALID",
    "the bounce isn't of this newsletter: no token in it is one of ours",
    {
      fix: "nothing was changed; hand over the mail whole, in the folder of the newsletter that it was sent by, with the BROADSHEET_SECRET of then",
    },
  );
}

/** The same error for every invalid token: saying what is wrong would help a forger. */
function invalidToken(): BroadsheetError {
  return new BroadsheetError(
    "TOKEN_INVALID",
    "this token ends no subscription to this newsletter",
    {
      fix: "take it whole from the mail's unsubscribe link, and check that BROADSHEET_SECRET is the one it was sent with",
    },
  );
}
