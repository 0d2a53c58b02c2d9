import { type HtmlDocument, type MailElement, named, ownText } from "../html/mail-element.ts";
import { memo } from "../memo.ts";
import { parseDeclarations, parseStyleSheet } from "./parse-css.ts";
import type { Declaration, StyleSheet } from "./style-sheet.ts";

/** The style sheets of an email and the styles that its elements have of their own. */
export interface DocumentStyles {
  readonly sheets: readonly { readonly element: MailElement; readonly sheet: StyleSheet }[];
  readonly inline: ReadonlyMap<MailElement, readonly Declaration[]>;
}

export const stylesOf = memo((html: HtmlDocument): DocumentStyles => {
  const sheets = named(html, "style").map((element) => {
    const css = ownText(element);
    return { element, sheet: parseStyleSheet(css, element.line) };
  });
  return { sheets, inline: inlineStyles(html) };
});

/** A mail says the same thing to a hundred cells, so that each wording is read once. */
function inlineStyles({ elements }: HtmlDocument) {
  const read = new Map<string, readonly Declaration[]>();
  const inline = new Map<MailElement, readonly Declaration[]>();
  for (const element of elements) {
    const css = element.attributes.get("style");
    if (css === undefined) continue;
    const declarations = read.get(css) ?? parseDeclarations(css);
    read.set(css, declarations);
    inline.set(element, declarations);
  }
  return inline;
}
