import type { Numerals } from "./numerals.ts";
import type { Bare } from "./bare.ts";

const patterns = new WeakMap<Numerals, RegExp>();

interface Word {
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

/** The numbers that a text writes in words: "two hundred and ten", "a thousand", "third". */
export function numberWordsIn(plain: string, numerals: Numerals): readonly Bare[] {
  if (numerals.words.size === 0) return [];
  const pattern = patterns.get(numerals) ?? patternOf(numerals);
  patterns.set(numerals, pattern);
  const words = [...plain.matchAll(pattern)].map(({ 0: word, index }) => ({
    word: word.toLowerCase(),
    start: index,
    end: index + word.length,
  }));
  return grouped(words, plain, numerals).flatMap((group) => {
    const value = valueOf(group, numerals);
    const [first, last] = [group[0], group.at(-1)];
    if (value === undefined || !first || !last) return [];
    return [{ start: first.start, end: last.end, values: [value], scale: 1 }];
  });
}

function patternOf({ words, ordinals, scales }: Numerals): RegExp {
  const all = [...words.keys(), ...ordinals.keys(), ...scales.keys()];
  const longestFirst = all.toSorted((a, b) => b.length - a.length).join("|");
  return new RegExp(String.raw`(?<![\p{L}\p{M}\d])(?:${longestFirst})(?![\p{L}\p{M}])`, "giu");
}

/** Words that make one number: each scale belongs to what is before it, and after one the number may go on. */
function grouped(words: readonly Word[], plain: string, numerals: Numerals): readonly Word[][] {
  const groups: Word[][] = [];
  for (const word of words) {
    const last = groups.at(-1)?.at(-1);
    if (last && joins(last, word, plain.slice(last.end, word.start), numerals))
      groups.at(-1)?.push(word);
    else groups.push([word]);
  }
  return groups;
}

function joins(last: Word, word: Word, gap: string, { scales, words, and }: Numerals): boolean {
  if (scales.has(word.word)) return gap === " " || gap === "-";
  const goesOn = gap === " " || (and !== "" && gap === ` ${and} `);
  return goesOn && scales.has(last.word) && words.has(word.word);
}

function valueOf(
  group: readonly Word[],
  { words, ordinals, scales, plurals }: Numerals,
): number | undefined {
  const [first = { word: "" }] = group;
  const ordinal = ordinals.get(first.word);
  if (ordinal !== undefined) return ordinal;
  // "millions of people" is no number.
  if (group.length === 1 && plurals.has(first.word)) return undefined;
  let total = 0;
  let current: number | undefined;
  for (const { word } of group) {
    const factor = scales.get(word);
    if (factor === undefined) current = (current ?? 0) + (words.get(word) ?? 0);
    else if (factor === 100) current = (current ?? 1) * factor;
    else [total, current] = [total + (current ?? 1) * factor, undefined];
  }
  return total + (current ?? 0);
}
