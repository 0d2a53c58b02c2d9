import { DeliveryError, type Receipt, type Transport } from "../../transport.ts";
import { type Message, sizeOf } from "../../compile-message.ts";
import {
  policyOf,
  type SmtpPolicy,
  type SmtpServer,
  parseSmtpUrl,
  type Extensions,
  needsUtf8,
  parametersFor,
} from "./smtp-server.ts";
import { DEFAULT_SMTP, type OAuthSecrets, type SmtpTimeouts } from "../../settings.ts";
import { BroadsheetError } from "../../../errors.ts";
import { Conversation, type ConversationOptions, type Handover, STALLED } from "./conversation.ts";
import { connectAndLogin, GOODBYE_MS } from "./smtp-connect.ts";
import { serverRefusal, smtpError } from "./smtp-error.ts";

/** A message that waits for a connection or is being sent. */
interface Job extends Pick<Handover, "message" | "begin"> {
  readonly resolve: (receipt: Receipt) => void;
  readonly reject: (error: unknown) => void;
}

interface Failed {
  readonly error: DeliveryError;
  /** Whether the connection had ended before any byte of the message was sent. */
  readonly isUnsent?: boolean;
  /** Whether the server does not answer pipelined commands. */
  readonly isStalled?: boolean;
}

/** Called when a message has ended. `failed` is absent if it was accepted. */
type OnEnd = (job: Job, failed?: Failed) => void;

type Pipelining = Pick<
  ConversationOptions,
  "isPipelining" | "isPipeliningProven" | "onPipeliningProven" | "onRoom"
>;

/** One connection to the server, logged in. Messages go over it one after the other. */
class SmtpSession {
  readonly #server: SmtpServer;
  readonly #conversation: Conversation;
  readonly #extensions: Extensions;
  /** The number of its messages that have not ended. */
  taken = 0;
  /** Whether it has sent a message before. */
  isUsed = false;

  constructor(server: SmtpServer, conversation: Conversation, extensions: Extensions) {
    this.#server = server;
    this.#conversation = conversation;
    this.#extensions = extensions;
  }

  get isOpen(): boolean {
    return this.#conversation.isOpen;
  }

  get hasRoom(): boolean {
    return this.#conversation.hasRoom;
  }

  send(job: Job, onEnd: OnEnd): void {
    const refusal = this.#refusalOf(job.message);
    if (refusal) return onEnd(job, { error: refusal });
    const isReused = this.isUsed;
    this.isUsed = true;
    this.taken++;
    this.#conversation.send({
      message: job.message,
      begin: job.begin,
      onAccepted: (response) => {
        this.taken--;
        job.resolve({ response: oneLine(response) });
        onEnd(job);
      },
      onFailed: (failure, hasBegun) => {
        this.taken--;
        const error = smtpError(failure, { server: this.#server, hasBegun });
        const isStalled = failure.code === STALLED;
        onEnd(job, { error, isStalled, isUnsent: isStalled || (isReused && wasEnded(error)) });
      },
    });
  }

  callOff(): void {
    this.#conversation.callOff();
  }

  /** Sends QUIT. It may only be called when nothing is in flight: within a message, QUIT would be text. */
  async quit(): Promise<void> {
    await this.#conversation.quit(GOODBYE_MS);
  }

  /** The refusal of a message that the server's extensions exclude. Such a message does not begin. */
  #refusalOf(message: Message): DeliveryError | undefined {
    const { isUtf8, largest = Infinity } = this.#extensions;
    // An internationalised address is only sent to a server with SMTPUTF8 (RFC 6531 §3.2).
    if (!isUtf8 && needsUtf8(message)) {
      return serverRefusal("SMTP_REFUSED", this.#server, {
        what: "accepts no address with characters outside ASCII before its @ (it lacks SMTPUTF8)",
        fix: "use another address of this recipient, or another server",
        stage: "recipient",
        lacks: "SMTPUTF8",
      });
    }
    if (largest === Infinity || sizeOf(message) <= largest) return undefined;
    return serverRefusal("SMTP_REFUSED", this.#server, {
      what: `accepts messages of at most ${largest} bytes, and this one is larger`,
      fix: "use fewer or smaller pictures",
      stage: "message",
      lacks: "SIZE",
    });
  }
}

