import { Marked, type RendererObject, type Token, type Tokens } from "marked";
import { decodeReferences, escapeMailHtml } from "../platform/references.ts";
import type { Theme } from "./theme.ts";

/** One block of the editor's letter, as HTML whose every tag is ours and as plain text. */
export interface LetterBlock {
  readonly kind: "paragraph" | "quote" | "item";
  readonly html: string;
  readonly text: string;
  /** The marks of a quotation, which a template may hang or colour; empty elsewhere. */
  readonly open: string;
  readonly close: string;
}

/**
 * The editor's letter, block by block. Nothing of it is lost: HTML in it is shown as written, a
 * picture as its words, a heading as a paragraph.
 */
export function letterBlocks(
  markdown: string,
  theme: Theme,
  marks: readonly [open: string, close: string],
): LetterBlock[] {
  const html = new Marked({ async: false, renderer: inlineHtml(theme) });
  const text = new Marked({ async: false, renderer: inlineText });
  const block = (kind: LetterBlock["kind"], source: string): LetterBlock => ({
    kind,
    text: text.parseInline(source, { async: false }),
    ...(kind === "quote" ? quoted : unquoted)(html.parseInline(source, { async: false }), marks),
  });
  return html.lexer(markdown).flatMap((token): LetterBlock[] => {
    if (token.type === "space" || token.type === "hr") return [];
    if (isList(token)) return token.items.map(({ text }) => block("item", text));
    const source = ("text" in token ? String(token.text) : token.raw).trim();
    return [block(token.type === "blockquote" ? "quote" : "paragraph", source)];
  });
}

type InMarks = Pick<LetterBlock, "html" | "open" | "close">;

function unquoted(html: string): InMarks {
  return { html, open: "", close: "" };
}

/** A quotation in the marks that it was written with, or else in the language's. */
function quoted(html: string, [open, close]: readonly [string, string]): InMarks {
  const own = /^(?:["“„«「『]|&quot;)[\s\u00A0]?/.exec(html)?.[0];
  if (own === undefined) return { html, open, close };
  return { html: html.slice(own.length), open: own.replace("&quot;", "“"), close: "" };
}

function isList(token: Token): token is Tokens.List {
  return token.type === "list";
}

function inlineHtml(theme: Theme): RendererObject {
  const ink = theme.colours["ink"]?.light;
  const accent = theme.colours["accent"]?.light;
  const style = `color:${ink};text-decoration:underline;text-decoration-color:${accent}`;
  return {
    html: ({ text }) => escapeMailHtml(text),
    image: ({ text }) => escapeMailHtml(decodeReferences(text)),
    codespan: ({ text }) => escapeMailHtml(text),
    text: ({ text }) => escapeMailHtml(decodeReferences(text)),
    link({ href, tokens }) {
      const words = this.parser.parseInline(tokens);
      if (!isSafe(href)) return words;
      return `<a href="${escapeMailHtml(decodeReferences(href))}" class="c-ink red" style="${style}">${words}</a>`;
    },
  };
}

const inlineText: RendererObject = {
  html: ({ text }) => text,
  image: ({ text }) => decodeReferences(text),
  codespan: ({ text }) => text,
  text: ({ text }) => decodeReferences(text),
  strong({ tokens }) {
    return this.parser.parseInline(tokens);
  },
  em({ tokens }) {
    return this.parser.parseInline(tokens);
  },
  br: () => "\n",
  link({ href, tokens }) {
    const words = this.parser.parseInline(tokens);
    const address = decodeReferences(href);
    return isSafe(href) && address !== words ? `${words} (${address})` : words;
  },
};

function isSafe(href: string): boolean {
  return /^(?:https?|mailto):/i.test(href);
}
