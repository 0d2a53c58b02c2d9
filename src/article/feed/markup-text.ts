import { cleanText, oneLine } from "../clean-text.ts";
import { textOf } from "../markdown/html-tokens.ts";
import { toHtml } from "../paragraph-html.ts";
import { toBlocks } from "../plain-text/blocks.ts";
import { decodeStrayReferences } from "../sanitise-html.ts";
import { withoutHidden } from "../hidden/hidden-text.ts";
import type { Markup } from "./parsed-feed.ts";

const REFERENCE = /&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,31});/i;
const BEGINNING = /^\s*<(?:p|div|h[1-6]|ul|ol|table|blockquote|figure|section|article)[\s>]/i;
const TAG = /<(\/?)([a-z][a-z\d]*)(\s[^<>]*)?\/?>/gi;

/** Whether markup is HTML, told from what it looks like where the format does not say. */
function isHtml({ value, is }: Markup): boolean {
  if (is !== "either") return is === "html";
  return REFERENCE.test(value) || BEGINNING.test(value) || hasElement(value);
}

// "The <b> tag" has no "</b>", and "the <img> element" no picture: they mean what they say.
function hasElement(text: string): boolean {
  const open = new Set<string>();
  for (const [, slash, tag = "", attributes] of text.matchAll(TAG)) {
    const name = tag.toLowerCase();
    if (name === "br" || name === "hr" || (name === "img" && attributes !== undefined)) return true;
    if (slash === "/" && open.has(name)) return true;
    open.add(name);
  }
  return false;
}

/** Markup as one line of plain text: a title, a name, a summary. Empty where there is none. */
export function toLine(markup: Markup | undefined): string {
  if (markup === undefined) return "";
  const text = isHtml(markup) && /[<&]/.test(markup.value) ? shownIn(markup.value) : markup.value;
  return oneLine(cleanText(decodeStrayReferences(text)));
}

function shownIn(html: string): string {
  return textOf(withoutHidden(html).html);
}

/** Markup as HTML, plain text in paragraphs. */
export function toBodyHtml(markup: Markup): string {
  return isHtml(markup)
    ? markup.value
    : toHtml(toBlocks(cleanText(markup.value)).map(({ text }) => text));
}
