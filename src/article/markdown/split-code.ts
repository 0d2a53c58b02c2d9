/** A stretch of Markdown: code, in a fence or between backticks, or not. */
export interface Stretch {
  readonly text: string;
  readonly isCode: boolean;
}

const FENCE = /^[ \t>]*(`{3,}|~{3,})/;
// Bounded, so that a thousand lone backticks cost a thousand short looks.
// A span ends with its paragraph: at a blank line, or a line that starts a block of HTML.
const SPAN = /(`{1,2})(?!`)(?:[^`\n]|\n(?![ \t>]*[<\n])){1,500}?\1(?!`)/g;

/** Markdown parted into code and everything else, in order; joined again it is the same. */
export function splitCode(markdown: string): Stretch[] {
  return splitFences(markdown).flatMap((stretch) =>
    stretch.isCode ? [stretch] : splitSpans(stretch.text),
  );
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
