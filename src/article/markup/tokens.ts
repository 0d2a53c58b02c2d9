import type * as HtmlParser from "htmlparser2";
import { createRequire } from "node:module";
import { cleanEntities } from "../clean-text.ts";
import { unescapeHtml } from "../../platform/references.ts";
import { sanitiseHtml } from "../sanitise-html.ts";
import { once } from "../../platform/remembering.ts";

/** A piece of markup as written: text, a tag, or an element whose content is not markup. */
export type MarkupToken = {
  /** The position of its first character in the markup. */
  readonly at: number;
  readonly source: string;
} & (
  | { readonly is: "text" }
  | { readonly is: "open"; readonly name: string; readonly attributes: Attributes }
  | { readonly is: "close"; readonly name: string }
  /** `source` is its start tag. */
  | {
      readonly is: "raw";
      readonly name: string;
      readonly attributes: Attributes;
      readonly inside: string;
    }
);

/** Attributes by lower-case name, with undecoded values. The first of two with the same name counts. */
export type Attributes = ReadonlyMap<string, string>;

/**
 * Splits markup into tokens like a browser, in order. Comments, declarations and an unfinished tag at the end are
 * left out. Linear in the length. The package `htmlparser2` is loaded with the first markup.
 */
export function tokensOf(markup: string): readonly MarkupToken[] {
  const { Tokenizer } = library();
  const reading = new Reading(markup);
  const tokenizer = new Tokenizer({ xmlMode: false, decodeEntities: false }, reading);
  tokenizer.write(markup);
  tokenizer.end();
  return reading.tokens;
}

const library = once((): typeof HtmlParser => createRequire(import.meta.url)("htmlparser2"));

// The content of these elements is not markup up to their own end tag (HTML standard §13.1.2). Drawings and templates
// are markup, but hold no story, so their content is skipped too.
const RAW: ReadonlySet<string> = new Set(
  "script style title textarea xmp iframe noembed noframes svg object template".split(" "),
);

const NONE: Attributes = new Map();
const LONGEST_NAME = 60;

class Reading implements HtmlParser.TokenizerCallbacks {
  readonly tokens: MarkupToken[] = [];
  readonly #markup: string;
  #text = { start: 0, end: 0 };
  /** The current start tag. */
  #name = "";
  #at = 0;
  #attributes: Map<string, string> | undefined;
  #attribute = "";
  #value = { start: 0, end: 0 };
  /** The element whose content is skipped, and the number of open elements inside it, by name. */
  #raw: Omit<Extract<MarkupToken, { is: "raw" }>, "inside"> | undefined;
  #rawStart = 0;
  readonly #rawInside = new Map<string, number>();

  constructor(markup: string) {
    this.#markup = markup;
  }

  ontext(start: number, end: number): void {
    if (this.#raw) return;
    if (start !== this.#text.end) this.#flush();
    if (this.#text.start === this.#text.end) this.#text.start = start;
    this.#text.end = end;
  }

  onopentagname(start: number, end: number): void {
    this.#name = this.#nameIn(start, end);
    this.#at = start - 1;
    this.#attributes = undefined;
  }

  onattribname(start: number, end: number): void {
    this.#attribute = this.#markup.slice(start, end).toLowerCase();
    this.#value = { start: end, end };
  }

  onattribdata(start: number, end: number): void {
    if (this.#value.start === this.#value.end) this.#value.start = start;
    this.#value.end = end;
  }

  onattribend(): void {
    this.#attributes ??= new Map();
    if (this.#attributes.has(this.#attribute)) return;
    const { start, end } = this.#value;
    this.#attributes.set(this.#attribute, this.#markup.slice(start, end));
  }

  onopentagend(end: number): void {
    if (this.#raw) return this.#countInside(this.#name, 1);
    this.#flush();
    const [name, at] = [this.#name, this.#at];
    const source = this.#markup.slice(at, end + 1);
    const attributes = this.#attributes ?? NONE;
    // The content of a template waits for a script, unless it is a declarative shadow root.
    if (RAW.has(name) && !attributes.has("shadowrootmode")) {
      this.#raw = { is: "raw", at, source, name, attributes };
      this.#rawStart = end + 1;
    } else this.tokens.push({ is: "open", at, source, name, attributes });
  }

  // A slash ends a drawing. On other HTML elements it has no effect.
  onselfclosingtag(end: number): void {
    if (this.#name !== "svg") this.onopentagend(end);
    else if (!this.#raw) this.#flush();
  }

  onclosetag(start: number, end: number): void {
    const name = this.#nameIn(start, end);
    const at = start - 2;
    if (this.#raw) {
      // An unclosed drawing ends with the element around it.
      if ((this.#rawInside.get(name) ?? 0) > 0) return this.#countInside(name, -1);
      const isOwn = name === this.#raw.name;
      this.#endRaw(at);
      if (isOwn) return;
    }
    this.#flush();
    const source = this.#markup.slice(at, this.#markup.indexOf(">", end) + 1);
    this.tokens.push({ is: "close", at, source, name });
  }

  onend(): void {
    if (this.#raw) this.#endRaw(this.#markup.length);
    this.#flush();
  }

  isInForeignContext(): boolean {
    return this.#raw?.name === "svg";
  }

  #countInside(name: string, by: number): void {
    this.#rawInside.set(name, (this.#rawInside.get(name) ?? 0) + by);
  }

  #endRaw(at: number): void {
    if (!this.#raw) return;
    this.#rawInside.clear();
    const inside = this.#markup.slice(this.#rawStart, at);
    this.tokens.push({ ...this.#raw, inside });
    this.#raw = undefined;
    this.#text = { start: at, end: at };
  }

  #flush(): void {
    const { start, end } = this.#text;
    if (end > start)
      this.tokens.push({ is: "text", at: start, source: this.#markup.slice(start, end) });
    this.#text = { start: end, end };
  }

  #nameIn(start: number, end: number): string {
    const name = this.#markup.slice(start, Math.min(end, start + LONGEST_NAME)).toLowerCase();
    return /^[a-z0-9:_-]*$/.test(name) ? name : name.replace(/[^a-z0-9:_-]/g, "-");
  }

  onattribentity(): void {}
  ontextentity(): void {}
  oncdata(): void {}
  oncomment(): void {}
  ondeclaration(): void {}
  onprocessinginstruction(): void {}
}

/** A piece of sanitised HTML within a line: text, or a tag such as `em` or `a`. */
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

/** The tokens of HTML that sanitise-html.ts has written. */
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

function unescaped(attributes: Attributes): Attributes {
  return new Map([...attributes].map(([name, value]) => [name, unescapeHtml(value)]));
}

/** The text of any HTML, without its tags. */
export function textOf(html: string): string {
  const texts = htmlTokensOf(sanitiseHtml(html)).map((token) => {
    if (token.is === "text") return token.text;
    // Tags such as `em` may be inside a word. A paragraph or a line break separates two words.
    return /^(?:a|em|strong|del|code|sup|sub)$/.test(token.tag) ? "" : " ";
  });
  return texts.join("");
}
