import type { MarkedExtension } from "marked";
import { splitFences } from "./split-code.ts";

// Authors never write a Markdown paragraph of 50,000 characters, and the parser takes minutes for one.
const LONGEST_BLOCK = 50_000;

/** Whether a text has a block that would keep the Markdown parser busy for minutes. */
export function hasEndlessBlock(markdown: string): boolean {
  return splitFences(markdown).some(
    ({ text, isCode }) =>
      !isCode &&
      text.length > LONGEST_BLOCK &&
      text.split(/\n[ \t]*\n/).some((block) => block.length > LONGEST_BLOCK),
  );
}

// Patterns with `[ \t]*` take quadratic time in the length of a gap. A gap longer than a few columns has no meaning.
const SHORT_GAP = " ".repeat(100);
const LONG_GAP = /[ \t]{101,}/g;

/** Shortens gaps that would keep the Markdown parser busy for minutes. */
export function narrowGaps(markdown: string): string {
  return markdown.replace(LONG_GAP, SHORT_GAP);
}

// A paragraph with more marks is read without emphasis, because matching them takes minutes.
const MOST_MARKS = 1000;

/** Exceptions from the reading of GitHub-flavoured Markdown. */
export function guards(): NonNullable<MarkedExtension["tokenizer"]> {
  const countMarks = rememberingLast((text) => text.match(/[*_]+/g)?.length ?? 0);
  return {
    // A footnote of one word looks like a link definition, and the parser would remove it.
    def(source) {
      return /^ {0,3}\[\^/.test(source) ? undefined : false;
    },
    // In other dialects one tilde makes a subscript ("H~2~O"). Two tildes strike out in all dialects.
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
