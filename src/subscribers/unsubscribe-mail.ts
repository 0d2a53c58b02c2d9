import { tokenIn } from "./token.ts";

/** What a mail asks for: by the token in it, or of the address that it is from. */
export type Request = { readonly token: string } | { readonly address: string } | undefined;

/**
 * How a mail to the unsubscribe address is meant. The `mailto:` of every message writes the reader's token
 * into the subject, and a token tells more than a sender, which anybody can write. A mail without one counts
 * for its sender when its subject begins with "unsubscribe" and no program wrote it: out-of-office notes
 * and bounces ask for nothing.
 */
export function requestIn({
  subject,
  from,
  isAutomatic,
}: {
  readonly subject: string;
  readonly from?: string;
  readonly isAutomatic: boolean;
}): Request {
  const token = tokenIn(subject);
  if (token !== undefined) return { token };
  const asks = /^\s*(?:re:\s*)?unsubscribe\b/i.test(subject);
  return asks && from !== undefined && !isAutomatic ? { address: from } : undefined;
}
