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
