import PostalMime, { addressParser } from "postal-mime";
import { field, type MailMessage } from "./mail-message.ts";
import { mimeStructure } from "./mime-structure.ts";

/** A message from its octets, whatever they are: what is no message has a header of nothing. */
export async function readMessage(raw: Uint8Array): Promise<MailMessage> {
  const octets = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString("latin1");
  const crlf = octets.split("\r\n").length - 1;
  const all = octets.split(/\r\n|\n|\r/).length - 1;
  const { html, text, subject } = await decoded(raw);
  const root = mimeStructure(octets);
  return {
    root,
    subject,
    from: addressParser(field(root, "From") ?? "", { flatten: true }).map(
      ({ address = "" }) => address,
    ),
    html,
    text,
    bytes: raw.byteLength,
    lineEnds: { crlf, bare: all - crlf },
  };
}

/** It refuses what has too many parts or too long a header: of that nothing is read. */
async function decoded(raw: Uint8Array): Promise<Pick<MailMessage, "html" | "text" | "subject">> {
  try {
    const { html, text, subject } = await PostalMime.parse(raw);
    return { html, text, subject };
  } catch {
    return { html: undefined, text: undefined, subject: undefined };
  }
}
