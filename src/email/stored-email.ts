import { createHash } from "node:crypto";
import type { Email } from "./email.ts";

/** What `email.json` holds: the email with its slots, and the digest it was rendered from. */
export interface StoredEmail extends Email {
  /** See `digestHash`. */
  readonly digest: string;
  /** The same of the digest that was built from the articles: another one where somebody has edited it. */
  readonly built?: string;
}

/** SHA-256 of the bytes of a digest.json, in hexadecimal: tells whether it was edited since. */
export function digestHash(digestJson: string | Buffer): string {
  return createHash("sha256").update(digestJson).digest("hex");
}
