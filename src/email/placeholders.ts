import type { View } from "./view.ts";

/**
 * Content stays out of the templates' way: while Handlebars and MJML work, each text of the view is
 * a numbered placeholder, and the finished HTML is filled with the texts, escaped. Nothing an article
 * says can then be taken for a tag, and issues of one shape share one MJML result.
 *
 * The marks are noncharacters, which no text holds (Unicode §23.7).
 */
const OPEN = "\uFDD0";
const CLOSE = "\uFDD1";

/** What templates branch on or set as markup, and so must see itself. */
const STRUCTURE = new Set([
  "language",
  "direction",
  "start",
  "end",
  "hang",
  "style",
  "kind",
  "plate",
  "labels",
]);

/** The text behind a placeholder; `isHtml` where it is markup that we wrote ourselves. */
export interface Word {
  readonly text: string;
  readonly isHtml: boolean;
}

/** The view with its texts replaced by placeholders, and the texts by number. */
export function withPlaceholders(view: View): { view: View; words: readonly Word[] } {
  const words: Word[] = [];
  return { view: replaceTexts(view, "", words), words };
}

/** HTML with every placeholder filled by its text, escaped for text and for quoted attributes. */
export function fillPlaceholders(html: string, words: readonly Word[]): string {
  return html.replace(PLACEHOLDER, (_mark, index: string) => {
    const word = words[Number(index)];
    return word === undefined || word.isHtml ? (word?.text ?? "") : escapeHtml(word.text);
  });
}

const PLACEHOLDER = new RegExp(`${OPEN}(\\d+)${CLOSE}`, "g");

function replaceTexts<T>(value: T, key: string, words: Word[]): T;
function replaceTexts(value: unknown, key: string, words: Word[]): unknown {
  if (STRUCTURE.has(key) || value === "") return value;
  if (typeof value === "string") {
    words.push({ text: value, isHtml: key === "html" });
    return `${OPEN}${words.length - 1}${CLOSE}`;
  }
  if (Array.isArray(value))
    return value.map((element: unknown) => replaceTexts(element, key, words));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, replaceTexts(inner, name, words)]),
  );
}

/** Braces too: no mail service further on may take a title such as `{{name}}` for a merge field. */
function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("{", "&#123;");
}
