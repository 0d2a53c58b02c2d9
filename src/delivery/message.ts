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
  /**
   * The same in pieces, most of which all messages of an issue share: whoever can write them one after the other
   * needs no copy of the whole. Absent where nobody vouches for what is said of `raw`.
   */
  readonly parts?: readonly Buffer[] | undefined;
}

/** A message whose bytes are put together when somebody asks for them in one. */
export function messageOf(
  message: Omit<Message, "raw" | "parts"> & { readonly parts: readonly Buffer[] },
): Message {
  return {
    ...message,
    get raw() {
      return Buffer.concat(message.parts);
    },
  };
}

/** Its length in bytes. */
export function sizeOf({ parts, raw }: Message): number {
  return parts ? parts.reduce((sum, part) => sum + part.length, 0) : raw.length;
}
