import { createHash } from "node:crypto";
import { BroadsheetError, errorAt } from "../../errors.ts";
import { classifyMail, type MailKind } from "../mail-kind.ts";
import {
  authenticatedSender,
  messageIdsIn,
  readReceivedMail,
  tokensIn,
  valueOf,
} from "../received-mail.ts";
import { recipientOf } from "../settings.ts";
import type { LeaveRequest, NotedBounce } from "../subscriber.ts";
import type { Audience } from "./audience.ts";

/** A received mail, or its beginning. */
export interface RawMail {
  /** The bytes of the mail. Empty if it can't be read. */
  readonly bytes: Uint8Array;
  /** The permanent name of the mail in its mailbox, if it has one. */
  readonly key?: string;
}

/** The evidence in a received mail. */
export interface MailEvidence {
  /** The hashes of its content and of its key. */
  readonly hashes: readonly Uint8Array[];
  readonly kind: MailKind;
  readonly tokens?: readonly string[];
  readonly messageIds?: readonly string[];
  readonly request?: LeaveRequest;
  /** The sender, if the trusted server proves it. */
  readonly proven?: string | undefined;
}

/** The result of a received mail. */
export interface TakenMail extends Partial<NotedBounce> {
  readonly came: MailKind["kind"];
  /** The server's text, or a description of the mail. */
  readonly said?: string | undefined;
  /** The status of the reader after all mails of the page. */
  readonly status?: Awaited<ReturnType<Audience["statusOf"]>>;
  /** Whether the sender of an unsubscribe mail was subscribed. Absent if the sender is not proven, so that an operator decides. */
  readonly wasSubscribed?: boolean;
  /** The reason why the mail changed nothing. */
  readonly fault?: BroadsheetError;
  /** Whether the mail stays in the mailbox for a person. */
  readonly stays?: boolean;
}

/** Reads the evidence in a mail. A mail that can't be read does not stop the others. */
export async function readEvidence(
  { bytes, key }: RawMail,
  audience: Audience,
  authserv: string | undefined,
): Promise<MailEvidence> {
  if (bytes.length === 0) return { hashes: [], kind: { kind: "letter", said: "it can't be read" } };
  const hashes = [hashOf(bytes), ...(key === undefined ? [] : [hashOfKey(key)])];
  if (await recalled(hashes, audience)) return { hashes, kind: { kind: "known" } };
  try {
    const mail = await readReceivedMail(bytes);
    const { fields, from = "" } = mail;
    const [messageId] = MESSAGE_ID.exec(valueOf(fields, "message-id")) ?? [];
    const address = recipientOf(from)?.address ?? UNKNOWN;
    const date = new Date(valueOf(fields, "date"));
    return {
      hashes,
      kind: classifyMail(mail),
      tokens: tokensIn(mail),
      messageIds: messageIdsIn(mail),
      request: { address, date, ...(messageId && { messageId }) },
      proven: authserv === undefined ? undefined : authenticatedSender(fields, authserv),
    };
  } catch (error) {
    return { hashes, kind: { kind: "letter", said: errorAt("a received mail", error).message } };
  }
}

async function recalled(hashes: readonly Uint8Array[], audience: Audience) {
  for (const hash of hashes) {
    const known = await audience.recall(hash);
    if (known) return known;
  }
  return undefined;
}

/** The number of bytes that are hashed. Line ends, and empty lines at the end, differ between mailboxes and do not count. */
const HASHED = 128 * 1024;

function hashOf(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes).toString("latin1").replaceAll("\r\n", "\n");
  return digest(text.trimEnd().slice(0, HASHED));
}

/** The hash by which the store remembers a mail that stays in its mailbox, so that it is not read again. */
export function hashOfKey(key: string): Uint8Array {
  return digest(`key ${key}`);
}

function digest(text: string): Uint8Array {
  return createHash("sha256").update(text, "latin1").digest().subarray(0, 16);
}

/** Replaces the sender if From does not have exactly one usable address. The latest such mail is stored. */
const UNKNOWN = "unknown@sender.invalid";

/** A Message-ID that a terminal can print and that fits on a line. */
const MESSAGE_ID = /<[!-;=?-~]{1,250}>/;

interface IntakeOptions {
  readonly softBounces: number | false;
  /** Whether every mail of a person asks to unsubscribe, because the mailbox has no other purpose. */
  readonly isForLeaving?: boolean;
  /** Whether the changes are rolled back. */
  readonly isRehearsal?: boolean | undefined;
}

