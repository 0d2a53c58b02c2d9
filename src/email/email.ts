import type { Theme } from "./theme.ts";
import { createHash } from "node:crypto";
import { BroadsheetError } from "../errors.ts";
import { parseJson } from "../platform/attempt.ts";

/** The merge fields that are filled for each recipient; a closed set. */
export type MergeField =
  "recipientName" | "recipientAddress" | "unsubscribeUrl" | "preferencesUrl" | "webUrl";

/** The same for a program to ask: the compiler sees to it that none is missing. */
const MERGE_FIELDS: Readonly<Record<MergeField, true>> = {
  recipientName: true,
  recipientAddress: true,
  unsubscribeUrl: true,
  preferencesUrl: true,
  webUrl: true,
};

/** Gmail shows this much of an email's HTML, and a link to the rest. */
export const CLIPPED_BYTES = 102 * 1024;

/**
 * A finished email without a recipient: `slots` maps each merge field that it uses to the token that
 * stands for it in `html` and `text`.
 */
export interface Email {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly slots: Readonly<Partial<Record<MergeField, string>>>;
}

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
  const value = parseJson(text);
  return isRecord(value) ? value : undefined;
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

export function isRecord(value: unknown): value is Record<string, unknown> {
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
export function digestHash(digestJson: string | Uint8Array): string {
  return createHash("sha256").update(digestJson).digest("hex");
}

/** A Handlebars source and the file it came from, for errors that can be found. */
export interface TemplateFile {
  readonly file: string;
  readonly source: string;
}

/**
 * How an issue looks: `html` is Handlebars that yields MJML, `text` is Handlebars that yields the
 * plain-text part, `partials` are what both may include, by name.
 */
export interface Template {
  readonly name: string;
  readonly html: TemplateFile;
  readonly text: TemplateFile;
  readonly partials: ReadonlyMap<string, TemplateFile>;
  readonly theme: Theme;
  /** Whether all of it comes with Broadsheet, and was checked before that went out. */
  readonly isShipped?: boolean;
}
