import { createRequire } from "node:module";
import type * as MarkedModule from "marked";
import { escapeHtml } from "../sanitise-html.ts";

type Marked = MarkedModule.Marked;

let marked: Marked | undefined;

/**
 * GitHub-flavoured Markdown as HTML, not sanitised. A reference whose address is missing is its text.
 * The package `marked`, loaded when the first Markdown is read.
 */
export function parseMarkdown(markdown: string): string {
  marked ??= load();
  const html = marked.parse(markdown);
  return typeof html === "string" ? html : "";
}

// Past this many marks in one paragraph nobody is emphasising, and matching them takes minutes.
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
