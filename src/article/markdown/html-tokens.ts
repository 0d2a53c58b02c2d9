import { cleanEntities } from "../clean-text.ts";
import { sanitiseHtml, unescapeHtml } from "../sanitise-html.ts";

/** A stretch of sanitised HTML that stands in a line: text, or a tag such as `em` or `a`. */
export type InlineToken =
  | { readonly is: "text"; readonly text: string }
  | {
      readonly is: "inline";
      readonly tag: string;
      readonly isOpening: boolean;
      readonly html: string;
      readonly attributes: ReadonlyMap<string, string>;
    };

/** The tag that starts or ends a block. */
export interface BlockToken {
  readonly is: "open" | "close";
  readonly tag: string;
  readonly html: string;
}

export type HtmlToken = InlineToken | BlockToken;

const TOKEN = /<(\/?)([a-z][a-z\d]*)([^<>]*)>|[^<]+/g;
const INLINE: ReadonlySet<string> = new Set("a em strong del code sup sub br img".split(" "));

/**
 * The tags and texts of HTML that sanitise-html.ts wrote. It escapes `<` and `>` in texts and attributes,
 * which is what makes one regular expression enough; on HTML from anywhere else it would not be.
 */
export function* tokensOf(html: string): Generator<HtmlToken> {
  for (const [whole, slash, tag, attributes = ""] of html.matchAll(TOKEN)) {
    if (tag === undefined) yield { is: "text", text: cleanEntities(unescapeHtml(whole)) };
    else if (!INLINE.has(tag)) yield { is: slash ? "close" : "open", tag, html: whole };
    else {
      const isOpening = slash === "";
      yield { is: "inline", tag, isOpening, html: whole, attributes: attributesOf(attributes) };
    }
  }
}

function attributesOf(written: string): Map<string, string> {
  const pairs = [...written.matchAll(/([a-z]+)="([^"]*)"/g)];
  return new Map(pairs.map(([, name = "", value = ""]) => [name, unescapeHtml(value)]));
}

/** The text of HTML from anywhere, without its tags. */
export function textOf(html: string): string {
  const texts = [...tokensOf(sanitiseHtml(html))].map((token) => {
    if (token.is === "text") return token.text;
    // One word of a title may be in italics; a paragraph or a line break parts two.
    return /^(?:a|em|strong|del|code|sup|sub)$/.test(token.tag) ? "" : " ";
  });
  return texts.join("");
}
