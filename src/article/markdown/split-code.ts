import { commentsIn, SPAN } from "./comments.ts";

/** A stretch of Markdown: code, in a fence or between backticks, or not. */
export interface Stretch {
  readonly text: string;
  readonly isCode: boolean;
}

const FENCE = /^[ \t>]*(`{3,}|~{3,})/;

/**
 * Markdown parted into code and everything else, in order; joined again it is the same. Code in a
 * comment is a part of the comment.
 */
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

/** The same, with code in fences only. */
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