/** @throws DeliveryError SMTP_UNREACHABLE, SMTP_TLS, SMTP_AUTH, SMTP_DEFERRED or SMTP_REFUSED. */
async function openSession(
  server: SmtpServer,
  policy: SmtpPolicy,
  { signal, ...pipelining }: Pipelining & { readonly signal: AbortSignal },
): Promise<SmtpSession> {
  const { socket, extensions } = await connectAndLogin(server, policy, signal);
  const conversation = new Conversation(socket, {
    ...policy.timeouts,
    ...pipelining,
    isPipelining: pipelining.isPipelining && extensions.isPipelining,
    parametersFor: (message) => parametersFor(message, extensions),
  });
  return new SmtpSession(server, conversation, extensions);
}

function oneLine(response: string): string {
  return response.slice(0, 200).replace(/[\p{Cc}\s]+/gu, " ");
}

interface PoolPolicy extends SmtpPolicy {
  /** The most connections at one time. */
  readonly connections: number;
}

/**
 * The connections to one server. A connection is opened when messages wait, and stays open for the next ones. If the server
 * refuses another connection, the pool continues with the open ones. Logins go one after another. After a refused login, no
 * other login is tried. If the server does not answer pipelined commands, they are sent one by one from then on.
 */
class SmtpPool implements Transport {
  readonly name = "smtp";
  readonly account: string;
  readonly #server: SmtpServer;
  readonly #policy: PoolPolicy;
  readonly #sessions = new Set<SmtpSession>();
  readonly #waiting: Job[] = [];
  readonly #calledOff = new AbortController();
  #opening = 0;
  #limit: number;
  #isPipelining = true;
  #isPipeliningProven = false;
  #refusedLogin: DeliveryError | undefined;
  #onIdle: () => void = () => undefined;

  constructor(server: SmtpServer, policy: PoolPolicy) {
    const user = server.login ? `${server.login.user}@` : "";
    this.account = `${user}${server.host}:${server.port}`;
    this.#server = server;
    this.#policy = policy;
    this.#limit = policy.connections;
  }

