import { relationOf } from "./english.ts";
import type { Word } from "./propositions.ts";

/** How much of a sentence's sense a word bears. */
export const WEIGHTS: Readonly<Record<Word["kind"], number>> = {
  name: 1.5,
  number: 1.5,
  day: 1.2,
  verb: 1,
  person: 1,
  noun: 1,
  plain: 0.3,
  pronoun: 0,
  function: 0,
};

/** Whether a word bears any of a sentence's sense. */
export function isWeighty({ kind }: Word): boolean {
  return WEIGHTS[kind] > 0;
}

/** How far one word may stand for another: 1 for the same, below 0 for opposites. */
export function likenessOf(word: Word, other: string): number {
  if (word.lower === other) return 1;
  if (word.kind === "name")
    return isSameName(word.lower, other) ? 1 : Math.max(0, relationOf(word.lower, other));
  if (word.kind === "number") return isRounded(word.lower, other) ? 0.95 : 0;
  if (word.kind === "day") return 0;
  return relationOf(word.lower, other);
}

/** Whether a number is another in fewer figures: 100 for 96, 1,800 for 1,784. */
function isRounded(one: string, other: string): boolean {
  if (!other.startsWith("#")) return false;
  const [round, exact] = [Number(one.slice(1)), Number(other.slice(1))];
  if (!(Math.abs(round - exact) <= 0.06 * Math.abs(exact)) || exact < 20) return false;
  return one.replace(/0+$/, "").length < other.replace(/0+$/, "").length;
}

/** "arias" is "jodi arias"; "new york" is a part of "new york times", which is another. */
export function isSameName(one: string, other: string): boolean {
  if (one === other) return true;
  const [ones, others] = [one.split(" "), other.split(" ")];
  const [short, long] = ones.length < others.length ? [ones, others] : [others, ones];
  if (isSameWord(ones.at(-1) ?? "", others.at(-1) ?? "")) return true;
  return short.every((word) => long.some((same) => isSameWord(word, same)));
}

/** "yemen" and "yemeni". */
function isSameWord(one: string, other: string): boolean {
  if (one === other) return true;
  const least = Math.min(one.length, other.length);
  const same = Math.max(4, least - 2);
  return (
    least >= 4 &&
    Math.abs(one.length - other.length) <= 4 &&
    one.slice(0, same) === other.slice(0, same)
  );
}

/** Which share of some words others have; a pronoun among them may stand for those before. */
export function matchOf(
  words: readonly Word[],
  others: readonly Word[],
  before: readonly Word[],
): number {
  const bearing = words.filter(({ kind }) => WEIGHTS[kind] > 0);
  if (bearing.length === 0) return 0.5;
  const mayPoint = others.length === 0 || others.some(({ kind }) => kind === "pronoun");
  let [sum, total] = [0, 0];
  for (const word of bearing) {
    let best = 0;
    for (const other of others)
      if (WEIGHTS[other.kind] > 0) best = Math.max(best, likenessOf(word, other.lower));
    if (best < 0.6 && mayPoint && before.some((other) => likenessOf(word, other.lower) > 0.6))
      best = 0.6;
    sum += WEIGHTS[word.kind] * best;
    total += WEIGHTS[word.kind];
  }
  return sum / total;
}
