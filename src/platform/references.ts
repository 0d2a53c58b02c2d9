import type * as Entities from "entities";
import { createRequire } from "node:module";
import { once } from "./remembering.ts";

/** A text of markup with the characters that its references stand for, as browsers read them: `&#xE9;`, `&eacute;`. */
export function decodeText(markup: string): string {
  return markup.includes("&") ? decoder().decodeHTML(markup) : markup;
}

/** The same of an attribute's value, in which "&copy=1" is part of an address. */
export function decodeValue(markup: string): string {
  return markup.includes("&") ? decoder().decodeHTMLAttribute(markup) : markup;
}

// The package `entities`, loaded with the first reference.
const decoder = once((): typeof Entities => createRequire(import.meta.url)("entities"));

const REFERENCE = /&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,31});/gi;

/** A text with its character references decoded: `&#xE9;`, `&eacute;`. An unknown reference stays in the text. */
export function decodeReferences(text: string): string {
  return text.replace(REFERENCE, decodeText);
}

/**
 * A plain text that was escaped once too often, with its references decoded. Only references in a word, references to
 * a letter and ampersands are decoded: "Why &nbsp; breaks" is about the reference, and "&lt;" would make a tag.
 */
export function decodeStrayReferences(text: string): string {
  return text.replace(REFERENCE, (reference, at: number) => {
    if (OF_TAG.test(reference)) return reference;
    const character = decodeReferences(reference);
    const isInWord =
      /[\p{L}\p{N}]$/u.test(text.slice(at - 1, at)) ||
      /^[\p{L}\p{N}]/u.test(text.slice(at + reference.length));
    return isInWord || /^[&\p{L}]/u.test(character) ? character : reference;
  });
}

const OF_TAG = /^&(?:lt|gt|#0*6[02]|#x0*3[ce]);$/i;

const REFERENCES: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
]);

const BRACE = "&#123;";

const CHARACTERS: ReadonlyMap<string, string> = new Map([
  ...Array.from(REFERENCES, ([character, reference]) => [reference, character] as const),
  [BRACE, "{"],
]);

/** Text as HTML shows it, in an element or an attribute in double quotes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => REFERENCES.get(character) ?? character);
}

/** A link in HTML. */
export function anchor(url: string, text: string): string {
  return `<a href="${escapeHtml(url)}">${escapeHtml(text)}</a>`;
}

/** The same for an email. A mail service on the way must not read a title such as `{{name}}` as a merge field. */
export function escapeMailHtml(text: string): string {
  return escapeHtml(text).replaceAll("{", BRACE);
}

/** The text of HTML that was escaped here, which has these five references and no others. */
export function unescapeHtml(html: string): string {
  return html.replace(
    /&(?:amp|lt|gt|quot|#123);/g,
    (reference) => CHARACTERS.get(reference) ?? reference,
  );
}
