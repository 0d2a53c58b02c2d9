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
  type Store,
  dateIn,
  fieldsOf,
  numberIn,
  textIn,
  bytesIn,
  maybe,
  type Queries,
  type Row,
  type Trusting,
} from "../../platform/database.ts";
import * as bounces from "./bounces.ts";
import * as departures from "./depart.ts";
import * as quarantine from "./quarantine.ts";
import * as lists from "./lists.ts";
import { forgetErased, isErased, keysOfErased } from "./erased.ts";
import { importRows, newTally, putRows, type RowGroups, rowsOf } from "./importer.ts";
import { openStore, type StorePlace } from "../../platform/store.ts";

interface AudienceOptions {
  readonly newsletter: string;
  readonly clock: Clock;
  /** Needed for tokens and for erased addresses. */
  readonly keyring?: Keyring | undefined;
}

/** The id of no reader. A token with it tests the readers' pages, and changes nothing in the list. */
export const PROBE = 0;

/** The reader of a token. An erased reader and the probe have no address. */
type TokenReader = Pick<ListedSubscriber, "id"> & Partial<ListedSubscriber>;

/** The status of an address, with the details of a suppression or pause. */
export interface Standing extends Partial<Pick<Suppression, "since" | "how">> {
  readonly status: Awaited<ReturnType<Audience["statusOf"]>>;
  readonly pausedUntil?: Date;
}

/** The numbers of readers who joined a list and who left it. */
export interface ListChanges {
  readonly joined: number;
  /** Readers who unsubscribed, bounced, complained or were suppressed by hand. Removed readers are not counted. */
  readonly left: number;
  /** Readers who asked to be erased. */
  readonly erased: number;
}

/** The number of readers who joined a list on a day, or who left it for one reason. */
export interface DayOfList {
  /** YYYY-MM-DD, in UTC. */
  readonly day: string;
  readonly what: "joined" | SuppressionReason;
  readonly count: number;
}

/** The subscribers of one newsletter. Closing the audience closes the store. */
export class Audience {
  readonly #store: Store;
  readonly #options: AudienceOptions;
  /** The change to which all calls belong, within `together`. */
  readonly #change: departures.ListContext | undefined;

  constructor(store: Store, options: AudienceOptions, change?: departures.ListContext) {
    this.#store = store;
    this.#options = options;
    this.#change = change;
  }

  /** The list in the store. It is made if there is none. */
  async list(): Promise<lists.List> {
    const { newsletter } = this.#options;
    const make = async (tx: Queries) => lists.makeList(tx, newsletter);
    return (await this.#list()) ?? (await this.#store.transaction(make));
  }

  /** The six bytes that identify this list in its tokens. */
  async listUid(): Promise<Uint8Array> {
    return (await this.list()).uid;
  }

  /**
   * Imports groups of rows. The next group is read when the groups before it are stored. Other changes of the store wait
   * meanwhile.
   * @throws BroadsheetError SECRET_MISSING if erased addresses can't be recognised.
   */
  async importRows(groups: RowGroups): Promise<Tally> {
    return importRows(groups, this.#store, this.#options);
  }

  /** @throws BroadsheetError SECRET_MISSING if erased addresses can't be recognised. */
  async add(
    row: ImportedRow,
    { isResubscription = false }: { readonly isResubscription?: boolean } = {},
  ): Promise<Tally> {
    const { keyring } = this.#options;
    return this.#leave(async ({ tx, list, now }) => {
      const rows = await rowsOf(tx, list.id, keyring);
      const tally = newTally();
      await putRows([row], rows, { tally, now: now.getTime(), isResubscription });
      return tally;
    });
  }

  /** All subscribers in the order in which they were added. */
  async *subscribers(segment?: Segment): AsyncGenerator<ListedSubscriber> {
    for await (const page of this.pages(segment)) yield* page;
  }

