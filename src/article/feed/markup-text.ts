import { cleanText, oneLine } from "../clean-text.ts";
import { tokensOf } from "../markdown/html-tokens.ts";
import { toHtml } from "../paragraph-html.ts";
import { toBlocks } from "../plain-text/blocks.ts";
import { decodeStrayReferences, sanitiseHtml } from "../sanitise-html.ts";
import type { Markup } from "./formats/parsed-feed.ts";

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
  const text = isHtml(markup) && /[<&]/.test(markup.value) ? textIn(markup.value) : markup.value;
  return oneLine(cleanText(decodeStrayReferences(text)));
}

function textIn(html: string): string {
  const texts = [...tokensOf(sanitiseHtml(html))].map((token) => {
    if (token.is === "text") return token.text;
    // A title may put one word in italics; a paragraph or a line break parts two.
    return /^(?:a|em|strong|del|code|sup|sub)$/.test(token.tag) ? "" : " ";
  });
  return texts.join("");
}

/** Markup as HTML, plain text in paragraphs. */
export function toBodyHtml(markup: Markup): string {
  return isHtml(markup)
    ? markup.value
    : toHtml(toBlocks(cleanText(markup.value)).map(({ text }) => text));
}
