import { BroadsheetError, type BroadsheetErrorOptions, type ErrorCode } from "../errors.ts";
import type { Message } from "./message.ts";

/** What the other side said when it took the message. */
export interface Receipt {
  /** The server's own words, on one line. */
  readonly response: string;
}

/**
 * Somewhere to hand messages over. `send` resolves once the other side has taken the message, and rejects
 * with a DeliveryError otherwise. It may be called many times at once; how many messages go at a time is
 * the transport's own affair. `close` waits for those, and after it nothing must be sent.
 */
export interface Transport {
  readonly name: string;
  send(message: Message): Promise<Receipt>;
  close(): Promise<void>;
}

/**
 * What the answer is about, or how far it had come where none came: the connection, before anything was said of a
 * message; whom it is from; whom it is for; all of it. A server may say late what it has against the sender.
 */
export type Stage = "connection" | "sender" | "recipient" | "message";

/** A server's answer (RFC 5321 §4.2). */
export interface Reply {
  /** Three digits. */
  readonly code: number;
  /** Where the server gives one (RFC 3463): `5.1.1`. */
  readonly status?: string | undefined;
}

export interface DeliveryFacts {
  readonly stage: Stage;
  /** Absent where no answer came. */
  readonly reply?: Reply | undefined;
  /** The server's words, or what happened instead, for whoever asks what became of a recipient. */
  readonly said: string;
  /** Whether it was waited for in vain. A connection that has ended says so at once. */
  readonly isTimeout?: boolean | undefined;
  /** Whether a refusal may be of us, or of this machine, as well as of the recipient. */
  readonly isPerhapsOurs?: boolean | undefined;
  /** What the server would have to offer for this message, and doesn't: nothing was said of it. */
  readonly lacks?: "SMTPUTF8" | "SIZE" | undefined;
}

/** A message that was not taken, or of which nobody knows whether it was, with what decides what to do. */
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
