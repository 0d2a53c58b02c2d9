import { BroadsheetError, type BroadsheetErrorOptions, type ErrorCode } from "../errors.ts";
import type { Message } from "./compile-message.ts";

/** What the server said when it accepted the message. */
export interface Receipt {
  /** The server's own words, on one line. */
  readonly response: string;
}

/**
 * What messages are handed to. `send` resolves once the server has accepted the message, and rejects with a
 * DeliveryError otherwise. It may be called many times at once; the transport decides how many messages go at a
 * time. `close` waits for those that are in flight, and after it `send` must not be called.
 */
export interface Transport {
  readonly name: string;
  /** Names the server and the account there, whose limits all senders share; absent where there are none. */
  readonly account?: string;
  /**
   * `begin` is asked before the first byte of the message goes out, when the server is ready for it. Where it resolves
   * with false nothing is sent: `send` rejects, and the caller knows why. A transport that can't ask asks at once.
   */
  send(message: Message, begin?: () => Promise<boolean>): Promise<Receipt>;
  /** Connects, so that a message is begun only when there is a server to take it. Rejects as `send` does. */
  connect?(): Promise<void>;
  /** Gives up the messages of which nothing has been sent: their `send` rejects. The transport sends no other one. */
  callOff?(): void;
  /** Ends the connections, so that later messages go over new ones. Only when nothing is in flight. */
  disconnect?(): Promise<void>;
  close(): Promise<void>;
}

/**
 * What the answer is about, or where no answer came, how far the conversation had come: the connection before any
 * message; its sender; its recipient; the message itself. A server may refuse the sender as late as at the recipient.
 */
export type Stage = "connection" | "sender" | "recipient" | "message";

/** A server's answer (RFC 5321 §4.2). */
export interface Reply {
  /** Three digits. */
  readonly code: number;
  /** The enhanced status code, such as `5.1.1` (RFC 3463); absent if the server gives none. */
  readonly status?: string | undefined;
}

export interface DeliveryFacts {
  readonly stage: Stage;
  /** Absent where no answer came. */
  readonly reply?: Reply | undefined;
  /** The server's words, or what happened instead; the history of the recipient shows them. */
  readonly said: string;
  /** Whether the time limit passed. A connection that has ended fails at once instead. */
  readonly isTimeout?: boolean | undefined;
  /** Whether the message was called off before it was begun. */
  readonly isCalledOff?: boolean | undefined;
  /** Whether a refusal may be about the sender or this machine as well as the recipient. */
  readonly isPerhapsOurs?: boolean | undefined;
  /** The extension that this message needs and the server lacks: the message wasn't begun. */
  readonly lacks?: "SMTPUTF8" | "SIZE" | undefined;
}

/** A message that was not accepted, or may or may not have been, with the facts that decide what follows. */
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
 * Asks before a message whether it may begin.
 * @throws DeliveryError where it may not.
 */
export async function assertBegun(begin: (() => Promise<boolean>) | undefined): Promise<void> {
  if (!begin || (await begin())) return;
  const said = "the message was called off before it was begun";
  const facts = { stage: "connection", said, isCalledOff: true } as const;
  throw new DeliveryError("SMTP_UNREACHABLE", said, { fix: "send again", facts });
}

/** The messages that a transport was given and has not answered for, whose end its `close` waits for. */
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
