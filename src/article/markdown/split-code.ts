/** A range of Markdown that is either code (fenced or in backticks) or prose. */
interface Stretch {
  readonly text: string;
  readonly isCode: boolean;
}

const FENCE = /^[ \t>]*(`{3,}|~{3,})/;

/** Splits Markdown into code and prose, without loss. Code in a comment belongs to the comment. */
export function splitCode(markdown: string): Stretch[] {
  const stretches: Stretch[] = [];
  let from = 0;
  for (const { start, end } of commentsIn(markdown)) {
    stretches.push(...split(markdown.slice(from, start)));
    stretches.push({ text: markdown.slice(start, end), isCode: false });
    from = end;
  }
  return joinProse([...stretches, ...split(markdown.slice(from))]);
}

function split(markdown: string): Stretch[] {
  return splitFences(markdown).flatMap((stretch) =>
    stretch.isCode ? [stretch] : splitSpans(stretch.text),
  );
}

function joinProse(stretches: readonly Stretch[]): Stretch[] {
  const joined: { texts: string[]; isCode: boolean }[] = [];
  for (const { text, isCode } of stretches) {
    const last = joined.at(-1);
    if (last && !last.isCode && !isCode) last.texts.push(text);
    else joined.push({ texts: [text], isCode });
  }
  return joined.map(({ texts, isCode }) => ({ text: texts.join(""), isCode }));
}

/** Splits Markdown by fenced code only. */
export function splitFences(markdown: string): Stretch[] {
  const stretches: { lines: string[]; isCode: boolean }[] = [{ lines: [], isCode: false }];
  let fence: string | undefined;
  for (const line of markdown.split(/(?<=\n)/)) {
    const mark = FENCE.exec(line)?.[1];
    if (fence === undefined && mark) {
      fence = mark;
      stretches.push({ lines: [line], isCode: true });
    } else {
      stretches.at(-1)?.lines.push(line);
      if (fence === undefined || !mark || !closes(mark, fence, line)) continue;
      fence = undefined;
      stretches.push({ lines: [], isCode: false });
    }
  }
  return stretches.map(({ lines, isCode }) => ({ text: lines.join(""), isCode }));
}

function closes(mark: string, fence: string, line: string): boolean {
  return mark[0] === fence[0] && mark.length >= fence.length && line.trim().endsWith(mark);
}

function splitSpans(text: string): Stretch[] {
  const stretches: Stretch[] = [];
  let from = 0;
  for (const match of text.matchAll(SPAN)) {
    stretches.push({ text: text.slice(from, match.index), isCode: false });
    stretches.push({ text: match[0], isCode: true });
    from = match.index + match[0].length;
  }
  return [...stretches, { text: text.slice(from), isCode: false }];
}

/** The range of a comment in Markdown, `[start, end)`. */
interface Comment {
  readonly start: number;
  readonly end: number;
}

/**
 * A code span. It ends with its paragraph: at a blank line, or a line that begins a block of HTML. Its length is
 * limited, so that a thousand lone backticks stay fast.
 */
const SPAN = /(?<ticks>`{1,2})(?!`)(?:[^`\n]|\n(?![ \t>]*[<\n])){1,500}?\k<ticks>(?!`)/g;

const OPENING = new RegExp(
  String.raw`^[ \t>]*(?<fence>\x60{3,}|~{3,})|(?<span>${SPAN.source})|<!--|%%`,
  "gm",
);

/**
 * The comments in Markdown, in order: HTML comments, and Obsidian's between %%. Both may contain code. Comment marks
 * inside code do not count. Linear in the length.
 */
function commentsIn(markdown: string): Comment[] {
  if (!/<!--|%%/.test(markdown)) return [];
  const comments: Comment[] = [];
  let isUnclosed = false;
  const opening = new RegExp(OPENING);
  for (let match = opening.exec(markdown); match; match = opening.exec(markdown)) {
    const { index: start } = match;
    const { fence, span } = match.groups ?? {};
    if (span !== undefined) continue;
    if (fence !== undefined) {
      opening.lastIndex = endOfFence(markdown, opening.lastIndex, fence);
      continue;
    }
    const isHtml = match[0] === "<!--";
    if (isHtml && isUnclosed) continue;
    const end = isHtml ? endOfHtmlComment(markdown, start) : endOfObsidianComment(markdown, start);
    // If one comment is not closed, no later one is either.
    if (end === undefined) isUnclosed ||= isHtml;
    else {
      comments.push({ start, end });
      opening.lastIndex = end;
    }
  }
  return comments;
}

export function withoutComments(markdown: string): string {
  let kept = "";
  let from = 0;
  for (const { start, end } of commentsIn(markdown)) {
    kept += markdown.slice(from, start);
    from = end;
  }
  return kept + markdown.slice(from);
}

function endOfFence(markdown: string, from: number, fence: string): number {
  const mark = `[${fence.slice(0, 1)}]{${fence.length},}`;
  const closing = new RegExp(String.raw`^[ \t>]*${mark}[^\n]*`, "gm");
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
