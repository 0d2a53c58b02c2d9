import { memo } from "../memo.ts";
import { attribute, type HtmlDocument, type MailElement, named } from "../html/mail-element.ts";
import { isShown, nameOf } from "./shown-text.ts";

/** A link of an email, as a reader meets it. */
export interface MailLink {
  readonly element: MailElement;
  /** The address as it is written, without what a browser takes out of it first (URL §4.4). */
  readonly href: string;
  /** What a screen reader says: its text, or that of the pictures in it. */
  readonly name: string;
  readonly isShown: boolean;
}

export const linksOf = memo((html: HtmlDocument): MailLink[] =>
  named(html, "a", "area")
    .filter(({ attributes }) => attributes.has("href"))
    .map((element) => ({
      element,
      href: attribute(element, "href").replace(/[\t\n\r]/g, ""),
      name: element.name === "area" ? attribute(element, "alt") : nameOf(element),
      isShown: isShown(element, html),
    })),
);
