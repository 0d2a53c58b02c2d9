/** A range of Markdown: prose, code in a fence or in backticks, or a comment, which may contain code. */
interface Stretch {
  readonly text: string;
  readonly kind: "prose" | "fence" | "span" | "comment";
}

/**
 * A code span. It ends with its paragraph: at a blank line, or a line that begins a block of HTML. Its length is
 * limited, so that a thousand lone backticks stay fast.
 */
const SPAN = /(?<ticks>`{1,2})(?!`)(?:[^`\n]|\n(?![ \t>]*[<\n])){1,500}?\k<ticks>(?!`)/;

const OPENING = new RegExp(
  String.raw`^[ \t>]*(?<fence>\x60{3,}|~{3,})|(?<span>${SPAN.source})|<!--|%%`,
  "gm",
);

/**
 * Splits Markdown into prose, code and comments, without loss. Comments are those of HTML, and those of Obsidian between
 * %%. Comment marks in code do not count. Linear in the length.
 */
export function splitMarkdown(markdown: string): Stretch[] {
  const stretches: Stretch[] = [];
  const opening = new RegExp(OPENING);
  let from = 0;
  let isUnclosed = false;
  for (let match = opening.exec(markdown); match; match = opening.exec(markdown)) {
    const { index: start, groups: { fence, span } = {} } = match;
    const kind = fence ? "fence" : span ? "span" : "comment";
    let end: number | undefined = opening.lastIndex;
    if (fence) end = endOfFence(markdown, end, fence);
    else if (match[0] === "%%") end = endOfObsidianComment(markdown, start);
    else if (match[0] === "<!--") {
      end = isUnclosed ? undefined : endOfHtmlComment(markdown, start);
      // If one comment is not closed, no later one is either.
      isUnclosed = end === undefined;
    }
    if (end === undefined) continue;
    stretches.push({ kind: "prose", text: markdown.slice(from, start) });
    stretches.push({ kind, text: markdown.slice(start, end) });
    from = end;
    opening.lastIndex = end;
  }
  stretches.push({ kind: "prose", text: markdown.slice(from) });
  return stretches.filter(({ text }) => text !== "");
}

/** The stretches of code, and the prose between them with its comments. */
export function splitCode(markdown: string): { readonly text: string; readonly isCode: boolean }[] {
  const joined: { text: string; isCode: boolean }[] = [];
  for (const { text, kind } of splitMarkdown(markdown)) {
    const isCode = kind === "fence" || kind === "span";
    const last = joined.at(-1);
    if (last && !last.isCode && !isCode) last.text += text;
    else joined.push({ text, isCode });
  }
  return joined;
}

export function withoutComments(markdown: string): string {
  return splitMarkdown(markdown)
    .map(({ kind, text }) => (kind === "comment" ? "" : text))
    .join("");
}

/** The end of the line that closes a fence. An unclosed fence ends with the text. */
function endOfFence(markdown: string, from: number, fence: string): number {
  const mark = `[${fence.slice(0, 1)}]{${fence.length},}`;
  const closing = new RegExp(String.raw`^[ \t>]*${mark}[ \t]*$`, "gm");
  closing.lastIndex = markdown.indexOf("\n", from) + 1 || markdown.length;
  return closing.exec(markdown) ? closing.lastIndex : markdown.length;
}

function endOfHtmlComment(markdown: string, start: number): number | undefined {
  const end = markdown.indexOf("-->", start + 2);
  return end === -1 ? undefined : end + 3;
}

/**
 * The end of the Obsidian comment that %% opens at `start`; undefined if it opens none: "50%% more", "/a%%20b". A
 * comment of several paragraphs begins and ends with its line.
 */
export function endOfObsidianComment(text: string, start: number): number | undefined {
  if (!/(?:^|[^\p{N}%])$/u.test(text.slice(Math.max(0, start - 1), start))) return undefined;
  if (text[start + 2] === "%" || isInAddress(text, start)) return undefined;
  const close = text.indexOf("%%", start + 2);
  if (close === -1) return undefined;
  const end = close + 2;
  if (!/\n[ \t]*\n/.test(text.slice(start, close))) return end;
  const beginsLine = /(?:^|\n)[ \t>]*$/.test(text.slice(Math.max(0, start - 20), start));
  const endsLine = /^[ \t]*(?:\n|$)/.test(text.slice(end, end + 20));
  return beginsLine && endsLine ? end : undefined;
}

function isInAddress(text: string, at: number): boolean {
  return /:\/\/\S*$/.test(text.slice(Math.max(0, at - 200), at));
}
