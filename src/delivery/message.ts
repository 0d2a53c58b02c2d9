/** Whom the server is told the message is from and for (RFC 5321 §2.3.1): exactly one recipient. */
interface Envelope {
  readonly from: string;
  readonly to: string;
}

/** A finished message for one recipient, ready to be handed over as it is. */
export interface Message {
  readonly envelope: Envelope;
  /** With its angle brackets. The same issue and recipient give the same one, so a retry keeps it. */
  readonly messageId: string;
  /** RFC 5322, CRLF line ends, 7-bit unless the address itself is internationalised. */
  readonly raw: Buffer;
}

/** What the other side said when it took the message. */
export interface Receipt {
  /** The server's own words, on one line. */
  readonly response: string;
}

/**
 * Somewhere to hand messages over, one at a time. `send` resolves once the other side has taken the
 * message and rejects otherwise; after `close` it must not be called again.
 */
export interface Transport {
  readonly name: string;
  send(message: Message): Promise<Receipt>;
  close(): Promise<void>;
}