  async send(message: Message, begin?: () => Promise<boolean>): Promise<Receipt> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ message, begin, resolve, reject });
      this.#assign();
    });
  }

  async connect(): Promise<void> {
    if (this.#roomiest()) return;
    const session = await this.#connect();
    session.isUsed = true;
    this.#sessions.add(session);
  }

  callOff(): void {
    this.#calledOff.abort();
    for (const session of this.#sessions) session.callOff();
    this.#assign();
  }

  async close(): Promise<void> {
    await this.disconnect();
  }

  async disconnect(): Promise<void> {
    while (this.#isBusy) await new Promise<void>((resolve) => (this.#onIdle = resolve));
    await Promise.all([...this.#sessions].map(async (session) => session.quit()));
    this.#sessions.clear();
  }

  get #isBusy(): boolean {
    return (
      this.#waiting.length + this.#opening > 0 || [...this.#sessions].some(({ taken }) => taken > 0)
    );
  }

  /** Gives waiting messages to idle connections, to new connections, or to busy ones with room. */
  #assign(): void {
    while (this.#waiting.length > 0) {
      if (this.#calledOff.signal.aborted) this.#rejectAll(this.#unwanted());
      const session = this.#roomiest();
      if (session && (session.taken === 0 || !this.#mayOpen)) {
        const job = this.#waiting.shift();
        if (job) session.send(job, this.#onEnd);
      } else if (this.#mayOpen && this.#opening < this.#waiting.length) void this.#open();
      else return;
    }
  }

  get #mayOpen(): boolean {
    const isTurn = this.#server.login === undefined || this.#opening === 0;
    return isTurn && this.#sessions.size + this.#opening < this.#limit;
  }

  readonly #onEnd: OnEnd = (job, failed) => {
    if (failed) {
      this.#tidy();
      if (failed.isStalled) this.#isPipelining = false;
      if (failed.isUnsent && !this.#calledOff.signal.aborted) this.#waiting.unshift(job);
      else job.reject(failed.isUnsent ? this.#unwanted() : failed.error);
    }
    this.#assign();
    if (!this.#isBusy) this.#onIdle();
  };

  #unwanted(): DeliveryError {
    return serverRefusal("SMTP_UNREACHABLE", this.#server, {
      what: "did not get the message, because the sending was stopped",
      fix: "send again",
      stage: "connection",
      isCalledOff: true,
    });
  }

  #rejectAll(error: unknown): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }

  #tidy(): void {
    for (const session of this.#sessions) if (!session.isOpen) this.#sessions.delete(session);
  }

  #roomiest(): SmtpSession | undefined {
    let best: SmtpSession | undefined;
    for (const session of this.#sessions) {
      if (session.hasRoom && (!best || session.taken < best.taken)) best = session;
    }
    return best;
  }

  async #open(): Promise<void> {
    this.#opening++;
    const opened = await this.#connect().catch((error: unknown) => error);
    this.#opening--;
    if (opened instanceof SmtpSession) this.#sessions.add(opened);
    else this.#doWithout(opened);
    this.#assign();
    if (!this.#isBusy) this.#onIdle();
  }

  /** @throws DeliveryError as `openSession`; the refusal of an earlier login if there was one. */
  async #connect(): Promise<SmtpSession> {
    if (this.#refusedLogin) throw this.#refusedLogin;
    try {
      return await openSession(this.#server, this.#policy, {
        signal: this.#calledOff.signal,
        isPipelining: this.#isPipelining,
        isPipeliningProven: this.#isPipeliningProven,
        onPipeliningProven: () => (this.#isPipeliningProven = true),
        onRoom: () => this.#assign(),
      });
    } catch (error) {
      if (this.#calledOff.signal.aborted) throw this.#unwanted();
      if (error instanceof DeliveryError && error.code === "SMTP_AUTH") this.#refusedLogin = error;
      throw error;
    }
  }

  /** Called when a connection could not be opened. Other connections take the waiting messages if there are any. */
  #doWithout(error: unknown): void {
    this.#tidy();
    const others = this.#sessions.size + this.#opening;
    if (others === 0) return this.#rejectAll(error);
    if (error === this.#refusedLogin || isDeferral(error)) this.#limit = others;
    else this.#waiting.shift()?.reject(error);
  }
}

/** Whether the connection ended before the message's first command was accepted: it was idle too long, or got a 421. */
function wasEnded(error: unknown): boolean {
  if (!(error instanceof DeliveryError)) return false;
  const { reply, stage, isTimeout } = error.facts;
  if (isTimeout) return false;
  return error.code === "SMTP_UNREACHABLE" || (reply?.code === 421 && stage === "sender");
}

function isDeferral(error: unknown): boolean {
  return error instanceof DeliveryError && error.code === "SMTP_DEFERRED";
}

/** The options of `connectSmtp`. The defaults are one connection and the defaults of the config. */
export interface SmtpOptions extends Partial<Omit<PoolPolicy, "timeouts">> {
  /** The OAuth secrets of a user whose URL has no password. */
  readonly oauth?: OAuthSecrets | undefined;
  readonly timeouts?: Partial<SmtpTimeouts> | undefined;
}

/**
 * A transport to the server of an `smtp://` or `smtps://` URL (RFC 5321, 3207, 8314). Each transaction has one recipient,
 * and the bytes of a message are not changed. It connects when there is a message to send, keeps the connections for later
 * messages, and sends one message at a time over each. The caller closes it.
 *
 * `send` rejects with SMTP_UNREACHABLE, SMTP_TLS or SMTP_AUTH (nothing was sent), SMTP_DEFERRED (4yz), SMTP_REFUSED (5yz),
 * or SMTP_UNCERTAIN, if the server may or may not have accepted the message.
 * @throws BroadsheetError SMTP_UNCONFIGURED for an empty URL, CONFIG_INVALID for one that is wrong.
 */
export function connectSmtp(
  url: string,
  { oauth, timeouts, ...options }: SmtpOptions = {},
): Transport {
  if (url.trim() === "") {
    throw new BroadsheetError("SMTP_UNCONFIGURED", "SMTP_URL is not set", {
      fix: "set it to smtp://user:password@host:587",
    });
  }
  const usual = policyOf(DEFAULT_SMTP);
  return new SmtpPool(parseSmtpUrl(url, oauth), {
    connections: 1,
    ...usual,
    ...options,
    timeouts: { ...usual.timeouts, ...timeouts },
  });
}
