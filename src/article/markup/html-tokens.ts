import { cleanEntities } from "../clean-text.ts";
import { tokensOf, type Attributes } from "./tokens.ts";
import { sanitiseHtml, unescapeHtml } from "../sanitise-html.ts";

/** A stretch of sanitised HTML that stands in a line: text, or a tag such as `em` or `a`. */
export type InlineToken =
  | { readonly is: "text"; readonly text: string }
  | {
      readonly is: "inline";
      readonly tag: string;
      readonly isOpening: boolean;
      readonly html: string;
      readonly attributes: Attributes;
    };

/** The tag that starts or ends a block. */
export interface BlockToken {
  readonly is: "open" | "close";
  readonly tag: string;
  readonly html: string;
}

export type HtmlToken = InlineToken | BlockToken;

const INLINE: ReadonlySet<string> = new Set("a em strong del code sup sub br img".split(" "));

/** The tags and texts of HTML that sanitise-html.ts wrote. */
export function htmlTokensOf(html: string): HtmlToken[] {
  return tokensOf(html).flatMap((token): HtmlToken[] => {
    const { is, source } = token;
    if (is === "text") return [{ is, text: cleanEntities(unescapeHtml(source)) }];
    if (is === "raw") return [];
    const { name: tag } = token;
    if (!INLINE.has(tag)) return [{ is, tag, html: source }];
    const attributes = is === "open" ? unescaped(token.attributes) : NONE;
    return [{ is: "inline", tag, isOpening: is === "open", html: source, attributes }];
  });
}

const NONE: Attributes = new Map();

function unescaped(attributes: Attributes): Attributes {
  return new Map([...attributes].map(([name, value]) => [name, unescapeHtml(value)]));
}

/** The text of HTML from anywhere, without its tags. */
export function textOf(html: string): string {
  const texts = htmlTokensOf(sanitiseHtml(html)).map((token) => {
    if (token.is === "text") return token.text;
    // One word of a title may be in italics; a paragraph or a line break parts two.
    return /^(?:a|em|strong|del|code|sup|sub)$/.test(token.tag) ? "" : " ";
  });
  return texts.join("");
}
