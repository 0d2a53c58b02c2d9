import type { Article } from "../../article/article.ts";
import { lexiconOf, primarySubtag } from "../../summary/language/lexicon.ts";
import { teases } from "../subject/compose-subject.ts";
import written from "./newsworthiness.json" with { type: "json" };

/** Words of what weighs with editors: harm, the powerful and their institutions, money; and of talking to the reader. */
type Theme = "harm" | "power" | "money" | "you";

const themes: ReadonlyMap<string, Readonly<Record<Theme, ReadonlySet<string>>>> = new Map(
  Object.entries(written).map(([language, lists]) => [
    language,
    {
      harm: set(lists.harm),
      power: set(lists.power),
      money: set(lists.money),
      you: set(lists.you),
    },
  ]),
);

function set(list: string): ReadonlySet<string> {
  return new Set(list.split(" "));
}

const NO_WORDS: ReadonlySet<string> = new Set();

/** News says it at once. */
const FIRST_WORDS = 60;
/** Who speaks, and to whom, shows further on too. */
const OPENING_WORDS = 250;
const OPENING_CHARACTERS = 3000;

/**
 * What each sign is worth, of 1. Fitted to how high an editor would put 84 pages in an issue, cross-validated by site,
 * and measured on 76 others (`bench/issues.ts`).
 */
const WORTH = {
  base: 0.42,
  harm: 0.1,
  power: 0.2,
  money: 0.15,
  said: 0.18,
  firstPerson: -0.13,
  secondPerson: -0.29,
  teasing: -0.06,
} as const;

/**
 * How much a text reads as news rather than as advice, a review or a column, from 0 to 1: by the words of its headline
 * and beginning, by whether others are quoted, and by whether its author speaks of himself or to the reader.
 */
export function newsworthinessOf({ title, text, language }: Article): number {
  const { narrators, saying } = lexiconOf(language);
  const words = wordsOf(text.slice(0, OPENING_CHARACTERS)).slice(0, OPENING_WORDS);
  const first = new Set([...wordsOf(title), ...words].slice(0, FIRST_WORDS));
  const lists = themes.get(primarySubtag(language));
  const shareOf = (list: ReadonlySet<string>, most: number) =>
    Math.min(1, words.filter((word) => list.has(word)).length / (most * Math.max(1, words.length)));
  const countOf = (list: ReadonlySet<string> = NO_WORDS, enough: number) =>
    Math.min(enough, [...list].filter((word) => first.has(word)).length) / enough;
  const worth =
    WORTH.base +
    WORTH.harm * countOf(lists?.harm, 2) +
    WORTH.power * countOf(lists?.power, 3) +
    WORTH.money * countOf(lists?.money, 2) +
    WORTH.said * shareOf(saying, 1 / 30) +
    WORTH.firstPerson * shareOf(narrators, 1 / 20) +
    WORTH.secondPerson * shareOf(lists?.you ?? NO_WORDS, 1 / 20) +
    (teases(title, language) ? WORTH.teasing : 0);
  return Math.min(1, Math.max(0, worth));
}

function wordsOf(text: string): string[] {
  return (
    text
      .toLowerCase()
      .replaceAll("’", "'")
      .match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}'-]*/gu) ?? []
  );
}
