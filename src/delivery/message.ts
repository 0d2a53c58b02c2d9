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
  /**
   * RFC 5322: CRLF line ends and no other CR or LF, no line that begins with a dot, 7-bit unless the
   * address itself is internationalised.
   */
  readonly raw: Buffer;
}
