import type { Attachment } from "postal-mime";
import type { MailPart, ReceivedMail } from "../../returned/received-mail.ts";
import { parseMailFile } from "./mail-file.ts";

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
