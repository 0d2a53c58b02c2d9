import { createReadStream } from "node:fs";
import PostalMime from "postal-mime";
import { BroadsheetError } from "../../errors.ts";
import { inputError } from "../input-error.ts";

/** What a mail says of itself at its head. */
export interface MailHead {
  readonly subject: string;
  /** Whom it says it is from: one address, or none. */
  readonly from?: string;
  /** It was written by a program (RFC 3834). */
  readonly isAutomatic: boolean;
}

/** The headers come first, and nothing else is read. */
const MOST_BYTES = 256 * 1024;

/**
 * The head of a mail (RFC 5322) in a file, or on the standard input where that is "-"; its words decoded.
 * @throws BroadsheetError INPUT_MISSING, INPUT_UNREADABLE, CONTENT_UNSUPPORTED for what is no mail.
 */
export async function readMailHead(
  location: string,
  stdin: AsyncIterable<Uint8Array>,
): Promise<MailHead> {
  const bytes = await beginningOf(location === "-" ? stdin : createReadStream(location)).catch(
    (cause: unknown) => {
      throw inputError(cause, location);
    },
  );
  const { headers, subject = "", from } = await PostalMime.parse(bytes);
  if (!headers.some(({ key }) => EXPECTED.has(key))) throw noMail();
  const auto = headers.find(({ key }) => key === "auto-submitted")?.value ?? "no";
  return {
    subject,
    isAutomatic: !/^\s*no\b/i.test(auto),
    ...(from?.address && { from: from.address }),
  };
}

const EXPECTED = new Set(["from", "subject", "to", "date", "message-id", "received"]);

async function beginningOf(chunks: AsyncIterable<unknown>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    if (!(chunk instanceof Uint8Array)) continue;
    parts.push(chunk);
    length += chunk.length;
    if (length >= MOST_BYTES) break;
  }
  return Buffer.concat(parts);
}

function noMail(): BroadsheetError {
  return new BroadsheetError("CONTENT_UNSUPPORTED", "that is no mail: it has no headers", {
    fix: "give the whole mail as it came",
  });
}
