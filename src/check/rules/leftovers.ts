import WORDS from "./placeholder-copy.json" with { type: "json" };
import {
  type HtmlDocument,
  type MailElement,
  attribute,
  named,
  ownText,
} from "../html-document.ts";
import { type CheckInput, quoted, faultAt, htmlRule, type Rule } from "../rule.ts";
import { shownTexts } from "../content.ts";
import { folded } from "../../platform/text.ts";

/** Rules for unfilled or empty fields of a template, and for its sample texts. */
export const LEFTOVER_RULES: readonly Rule[] = [
  htmlRule({
    id: "merge-tags",
    severity: "error",
    what: "All merge fields are filled, such as {{name}}, *|NAME|*, {% if %}",
    source: "Handlebars, Mailchimp, Liquid: what their tags look like",
    fix: "fill it, or remove it from the template",
    run: (html, { content }) => {
      const found = placesOf(html, TAG, content);
      return faultAt(
        found.map(({ element }) => element),
        (count) => {
          const tags = [...new Set(found.map(({ text }) => text))];
          const shown = tags.slice(0, 3).map(quoted).join(", ");
          return `${count === 1 ? "A merge field was" : "Merge fields were"} left unfilled: ${shown}${tags.length > 3 ? " and others" : ""}`;
        },
      );
    },
  }),
  htmlRule({
    id: "empty-values",
    severity: "error",
    what: "No text contains undefined, null, NaN or [object Object]",
    source: "ECMAScript: the text of a missing value",
    fix: "give the template the value, or omit the part if there is none",
    run: (html, { content }) => {
      const found = placesOf(html, EMPTY, content);
      const [first] = found;
      return faultAt(
        found.map(({ element }) => element),
        `${quoted(first?.text ?? "")} is in the place of a text`,
      );
    },
  }),
  htmlRule({
    id: "placeholder-copy",
    severity: "warning",
    what: "No sample text of a template remains: Lorem ipsum, [Product Name], “Heading 1”, 123 Main Street",
    source: "The sample texts of the templates of Mailchimp, Postmark, MJML and others",
    fix: "write your own in its place, or remove it",
    run: (html, { content }) => {
      let said: string | undefined;
      // An article of the issue may be about templates, but it never contains filler text.
      const left = [...leftIn(html)].filter(
        ({ text, isFiller }) =>
          isFiller || !(said ??= folded(content?.unedited() ?? "")).includes(folded(text)),
      );
      const texts = [...new Set(left.map(({ text }) => quoted(text)))];
      const shown = texts.slice(0, MOST_NAMED).join(", ");
      const more = texts.length > MOST_NAMED ? ` and ${texts.length - MOST_NAMED} more` : "";
      return faultAt(
        left.map(({ element }) => element),
        `Sample text of a template: ${shown}${more}`,
      );
    },
  }),
];

const TAG =
  /\{\{[^{}]{0,80}\}\}|\{%[^%]{0,80}%\}|\*\|[^|*]{1,60}\|\*|<%[^%]{0,80}%>|%%[\w.]{1,40}%%|\$\{[\w.]{1,40}\}|\{\{|\}\}/;

/**
 * Values that count only if they are the whole text of an element or attribute. In a sentence they may be the topic of an
 * article.
 */
const EMPTY = /^\s*(?:undefined|null|NaN|\[object \w+\]|Invalid Date)\s*$|\[object Object\]/;

interface Leftover {
  readonly element: MailElement;
  readonly text: string;
}

/** Finds a pattern in texts and addresses. Text of the articles does not count. */
function placesOf(html: HtmlDocument, pattern: RegExp, content: CheckInput["content"]): Leftover[] {
  return html.elements
    .filter(({ name }) => name !== "style" && name !== "script")
    .flatMap((element) => {
      const found = textsOf(element).map((text) => pattern.exec(text)?.[0].trim());
      const text = found.find(
        (left) => left !== undefined && content?.text().includes(left) !== true,
      );
      return text === undefined ? [] : [{ element, text }];
    });
}

const SHOWN_ATTRIBUTES = ["href", "src", "alt", "title", "aria-label"];

function textsOf(element: MailElement): string[] {
  const attributes = SHOWN_ATTRIBUTES.map((name) => element.attributes.get(name) ?? "");
  return [...element.children.filter((child) => typeof child === "string"), ...attributes];
}

const MOST_NAMED = 3;

interface Placeholder {
  readonly element: MailElement;
  readonly text: string;
  readonly isFiller: boolean;
}

function* leftIn(html: HtmlDocument): Generator<Placeholder> {
  for (const element of [...named(html, "title"), ...shownTexts(html)]) {
    const text = ownText(element).replace(/\s+/g, " ").trim();
    const isFiller = isFillerText(text);
    const found = isFiller ? text : placeholderIn(text);
    if (found !== undefined) yield { element, text: found, isFiller };
  }
  for (const element of named(html, "img")) {
    const found = placeholderIn(attribute(element, "alt"));
    if (found !== undefined) yield { element, text: found, isFiller: false };
  }
}

/** Words of “Lorem ipsum”. A sentence in a living language contains at most one or two of them. */
const FILLER = new Set(WORDS.filler.split(" "));
const LEAST_WORDS = 4;

function isFillerText(text: string): boolean {
  const words = text.toLowerCase().match(/\p{L}{3,}/gu) ?? [];
  const latin = words.filter((word) => FILLER.has(word)).length;
  return latin >= LEAST_WORDS && latin >= words.length * 0.25;
}

const WHOLE = new RegExp(`^(?:${WORDS.whole.join("|")})[:.!]?$`, "iu");
const ADDRESSES = new RegExp(WORDS.addresses.join("|"), "iu");
const SLOTS = new Set(WORDS.slots.split(" "));

/** Returns the placeholder that a text is or contains. */
function placeholderIn(text: string): string | undefined {
  const said = folded(text);
  const bare = said.replace(/^(?:©|\(c\)|copyright|\d{4}|\s)+/u, "");
  if (WHOLE.test(bare) || WORDS.phrases.some((phrase) => said.includes(phrase))) return text;
  return (
    ADDRESSES.exec(text)?.[0] ??
    [...text.matchAll(BRACKETS)].find(([, words = ""]) => isSlot(words))?.[0] ??
    SERVICE_SLOT.exec(text)?.[0] ??
    /^\(Optional\)(?=\s|$)/.exec(text)?.[0]
  );
}

/** For example `[Product Name]` or `[Your city]`: a few words in brackets that describe the missing text. */
const BRACKETS = /\[((?:[\p{L}']+[ ,_-]{0,2}){1,5})\]/gu;

function isSlot(words: string): boolean {
  const [first = "", ...rest] = words
    .toLowerCase()
    .split(/[ ,_-]+/)
    .filter(Boolean);
  const last = rest.at(-1) ?? "";
  return (
    (/^(?:your|insert|enter|add|my)$/.test(first) && rest.length > 0) ||
    (SLOTS.has(last) && (SLOTS.has(first) || /^\p{Lu}/u.test(words)))
  );
}

/** For example `[[PERMALINK]]` or `{first_name}`: tags that only a sending service fills in. */
const SERVICE_SLOT =
  /\[\[[A-Z_]{3,40}\]\]|\{(?:first|last|full|user)_?name\}|\{[a-z]+(?:_[a-z]+)+\}/i;
