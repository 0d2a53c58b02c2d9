import type { MarkedExtension } from "marked";
import { splitFences } from "./split-code.ts";

// No one writes a paragraph of 50,000 characters in Markdown, and its parser takes minutes over one.
const LONGEST_BLOCK = 50_000;

/** Whether a text has a block that Markdown's parser takes minutes over. */
export function hasEndlessBlock(markdown: string): boolean {
  return splitFences(markdown).some(
    ({ text, isCode }) =>
      !isCode &&
      text.length > LONGEST_BLOCK &&
      text.split(/\n[ \t]*\n/).some((block) => block.length > LONGEST_BLOCK),
  );
}

// The time that patterns with `[ \t]*` in them take grows with the square of a gap, which means nothing past a few columns.
const SHORT_GAP = " ".repeat(100);
const LONG_GAP = /[ \t]{101,}/g;

/** The same Markdown, without gaps that its parser takes minutes over. */
export function narrowGaps(markdown: string): string {
  return markdown.replace(LONG_GAP, SHORT_GAP);
}

// A paragraph with this many marks has no emphasis, and matching the marks takes minutes.
const MOST_MARKS = 1000;

/** What Markdown's parser must not read as GitHub does. */
export function guards(): NonNullable<MarkedExtension["tokenizer"]> {
  const countMarks = rememberingLast((text) => text.match(/[*_]+/g)?.length ?? 0);
  return {
    // A footnote of one word looks like a link's address, and would be gone as one.
    def(source) {
      return /^ {0,3}\[\^/.test(source) ? undefined : false;
    },
    // In other dialects one tilde makes a subscript ("H~2~O"). Two strike out in all of them.
    del(source) {
      return source.startsWith("~~") ? false : undefined;
    },
    emStrong(_source, masked) {
      return masked.length > MOST_MARKS && countMarks(masked) > MOST_MARKS ? undefined : false;
    },
  };
}

// The parser asks again for every mark of a paragraph, always with the same text.
function rememberingLast(measure: (text: string) => number): (text: string) => number {
  let last: { text: string; size: number } | undefined;
  return (text) => {
    if (last?.text !== text) last = { text, size: measure(text) };
    return last.size;
  };
}
