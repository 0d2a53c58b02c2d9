import { polarityWordsOf } from "../language/polarity-words.ts";
import type { Word } from "./propositions.ts";

/** "Mayor Ada Pell", "Ada Pell, the mayor of Porthmoor", "Ada Pell was the mayor". */
export function isTitleOf(role: Word, name: Word, words: readonly Word[]): boolean {
  const distance = role.index - name.index;
  if (role.part === name.part && distance < 0)
    return (
      distance >= -2 && words.slice(role.index + 1, name.index).every(({ kind }) => kind === "noun")
    );
  if (distance <= 0 || distance > 7) return false;
  const between = words.slice(name.index + 1, role.index);
  if (between.some(({ kind }) => kind === "verb" || kind === "pronoun")) return false;
  if (role.part === name.part) return /^(?:is|was|became|as)$/.test(between[0]?.lower ?? "");
  return (
    role.part === name.part + 1 &&
    between[0]?.part === role.part &&
    /^(?:an?|the|then|former|\S+ \S+|\S+s)$/.test(between[0]?.lower ?? "")
  );
}

/** What an order or a cause stands between, the earlier first. */
export function sidesOf(content: readonly Word[], words: readonly Word[], joint: Word) {
  // "After x, y" and "y after x" say the same; "before" turns them round.
  const isFront = joint.index === 0;
  const end = isFront
    ? (words.find(({ part }) => part > joint.part)?.index ?? words.length)
    : joint.index;
  const [left, right] = [
    content.filter(({ index }) => index < end && index !== joint.index),
    content.filter(({ index }) => index >= end && index !== joint.index),
  ];
  const [main, other] = isFront ? [right, left] : [left, right];
  return /^(?:before|until|followed|then|later)$/.test(joint.lower)
    ? { first: main, second: other }
    : { first: other, second: main };
}

const POLARITY = polarityWordsOf("en");
/** Whether a word turns round what is said. */
export const isNegation = (word: string) => POLARITY?.negation.test(word) === true;
const isDenial = (word: string) => POLARITY?.denial.test(word) === true;

/** Whether a "not" is about a word, or anything near it that denies. */
export function isNegatedAt(words: readonly Word[], at: number, how: "not" | "any"): boolean {
  const part = words[at]?.part;
  const verbs = words.slice(0, at).filter(({ kind }) => kind === "verb");
  const from = Math.max(0, at - 4, how === "any" ? 0 : (verbs.at(-2)?.index ?? 0));
  return words.slice(from, at + 4).some((word) => {
    const { lower, index } = word;
    if (index !== at && word.part !== part && how === "not") return false;
    if (isNegation(lower))
      return index < at || index === at + 1 || /^(?:no|none|nothing)$/.test(lower);
    return (
      isDenial(lower) &&
      index !== at &&
      (how === "any" || (index < at && words[index + 1]?.lower === "to"))
    );
  });
}

/** Whether a word leaves open what is said. */
export const isHedge = (word: string) =>
  POLARITY?.hedge.test(word) === true || POLARITY?.reserve.test(word) === true;

/** So many words before what it is about a "may" can stand. */
const HEDGE_REACH = 5;

/** Whether a "may" is about a word. */
export function isHedgedAt(words: readonly Word[], at: number): boolean {
  return words.slice(Math.max(0, at - HEDGE_REACH), at + 3).some(({ lower }) => isHedge(lower));
}
