import type * as MarkedModule from "marked";
import type { Article, Source, ReadOptions } from "./article.ts";
import type { Body } from "./body.ts";
import { composeArticle } from "./compose-article.ts";
import { readDeclared, type Declared } from "./declared.ts";
import { withoutComments, splitFences } from "./markdown/split-code.ts";
import { maskMarkdown, unmask } from "./markdown/mask.ts";
import { toPassage, type Passage, toPassages } from "./markdown/passages.ts";
import { passagesBody } from "./markdown/roles.ts";
import { readStory } from "./plain-text/read-text.ts";
import { structuralHtml } from "./sanitise-html.ts";
import { escapeHtml } from "../platform/references.ts";
import { withoutHidden } from "./hidden/hidden-text.ts";
import { createRequire } from "node:module";

/**
 * The Article in a Markdown file. Headings are in its HTML, but not in its text, where they would read as
 * sentences; so are code, tables and footnotes. All of them are also in `dropped`. A list entry is a paragraph
 * of the text: it is a thought of its own, and no summary may run two of them together.
 * @throws BroadsheetError CONTENT_NO_STORY
 */
export function readMarkdown(source: Source, options: ReadOptions): Article {
  const { declared, body } = readDeclared(source);
  return composeArticle(source, declared, readBody(body, declared), options);
}

function readBody(markdown: string, declared: Declared): Body {
  const isLetter = declared.kind === "letter";
  const isPlain = !isLetter && !hasMarkdown(markdown);
  const passages = isPlain ? undefined : parse(markdown, declared.url);
  const body = passages ? passagesBody(passages, declared) : readStory(markdown, declared);
  return isLetter ? { ...body, text: asLetter(withoutComments(markdown), body.title) } : body;
}

// No one writes a paragraph of 50,000 characters or a quotation ten thousand deep in Markdown. Its parser takes
// minutes over the one and has no room for the other, so both are read as plain text.
function parse(markdown: string, url: string | undefined): Passage[] | undefined {
  if (splitFences(markdown).some(({ text, isCode }) => !isCode && hasEndlessBlock(text)))
    return undefined;
  try {
    const { markdown: masked, masks } = maskMarkdown(markdown.replace(LONG_GAP, SHORT_GAP));
    const { html, dropped } = withoutHidden(parseMarkdown(masked));
    const asides = dropped.map(({ text, reason }) =>
      toPassage("text", { text: unmask(text, masks), reason }),
    );
    return [...toPassages(structuralHtml(html), { masks, url }), ...asides];
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const LONGEST_BLOCK = 50_000;

// The time that patterns with `[ \t]*` in them take grows with the square of a gap, which means nothing past a few columns.
const SHORT_GAP = " ".repeat(100);
const LONG_GAP = /[ \t]{101,}/g;

function hasEndlessBlock(text: string): boolean {
  return (
    text.length > LONGEST_BLOCK &&
    text.split(/\n[ \t]*\n/).some((block) => block.length > LONGEST_BLOCK)
  );
}

// A letter's title is set above it, so the heading that it was read from is not set again.
function asLetter(markdown: string, title: string): string {
  return title === "" ? markdown.trim() : markdown.replace(/^\s*#[^\n]*\n?/, "").trim();
}

const MARKS =
  /[*_`[\]<>\\~#]|%%|&#?\w+;|https?:|\{[{%:]|\|[ \t]*:?-{3}|^(?: {0,3}(?:[-+]|\d+[.)])\s| {4}|\t|[ \t]*(?:=+|-+)[ \t]*$)/m;

/**
 * Whether a text says anything that Markdown reads otherwise than plain text does. An article that was
 * copied into a file called .md says nothing of the kind, but has its headline, byline and boilerplate as any other.
 * Lines right under each other are one paragraph in Markdown, so they count as a mark.
 */
function hasMarkdown(text: string): boolean {
  return MARKS.test(text) || /\S[ \t]*\n[ \t]*\S/.test(text);
}

type Marked = MarkedModule.Marked;

let marked: Marked | undefined;

/**
 * GitHub-flavoured Markdown as HTML, not sanitised. A reference whose address is missing is its text.
 * The package `marked`, loaded when the first Markdown is read.
 */
function parseMarkdown(markdown: string): string {
  marked ??= load();
  const html = marked.parse(markdown);
  return typeof html === "string" ? html : "";
}

// So many marks in one paragraph are no emphasis, and matching them takes minutes.
const MOST_MARKS = 1000;

function load(): Marked {
  const { Marked }: typeof MarkedModule = createRequire(import.meta.url)("marked");
  const countMarks = remembering((text) => text.match(/[*_]+/g)?.length ?? 0);
  return new Marked({
    gfm: true,
    tokenizer: {
      // A footnote of one word looks like a link's address, and would be gone as one.
      def(source) {
        return /^ {0,3}\[\^/.test(source) ? undefined : false;
      },
      // One tilde is a subscript in other dialects ("H~2~O"); two strike out in all of them.
      del(source) {
        return source.startsWith("~~") ? false : undefined;
      },
      emStrong(_source, masked) {
        return masked.length > MOST_MARKS && countMarks(masked) > MOST_MARKS ? undefined : false;
      },
    },
    extensions: [lostReference],
  });
}

// "[the report][report]", where nothing says what "report" is: other files of a site may.
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

// The parser asks again for every mark of a paragraph, always with the same text.
function remembering(measure: (text: string) => number): (text: string) => number {
  let last: { text: string; size: number } | undefined;
  return (text) => {
    if (last?.text !== text) last = { text, size: measure(text) };
    return last.size;
  };
}
