import type { Theme } from "./theme.ts";
import { createHash } from "node:crypto";
import { BroadsheetError } from "../errors.ts";
import { parseJson } from "../platform/attempt.ts";

/** The merge fields, a closed set. They are filled for each recipient. */
export type MergeField =
  "recipientName" | "recipientAddress" | "unsubscribeUrl" | "preferencesUrl" | "webUrl";

/** The same names at run time. The compiler ensures that none is missing. */
const MERGE_FIELDS: Readonly<Record<MergeField, true>> = {
  recipientName: true,
  recipientAddress: true,
  unsubscribeUrl: true,
  preferencesUrl: true,
  webUrl: true,
};

/** Gmail shows this much of an email's HTML, and then a link to the rest. */
export const CLIPPED_BYTES = 102 * 1024;

/** A finished email without a recipient. `slots` maps each merge field that it uses to its token in `html` and `text`. */
export interface Email {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly slots: Readonly<Partial<Record<MergeField, string>>>;
}

/**
 * Parses an `email.json`. It uses no schema library, because loading one would take longer than sending a message.
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
    fix: "do not edit it: change digest.json, then: broadsheet render",
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

/** The content of `email.json`: the email with its slots, and the digest that it was rendered from. */
export interface StoredEmail extends Email {
  /** See `digestHash`. */
  readonly digest: string;
}

/** Returns the SHA-256 of a digest.json, in hexadecimal. It shows whether the file was edited since. */
export function digestHash(digestJson: string | Uint8Array): string {
  return createHash("sha256").update(digestJson).digest("hex");
}

/** A Handlebars source with its file, which errors name. */
export interface TemplateFile {
  readonly file: string;
  readonly source: string;
}

/**
 * The template of an issue. `html` is Handlebars that produces MJML, `text` is Handlebars that produces the plain-text
 * part, and `partials` are available to both by name.
 */
export interface Template {
  readonly name: string;
  readonly html: TemplateFile;
  readonly text: TemplateFile;
  readonly partials: ReadonlyMap<string, TemplateFile>;
  readonly theme: Theme;
  /** Whether all its files come with Broadsheet, so that they were checked before the release. */
  readonly isShipped?: boolean;
}
