import type * as MarkedModule from "marked";
import { type Article, CUT, type Source, type ReadOptions } from "./article.ts";
import type { Body } from "./body.ts";
import { cleanText } from "./clean-text.ts";
import { composeArticle } from "./compose-article.ts";
import { readDeclared, type Declared } from "./declared.ts";
import { newlines, readLetter } from "./markdown/letter.ts";
import { guards, hasEndlessBlock, narrowGaps } from "./markdown/limits.ts";
import { withoutComments } from "./markdown/split-code.ts";
import { maskMarkdown, unmask } from "./markdown/mask.ts";
import { toPassage, type Passage, toPassages } from "./markdown/passages.ts";
import { passagesBody } from "./markdown/roles.ts";
import { readStory } from "./plain-text/read-text.ts";
import { structuralHtml } from "./sanitise-html.ts";
import { escapeHtml } from "../platform/references.ts";
import { withoutHidden } from "./hidden/hidden-text.ts";
import { createRequire } from "node:module";
import { once } from "../platform/remembering.ts";

/**
 * Reads a Markdown file. Headings, code, tables and footnotes are in the HTML and in `dropped`, but not in the text,
 * where they would read as sentences. A list entry is a paragraph of its own in the text, so no summary joins two
 * entries.
 * @throws BroadsheetError CONTENT_NO_STORY
 */
export function readMarkdown(source: Source, options: ReadOptions): Article {
  const { declared, body } = readDeclared(source);
  const firstLine = newlines(cleanText(source.body)) - newlines(body) + 1;
  return composeArticle(source, declared, readBody(body, { declared, firstLine }), options);
}

/** A file's declared fields, and the line on which its text begins. */
interface Declaration {
  readonly declared: Declared;
  readonly firstLine: number;
}

function readBody(markdown: string, { declared, firstLine }: Declaration): Body {
  const isLetter = declared.kind === "letter";
  const isPlain = !isLetter && !hasMarkdown(markdown);
  const passages = isPlain ? undefined : parse(markdown, declared.url);
  const body = passages ? passagesBody(passages, declared) : readStory(markdown, declared);
  return isLetter ? { ...body, ...asLetter(markdown, body, { declared, firstLine }) } : body;
}

// A quotation ten thousand levels deep overflows the parser. Like an endless paragraph, it is read as plain text.
function parse(markdown: string, url: string | undefined): Passage[] | undefined {
  if (hasEndlessBlock(markdown)) return undefined;
  try {
    const { markdown: masked, masks } = maskMarkdown(narrowGaps(markdown));
    const { html, dropped } = withoutHidden(parseMarkdown(masked).replace(ALERT, "$1"));
    const asides = dropped.map(({ text, reason }) =>
      toPassage("text", { text: unmask(text, masks), reason }),
    );
    return [...toPassages(structuralHtml(html), { masks, url }), ...asides];
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The mark of GitHub's alerts and Obsidian's callouts. In a story they are quotations. */
const ALERT = /(<blockquote>\s*<p>)\[![\w-]+\][+-]?\s*/g;

/** The most characters of a letter. */
const LONGEST_LETTER = 100_000;

/** A letter's Markdown and blocks. A heading that gave the title is removed: it is the mail's subject. */
function asLetter(
  markdown: string,
  { title, dropped }: Body,
  { declared, firstLine }: Declaration,
): Pick<Body, "text" | "blocks" | "dropped"> {
  const commented = withoutComments(markdown);
  const whole = title === "" ? commented : commented.replace(/^(\s*)#[^\n]*/, "$1");
  const text = whole.slice(0, LONGEST_LETTER).toWellFormed();
  const reason = `${CUT.letter} ${LONGEST_LETTER.toLocaleString("en")} characters`;
  const cut = whole.length > text.length ? [{ text: whole.slice(text.length), reason }] : [];
  const blocks = readLetter(text, firstLine);
  const picture = declared.images.find(({ src }) => !JSON.stringify(blocks).includes(src));
  return {
    text: text.trim(),
    blocks: [...(picture ? [{ kind: "picture", ...picture } as const] : []), ...blocks],
    dropped: [...dropped, ...cut],
  };
}

const MARKS =
  /[*_`[\]<>\\~#]|%%|&#?\w+;|https?:|\{[{%:]|\|[ \t]*:?-{3}|^(?: {0,3}(?:[-+]|\d+[.)])\s| {4}|\t|[ \t]*(?:=+|-+)[ \t]*$)/m;

/**
 * Whether Markdown would read a text differently from plain text. A copied article in an .md file often has no
 * Markdown at all, but a headline, byline and boilerplate. Adjacent lines form one paragraph in Markdown, so they
 * count too.
 */
function hasMarkdown(text: string): boolean {
  return MARKS.test(text) || /\S[ \t]*\n[ \t]*\S/.test(text);
}

/**
 * Converts GitHub-flavoured Markdown to HTML, not sanitised. A reference without an address becomes its text. The
 * package `marked` is loaded with the first Markdown.
 */
function parseMarkdown(markdown: string): string {
  const html = reader().parse(markdown);
  return typeof html === "string" ? html : "";
}

const reader = once(() => {
  const { Marked }: typeof MarkedModule = createRequire(import.meta.url)("marked");
  return new Marked({ gfm: true, tokenizer: guards(), extensions: [lostReference] });
});

// "[the report][report]" without a definition of "report". Another file of the site may have it.
const lostReference: MarkedModule.TokenizerAndRendererExtension = {
  name: "lostReference",
  level: "inline",
  start: (source) => source.search(/!?\[/),
  tokenizer(source) {
    const [raw, label = "", name = ""] = /^!?\[([^[\]]+)\]\[([^[\]]*)\]/.exec(source) ?? [];
    const known = (name || label).replace(/\s+/g, " ").toLowerCase();
    if (raw === undefined || Object.hasOwn(this.lexer.tokens.links, known)) return undefined;
    return { type: "lostReference", raw, tokens: this.lexer.inlineTokens(label) };
  },
  renderer(token) {
    if (token.raw.startsWith("!"))
      return `<img alt="${escapeHtml(this.parser.parseInline(token.tokens ?? []))}">`;
    return this.parser.parseInline(token.tokens ?? []);
  },
};
