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
   * address itself is internationalised. Where there are parts they are joined for it: not to be asked for by whoever
   * can do with those.
   */
  readonly raw: Buffer;
  /**
   * The same in pieces, most of which all messages of an issue share: whoever can write them one after the other
   * needs no copy of the whole. Absent where nobody vouches for what is said of `raw`.
   */
  readonly parts?: readonly Buffer[] | undefined;
}

/** A message whose bytes are put together when they are first asked for in one. */
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

/** Its bytes as they are at hand: taking `raw` out of a message beside them would join them for nothing. */
export function partsOf(message: Message): readonly Buffer[] {
  return message.parts ?? [message.raw];
}

/** Its length in bytes. */
export function sizeOf(message: Message): number {
  return partsOf(message).reduce((sum, part) => sum + part.length, 0);
}
