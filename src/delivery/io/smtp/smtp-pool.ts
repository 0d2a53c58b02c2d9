import { DeliveryError, InFlight, type Receipt, type Transport } from "../../transport.ts";
import { type Message, sizeOf } from "../../compile-message.ts";
import {
  type SmtpPolicy,
  type SmtpServer,
  parseSmtpUrl,
  type Extensions,
  needsUtf8,
  parametersFor,
} from "./smtp-server.ts";
import { type OAuthSecrets, type SmtpTimeouts, TIMEOUTS } from "../../settings.ts";
import { BroadsheetError } from "../../../errors.ts";
import { Conversation, ConversationError } from "./conversation.ts";
import { connectAndLogin, GOODBYE_MS } from "./smtp-connect.ts";
import { serverRefusal, smtpError } from "./smtp-error.ts";

/** One connection to the server, logged in, over which messages go one after the other. */
class SmtpSession {
  readonly #server: SmtpServer;
  readonly #conversation: Conversation;
  readonly #extensions: Extensions;

  private constructor(server: SmtpServer, conversation: Conversation, extensions: Extensions) {
    this.#server = server;
    this.#conversation = conversation;
    this.#extensions = extensions;
  }

  /** @throws DeliveryError SMTP_UNREACHABLE, SMTP_TLS, SMTP_AUTH, SMTP_DEFERRED or SMTP_REFUSED. */
  static async open(
    server: SmtpServer,
    policy: SmtpPolicy,
    signal: AbortSignal,
  ): Promise<SmtpSession> {
    const { socket, extensions } = await connectAndLogin(server, policy, signal);
    const conversation = new Conversation(socket, {
      ...policy.timeouts,
      isPipelining: extensions.isPipelining,
      parametersFor: (message) => parametersFor(message, extensions),
    });
    return new SmtpSession(server, conversation, extensions);
  }

  get isOpen(): boolean {
    return this.#conversation.isOpen;
  }

  /** How many messages may be in flight: two with PIPELINING, of which only the first can have begun. */
  get capacity(): number {
    return this.#conversation.capacity;
  }

  /** @throws DeliveryError SMTP_UNREACHABLE, SMTP_DEFERRED, SMTP_REFUSED or SMTP_UNCERTAIN. */
  async send(message: Message): Promise<Receipt> {
    this.#assertDeliverable(message);
    try {
      return { response: oneLine(await this.#conversation.send(message)) };
    } catch (error) {
      if (!(error instanceof ConversationError)) throw error;
      const { failure, hasBegun } = error;
      throw smtpError(failure, { server: this.#server, hasBegun });
    }
  }

  callOff(): void {
    this.#conversation.callOff();
  }

  /** Sends QUIT. Only when nothing is in flight: within a message it would be text. */
  async quit(): Promise<void> {
    await this.#conversation.quit(GOODBYE_MS);
  }

  /** A message that the server has said it won't take isn't begun. */
  #assertDeliverable(message: Message): void {
    const { isUtf8, largest = Infinity } = this.#extensions;
    // RFC 6531 §3.2: an internationalised address goes only where it is understood.
    if (needsUtf8(message) && !isUtf8) {
      throw serverRefusal("SMTP_REFUSED", this.#server, {
        what: "takes no address with letters beyond ASCII before its @ (it lacks SMTPUTF8)",
        fix: "use another address of this recipient, or another server",
        stage: "recipient",
        lacks: "SMTPUTF8",
      });
    }
    if (sizeOf(message) > largest) {
      throw serverRefusal("SMTP_REFUSED", this.#server, {
        what: `takes messages of at most ${largest} bytes, and this one is larger`,
        fix: "use fewer or smaller pictures",
        stage: "message",
        lacks: "SIZE",
      });
    }
  }
}

function oneLine(response: string): string {
  return response.slice(0, 200).replace(/[\p{Cc}\s]+/gu, " ");
}

interface PoolPolicy extends SmtpPolicy {
  /** At most so many connections at a time. */
  readonly connections: number;
}

/** A place on a connection, and whether that had been used before. */
interface Lease {
  readonly session: SmtpSession;
  readonly isReused: boolean;
}

/**
 * Connections to one server. They are opened as messages come, and stay open for the next ones. Where the server
 * refuses another one, the pool makes do with those it has.
 */
class SmtpPool implements Transport {
  readonly name = "smtp";
  readonly #server: SmtpServer;
  readonly #policy: PoolPolicy;
  /** How many places of each connection are taken. */
  readonly #taken = new Map<SmtpSession, number>();
  readonly #waiting: (() => void)[] = [];
  readonly #inFlight = new InFlight();
  readonly #calledOff = new AbortController();
  #opening = 0;
  #limit: number;

  constructor(server: SmtpServer, policy: PoolPolicy) {
    this.#server = server;
    this.#policy = policy;
    this.#limit = policy.connections;
  }

  async send(message: Message): Promise<Receipt> {
    return this.#inFlight.add(this.#deliver(message));
  }

  async connect(): Promise<void> {
    const { session } = await this.#lease();
    this.#giveBack(session);
  }