  /** All subscribers page by page, so that memory does not grow with the list. */
  async *pages(segment?: Segment): AsyncGenerator<readonly ListedSubscriber[]> {
    for (let after = 0; ;) {
      const page = (await this.#page(PAGE, after)).map(lists.subscriberIn);
      const last = page.at(-1);
      if (!last) return;
      after = last.id;
      yield segment ? page.filter(segment) : page;
    }
  }

  /** Subscribers whose address or name contains a text, the latest first: `most` of them, with ids below `before`. */
  async search(
    text: string,
    { most, before = Number.MAX_SAFE_INTEGER }: { readonly most: number; readonly before?: number },
  ): Promise<ListedSubscriber[]> {
    const list = await this.#list();
    if (!list) return [];
    // SQLite ignores case only in ASCII, so a name is also searched as it was typed.
    const [folded, typed] = [addressKey(text), text].map(
      (part) => `%${part.replaceAll(/[%_!]/g, "!$&")}%`,
    );
    const rows = await this.#queries.all(SEARCH, list.id, before, folded, typed, most);
    return rows.map(lists.subscriberIn);
  }

  /** Suppressed addresses that are not on the list, in order, page after page. */
  async *suppressedStrangers(): AsyncGenerator<readonly Suppression[]> {
    for (let after = ""; ;) {
      const page = await this.#page(STRANGERS, after);
      const last = page.at(-1);
      if (!last) return;
      after = textIn(last, "key");
      yield page.map(strangerIn);
    }
  }

  async find(address: string): Promise<ListedSubscriber | undefined> {
    const row = await this.#queries.get(FIND, addressKey(address), this.#options.newsletter);
    return row && lists.subscriberIn(row);
  }

  /** The status of an address: "subscribed", "quarantined", "unknown", or the reason of its suppression. */
  async statusOf(
    address: string,
  ): Promise<"subscribed" | "quarantined" | "unknown" | SuppressionReason> {
    const list = await this.#list();
    if (!list) return "unknown";
    const reason = await lists.suppressedAs(this.#queries, list.id, addressKey(address));
    if (reason) return reason;
    const found = await this.find(address);
    if (found) return found.quarantinedSince ? "quarantined" : "subscribed";
    const keys = await keysOfErased(this.#queries, list.id, this.#options.keyring);
    return (await isErased(this.#queries, list.id, { address, keys })) ? "erased" : "unknown";
  }

  /** The status with its details. */
  async standingOf(address: string): Promise<Standing> {
    const status = await this.statusOf(address);
    const list = await this.#list();
    const row = list && (await this.#queries.get(STRANGER, list.id, addressKey(address)));
    const { since, how } = row ? strangerIn(row) : {};
    const { pausedUntil } = (await this.find(address)) ?? {};
    const isPaused = status === "subscribed" && pausedUntil && pausedUntil > this.#options.clock();
    return {
      status,
      ...(since && { since }),
      ...(how && { how }),
      ...(isPaused && { pausedUntil }),
    };
  }

  async counts(): Promise<AudienceCounts> {
    const list = await this.#list();
    const row = await this.#queries.get(COUNTS, list?.id, this.#options.clock().getTime());
    const counts = countsIn(row ?? {});
    return { ...counts, active: counts.active - counts.quarantined - counts.paused };
  }

  /** The quarantined readers, the first ones first. */
  async quarantined(): Promise<Quarantined[]> {
    const list = await this.#list();
    return (await this.#queries.all(ALL_QUARANTINED, list?.id)).map(quarantinedIn);
  }

  /** Ends the quarantine of addresses. Returns for each whether it was quarantined. */
  async endQuarantine(addresses: readonly string[], how: Settlement): Promise<boolean[]> {
    return this.#leave(async (leaving) => {
      const ended: boolean[] = [];
      for (const address of addresses)
        ended.push(await quarantine.endQuarantine(leaving, address, how));
      return ended;
    });
  }

  /** Undoes the changes of the list by a run. Undefined if there was no such run. */
  async restoreRun(run: number): Promise<RestoredRun | undefined> {
    return this.#leave(async (leaving) => quarantine.restoreRun(leaving, run));
  }

  /** The changes of the list since a time. */
  async changesSince(moment: Date): Promise<ListChanges> {
    const list = await this.#list();
    return changesIn((await this.#queries.get(CHANGES, list?.id, moment.getTime())) ?? {});
  }

  /** The mails to visitors and readers that have waited for a minute. Undefined if there are none. */
  async waitingMails(): Promise<WaitingMails | undefined> {
    const list = await this.#list();
    const now = this.#options.clock().getTime();
    const times = [now - HOUR_MS, now - A_WHILE_MS, now];
    const row = await this.#queries.get(WAITING, list?.id, ...times);
    return row && numberIn(row, "count") > 0 ? waitingIn(row) : undefined;
  }

  /** The changes of the list by day, the oldest first. Erased readers are not counted. */
  async changesByDay(): Promise<DayOfList[]> {
    const list = await this.#list();
    return (await this.#queries.all(BY_DAY, list?.id)).map(dayIn);
  }

  /** The lists of other newsletters in the same store, with their numbers of subscribers. */
  async otherLists(): Promise<{ readonly newsletter: string; readonly subscribers: number }[]> {
    return (await this.#queries.all(OTHER_LISTS, this.#options.newsletter)).map(otherListIn);
  }

  /** Suppresses an address. Returns whether it was not suppressed before. `explain` shows `how`. */
  async suppress(address: string, reason: SuppressionReason, how?: string): Promise<boolean> {
    return this.#leave(async (leaving) => departures.suppress(leaving, address, reason, how));
  }

  /**
   * Ends the subscription of a token, and returns whether it was open. `explain` shows `how`.
   * @throws BroadsheetError TOKEN_INVALID, with the same text for every invalid token; SECRET_MISSING; SECRET_CHANGED if the
   * token may be signed with another secret.
   */
  async unsubscribe(token: string, how?: string): Promise<boolean> {
    const keyring = this.#needKeyring(SIGNS);
    return this.#leave(async (leaving) => {
      const id = readToken(token, leaving.list.uid, keyring);
      const wasOpen = id === undefined ? undefined : await departures.unsubscribe(leaving, id, how);
      if (wasOpen !== undefined) return wasOpen;
      await assertSameSecret(leaving.tx, leaving.newsletter, keyring);
      throw invalidToken();
    });
  }

  /** A valid token of no reader. Undefined if there is no list yet. */
  async probeToken(): Promise<string | undefined> {
    const keyring = this.#needKeyring(SIGNS);
    const list = await this.#list();
    return list && mintToken({ subscriberId: PROBE, list: list.uid }, keyring);
  }

  /** The reader of a token, who may have left since. Undefined if the token is not of this list. */
  async readerOf(token: string): Promise<TokenReader | undefined> {
    const keyring = this.#needKeyring(SIGNS);
    const list = await this.#list();
    const id = list && readToken(token, list.uid, keyring);
    return id === PROBE ? { id } : id === undefined ? undefined : this.readerWith(id);
  }

  /** The reader with an id, who may have left since. Undefined if no reader ever had it. */
  async readerWith(id: number): Promise<TokenReader | undefined> {
    const list = await this.#list();
    if (!list) return undefined;
    const tx = this.#queries;
    const row = await tx.get(WITH_ID, list.id, id);
    if (row) return lists.subscriberIn(row);
    const whose = await departures.addressOf({ tx, list }, id);
    if (whose === "erased" || whose === undefined) return whose && { id };
    const gone = await tx.get(STRANGER, list.id, addressKey(whose.address));
    return { id, ...whose, ...(gone && { suppressed: strangerIn(gone) }) };
  }

  /** Ends the subscription with an id, and returns the time. Undefined if it had ended before. */
  async leave(id: number, how: string): Promise<Date | undefined> {
    return this.#leave(async (leaving) =>
      (await departures.unsubscribe(leaving, id, how)) ? leaving.now : undefined,
    );
  }

  /** Undoes the unsubscription of a reader at `leftAt`. Returns whether there was such an unsubscription. */
  async undoLeave(id: number, leftAt: Date): Promise<boolean> {
    return this.#leave(
      async ({ tx, list }) => (await tx.run(UNDO, list.id, leftAt.getTime(), id)) > 0,
    );
  }

  /** Pauses a subscription, or ends its pause. Returns whether there is such a subscription. */
  async pause(id: number, until: Date | undefined): Promise<boolean> {
    return this.#leave(
      async ({ tx, list }) => (await tx.run(PAUSE, until?.getTime(), id, list.id)) > 0,
    );
  }

  /** Makes several changes in one transaction. A rehearsal rolls them back. `work` must use only its arguments. */
  async together<Result>(
    work: (audience: Audience, tx: Queries) => Promise<Result>,
    isRehearsal = false,
  ): Promise<Result> {
    const all = async (context: departures.ListContext) =>
      work(new Audience(this.#store, this.#options, context), context.tx);
    return isRehearsal ? this.#rehearse(all) : this.#leave(all);
  }

  /**
   * Records a bounce or complaint for the reader of the first valid token. A token comes from a return path or an
   * unsubscribe link. Call `judgeBounces` afterwards in the same change.
   * @throws BroadsheetError TOKEN_INVALID, SECRET_MISSING, SECRET_CHANGED.
   */
  async noteBounce(tokens: readonly string[], bounce: Bounce): Promise<NotedBounce> {
    const keyring = this.#needKeyring("return paths are signed with it");
    return this.#leave(async (leaving) => {
      const { uid } = leaving.list;
      for (const token of tokens) {
        const id = readBounceToken(token, uid, keyring) ?? readToken(token, uid, keyring);
        const noted = id === undefined ? undefined : await bounces.noteBounce(leaving, id, bounce);
        if (noted) return noted;
      }
      await assertSameSecret(leaving.tx, leaving.newsletter, keyring);
      throw foreignBounce();
    });
  }

  /**
   * Records a provider's report about the message of an issue. A reader in doubt counts as accepted then. "delivered" has no
   * other effect. Returns whether the token is of this list.
   */
  async noteReport(
    token: string,
    slot: string,
    {
      what,
      ...rest
    }: Omit<Bounce, "what" | "messageIds"> & { readonly what: Bounce["what"] | "delivered" },
  ): Promise<boolean> {
    const keyring = this.#needKeyring("the tokens in reports of providers are signed with it");
    return this.#leave(async (leaving) => {
      const id = readBounceToken(token, leaving.list.uid, keyring);
      if (id === undefined) return false;
      const messageId = await bounces.noteArrival(leaving, id, slot);
      if (what === "delivered") return true;
      const messageIds = messageId === undefined ? [] : [messageId];
      const noted = await bounces.noteBounce(leaving, id, { what, messageIds, ...rest });
      await bounces.doubtIssues(leaving);
      return noted !== undefined;
    });
  }

  /** If there are too many bounces, quarantines the readers that this change suppressed. Returns their number. */
  async judgeBounces(): Promise<number> {
    return this.#leave(bounces.doubtIssues);
  }

  /** The messages that servers blocked, by issue, the latest first. */
  async blocked(): Promise<Blocked[]> {
    return bounces.blockedMessages(this.#queries, this.#options.newsletter);
  }

  /** Whether a mail was read before, and whether it stays in its mailbox. */
  async recall(hash: Uint8Array): Promise<{ readonly stays: boolean } | undefined> {
    const row = await this.#queries.get(RECALL, this.#options.newsletter, hash);
    return row && { stays: numberIn(row, "stays") > 0 };
  }

  /** Remembers a mail that was read. */
  async remember(hashes: readonly Uint8Array[], stays: boolean): Promise<void> {
    await this.#leave(async ({ tx, list }) => {
      for (const hash of hashes) await tx.run(REMEMBER, list.id, hash, Number(stays));
    });
  }

  /** Stores the request of a mail to unsubscribe an address. A request for a suppressed address is ignored. */
  async noteLeaveRequest(request: LeaveRequest): Promise<void> {
    const status = await this.statusOf(request.address);
    if (status !== "subscribed" && status !== "unknown") return;
    await this.#leave(async (leaving) => departures.noteLeaveRequest(leaving, request));
  }

  /** The requests to unsubscribe that wait for an operator, the latest first. */
  async leaveRequests(): Promise<LeaveRequest[]> {
    return (await this.#queries.all(REQUESTS, this.#options.newsletter)).map(requestIn);
  }

  /** Deletes the request to unsubscribe an address. Returns whether there was one. */
  async settleLeaveRequest(address: string): Promise<boolean> {
    return this.#leave(async (leaving) => departures.settleLeaveRequest(leaving, address));
  }

  /** @throws BroadsheetError SECRET_CHANGED if sent links are signed with a secret that is not set. */
  async assertSameSecret(): Promise<void> {
    const keyring = this.#needKeyring(SIGNS);
    await assertSameSecret(this.#queries, this.#options.newsletter, keyring);
  }

  /** @throws BroadsheetError STORE_MOVED. */
  async assertAtHome(): Promise<void> {
    await this.#store.assertAtHome();
  }

  /** Records that links signed with the current secret are sent. */
  async noteSecret(): Promise<void> {
    const { current } = this.#needKeyring(SIGNS);
    await this.#leave(async ({ tx, list }) => tx.run(NOTE, list.id, current.fingerprint));
  }

  /** Gives up the secrets that are not set. Their links become invalid, and their erased addresses are no longer recognised. */
  async acceptSecret(): Promise<GivenUp> {
    const keyring = this.#needKeyring(SIGNS);
    return this.#leave(async (leaving) => giveUpSecrets(leaving, keyring));
  }

  /** Takes an address off the list. Returns whether it was on it. */
  async remove(address: string): Promise<boolean> {
    return this.#leave(async (leaving) => departures.remove(leaving, address));
  }

  /**
   * Erases an address. Returns whether any data of it was stored. Call `scrub` afterwards.
   * @throws BroadsheetError SECRET_MISSING; SECRET_CHANGED, because imports could not recognise the address with the right secret.
   */
  async erase(address: string): Promise<boolean> {
    const keyring = this.#needKeyring("erased addresses are hashed with it");
    return this.#leave(async (leaving) => {
      await assertSameSecret(leaving.tx, leaving.newsletter, keyring);
      return departures.erase(leaving, address, keyring);
    });
  }

  /** Overwrites deleted data in the file too. Returns false while an issue is being sent. */
  async scrub(): Promise<boolean> {
    return this.#store.scrub();
  }

  async close(): Promise<void> {
    await this.#store.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  get #queries(): Queries {
    return this.#change?.tx ?? this.#store;
  }

  async #page(statement: string, after: string | number): Promise<Row[]> {
    const list = await this.#list();
    return list ? this.#queries.all(statement, list.id, after) : [];
  }

