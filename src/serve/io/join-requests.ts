import {
  dateIn,
  fieldsOf,
  maybe,
  numberIn,
  type Queries,
  textIn,
} from "../../platform/database.ts";
import { addressHashes, mintTimedToken, mintToken } from "../../subscribers/tokens.ts";
import { COUNTED_MS, type Lane, mayAsk } from "../join-budget.ts";
import { confirmLetter, type MailWords, readerLetter } from "../letter.ts";
import type { Look } from "../pages.ts";
import { CONFIRM, type JoinRequest, REQUEST_MS } from "../ports.ts";
import {
  ASKED_FROM,
  ASKED_TO,
  forgetMails,
  insertMail,
  isSpent,
  type MailQueue,
  type OpenList,
  putTimes,
  waitingMails,
} from "./mail-queue.ts";
import type { Audience } from "../../subscribers/io/audience.ts";

/** The context for subscribing to one newsletter. */
export interface Joining extends MailQueue, OpenList {
  /** The six bytes that identify the list in tokens. */
  readonly uid: Uint8Array;
}

/** Makes the list if there is none. */
export async function joiningIn(opened: OpenList): Promise<Joining> {
  const { id: list, uid } = await opened.audience.list();
  return { ...opened, uid, list };
}

/** `Joins.ask` for all visitors who ask at the same time. One commit takes the same time for one or many. */
export async function askToJoin(joining: Joining, requests: readonly JoinRequest[]): Promise<void> {
  const { store, list, clock, keyring } = joining;
  const now = clock().getTime();
  await store.transaction(async (tx) => {
    const last = numberIn((await tx.get(LAST_ID)) ?? {}, "id");
    let id = Math.max(now * 1_000, last + 1);
    for (const { address, language, page, wording, network, proof } of requests) {
      const [who] = addressHashes(address, keyring);
      const [from] = addressHashes(network, keyring);
      const values = [who, address, language, page, wording, now, from, proof];
      await tx.run(ASK, id++, list, ...values);
    }
  });
}

const LAST_ID = "SELECT coalesce(max(id), 0) AS id FROM join_request";

