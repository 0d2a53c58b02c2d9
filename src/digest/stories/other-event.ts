import { sharedCount, stemOf } from "../../summary/language/lexicon.ts";
import { splitSentences } from "../../summary/language/segments.ts";
import { hasOtherOutcome, outcomesIn, type Outcomes } from "../../summary/faithfulness/english.ts";
import type { Traits } from "./traits.ts";

/*
 * The second comparison of two articles that have much in common. It compares headlines and first sentences, where news says
 * what happened: another outcome, another score, other names in the same role. Later text is background, and the number of
 * deaths grows, so neither is compared.
 */

/** The claims of headline and first sentences. */
interface Claims {
  readonly outcomes: Outcomes;
  /** For example "2-1", "31 to 17". */
  readonly scores: ReadonlySet<string>;
  /** The names in headline and first sentences, each as a list of words. */
  readonly names: readonly (readonly string[])[];
  /** The words in the names of the winners. */
  readonly winners: ReadonlySet<string>;
  readonly losers: ReadonlySet<string>;
}

const known = new WeakMap<Traits, Claims>();

/** Returns the difference which shows that two articles are about different events; undefined if there is none. */
export function otherEvent(
  a: Traits,
  b: Traits,
): "outcome" | "score" | "winner" | "names" | undefined {
  const [one, other] = [claimsOf(a), claimsOf(b)];
  if (hasOtherOutcome(one.outcomes, other.outcomes)) return "outcome";
  if (areApart(one.scores, other.scores)) return "score";
  if (areApart(one.winners, other.winners) || isOneOf(one.winners, other.losers, other.winners))
    return "winner";
  if (isOneOf(other.winners, one.losers, one.winners)) return "winner";
  return lacksNames(one, b) && lacksNames(other, a) ? "names" : undefined;
}

function isOneOf(
  winners: ReadonlySet<string>,
  losers: ReadonlySet<string>,
  others: ReadonlySet<string>,
): boolean {
  return [...winners].some((word) => losers.has(word) && !others.has(word));
}

function areApart(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size > 0 && b.size > 0 && sharedCount(a, b) === 0;
}

/** At least this share of the names at the top is missing in the other article. */
const MOST_NAMES = 0.5;

function lacksNames({ names }: Claims, { body }: Traits): boolean {
  const missing = names.filter((words) => !words.some((word) => body.has(word)));
  return names.length > 0 && missing.length >= names.length * MOST_NAMES;
}

function claimsOf(traits: Traits): Claims {
  const found = known.get(traits) ?? readClaims(traits);
  known.set(traits, found);
  return found;
}

const SENTENCES = 2;
const OPENING_CHARACTERS = 1200;

function readClaims({ article, language, names }: Traits): Claims {
  const text = article.text.slice(0, OPENING_CHARACTERS);
  const first = splitSentences(text, article.language).slice(0, SENTENCES);
  const sentences = [article.title, ...first.map(({ start, end }) => text.slice(start, end))];
  // German capitalises all nouns.
  const top = language === "de" ? [] : sentences;
  const isEnglish = language === "en";
  const winning = isEnglish ? sentences.map(winnerIn) : [];
  const wordsOf = (side: "winner" | "loser") =>
    new Set(winning.flatMap((one) => one?.[side] ?? []).filter((word) => names.has(word)));
  return {
    outcomes: isEnglish ? outcomesIn(sentences) : new Map(),
    scores: new Set(sentences.flatMap(scoresIn)),
    names: top
      .flatMap((sentence) =>
        [...sentence.matchAll(NAME)].map(([name]) => name.split(/\s/).map(stemmed)),
      )
      .map((words) => words.filter((word) => names.has(word)))
      .filter((words) => words.length > 0),
    winners: wordsOf("winner"),
    losers: wordsOf("loser"),
  };
}

const NAME = /\p{Lu}[\p{L}\p{M}’'-]*(?:\s\p{Lu}[\p{L}\p{M}’'-]*)*/gu;

function stemmed(word: string): string {
  return stemOf(word.toLowerCase().replace(/['’]s$/, ""));
}

const SCORE =
  /(?<![\d.,£$€])(\d{1,3})(?:\s?[-–]\s?|\s(?:\p{L}+\s)?to\s)(\d{1,3})(?![\d.,]|\s(?:per|%))/gu;

function scoresIn(sentence: string): string[] {
  return [...sentence.matchAll(SCORE)].map(([, one, other]) => `${one}-${other}`);
}

const WINS =
  /\b(?:wins?|won|beats?|oust(?:s|ed)?|defeat(?:s|ed)?|triumphs?|(?:is|was|been) elected|re-?elected|becomes? .{0,40}champion|takes? (?:the )?title)\b/u;
const LOSES = /\b(?:concedes?|conceded|loses?|lost to|beaten|ousted by|defeated by)\b/u;

/**
 * The name, with a few optional words, directly before the verb: the winner or the loser. "Calder's captain wins" names no
 * winner.
 */
const SUBJECT =
  /(\p{Lu}[\p{L}\p{M}-]*(?:\s\p{Lu}[\p{L}\p{M}-]*)*)(?:,[^,]{1,60},)?(?:\s\p{Ll}+){0,2}\s*$/u;

function winnerIn(sentence: string): { winner?: string[]; loser?: string[] } | undefined {
  const lost = LOSES.exec(sentence);
  const won = lost ? null : WINS.exec(sentence);
  const before = sentence.slice(0, (lost ?? won)?.index ?? 0);
  const name = SUBJECT.exec(before)?.[1]?.split(/\s/).map(stemmed);
  if (!name) return undefined;
  return lost ? { loser: name } : { winner: name };
}