  async #list(): Promise<lists.List | undefined> {
    return this.#change?.list ?? lists.findList(this.#queries, this.#options.newsletter);
  }

  async #leave<Result>(
    work: (leaving: departures.ListContext) => Promise<Result>,
  ): Promise<Result> {
    if (this.#change) return work(this.#change);
    return this.#store.change(async (tx) => work(await this.#contextIn(tx)));
  }

  /** Rolls back the transaction after `work`. */
  async #rehearse<Result>(
    work: (leaving: departures.ListContext) => Promise<Result>,
  ): Promise<Result> {
    const over = new Error("a rehearsal keeps nothing");
    let done: { readonly result: Result } | undefined;
    const rehearsal = this.#store.transaction(async (tx) => {
      done = { result: await work(await this.#contextIn(tx)) };
      throw over;
    });
    const fault: unknown = await rehearsal.catch((error: unknown) => error);
    if (done && fault === over) return done.result;
    throw fault;
  }

  async #contextIn(tx: Queries): Promise<departures.ListContext> {
    const { newsletter, clock } = this.#options;
    const list = await lists.makeList(tx, newsletter);
    return { tx, list, newsletter, now: clock(), bounced: new Set() };
  }

  #needKeyring(why: string): Keyring {
    const { keyring } = this.#options;
    if (keyring) return keyring;
    throw new BroadsheetError("SECRET_MISSING", `there is no secret, and ${why}`, {
      fix: "set BROADSHEET_SECRET, in the environment or in .env beside the config",
    });
  }
}