/**
 * Applies the bounces and requests in mails, in one transaction. Returns the result of each mail in order, and the number of
 * readers that were quarantined.
 * @throws BroadsheetError SECRET_MISSING, SECRET_CHANGED, STORE_*. Nothing is changed then.
 */
export async function takeIn(
  mails: readonly MailEvidence[],
  list: Audience,
  options: IntakeOptions,
): Promise<{ readonly taken: readonly TakenMail[]; readonly quarantined: number }> {
  return list.together(async (audience) => {
    const done: TakenMail[] = [];
    for (const mail of mails) done.push(await takeInOne(mail, { audience, ...options }));
    const quarantined = await audience.judgeBounces();
    const taken: TakenMail[] = [];
    for (const one of done) taken.push(await withStatus(one, audience));
    return { taken, quarantined };
  }, options.isRehearsal);
}

async function withStatus(taken: TakenMail, audience: Audience): Promise<TakenMail> {
  const { address } = taken;
  return address === undefined ? taken : { ...taken, status: await audience.statusOf(address) };
}

interface Intake extends IntakeOptions {
  readonly audience: Audience;
}

async function takeInOne(mail: MailEvidence, intake: Intake): Promise<TakenMail> {
  const { audience } = intake;
  // Another process may have processed the mail meanwhile.
  const known = await recalled(mail.hashes, audience);
  if (known) return { came: "known", stays: known.stays };
  const taken = { came: mail.kind.kind, ...(await follow(mail, intake)) };
  const { stays = false, fault } = taken;
  // A mail with another newsletter's token is left for that newsletter. A mail that will be moved is read again until then.
  const hashes = stays ? mail.hashes : mail.hashes.slice(0, 1);
  if (fault?.code !== "TOKEN_INVALID") await audience.remember(hashes, stays);
  return taken;
}

type Followed = Omit<TakenMail, "came"> & Partial<Pick<TakenMail, "came">>;

async function follow(mail: MailEvidence, intake: Intake): Promise<Followed> {
  const { kind, tokens = [], messageIds = [], request } = mail;
  const { audience, isForLeaving, softBounces } = intake;
  if (kind.kind === "asks to leave") return leave(mail, kind, intake);
  if (kind.kind === "letter" && isForLeaving && request) {
    await audience.noteLeaveRequest(request);
    return { came: "asks to leave" };
  }
  const { kind: what, said = "" } = kind;
  if (what === "letter" || what === "nothing" || what === "known")
    return { ...(said && { said }), stays: what === "letter" };
  if (tokens.length === 0) return { said, fault: saysNotWhose() };
  const atMost = softBounces === false ? undefined : softBounces;
  const noted = await unlessInvalid(
    audience.noteBounce(tokens, { what, said, messageIds, atMost }),
  );
  return noted instanceof BroadsheetError
    ? { said, fault: noted, stays: true }
    : { said, ...noted };
}

const BY_MAIL = "a mail to the unsubscribe address";

/** A mail whose sender is not proven is stored for the operator. A mail with another newsletter's token stays for that one. */
async function leave(
  { proven, request }: MailEvidence,
  { token, sender }: Extract<MailKind, { kind: "asks to leave" }>,
  { audience, isForLeaving }: Intake,
): Promise<Followed> {
  if (token !== undefined) {
    const wasSubscribed = await unlessInvalid(audience.unsubscribe(token, BY_MAIL));
    if (!(wasSubscribed instanceof BroadsheetError)) return { wasSubscribed };
    // The subjects of other mails can contain words of that length too.
    if (sender === undefined && !isForLeaving) return { came: "letter", stays: true };
  } else if (sender !== undefined && proven === sender) {
    const isThere = (await audience.find(sender)) !== undefined;
    const wasSubscribed = isThere && (await audience.suppress(sender, "unsubscribed", BY_MAIL));
    return { address: sender, wasSubscribed };
  }
  if (request) await audience.noteLeaveRequest(request);
  return { stays: token !== undefined };
}

async function unlessInvalid<Result>(work: Promise<Result>): Promise<Result | BroadsheetError> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof BroadsheetError && error.code === "TOKEN_INVALID") return error;
    throw error;
  }
}

function saysNotWhose(): BroadsheetError {
  const what = "the mail has no token of the reader whose message bounced";
  return new BroadsheetError("CONTENT_UNSUPPORTED", what, {
    fix: "nothing was changed, because an address is easily forged; with `bounce` in the config each message has a return path with a token",
  });
}
