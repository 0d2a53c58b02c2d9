import { createHash } from "node:crypto";
import type { Email } from "../email/email.ts";
import type { InlineImage } from "./mailing.ts";

/** SHA-256 of all that readers of an issue get and that is the same for each, in hexadecimal. */
export function contentHash(email: Email, images: readonly InlineImage[] = []): string {
  const { subject, html, text, slots } = email;
  const fields = Object.entries(slots).sort(([a], [b]) => (a < b ? -1 : 1));
  const pictures = images.map(({ cid, contentType, content }) => [
    cid,
    contentType,
    createHash("sha256").update(content).digest("hex"),
  ]);
  const parts = JSON.stringify([subject, html, text, fields, pictures]);
  return createHash("sha256").update(parts).digest("hex");
}