const UNDO = `
  DELETE FROM suppression WHERE list = ?1 AND reason = 'unsubscribed' AND since = ?2
    AND key = (SELECT key FROM subscriber WHERE id = ?3 AND list = ?1)`;

const PAUSE = "UPDATE subscriber SET paused_until = ? WHERE id = ? AND list = ?";

const REQUESTS = `
  SELECT address, date, message_id FROM leave_request
  WHERE list = (SELECT id FROM list WHERE newsletter = ?) ORDER BY id DESC`;

const requestIn = fieldsOf({ address: textIn, date: dateIn, messageId: maybe(textIn) });

const ALL_QUARANTINED = `
  SELECT address, since, slot, coalesce((
    SELECT reply FROM delivery_event
    WHERE delivery = quarantine.delivery AND what IN ('bounced', 'bounced for now')
    ORDER BY id DESC LIMIT 1), reply) AS said
  FROM quarantine JOIN delivery ON delivery.id = quarantine.delivery JOIN issue ON issue.id = delivery.issue
  WHERE list = ? ORDER BY since, quarantine.key`;

const quarantinedIn = fieldsOf({ address: textIn, since: dateIn, slot: textIn, said: textIn });

const countsIn = fieldsOf({
  subscribers: numberIn,
  active: numberIn,
  quarantined: numberIn,
  paused: numberIn,
  suppressed: numberIn,
  erased: numberIn,
});

