import PostalMime, { type Email, type Attachment } from "postal-mime";
import { BroadsheetError } from "../../errors.ts";
import { inputError } from "../../platform/file-error.ts";
import { openLocalFile } from "../../platform/files/local-file.ts";
import { type Field, type MailPart, type ReceivedMail, valueOf } from "../received-mail.ts";
import { recipientOf } from "../settings.ts";

/** Where a mail is taken from. */
interface MailFile {
  /** A file; the standard input where it is "-". */
  readonly location: string;
  readonly stdin: AsyncIterable<Uint8Array>;
}

/**
 * What follows isn't read. Headers and reports come first; the end of a mail is pictures, and a
 * million empty lines keep the parser busy for half a minute.
 */
const MOST_BYTES = 256 * 1024;

/**
 * The beginning of a mail (RFC 5322), its words decoded.
 * @throws BroadsheetError INPUT_MISSING, INPUT_UNREADABLE, CONTENT_UNSUPPORTED for what is no mail.
 */
async function parseMailFile({ location, stdin }: MailFile): Promise<Email> {
  const reading = location === "-" ? beginningOf(stdin) : beginningOfFile(location);
  const bytes = await reading.catch((cause: unknown) => {
    throw inputError(cause, location);
  });
  const email = await parsed(bytes);
  if (!email.headers.some(({ key }) => EXPECTED.has(key))) throw noMail();
  return email;
}

const EXPECTED = new Set(["from", "subject", "to", "date", "message-id", "received"]);

/** Parts that are mails stay whole: what stands in them isn't said by this one. */
async function parsed(bytes: Uint8Array): Promise<Email> {
  try {
    return await PostalMime.parse(bytes, { forceRfc822Attachments: true });
  } catch (cause) {
    const what = "that mail has too many parts, or too long a header, to be read";
    throw new BroadsheetError("CONTENT_UNSUPPORTED", what, {
      fix: "nothing was changed; look at it yourself",
      cause,
    });
  }
}

async function beginningOfFile(file: string): Promise<Uint8Array> {
  await using handle = await openLocalFile(file, { within: undefined });
  return await beginningOf(handle.createReadStream({ autoClose: false }));
}

async function beginningOf(chunks: AsyncIterable<unknown>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    if (!(chunk instanceof Uint8Array)) continue;
    parts.push(chunk);
    length += chunk.length;
    if (length >= MOST_BYTES) break;
  }
  return Buffer.concat(parts).subarray(0, MOST_BYTES);
}

function noMail(): BroadsheetError {
  return new BroadsheetError("CONTENT_UNSUPPORTED", "that is no mail: it has no headers", {
    fix: "give the whole mail as it came",
  });
}

/** What a mail says of itself at its head. */
export interface MailHead {
  readonly subject: string;
  /** The address in From, in normal form; absent where there is none. Anyone can write any address there. */
  readonly from?: string;
  /** It was written by a program (RFC 3834). */
  readonly isAutomatic: boolean;
  /** The whole header, in its order. */
  readonly fields: readonly Field[];
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
  const fields = headers.map(({ key, value }) => ({ key, value }));
  const sender = recipientOf(from?.address ?? "");
  return {
    subject,
    isAutomatic: !/^\s*(?:no\b|$)/i.test(valueOf(fields, "auto-submitted")),
    fields,
    ...(sender && { from: sender.address }),
  };
}

/**
 * A mail in a file, or on the standard input where that is "-", taken apart.
 * @throws BroadsheetError INPUT_MISSING, INPUT_UNREADABLE, CONTENT_UNSUPPORTED for what is no mail.
 */
export async function readReceivedMail(
  location: string,
  stdin: AsyncIterable<Uint8Array>,
): Promise<ReceivedMail> {
  const email = await parseMailFile({ location, stdin });
  return {
    fields: email.headers.map(({ key, value }) => ({ key, value })),
    subject: email.subject ?? "",
    text: email.text ?? "",
    parts: email.attachments.map(partOf),
    ...(email.from?.address && { from: email.from.address }),
  };
}

function partOf({ mimeType, content }: Attachment): MailPart {
  const text = typeof content === "string" ? content : new TextDecoder().decode(content);
  return { type: mimeType.toLowerCase(), text };
}
