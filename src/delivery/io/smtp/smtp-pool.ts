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
import { Conversation, type Handover, STALLED } from "./conversation.ts";
import { connectAndLogin, GOODBYE_MS } from "./smtp-connect.ts";
import { serverRefusal, smtpError } from "./smtp-error.ts";

/** A message that waits for a connection or is being sent. */
interface Job extends Pick<Handover, "message" | "begin"> {
  readonly resolve: (receipt: Receipt) => void;
  readonly reject: (error: unknown) => void;
}

/** One connection to the server, logged in. Messages go over it one after the other. */
interface Session {
  readonly conversation: Conversation;
  readonly extensions: Extensions;
  /** The number of its messages that have not ended. */
  taken: number;
  /** Whether it has sent a message before. */
  isUsed: boolean;
}

/** The refusal of a message that the server's extensions exclude. Such a message does not begin. */
function refusalOf(
  message: Message,
  { isUtf8, largest = Infinity }: Extensions,
  server: SmtpServer,
): DeliveryError | undefined {
  // An internationalised address is only sent to a server with SMTPUTF8 (RFC 6531 §3.2).
  if (!isUtf8 && needsUtf8(message)) {
    return serverRefusal("SMTP_REFUSED", server, {
      what: "accepts no address with characters outside ASCII before its @ (it lacks SMTPUTF8)",
      fix: "use another address of this recipient, or another server",
      stage: "recipient",
      lacks: "SMTPUTF8",
    });
  }
  if (largest === Infinity || sizeOf(message) <= largest) return undefined;
  return serverRefusal("SMTP_REFUSED", server, {
    what: `accepts messages of at most ${largest} bytes, and this one is larger`,
    fix: "use fewer or smaller pictures",
    stage: "message",
    lacks: "SIZE",
  });
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
  readonly #sessions = new Set<Session>();
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
    for (const { conversation } of this.#sessions) conversation.callOff();
    this.#assign();
  }

  async close(): Promise<void> {
    await this.disconnect();
  }

  async disconnect(): Promise<void> {
    while (this.#isBusy) await new Promise<void>((resolve) => (this.#onIdle = resolve));
    // Within a message, QUIT would be text.
    await Promise.all(
      [...this.#sessions].map(async ({ conversation }) => conversation.quit(GOODBYE_MS)),
    );
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
        if (job) this.#sendOver(session, job);
      } else if (this.#mayOpen && this.#opening < this.#waiting.length) void this.#open();
      else return;
    }
  }

  get #mayOpen(): boolean {
    const isTurn = this.#server.login === undefined || this.#opening === 0;
    return isTurn && this.#sessions.size + this.#opening < this.#limit;
  }

  #sendOver(session: Session, job: Job): void {
    const refusal = refusalOf(job.message, session.extensions, this.#server);
    if (refusal) return this.#fail(job, refusal);
    const isReused = session.isUsed;
    session.isUsed = true;
    session.taken++;
    session.conversation.send({
      message: job.message,
      begin: job.begin,
      onAccepted: (response) => {
        session.taken--;
        job.resolve({ response: oneLine(response) });
        this.#goOn();
      },
      onFailed: (failure, hasBegun) => {
        session.taken--;
        const error = smtpError(failure, { server: this.#server, hasBegun });
        // The server does not answer pipelined commands.
        const isStalled = failure.code === STALLED;
        if (isStalled) this.#isPipelining = false;
        this.#fail(job, error, isStalled || (isReused && wasEnded(error)));
      },
    });
  }

  /** `isUnsent`: whether the connection had ended before any byte of the message was sent. */
  #fail(job: Job, error: DeliveryError, isUnsent = false): void {
    this.#tidy();
    if (isUnsent && !this.#calledOff.signal.aborted) this.#waiting.unshift(job);
    else job.reject(isUnsent ? this.#unwanted() : error);
    this.#goOn();
  }

  #goOn(): void {
    this.#assign();
    if (!this.#isBusy) this.#onIdle();
  }

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
    for (const session of this.#sessions)
      if (!session.conversation.isOpen) this.#sessions.delete(session);
  }

  #roomiest(): Session | undefined {
    let best: Session | undefined;
    for (const session of this.#sessions) {
      if (session.conversation.hasRoom && (!best || session.taken < best.taken)) best = session;
    }
    return best;
  }

  async #open(): Promise<void> {
    this.#opening++;
    try {
      this.#sessions.add(await this.#connect());
      this.#opening--;
    } catch (error) {
      this.#opening--;
      this.#doWithout(error);
    }
    this.#goOn();
  }

  /** @throws DeliveryError as `connectAndLogin`; the refusal of an earlier login if there was one. */
  async #connect(): Promise<Session> {
    if (this.#refusedLogin) throw this.#refusedLogin;
    const { signal } = this.#calledOff;
    try {
      const { socket, extensions } = await connectAndLogin(this.#server, this.#policy, signal);
      const conversation = new Conversation(socket, {
        ...this.#policy.timeouts,
        isPipelining: this.#isPipelining && extensions.isPipelining,
        isPipeliningProven: this.#isPipeliningProven,
        onPipeliningProven: () => (this.#isPipeliningProven = true),
        onRoom: () => this.#assign(),
        parametersFor: (message) => parametersFor(message, extensions),
      });
      return { conversation, extensions, taken: 0, isUsed: false };
    } catch (error) {
      if (signal.aborted) throw this.#unwanted();
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
