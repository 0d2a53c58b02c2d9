import type { Digest } from "../../digest/digest.ts";
import { type HtmlDocument, type MailElement } from "../html/mail-element.ts";
import { quoted } from "../content/shown-text.ts";
import { faultAt, htmlRule, type Rule } from "../rule.ts";

/** What a template leaves behind where it wasn't filled, or filled with nothing. */
export const LEFTOVER_RULES: readonly Rule[] = [
  htmlRule({
    id: "merge-tags",
    severity: "error",
    what: "No merge field is left unfilled: {{name}}, *|NAME|*, {% if %}",
    source: "Handlebars, Mailchimp, Liquid: what their tags look like",
    fix: "fill it, or take it out of the template",
    run: (html, { digest }) => {
      const found = placesOf(html, TAG, digest);
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
    what: "Nowhere stands undefined, null, NaN or [object Object]",
    source: "ECMAScript: what a value becomes in a text where there is none",
    fix: "give the template the value, or leave the part out where there is none",
    run: (html, { digest }) => {
      const found = placesOf(html, EMPTY, digest);
      const [first] = found;
      return faultAt(
        found.map(({ element }) => element),
        `${quoted(first?.text ?? "")} stands where a text should`,
      );
    },
  }),
];

const TAG =
  /\{\{[^{}]{0,80}\}\}|\{%[^%]{0,80}%\}|\*\|[^|*]{1,60}\|\*|<%[^%]{0,80}%>|%%[\w.]{1,40}%%|\$\{[\w.]{1,40}\}|\{\{|\}\}/;

/** Alone in its element or its value: in a sentence it may be what an article is about. */
const EMPTY = /^\s*(?:undefined|null|NaN|\[object \w+\]|Invalid Date)\s*$|\[object Object\]/;

interface Leftover {
  readonly element: MailElement;
  readonly text: string;
}

/** Where a pattern is in a text or an address; not what an article of the issue says itself. */
function placesOf(html: HtmlDocument, pattern: RegExp, digest: Digest | undefined): Leftover[] {
  const said = digest ? JSON.stringify(digest) : "";
  return html.elements
    .filter(({ name }) => name !== "style" && name !== "script")
    .flatMap((element) => {
      const found = textsOf(element).map((text) => pattern.exec(text)?.[0].trim());
      const text = found.find((left) => left !== undefined && !said.includes(left));
      return text === undefined ? [] : [{ element, text }];
    });
}

const SHOWN_ATTRIBUTES = ["href", "src", "alt", "title", "aria-label"];

function textsOf(element: MailElement): string[] {
  const attributes = SHOWN_ATTRIBUTES.map((name) => element.attributes.get(name) ?? "");
  return [...element.children.filter((child) => typeof child === "string"), ...attributes];
}
