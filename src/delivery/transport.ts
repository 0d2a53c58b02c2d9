import { BroadsheetError, type BroadsheetErrorOptions, type ErrorCode } from "../errors.ts";
import type { Message } from "./compile-message.ts";

/** The reply of the server that accepted the message. */
export interface Receipt {
  /** The server's text on one line. */
  readonly response: string;
}

/**
 * Sends messages. `send` resolves when the server has accepted the message, and rejects with a DeliveryError otherwise. It
 * may be called many times at once: the transport decides how many messages go at a time. `close` waits for the messages in
 * flight. After it, `send` must not be called.
 */
export interface Transport {
  readonly name: string;
  /** The server and the account there. All senders share their limits. Absent for a transport without limits. */
  readonly account?: string;
  /**
   * `begin` is called when the server is ready for the message, before its first byte. If it resolves with false, nothing is
   * sent and `send` rejects. A transport that does not know when its server is ready calls it at once.
   */
  send(message: Message, begin?: () => Promise<boolean>): Promise<Receipt>;
  /** Connects, so that no message begins before there is a server for it. Rejects as `send` does. */
  connect?(): Promise<void>;
  /** Gives up the messages that have not begun: their `send` rejects. The transport begins no other message. */
  callOff?(): void;
  /** Ends the connections, so that later messages go over new ones. It may only be called when nothing is in flight. */
  disconnect?(): Promise<void>;
  close(): Promise<void>;
}

/**
 * The subject of the reply: the connection before any message, the sender, the recipient, or the message itself. Without a
 * reply, it is the stage that the conversation had reached. A server may refuse the sender in its reply to the recipient.
 */
export type Stage = "connection" | "sender" | "recipient" | "message";

/** A server's reply (RFC 5321 §4.2). */
export interface Reply {
  /** Three digits. */
  readonly code: number;
  /** The enhanced status code, such as `5.1.1` (RFC 3463). Absent if the server gives none. */
  readonly status?: string | undefined;
}

export interface DeliveryFacts {
  readonly stage: Stage;
  /** Absent if no reply came. */
  readonly reply?: Reply | undefined;
  /** The server's text, or a description of the failure. The history of the recipient shows it. */
  readonly said: string;
  /** Whether the time limit passed. A connection that has ended fails at once instead. */
  readonly isTimeout?: boolean | undefined;
  /** Whether the message was called off before it began. */
  readonly isCalledOff?: boolean | undefined;
  /** Whether a refusal may be about the sender or this machine as well as the recipient. */
  readonly isPerhapsOurs?: boolean | undefined;
  /** The extension that this message needs and the server lacks. The message did not begin then. */
  readonly lacks?: "SMTPUTF8" | "SIZE" | undefined;
}

/** The error for a message that was not accepted, or may not have been. Its facts decide the consequences. */
export class DeliveryError extends BroadsheetError {
  readonly facts: DeliveryFacts;

  constructor(
    code: ErrorCode,
    message: string,
    options: BroadsheetErrorOptions & { readonly facts: DeliveryFacts },
  ) {
    super(code, message, options);
    this.facts = options.facts;
  }
}

/**
 * Asks whether a message may begin.
 * @throws DeliveryError if it may not.
 */
export async function assertBegun(begin: (() => Promise<boolean>) | undefined): Promise<void> {
  if (!begin || (await begin())) return;
  const said = "the message was called off before it began";
  const facts = { stage: "connection", said, isCalledOff: true } as const;
  throw new DeliveryError("SMTP_UNREACHABLE", said, { fix: "send again", facts });
}

/** The messages in flight of a transport. `end` waits for all of them. */
export class InFlight {
  readonly #sendings = new Set<Promise<unknown>>();

  async add<Result>(sending: Promise<Result>): Promise<Result> {
    const settled = sending.catch(() => undefined).finally(() => this.#sendings.delete(settled));
    this.#sendings.add(settled);
    return sending;
  }

  async end(): Promise<void> {
    while (this.#sendings.size > 0) await Promise.all(this.#sendings);
  }
}