const COUNTS = `
  SELECT
    (SELECT count(*) FROM subscriber WHERE list = ?1) AS subscribers,
    (SELECT count(*) FROM subscriber LEFT JOIN suppression USING (list, key)
      WHERE list = ?1 AND reason IS NULL) AS active,
    (SELECT count(*) FROM quarantine JOIN subscriber USING (list, key)
      WHERE list = ?1) AS quarantined,
    (SELECT count(*) FROM subscriber
      LEFT JOIN suppression USING (list, key) LEFT JOIN quarantine USING (list, key)
      WHERE list = ?1 AND paused_until > ?2 AND reason IS NULL AND quarantine.since IS NULL) AS paused,
    (SELECT count(*) FROM suppression WHERE list = ?1) AS suppressed,
    (SELECT count(*) FROM erased WHERE list = ?1) AS erased`;

const A_WHILE_MS = 60_000;
const HOUR_MS = 3_600_000;

const waitingIn = fieldsOf({ count: numberIn, since: dateIn, sent: numberIn });

const WAITING = `
  SELECT count(*) AS count, min(put_at) AS since,
    (SELECT count(*) FROM mail WHERE list = ?1 AND lane IS NOT NULL AND claimed_at > ?2) AS sent
  FROM mail WHERE list = ?1 AND state = 'waiting' AND put_at <= ?3 AND expires_at > ?4`;

