import { countWords, endsSentence } from "./prose.ts";
import { breaksBefore, layoutOf } from "./layout.ts";
import { joinLines } from "./join-lines.ts";
import type { Line } from "./line.ts";

/** A paragraph, a list entry or a lone line of a plain text, on one line. */
export interface Block {
  readonly text: string;
  /** Columns that it is indented by: on a page copied as text, its place in the page's structure. */
  readonly indent: number;
  readonly bullet: boolean;
  readonly words: number;
  readonly isSentence: boolean;
  /** Which stretch between two blank lines it stands in. */
  readonly group: number;
}

/**
 * The blocks of a cleaned text: paragraphs set apart by blank lines, hard-wrapped or a line each, as
 * the file happens to have them.
 */
export function toBlocks(text: string): Block[] {
  const groups = toGroups(text);
  const layout = layoutOf(groups);
  return groups.flatMap((lines, group) => {
    const runs: Line[][] = [];
    for (const line of lines) {
      const run = runs.at(-1);
      if (!run || breaksBefore(run, line, layout)) runs.push([line]);
      else run.push(line);
    }
    return runs.map((run) => toBlock(run, group, layout.hyphenates));
  });
}

function toBlock(run: readonly Line[], group: number, hyphenates: boolean): Block {
  const text = joinLines(
    run.map((line) => line.text),
    hyphenates,
  );
  return {
    text,
    indent: run[0]?.indent ?? 0,
    bullet: run[0]?.bullet ?? false,
    words: countWords(text),
    isSentence: endsSentence(text),
    group,
  };
}

function toGroups(text: string): Line[][] {
  const groups: Line[][] = [[]];
  for (const raw of text.split("\n")) {
    const group = groups.at(-1) ?? [];
    if (raw.trim() === "") {
      if (group.length > 0) groups.push([]);
    } else {
      const isFirst = groups.length === 1 && group.length === 0;
      group.push({ ...toLine(raw, group.at(-1)), isFirst });
    }
  }
  return groups.filter((group) => group.length > 0);
}

function toLine(raw: string, before: Line | undefined): Omit<Line, "isFirst"> {
  const indent = indentOf(raw);
  const text = raw.trim().replace(/[ \t]+/g, " ");
  const mark = bulletOf(text, before);
  if (mark === undefined) return { text, indent, bullet: false };
  return { text: text.slice(mark.length).trim(), indent: indent + mark.length, bullet: true };
}

// An ideographic space is two columns wide; a tab counts as four.
function indentOf(raw: string): number {
  let columns = 0;
  for (const character of raw) {
    if (character === " ") columns++;
    else if (character === "\t") columns += 4;
    else if (character === "\u3000") columns += 2;
    else break;
  }
  return columns;
}

/**
 * The mark that makes a line a list entry. A hyphen inside a wrapped sentence may come to stand at the
 * start of a line, and "o" is a word in five languages (and the third level of a list in text browsers),
 * so these need a list or a full stop before them.
 */
function bulletOf(text: string, before: Line | undefined): string | undefined {
  const mark = /^(?:[*•▪◦‣●○·]|[-+o](?= |$))(?: |$)/u.exec(text)?.[0];
  if (mark === undefined || !/^[-+o]/.test(mark)) return mark;
  if (mark.startsWith("o")) return before?.bullet ? mark : undefined;
  const startsList = !before || before.bullet || /[.:!?…。：]["”’)]?$/u.test(before.text);
  return startsList ? mark : undefined;
}