const ASK = `
  INSERT INTO join_request
    (id, list, who, address, language, page, wording, asked_at, network, proof)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** The most requests in one transaction, so that other writers don't wait long. */
const AT_ONCE = 100;

/** `Joins.weigh`. */
export async function weighRequests(joining: Joining, look: Look): Promise<void> {
  const { audience, list } = joining;
  for (let isDone = false; !isDone;) {
    const answers = await audience.together(async (inside, tx) => {
      const open = (await tx.all(OPEN, list, AT_ONCE)).map(requestIn);
      const answered: (Answer["to"] | undefined)[] = [];
      const turn = { ...joining, audience: inside, tx };
      const waiting = { ...(await waitingMails(turn)) };
      for (const request of open) answered.push(await weigh({ ...turn, waiting }, request, look));
      // The link to the preferences must work for years.
      if (answered.includes("reader")) await inside.noteSecret();
      return answered;
    });
    isDone = answers.length < AT_ONCE;
  }
}

export async function hasOpenRequest(queries: Queries, list: number): Promise<boolean> {
  return (await queries.get(OPEN, list, 1)) !== undefined;
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

/**
 * Decides about a request, and adds its mail to the count of waiting mails. The request is kept only if the visitor has to
 * confirm it.
 */
async function weigh(
  joining: Joining & { readonly tx: Queries; readonly waiting: Record<Lane, number> },
  request: StoredRequest,
  look: Look,
): Promise<Answer["to"] | undefined> {
  const { tx, clock, keyring, waiting } = joining;
  const { id, address, network = "", proof, askedAt } = request;
  const isProved = proof !== undefined && !(await isSpent(tx, proof));
  const lane = isProved ? "proved" : "unproved";
  const counts = {
    toAddress: await putTimes(joining, ASKED_TO, addressHashes(address, keyring)),
    fromNetwork: await putTimes(joining, ASKED_FROM, [network]),
    waiting,
  };
  const answer = mayAsk(counts, lane, clock()) ? await answerTo(joining, request, look) : undefined;
  if (answer) {
    const expiresAt = new Date(askedAt.getTime() + REQUEST_MS);
    const spent = lane === "proved" ? proof : undefined;
    const mail = { ...answer.mail, key: `join ${id}`, to: address, expiresAt };
    if (await insertMail(joining, mail, { lane, network, proof: spent })) waiting[lane] += 1;
  }
  await tx.run(answer?.to === "stranger" ? KEEP : DROP, id);
  return answer?.to;
}

const KEEP = "UPDATE join_request SET is_weighed = 1, network = NULL, proof = NULL WHERE id = ?";
const DROP = "DELETE FROM join_request WHERE id = ?";

interface Answer {
  readonly mail: MailWords;
  readonly to: "stranger" | "reader";
}

/** The mail that answers a request. None for an address that was suppressed by an operator, a bounce or a complaint. */
async function answerTo(
  { audience, keyring, uid: list }: Joining,
  { id, address, askedAt: at, language }: StoredRequest,
  look: Look,
): Promise<Answer | undefined> {
  const status = await audience.statusOf(address);
  const reader = status === "subscribed" ? await audience.find(address) : undefined;
  if (reader) {
    const token = mintToken({ subscriberId: reader.id, list }, keyring);
    return { mail: readerLetter(language, look, token), to: "reader" };
  }
  if (!MAY_JOIN.has(status)) return undefined;
  const token = mintTimedToken({ purpose: CONFIRM, id, list, at }, keyring);
  return { mail: confirmLetter(language, look, token), to: "stranger" };
}

/** The statuses with which an address may subscribe. Readers who unsubscribed or asked to be erased may change their minds. */
const MAY_JOIN = new Set(["unknown", "unsubscribed", "erased"]);

type Reading = Pick<Joining, "audience" | "store" | "list" | "clock">;

/** `Joins.find`. */
export async function findRequest(
  joining: Reading,
  id: number,
): Promise<"open" | "joined" | undefined> {
  const request = await requestOf(joining.store, id, joining);
  return request && stateOf(request, joining.audience);
}

async function stateOf(
  request: StoredRequest,
  audience: Audience,
): Promise<"open" | "joined" | undefined> {
  const status = await audience.statusOf(request.address);
  if (status === "subscribed") return "joined";
  return request.subscriber === undefined && MAY_JOIN.has(status) ? "open" : undefined;
}

async function requestOf(
  queries: Queries,
  id: number,
  { list, clock }: Pick<Reading, "list" | "clock">,
): Promise<StoredRequest | undefined> {
  const since = clock().getTime() - REQUEST_MS;
  const row = await queries.get(FIND, list, id, since);
  return row && requestIn(row);
}

const FIND =
  "SELECT * FROM join_request WHERE list = ? AND id = ? AND is_weighed = 1 AND asked_at > ?";

/** `Joins.confirm`. A request is used once, so that its link can't subscribe a reader again who has left since. */
export async function confirmRequest(joining: Joining, id: number): Promise<boolean> {
  return joining.audience.together(async (audience, tx) => {
    const request = await requestOf(tx, id, joining);
    if (!request || (await stateOf(request, audience)) === undefined) return false;
    if (request.subscriber !== undefined) return true;
    const { address, page, wording, askedAt } = request;
    const how = `${page}, asked ${askedAt.toISOString()}, wording sha256 ${wording}`;
    const consent = { how, at: joining.clock() };
    await audience.add({ address, tags: [], consent }, { isResubscription: true });
    await tx.run(USE, (await audience.find(address))?.id, id);
    return true;
  });
}

const USE = "UPDATE join_request SET subscriber = ? WHERE id = ?";

/** `Joins.forget`. */
export async function forgetRequests(joining: Joining): Promise<void> {
  const { store, list, clock } = joining;
  const now = clock().getTime();
  await store.transaction(async (tx) => {
    await tx.run(FORGET, list, now - REQUEST_MS);
    await forgetMails({ ...joining, tx }, now - COUNTED_MS);
  });
}

const FORGET = "DELETE FROM join_request WHERE list = ? AND asked_at <= ?";