  callOff(): void {
    this.#calledOff.abort();
    for (const session of this.#taken.keys()) session.callOff();
    for (const wakeUp of this.#waiting.splice(0)) wakeUp();
  }

  async close(): Promise<void> {
    await this.#inFlight.end();
    await this.disconnect();
  }

  async disconnect(): Promise<void> {
    await Promise.all([...this.#taken.keys()].map(async (session) => session.quit()));
    this.#taken.clear();
  }

  async #deliver(message: Message): Promise<Receipt> {
    for (;;) {
      const { session, isReused } = await this.#lease();
      try {
        this.#assertWanted();
        return await session.send(message);
      } catch (error) {
        // A server may close an idle connection at any time; nothing of the message was sent over it.
        if (wasEnded(error)) this.#assertWanted();
        if (!isReused || !wasEnded(error)) throw error;
      } finally {
        this.#giveBack(session);
      }
    }
  }

  /** A place on an idle connection, or on a new one, or behind another message. */
  async #lease(): Promise<Lease> {
    for (;;) {
      this.#assertWanted();
      const [session, taken] = this.#roomiest();
      if (session && (taken === 0 || this.#count >= this.#limit)) {
        this.#taken.set(session, taken + 1);
        return { session, isReused: true };
      }
      if (this.#count < this.#limit) {
        const opened = await this.#open();
        if (opened) return { session: opened, isReused: false };
      } else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #assertWanted(): void {
    if (!this.#calledOff.signal.aborted) return;
    throw serverRefusal("SMTP_UNREACHABLE", this.#server, {
      what: "was not sent the message, since the sending was stopped",
      fix: "send again",
      stage: "connection",
      isCalledOff: true,
    });
  }

  get #count(): number {
    return this.#taken.size + this.#opening;
  }

  #roomiest(): readonly [session: SmtpSession | undefined, taken: number] {
    let best: SmtpSession | undefined;
    let least = Infinity;
    for (const [session, taken] of this.#taken) {
      if (!session.isOpen && taken === 0) this.#taken.delete(session);
      else if (session.isOpen && taken < session.capacity && taken < least) {
        [best, least] = [session, taken];
      }
    }
    return [best, least];
  }

  /** Undefined where the server wants no more connections and there are others to wait for. */
  async #open(): Promise<SmtpSession | undefined> {
    this.#opening++;
    try {
      const session = await SmtpSession.open(this.#server, this.#policy, this.#calledOff.signal);
      this.#taken.set(session, 1);
      return session;
    } catch (error) {
      this.#assertWanted();
      const others = this.#count - 1;
      if (!isDeferral(error) || others === 0) throw error;
      this.#limit = others;
      return undefined;
    } finally {
      this.#opening--;
      // A waiting message may take the second place, or open another one; the message that opened this one goes first.
      setImmediate(() => this.#wakeOne());
    }
  }

  #giveBack(session: SmtpSession): void {
    const taken = (this.#taken.get(session) ?? 1) - 1;
    if (session.isOpen || taken > 0) this.#taken.set(session, taken);
    else this.#taken.delete(session);
    this.#wakeOne();
  }

  #wakeOne(): void {
    this.#waiting.shift()?.();
  }
}

/** Whether the connection had ended before the message's first command was accepted: idle too long, or 421. */
function wasEnded(error: unknown): boolean {
  if (!(error instanceof DeliveryError)) return false;
  const { reply, stage, isTimeout } = error.facts;
  if (isTimeout) return false;
  return error.code === "SMTP_UNREACHABLE" || (reply?.code === 421 && stage === "sender");
}

function isDeferral(error: unknown): boolean {
  return error instanceof DeliveryError && error.code === "SMTP_DEFERRED";
}

export interface SmtpOptions {
  /** At most so many connections at a time; 1 by default. */
  readonly connections?: number | undefined;
  /** Whether a connection in clear is refused; true by default. A password never goes in clear. */
  readonly requireTls?: boolean | undefined;
  /**
   * Whether both rules are lifted for a server on this machine, such as one that only shows mails; true by
   * default.
   */
  readonly trustLoopback?: boolean | undefined;
  /** For a user without a password in the URL. */
  readonly oauth?: OAuthSecrets | undefined;
  readonly timeouts?: Partial<SmtpTimeouts> | undefined;
}

/**
 * A transport to the server of an `smtp://` or `smtps://` URL (RFC 5321, 3207, 8314): one recipient
 * a transaction, the message's bytes as they are. It connects when there is something to send, keeps the
 * connections for later messages, and sends one message at a time over each. The caller closes it.
 *
 * `send` rejects with SMTP_UNREACHABLE, SMTP_TLS or SMTP_AUTH (nothing was sent), SMTP_DEFERRED
 * (4yz), SMTP_REFUSED (5yz), or SMTP_UNCERTAIN, where the server may or may not have taken it.
 * @throws BroadsheetError SMTP_UNCONFIGURED for an empty URL, CONFIG_INVALID for one that is wrong.
 */
export function connectSmtp(url: string, options: SmtpOptions = {}): Transport {
  if (url.trim() === "") {
    throw new BroadsheetError("SMTP_UNCONFIGURED", "SMTP_URL is not set", {
      fix: "set it to smtp://user:password@host:587",
    });
  }
  return new SmtpPool(parseSmtpUrl(url, options.oauth), {
    connections: options.connections ?? 1,
    requireTls: options.requireTls ?? true,
    trustLoopback: options.trustLoopback ?? true,
    timeouts: { ...TIMEOUTS, ...options.timeouts },
  });
}
