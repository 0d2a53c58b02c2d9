import { createHash } from "node:crypto";
import { BroadsheetError } from "../errors.ts";
import { MERGE_FIELDS, type Email, type MergeField } from "./email.ts";

/**
 * The email that the text of an `email.json` holds. Read by hand: a schema library would take longer
 * to load than sending a message does.
 * @throws BroadsheetError EMAIL_INVALID.
 */
export function parseEmailJson(text: string, file: string): StoredEmail {
  const raw = parsed(text);
  const { subject, html, text: plain, digest, slots } = raw ?? {};
  const filled = slotsOf(slots);
  if (isText(subject) && isText(html) && isText(plain) && isText(digest) && filled) {
    const email = { subject, html, text: plain, slots: filled };
    return { digest, ...email };
  }
  throw new BroadsheetError("EMAIL_INVALID", "email.json does not hold an email", {
    where: { file },
    fix: "it is not made to be edited: change digest.json and render it again",
  });
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function slotsOf(value: unknown): Email["slots"] | undefined {
  if (!isRecord(value)) return undefined;
  const slots: Partial<Record<MergeField, string>> = {};
  for (const [name, token] of Object.entries(value)) {
    if (!isMergeField(name) || !isText(token) || token === "") return undefined;
    slots[name] = token;
  }
  return slots;
}

function isMergeField(name: string): name is MergeField {
  return Object.hasOwn(MERGE_FIELDS, name);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

/** What `email.json` holds: the email with its slots, and the digest it was rendered from. */
export interface StoredEmail extends Email {
  /** See `digestHash`. */
  readonly digest: string;
}

/** SHA-256 of the bytes of a digest.json, in hexadecimal: tells whether it was edited since. */
export function digestHash(digestJson: string | Buffer): string {
  return createHash("sha256").update(digestJson).digest("hex");
}
