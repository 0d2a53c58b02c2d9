import patterns from "./server-replies.json" with { type: "json" };

/** A server's negative reply. */
export interface ServerReply {
  /** Three digits. Empty if only the text is known. */
  readonly code?: string;
  /** The enhanced status code, such as `5.1.1` (RFC 3463). Empty if the server gave none. */
  readonly status: string;
  /** The server's text on one line. */
  readonly said: string;
  /** Whether the address was refused. A refusal of the message may contain any words. */
  readonly isOfAddress: boolean;
}

export interface Meaning {
  /**
   * - "quota": the relay accepts no more messages for some hours.
   * - "rate": we are too fast.
   * - "greylisting": the recipient's server will accept the message later.
   * - "mailbox": the mailbox accepts nothing now.
   * - "system": the server has a fault or no disk space.
   * - "unknown user": the address doesn't exist. Only this refusal can take a reader off the list.
   */
  readonly means: string;
  /** The hours over which a quota is counted. Undefined for other limits. */
  readonly hours?: number | undefined;
}

interface Pattern extends Meaning {
  readonly isOfAddress?: boolean;
  readonly code?: string;
  readonly status?: string;
  readonly words?: string;
  readonly except?: string;
}

const PATTERNS = patterns.map(({ means, hours, isOfAddress, ...row }: Pattern) => {
  const [code, status, words, except] = [row.code, row.status, row.words, row.except].map(
    (pattern) => (pattern === undefined ? undefined : new RegExp(pattern, "iu")),
  );
  return { means, hours, isOfAddress, code, status, words, except };
});

/** The meaning by the first pattern of `server-replies.json` that matches. Undefined if none does. */
export function meaningOf(reply: ServerReply): Meaning | undefined {
  const { code = "", status, said, isOfAddress } = reply;
  return PATTERNS.find(
    (row) =>
      (isOfAddress || row.isOfAddress !== true) &&
      (row.code?.test(code) ?? true) &&
      (row.status?.test(status) ?? true) &&
      (row.words?.test(said) ?? true) &&
      row.except?.test(said) !== true,
  );
}

/** Whether the reply means that the address doesn't exist. */
export function isUnknownRecipient(reply: ServerReply): boolean {
  return meaningOf(reply)?.means === "unknown user";
}
