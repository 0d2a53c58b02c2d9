import type * as Entities from "entities";
import { createRequire } from "node:module";
import { once } from "./remembering.ts";

/** Decodes the character references in a text of markup, as browsers do: `&#xE9;`, `&eacute;`. */
export function decodeText(markup: string): string {
  return markup.includes("&") ? decoder().decodeHTML(markup) : markup;
}

/** Decodes the character references in the value of an attribute, in which "&copy=1" is part of an address. */
export function decodeValue(markup: string): string {
  return markup.includes("&") ? decoder().decodeHTMLAttribute(markup) : markup;
}

// The package `entities`, loaded with the first reference.
const decoder = once((): typeof Entities => createRequire(import.meta.url)("entities"));

const REFERENCE = /&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,31});/gi;

/** Decodes the references in a plain text that end with a semicolon. Unknown references stay in the text. */
export function decodeReferences(text: string): string {
  return text.replace(REFERENCE, decodeText);
}

/**
 * Decodes a plain text that was escaped once too often. Only references inside a word, references to a letter and ampersands
 * are decoded: "Why &nbsp; breaks" is about the reference, and "&lt;" would make a tag.
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

/** Escapes a text for HTML, in an element or in an attribute with double quotes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => REFERENCES.get(character) ?? character);
}

/** A link in HTML. */
export function anchor(url: string, text: string): string {
  return `<a href="${escapeHtml(url)}">${escapeHtml(text)}</a>`;
}

/** Escapes a text for the HTML of an email. A mail service must not read a title such as `{{name}}` as a merge field. */
export function escapeMailHtml(text: string): string {
  return escapeHtml(text).replaceAll("{", BRACE);
}

/** Decodes HTML that was escaped here, which has only these five references. */
export function unescapeHtml(html: string): string {
  return html.replace(
    /&(?:amp|lt|gt|quot|#123);/g,
    (reference) => CHARACTERS.get(reference) ?? reference,
  );
}
