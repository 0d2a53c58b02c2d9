import { parseMailFile } from "./mail-file.ts";

/** What a mail says of itself at its head. */
export interface MailHead {
  readonly subject: string;
  /** Whom it says it is from: one address, or none. */
  readonly from?: string;
  /** It was written by a program (RFC 3834). */
  readonly isAutomatic: boolean;
}

/**
 * The head of a mail in a file, or on the standard input where that is "-".
 * @throws BroadsheetError INPUT_MISSING, INPUT_UNREADABLE, CONTENT_UNSUPPORTED for what is no mail.
 */
export async function readMailHead(
  location: string,
  stdin: AsyncIterable<Uint8Array>,
): Promise<MailHead> {
  const { headers, subject = "", from } = await parseMailFile({ location, stdin });
  const auto = headers.find(({ key }) => key === "auto-submitted")?.value ?? "no";
  return {
    subject,
    isAutomatic: !/^\s*no\b/i.test(auto),
    ...(from?.address && { from: from.address }),
  };
}