const changesIn = fieldsOf({ joined: numberIn, left: numberIn, erased: numberIn });

const dayIn: (row: Row) => DayOfList = fieldsOf({
  day: dateOfDay,
  what: changeIn,
  count: numberIn,
});

const DAY_MS = 86_400_000;

function dateOfDay(row: Row, column: string): string {
  return new Date(numberIn(row, column) * DAY_MS).toISOString().slice(0, 10);
}

function changeIn(row: Row, column: string): DayOfList["what"] {
  return textIn(row, column) === "joined" ? "joined" : lists.reasonIn(row, column);
}

const CHANGES = `
  SELECT
    (SELECT count(*) FROM subscriber WHERE list = ?1 AND subscribed_at >= ?2) AS joined,
    (SELECT count(*) FROM suppression JOIN subscriber USING (list, key)
      WHERE list = ?1 AND since >= ?2) AS "left",
    (SELECT count(*) FROM erased WHERE list = ?1 AND since >= ?2) AS erased`;

/** Days are counted from 1970-01-01. */
const BY_DAY = `
  SELECT subscribed_at / ${DAY_MS} AS day, 'joined' AS what, count(*) AS count
  FROM subscriber WHERE list = ?1 GROUP BY day
  UNION ALL
  SELECT since / ${DAY_MS} AS day, reason AS what, count(*) AS count
  FROM suppression JOIN subscriber USING (list, key) WHERE list = ?1 GROUP BY day, what
  ORDER BY day`;

const RECALL = `
  SELECT stays FROM received_mail JOIN list ON list.id = received_mail.list WHERE newsletter = ? AND hash = ?`;

const REMEMBER = `
  INSERT INTO received_mail (list, hash, stays) VALUES (?, ?, ?)
  ON CONFLICT (list, hash) DO NOTHING`;

