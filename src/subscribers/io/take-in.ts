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

/** A mail as it came, or its beginning. */
export interface RawMail {
  /** The bytes of the mail; empty if it can't be read. */
  readonly bytes: Uint8Array;
  /** Identifies it in its mailbox for good, if anything does. */
  readonly key?: string;
}

/** All of a received mail that decides what follows from it. */
export interface MailEvidence {
  /** The hashes of its content and of its key. */
  readonly hashes: readonly Uint8Array[];
  readonly kind: MailKind;
  readonly tokens?: readonly string[];
  readonly messageIds?: readonly string[];
  readonly request?: LeaveRequest;
  /** The sender, as far as the trusted server proves it. */
  readonly proven?: string | undefined;
}

/** What came of a received mail. */
export interface TakenMail extends Partial<NotedBounce> {
  readonly came: MailKind["kind"];
  /** The words of the server, or what the mail is. */
  readonly said?: string | undefined;
  /** The reader's, after all that was taken in with this mail. */
  readonly status?: Awaited<ReturnType<Audience["statusOf"]>>;
  /** Whether the sender of a mail that asks to leave was subscribed; absent if it proves nothing, and an operator decides. */
  readonly wasSubscribed?: boolean;
  /** Why nothing follows from it. */
  readonly fault?: BroadsheetError;
  /** Whether a person is to read it where it is. */
  readonly stays?: boolean;
}

/** Reads a mail. One that can't be read costs no other mail. */
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

/** The number of bytes that are hashed, with plain line ends. These differ between mailboxes, and so do empty lines at the end. */
const HASHED = 128 * 1024;

function hashOf(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes).toString("latin1").replaceAll("\r\n", "\n");
  return digest(text.trimEnd().slice(0, HASHED));
}

/** What the store remembers of a mail that stays in its mailbox, so that it isn't read again. */
export function hashOfKey(key: string): Uint8Array {
  return digest(`key ${key}`);
}

function digest(text: string): Uint8Array {
  return createHash("sha256").update(text, "latin1").digest().subarray(0, 16);
}

/** Stands for the sender where From has not exactly one usable address. The latest such mail is stored. */
const UNKNOWN = "unknown@sender.invalid";

/** Printable, as a terminal shows it, and no longer than a line. */
const MESSAGE_ID = /<[!-;=?-~]{1,250}>/;

interface IntakeOptions {
  readonly softBounces: number | false;
  /** Whether all mails of persons ask to leave, as at an address that is for nothing else. */
  readonly isForLeaving?: boolean;
  /** Whether nothing is changed. */
  readonly isRehearsal?: boolean | undefined;
}

/**
 * Does what mails ask for, in one change. Returns what came of each, in their order, and how many readers are
 * quarantined by it.
 * @throws BroadsheetError SECRET_MISSING, SECRET_CHANGED, STORE_*: nothing is changed then.
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
  // Another process may have taken it in meanwhile.
  const known = await recalled(mail.hashes, audience);
  if (known) return { came: "known", stays: known.stays };
  const taken = { came: mail.kind.kind, ...(await follow(mail, intake)) };
  const { stays = false, fault } = taken;
  // A mail with another newsletter's token waits for that newsletter. A mail that is to be moved is read until it is moved.
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

/** A mail that proves nothing is noted for the operator. One with another newsletter's token stays for that one. */
async function leave(
  { proven, request }: MailEvidence,
  { token, sender }: Extract<MailKind, { kind: "asks to leave" }>,
  { audience, isForLeaving }: Intake,
): Promise<Followed> {
  if (token !== undefined) {
    const wasSubscribed = await unlessInvalid(audience.unsubscribe(token, BY_MAIL));
    if (!(wasSubscribed instanceof BroadsheetError)) return { wasSubscribed };
    // Words of that length stand in subjects of other mails too.
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
  const what = "the mail doesn't say whose message came back";
  return new BroadsheetError("CONTENT_UNSUPPORTED", what, {
    fix: "nothing was changed, since a name is easily forged; with `bounce` in the config each message has a return path with a token",
  });
}
