import {
  type AtRule,
  type Declaration,
  parseDeclarations,
  parseStyleSheet,
  type StyleRule,
  type StyleSheet,
} from "../../platform/css/style-sheet.ts";
import { type HtmlDocument, type MailElement, named, ownText, memo } from "../html-document.ts";
import { parseSelectors, type Selector } from "../../platform/css/selectors.ts";

/** A style rule with its parsed selectors. There are none if they are invalid. */
export interface SelectorRule extends StyleRule {
  readonly selectors: readonly Selector[];
}

export interface MailSheet extends StyleSheet {
  readonly rules: readonly SelectorRule[];
}

/** The style sheets and the inline styles of an email. */
interface DocumentStyles {
  readonly sheets: readonly { readonly element: MailElement; readonly sheet: MailSheet }[];
  readonly inline: ReadonlyMap<MailElement, readonly Declaration[]>;
}

export const stylesOf = memo((html: HtmlDocument): DocumentStyles => {
  const sheets = named(html, "style").map((element) => {
    return { element, sheet: withSelectors(parseStyleSheet(ownText(element), element.line)) };
  });
  return { sheets, inline: inlineStyles(html) };
});

/** Many cells have the same `style` attribute, so each distinct value is parsed once. */
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

/** A browser ignores a rule with invalid selectors. */
function withSelectors({ rules, atRules, faults }: StyleSheet): MailSheet {
  const read = rules.map((rule) => ({ ...rule, selectors: parseSelectors(rule.prelude) }));
  const others = read.filter(
    // The steps of `@keyframes`, such as "50%", are not selectors.
    ({ selectors, within }) =>
      selectors.length === 0 && !within.some(({ name }) => name.endsWith("keyframes")),
  );
  const all = [...faults, ...others.map(({ line, prelude }) => ({ line, text: prelude }))];
  return { rules: read, atRules, faults: all.sort((a, b) => a.line - b.line) };
}

/** Whether a media query asks for the dark scheme. */
export function asksForDark({ name, prelude }: AtRule): boolean {
  return name === "media" && /prefers-color-scheme\s*:\s*dark/i.test(prelude);
}
