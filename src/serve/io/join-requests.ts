import { dateIn, fieldsOf, maybe, numberIn, textIn } from "../../platform/sqlite/database.ts";
import { addressHashes, mintTimedToken, mintToken } from "../../subscribers/tokens.ts";
import { COUNTED_MS, mayAsk } from "../join-budget.ts";
import { confirmLetter, type MailWords, readerLetter } from "../letter.ts";
import type { Look } from "../pages.ts";
import { CONFIRM, type JoinRequest, REQUEST_MS } from "../ports.ts";
import {
  ASKED_FROM,
  ASKED_TO,
  forgetMails,
  insertMail,
  isSpent,
  listWith,
  type MailQueue,
  putTimes,
  waitingMails,
} from "./mail-queue.ts";
import type { Store } from "./store.ts";

/** How visitors become readers of one newsletter, in its store. */
export interface Joining extends MailQueue, Store {
  /** The list's own six bytes, which stand in tokens. */
  readonly uid: Uint8Array;
}

/** The list is made where it is still empty. */
export function joiningIn(store: Store): Joining {
  const uid = store.audience.listUid;
  return { ...store, uid, list: listWith(store.database, uid) ?? 0 };
}

/** `Joins.ask`, for all who ask at the same time: one commit is as slow as the disk, whatever it holds. */
export function askToJoin(joining: Joining, requests: readonly JoinRequest[]): void {
  const { database, list, clock, keyring } = joining;
  const now = clock().getTime();
  database.transaction(() => {
    for (const { address, language, page, wording, network, proof } of requests) {
      const [who] = addressHashes(address, keyring);
      const [from] = addressHashes(network, keyring);
      const values = [who, address, language, page, wording, now, from, proof];
      database.prepare(ASK).run(now * 1_000, list, ...values);
    }
  });
}

const ASK = `
  INSERT INTO join_request
    (id, list, who, address, language, page, wording, asked_at, network, proof)
  SELECT max(?, coalesce(max(id) + 1, 0)), ?, ?, ?, ?, ?, ?, ?, ?, ? FROM join_request`;

/** So that others who write don't wait long. */
const AT_ONCE = 100;

/** `Joins.weigh`. */
export function weighRequests(joining: Joining, look: Look): void {
  const { database, list } = joining;
  for (let isDone = false; !isDone;) {
    const answers = database.transaction(() => {
      const open = database.prepare(OPEN).all(list, AT_ONCE).map(requestIn);
      return open.map((request) => weigh(joining, request, look));
    });
    // The link to the preferences must work for years.
    if (answers.includes("reader")) joining.audience.noteSecret();
    isDone = answers.length < AT_ONCE;
  }
}

export function hasOpenRequest({ database, list }: Pick<Joining, "database" | "list">): boolean {
  return database.prepare(OPEN).get(list, 1) !== undefined;
}

const OPEN = "SELECT * FROM join_request WHERE list = ? AND is_weighed = 0 ORDER BY id LIMIT ?";

const requestIn = fieldsOf({
  id: numberIn,
  who: textIn,
  address: textIn,
  language: textIn,
  page: textIn,
  wording: textIn,
  askedAt: dateIn,
  network: maybe(textIn),
  proof: maybe(textIn),
  subscriber: maybe(numberIn),
});

type StoredRequest = ReturnType<typeof requestIn>;

/** Only a request that waits for its visitor's press is kept. */
function weigh(joining: Joining, request: StoredRequest, look: Look): Answer["to"] | undefined {
  const { id, address, network = "", proof, askedAt } = request;
  const lane = proof !== undefined && !isSpent(joining, proof) ? "proved" : "unproved";
  const counts = {
    toAddress: putTimes(joining, ASKED_TO, addressHashes(address, joining.keyring)),
    fromNetwork: putTimes(joining, ASKED_FROM, [network]),
    waiting: waitingMails(joining),
  };
  const answer = mayAsk(counts, lane, joining.clock())
    ? answerTo(joining, request, look)
    : undefined;
  if (answer) {
    const expiresAt = new Date(askedAt.getTime() + REQUEST_MS);
    const spent = lane === "proved" ? proof : undefined;
    const mail = { ...answer.mail, key: `join ${id}`, to: address, expiresAt };
    insertMail(joining, mail, { lane, network, proof: spent });
  }
  joining.database.prepare(answer?.to === "stranger" ? KEEP : DROP).run(id);
  return answer?.to;
}

const KEEP = "UPDATE join_request SET is_weighed = 1, network = NULL, proof = NULL WHERE id = ?";
const DROP = "DELETE FROM join_request WHERE id = ?";

interface Answer {
  readonly mail: MailWords;
  readonly to: "stranger" | "reader";
}

/** The mail that answers a request; none to an address to which an operator, a server or its owner lets us send nothing. */
function answerTo(
  { audience, keyring, uid: list }: Joining,
  { id, address, askedAt: at, language }: StoredRequest,
  look: Look,
): Answer | undefined {
  const status = audience.statusOf(address);
  const reader = status === "subscribed" ? audience.find(address) : undefined;
  if (reader) {
    const token = mintToken({ subscriberId: reader.id, list }, keyring);
    return { mail: readerLetter(language, look, token), to: "reader" };
  }
  if (!MAY_JOIN.has(status)) return undefined;
  const token = mintTimedToken({ purpose: CONFIRM, id, list, at }, keyring);
  return { mail: confirmLetter(language, look, token), to: "stranger" };
}

/** Those who left, or were erased, did so themselves, and may change their minds. */
const MAY_JOIN = new Set(["unknown", "unsubscribed", "erased"]);

type Reading = Pick<Joining, "audience" | "database" | "list" | "clock">;

/** `Joins.find`. */
export function findRequest(joining: Reading, id: number): "open" | "joined" | undefined {
  const request = requestOf(joining, id);
  if (!request) return undefined;
  const status = joining.audience.statusOf(request.address);
  if (status === "subscribed") return "joined";
  return request.subscriber === undefined && MAY_JOIN.has(status) ? "open" : undefined;
}

function requestOf({ database, list, clock }: Reading, id: number): StoredRequest | undefined {
  const since = clock().getTime() - REQUEST_MS;
  const row = database.prepare(FIND).get(list, id, since);
  return row && requestIn(row);
}

const FIND =
  "SELECT * FROM join_request WHERE list = ? AND id = ? AND is_weighed = 1 AND asked_at > ?";

/** `Joins.confirm`. A request is used once, so that its link doesn't bring back a reader who has left since. */
export function confirmRequest(joining: Joining, id: number): boolean {
  const request = requestOf(joining, id);
  const state = findRequest(joining, id);
  if (!request || state === undefined) return false;
  if (request.subscriber !== undefined) return true;
  const { address, page, wording, askedAt } = request;
  const how = `${page}, asked ${askedAt.toISOString()}, wording sha256 ${wording}`;
  const consent = { how, at: joining.clock() };
  joining.audience.join({ address, tags: [], consent }, (reader) => {
    joining.database.prepare(USE).run(reader.id, id);
  });
  return true;
}

const USE = "UPDATE join_request SET subscriber = ? WHERE id = ?";

/** `Joins.forget`. */
export function forgetRequests(joining: Joining): void {
  const { database, list, clock } = joining;
  const now = clock().getTime();
  database.transaction(() => {
    database.prepare(FORGET).run(list, now - REQUEST_MS);
    forgetMails(joining, now - COUNTED_MS);
  });
}

const FORGET = "DELETE FROM join_request WHERE list = ? AND asked_at <= ?";
