import patterns from "./server-replies.json" with { type: "json" };

/** A server's answer that isn't a yes. */
export interface ServerReply {
  /** Three digits; empty where only the words are known. */
  readonly code?: string;
  /** RFC 3463: `5.1.1`; empty where the server gave none. */
  readonly status: string;
  /** The server's words, on one line. */
  readonly said: string;
  /** Whether the address was refused: a refusal of the message may hold any words. */
  readonly isOfAddress: boolean;
}

/**
 * "quota": the relay takes no more for some hours. "rate": we are too fast. "greylisting": the recipient's server takes the
 * message later. "mailbox": the mailbox takes nothing now. "system": the server has a fault or no room. "unknown user": the
 * address doesn't exist, which is the only refusal after which nothing is sent there again.
 */
export interface Meaning {
  readonly means: string;
  /** The hours over which a quota is counted; undefined for other limits. */
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

/** What the first pattern of `server-replies.json` says that fits; undefined where none does. */
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

/** Whether the address doesn't exist. */
export function isUnknownRecipient(reply: ServerReply): boolean {
  return meaningOf(reply)?.means === "unknown user";
}
