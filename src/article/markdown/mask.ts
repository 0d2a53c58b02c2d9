import { splitCode, endOfObsidianComment } from "./split-code.ts";

/** A part of Markdown that readers should not see, or that a parser would misread. */
export interface Mask {
  readonly written: string;
  readonly kind: "template" | "element" | "comment" | "footnote" | "note" | "literal";
}

interface Masked {
  /** The Markdown, with a marker for each mask. */
  readonly markdown: string;
  readonly masks: readonly Mask[];
}

/** The reasons in `Article.dropped` for hidden masks. */
export const MASK_REASONS = {
  template: "a template tag",
  element: "an element that mail cannot show",
  comment: "a comment",
} as const;

/** Whether an address contains a marker, raw or percent-encoded by the parser. */
export function hasMarker(address: string): boolean {
  return /\ufdd0|%EF%B7%90/.test(address);
}

/** Replaces markers by the original text, also percent-encoded markers in addresses. */
export function unmask(text: string, masks: readonly Mask[]): string {
  return text
    .replace(/%EF%B7%90(\d+)%EF%B7%91/g, "\ufdd0$1\ufdd1")
    .replace(MARKER, (_, index: string) => masks[Number(index)]?.written ?? "");
}

/** A marker: the mask's index between two noncharacters, which cleanText removes from every source. */
export const MARKER = /\ufdd0(\d+)\ufdd1/g;

/**
 * Masks all parts that would be misread or would swallow text: template tags, scripts and similar elements, comments
 * and footnotes. Code is not masked, because there they are the text.
 */
export function maskMarkdown(markdown: string): Masked {
  const masks: Mask[] = [];
  const mark: Mark = (kind, written) => {
    masks.push({ kind, written });
    return `\ufdd0${masks.length - 1}\ufdd1`;
  };
  const parts = splitCode(markdown).map(({ text, isCode }) =>
    isCode ? text : maskProse(text, mark),
  );
  return { markdown: parts.join("").replace(GLUED_DEFINITION, "$1\n\n"), masks };
}

// An include on its own line becomes a paragraph, and a link definition on the next line would become part of it.
const GLUED_DEFINITION = /(\ufdd1[ \t]*)\n(?=[ \t]{0,3}\[[^\]\n]{1,200}\]:)/g;

type Mark = (kind: Mask["kind"], written: string) => string;

// Liquid, Nunjucks and Handlebars; ERB and EJS; PHP; kramdown attributes at a line's end.
const TEMPLATE =
  /<\{\{[^{}]{0,500}\}\}>|\{\{[^{}]{0,500}\}\}|\{%[^{}]{0,500}?%\}|<%[^<>]{0,500}%>|<\?(?:php|=)[^<>]{0,500}\?>|\{:[^{}\n]{0,200}\}/g;
// A headline is never cut: "Writing {{ name }} in a subject" is about the tag.
const HEADING_OR_TEMPLATE = new RegExp(
  String.raw`^ {0,3}#{1,6}[ \t][^\n]*|${TEMPLATE.source}`,
  "gm",
);
// Lines of MDX and Docusaurus.
const DIRECTIVE =
  /^(?:import\s[^\n]{1,200}\sfrom\s["'][^\n]{1,200}|export\s(?:const|default)\s[^\n]{1,300}|:::[^\n]{0,80}|\[\[?toc\]?\])$/gim;
const FOOTNOTE = /\[\^([^\]\s]{1,60})\]/g;
const NOTE = /^ {0,3}\[\^([^\]\s]{1,60})\]:[ \t]*([^\n]*(?:\n[ \t]+[^\s][^\n]*)*)/gm;

function maskProse(text: string, mark: Mark): string {
  return maskPairs(text, mark)
    .replace(HEADING_OR_TEMPLATE, (written) =>
      /^ {0,3}#/.test(written)
        ? written.replace(TEMPLATE, (tag) => mark("literal", tag))
        : mark("template", written),
    )
    .replace(DIRECTIVE, (written) => mark("template", written))
    .replace(
      NOTE,
      (_, id: string, note: string) =>
        `\n\n${mark("note", id)} ${note.replace(/\n[ \t]+/g, "\n")}\n\n`,
    )
    .replace(FOOTNOTE, (_, id: string) => mark("footnote", id));
}

function maskPairs(text: string, mark: Mark): string {
  let masked = "";
  let from = 0;
  for (const { start, end, kind } of pairsIn(text)) {
    masked += text.slice(from, start) + mark(kind, text.slice(start, end));
    from = end;
  }
  return masked + text.slice(from);
}

/** The range of a masked pair of tags, `[start, end)`. */
interface Pair {
  readonly start: number;
  readonly end: number;
  readonly kind: "template" | "element" | "comment" | "literal";
}

const OPENING =
  /\{%-?\s*(?<block>highlight|comment|raw|mermaid)\b[^{}]{0,200}%\}|<(?<element>script|style|title|textarea|xmp|iframe|noembed|noframes|noscript|plaintext|object|svg|math|form|select|button|video|audio|canvas)(?=[\s>/])|<!--|%%/gi;

// HTML reads the text after these tags as raw text until they are closed, even to the end of the file.
const SWALLOWS =
  /^<(?:script|style|title|textarea|xmp|iframe|noembed|noframes|noscript|plaintext|!--)/i;

/**
 * Finds closed template blocks, embedded elements and comments. For an unclosed tag that would swallow the rest of
 * the text, it returns the opening tag alone, to be shown as letters.
 */
function pairsIn(text: string): Pair[] {
  const find = closingFinder(text);
  const pairs: Pair[] = [];
  let from = 0;
  for (const match of text.matchAll(OPENING)) {
    if (match.index < from) continue;
    const start = match.index;
    const { block, element } = match.groups ?? {};
    if (match[0] === "%%") {
      const end = endOfObsidianComment(text, start);
      if (end !== undefined) pairs.push({ start, end, kind: "comment" });
      from = pairs.at(-1)?.end ?? from;
      continue;
    }
    const kind = block ? "template" : element ? "element" : "comment";
    const closing = block ? [`end${block}`, "%}"] : element ? [`</${element}`, ">"] : ["-->", ">"];
    const end = find(closing, start + match[0].length);
    if (end !== undefined) pairs.push({ start, end, kind });
    else if (SWALLOWS.test(match[0]))
      pairs.push({ start, end: start + match[0].length, kind: "literal" });
    from = pairs.at(-1)?.end ?? from;
  }
  return pairs;
}

// Each missing closing tag is searched for only once, which keeps a file of opening tags fast.
function closingFinder(
  text: string,
): (closing: readonly string[], from: number) => number | undefined {
  const lower = text.toLowerCase();
  const missing = new Set<string>();
  return ([name = "", mark = ""], from) => {
    const key = name.toLowerCase();
    const at = missing.has(key) ? -1 : lower.indexOf(key, from);
    if (at === -1) missing.add(key);
    const end = at === -1 ? -1 : lower.indexOf(mark, name === "-->" ? at + 2 : at);
    return end === -1 ? undefined : end + mark.length;
  };
}