const SIGNS = "unsubscribe tokens are signed with it";

const LISTED = `
  SELECT subscriber.*, reason, suppression.since, how, quarantine.since AS quarantined_since
  FROM subscriber LEFT JOIN suppression USING (list, key) LEFT JOIN quarantine USING (list, key)`;

const PAGE = `${LISTED}
  WHERE list = ? AND id > ?
  ORDER BY id LIMIT 1000`;

const SEARCH = `${LISTED}
  WHERE list = ?1 AND id < ?2
    AND (key LIKE ?3 ESCAPE '!' OR lower(name) LIKE ?3 ESCAPE '!' OR name LIKE ?4 ESCAPE '!')
  ORDER BY id DESC LIMIT ?5`;

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
  GROUP BY newsletter ORDER BY subscribers DESC, newsletter`;

/** The settings that name a list and its store. */
export interface ListConfig {
  readonly store: StorePlace;
  readonly slug: string;
  readonly secrets: { readonly secret?: string; readonly oldSecrets?: readonly string[] };
}

/**
 * The subscribers of a config's newsletter. With `isLooking`, a missing store is not created. The caller closes the
 * audience.
 * @throws BroadsheetError STORE_*, LEDGER_RESTORED.
 */
export async function openAudience(
  { store, slug, secrets }: ListConfig,
  clock: Clock,
  how: Trusting = {},
): Promise<Audience> {
  const { secret, oldSecrets } = secrets;
  return new Audience(await openStore(store, how), {
    newsletter: slug,
    clock,
    keyring: secret === undefined ? undefined : keyringOf(secret, oldSecrets),
  });
}

/** The fingerprints of the secrets that signed the sent links of a newsletter. */
export async function usedSecrets(queries: Queries, newsletter: string): Promise<Uint8Array[]> {
  return (await queries.all(USED, newsletter)).map((row) => bytesIn(row, "fingerprint"));
}

const USED = `
  SELECT fingerprint FROM used_secret JOIN list ON list.id = used_secret.list
  WHERE list.newsletter = ?`;

/** @throws BroadsheetError SECRET_CHANGED if sent links are signed with a secret that is not set. */
async function assertSameSecret(
  queries: Queries,
  newsletter: string,
  keyring: Keyring,
): Promise<void> {
  const used = await usedSecrets(queries, newsletter);
  if (unknownSecrets(used, keyring).length > 0) throw secretChanged();
}

const NOTE = `
  INSERT INTO used_secret (list, fingerprint) VALUES (?, ?)
  ON CONFLICT (list, fingerprint) DO NOTHING`;

/** The consequences of giving up a lost secret. */
export interface GivenUp {
  /** Whether sent links became invalid. */
  readonly links: boolean;
  /** The number of erased addresses that can't be recognised any more. */
  readonly erased: number;
}

/** Forgets the secrets that the keyring doesn't have. */
async function giveUpSecrets(
  { tx, list, newsletter }: departures.ListContext,
  keyring: Keyring,
): Promise<GivenUp> {
  const unknown = unknownSecrets(await usedSecrets(tx, newsletter), keyring);
  for (const fingerprint of unknown) await tx.run(FORGET_SECRET, list.id, fingerprint);
  return { links: unknown.length > 0, erased: await forgetErased(tx, list.id, keyring) };
}

const FORGET_SECRET = "DELETE FROM used_secret WHERE list = ? AND fingerprint = ?";

function foreignBounce(): BroadsheetError {
  return new BroadsheetError(
    "TOKEN_INVALID",
    "the bounce does not belong to this newsletter: it contains no valid token",
    {
      fix: "nothing was changed; give the complete mail to the newsletter that sent the message, with the BROADSHEET_SECRET of that time",
    },
  );
}

/** The error is the same for every invalid token, because details would help a forger. */
function invalidToken(): BroadsheetError {
  return new BroadsheetError(
    "TOKEN_INVALID",
    "this token does not belong to a subscription of this newsletter",
    {
      fix: "copy the complete token from the mail's unsubscribe link, and check that BROADSHEET_SECRET is the secret of that time",
    },
  );
}
