import { BroadsheetError, type BroadsheetErrorOptions, type ErrorCode } from "../errors.ts";

/** The envelope that the server is given (RFC 5321 §2.3.1): exactly one recipient. */
interface Envelope {
  readonly from: string;
  readonly to: string;
}

/** A finished message for one recipient. */
export interface Message {
  readonly envelope: Envelope;
  /** With its angle brackets. The same issue and recipient give the same one, so a retry keeps it. */
  readonly messageId: string;
  /**
   * RFC 5322: CRLF line ends and no other CR or LF, no line that begins with a dot, 7-bit unless the
   * address itself is internationalised. Where there are parts, reading this joins them: use those where you can.
   */
  readonly raw: Buffer;
  /**
   * The same bytes in pieces, most of which all messages of an issue share: written one after the other they need no
   * copy of the whole. Absent where the bytes may not be as `raw` promises.
   */
  readonly parts?: readonly Buffer[] | undefined;
}

/** A message whose `raw` is joined from its parts when it is first read. */
export function messageOf(
  message: Omit<Message, "raw" | "parts"> & { readonly parts: readonly Buffer[] },
): Message {
  let joined: Buffer | undefined;
  return {
    ...message,
    get raw() {
      joined ??= Buffer.concat(message.parts);
      return joined;
    },
  };
}

/** The bytes of a message, not joined where they are in parts. */
export function partsOf(message: Message): readonly Buffer[] {
  return message.parts ?? [message.raw];
}

/** The length of a message in bytes. */
export function sizeOf(message: Message): number {
  return partsOf(message).reduce((sum, part) => sum + part.length, 0);
}

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
  send(message: Message): Promise<Receipt>;
  /** Gives up the messages of which nothing has been sent: their `send` rejects. The transport sends no other one. */
  callOff?(): void;
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
  /** Where the server gives one (RFC 3463): `5.1.1`. */
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
