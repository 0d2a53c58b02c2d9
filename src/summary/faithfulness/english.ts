import outcomes from "./outcomes.json" with { type: "json" };
import senses from "./english-senses.json" with { type: "json" };
import written from "./english-words.json" with { type: "json" };

/** Irregular forms: "went", "children". */
const FORMS = new Map(
  Object.entries(senses.forms).flatMap(([lemma, all]) =>
    listed(all).map((form) => [form, lemma] as const),
  ),
);

const lemmas = new Map<string, readonly string[]>();

/**
 * Returns the possible base forms of an English word in lower case, itself first. "resumed" gives "resume" and also
 * "resum". A form that is not a word does no harm, because forms are only compared.
 */
export function lemmasOf(word: string): readonly string[] {
  const known = lemmas.get(word);
  if (known) return known;
  const form = FORMS.get(word);
  const made = form === undefined ? [word, ...endingsOff(word)] : [word, form];
  lemmas.set(word, made);
  return made;
}

function endingsOff(word: string): readonly string[] {
  if (word.length < 4 || /(?:ss|us|is)$/.test(word)) return [];
  if (/ie[sd]$/.test(word)) return [`${word.slice(0, -3)}y`];
  if (/(?:ches|shes|sses|xes|zes|oes)$/.test(word)) return [word.slice(0, -2)];
  if (word.endsWith("s")) return [word.slice(0, -1)];
  const stem = word.endsWith("ed")
    ? word.slice(0, -2)
    : word.endsWith("ing")
      ? word.slice(0, -3)
      : "";
  if (stem.length < 2 || !/[aeiouy]/.test(stem)) return [];
  const single = /([bdgklmnprt])\1$/.test(stem) ? [stem.slice(0, -1)] : [];
  return [...single, stem, `${stem}e`];
}

const VERBS = new Set(listed(written.verbs));
const HALF_VERBS = new Set(listed(written.halfVerbs));
const PEOPLE = new Set(listed(written.people));
const PLAIN = new Set(listed(senses.plain));

/** Returns how certainly a word is a verb: 2 for certain, 1 if it is as often a noun, otherwise 0. */
export function verbness(word: string): 0 | 1 | 2 {
  const all = lemmasOf(word);
  if (all.some((lemma) => VERBS.has(lemma))) return 2;
  return all.some((lemma) => HALF_VERBS.has(lemma)) ? 1 : 0;
}

/** Whether a noun is the role or occupation of a person: "governor", "nurse". */
export function isPersonNoun(word: string): boolean {
  return lemmasOf(word).some((lemma) => PEOPLE.has(lemma));
}

/** Whether the word lists contain an English word in lower case. */
export function isWord(word: string): boolean {
  return verbness(word) > 0 || isPersonNoun(word) || lemmasOf(word).some((one) => ALIKE.has(one));
}

/** Whether a word has so little meaning that it need not be in the source. */
export function isPlain(word: string): boolean {
  return lemmasOf(word).some((lemma) => PLAIN.has(lemma));
}

/** The groups of synonyms that contain each word. */
const GROUPS = new Map<string, number[]>();
for (const [group, words] of senses.alike.entries()) {
  for (const word of listed(words)) GROUPS.set(word, [...(GROUPS.get(word) ?? []), group]);
}
const ALIKE = bothWays(written.alike);
const OPPOSITE = bothWays(written.opposite);
// Words that are used for different things as often as for opposites.
for (const word of listed(senses.noOpposite)) OPPOSITE.delete(word);
for (const pair of senses.opposite) {
  const [one = "", other = ""] = pair.split(" : ");
  for (const word of listed(one)) for (const turned of listed(other)) link(OPPOSITE, word, turned);
}

function bothWays(pairs: Readonly<Record<string, string>>): Map<string, Set<string>> {
  const links = new Map<string, Set<string>>();
  for (const [word, others] of Object.entries(pairs))
    for (const other of listed(others)) link(links, word, other);
  return links;
}

function link(links: Map<string, Set<string>>, one: string, other: string): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    const known = links.get(from);
    if (known) known.add(to);
    else links.set(from, new Set([to]));
  }
}

const PHRASES = senses.phrases.map((line) => {
  const [phrase = "", word = ""] = line.split(" : ");
  return [new RegExp(String.raw`\b(?:${phrase})\b`, "giu"), word] as const;
});

/** Replaces verbs of several words with one word: "turned down" becomes "rejected". */
export function withOneVerb(sentence: string): string {
  let text = sentence;
  for (const [phrase, word] of PHRASES) text = text.replace(phrase, word);
  return text;
}

const relations = new Map<string, number>();
/** The size of the cache of pairs. An issue of news has some ten thousand. */
const MOST_RELATIONS = 300_000;

/** Returns how well one English word can replace another: 1 for the same, 0 for an unrelated, -1 for an opposite word. */
export function relationOf(one: string, other: string): number {
  if (one === other) return 1;
  const key = `${one} ${other}`;
  const known = relations.get(key);
  if (known !== undefined) return known;
  if (relations.size > MOST_RELATIONS) relations.clear();
  const made = relate(one, other);
  relations.set(key, made);
  return made;
}

function relate(one: string, other: string): number {
  const [ones, others] = [lemmasOf(one), lemmasOf(other)];
  if (ones.some((lemma) => others.includes(lemma))) return 1;
  const isLinked = (links: Map<string, Set<string>>) =>
    ones.some((lemma) => others.some((turned) => links.get(lemma)?.has(turned)));
  if (isLinked(OPPOSITE) && others.some((lemma) => OPPOSITE.has(lemma))) return -1;
  if (isNegationOf(one, other) || isNegationOf(other, one)) return -1;
  if (sharesStem(one, other)) return 0.9;
  const groups = new Set(ones.flatMap((lemma) => GROUPS.get(lemma) ?? []));
  if (others.some((lemma) => GROUPS.get(lemma)?.some((group) => groups.has(group)))) return 0.8;
  return isLinked(ALIKE) ? 0.7 : 0;
}

/** The likeness of other words to the English words of a text. It is `relationOf` for many words at once, without opposites. */
export class Wording {
  readonly #strengths = new Map<string, number>();
  readonly #groups = new Set<number>();

  /** The words are in lower case. */
  constructor(words: Iterable<string>) {
    for (const word of words) this.#add(word);
  }

  #add(word: string): void {
    for (const lemma of lemmasOf(word)) {
      this.#keep(lemma, 1);
      for (const stem of stemsOf(lemma)) this.#keep(stem, 0.9);
      for (const group of GROUPS.get(lemma) ?? []) this.#groups.add(group);
      for (const other of ALIKE.get(lemma) ?? []) this.#keep(other, 0.7);
    }
  }

  #keep(word: string, strength: number): void {
    this.#strengths.set(word, Math.max(strength, this.#strengths.get(word) ?? 0));
  }

  /** From 0 to 1 for a word of the text itself. */
  nearness(word: string): number {
    return lemmasOf(word).reduce((most, lemma) => Math.max(most, this.#nearnessOf(lemma)), 0);
  }

  #nearnessOf(lemma: string): number {
    const own = this.#strengths.get(lemma) ?? 0;
    const hasStem = stemsOf(lemma).some((stem) => this.#strengths.has(stem));
    const isAlike = GROUPS.get(lemma)?.some((group) => this.#groups.has(group)) === true;
    return Math.max(own, hasStem ? 0.9 : 0, isAlike ? 0.8 : 0);
  }
}

/**
 * Related words share at least this many letters at the start, and each has at most this many different ones at the end:
 * "arrival", "arrived".
 */
const STEM = 5;
const ENDING = 3;

/** Returns the beginnings that a word shares with related words, each marked with a hyphen. */
function stemsOf(lemma: string): string[] {
  const least = Math.max(STEM, lemma.length - ENDING);
  return Array.from({ length: Math.max(0, lemma.length - least + 1) }, (_, at) => {
    return `${lemma.slice(0, least + at)}-`;
  });
}

/** Whether one word is the other with a negative prefix: "unhappy" and "happy". */
function isNegationOf(one: string, other: string): boolean {
  return other.length > 4 && /^(?:un|dis|in|im|ir|non)/.test(one) && one.endsWith(other);
}

/** Whether two words share a stem: "arrival" and "arrived", "execution" and "executed". */
function sharesStem(one: string, other: string): boolean {
  const least = Math.min(one.length, other.length);
  if (least < 5) return false;
  let same = 0;
  while (same < least && one[same] === other[same]) same++;
  return same >= 5 && same >= least - 3;
}

/** Words that reverse an outcome: "refused to resign". */
const NOT =
  "\\b(?:refus\\w+ to|declin\\w+ to|fail\\w* to|not|never|no|won't|didn't|den(?:y|ies|ied)|without|(?:call|called|calls) off(?: \\S+){0,2})\\s(?:\\w+\\s)?";

/** Each row of outcomes, as patterns. */
const ROWS = outcomes.map((row) => row.map(patternOf));

function patternOf(phrases: readonly string[]): RegExp {
  const written = phrases.map((phrase) =>
    phrase.replace(/ \* /g, " (?:\\w+ ){0,3}").replace(/\*/g, "\\w*"),
  );
  return new RegExp(`(?<not>${NOT})?\\b(?:${written.join("|")})\\b`, "giu");
}

/** For each row of `outcomes.json`, the outcomes that a text claims. */
export type Outcomes = ReadonlyMap<number, ReadonlySet<string>>;

/** Returns the outcomes that English sentences claim: that an appeal was won, a bill passed, a strike called off. */
export function outcomesIn(sentences: readonly string[]): Outcomes {
  const found = new Map<number, Set<string>>();
  for (const [row, patterns] of ROWS.entries()) {
    const claimed = new Set<string>();
    for (const sentence of sentences)
      for (const [at, pattern] of patterns.entries())
        for (const { groups } of sentence.matchAll(pattern))
          claimed.add(groups?.["not"] === undefined ? `${at}` : turned(at, patterns.length));
    if (claimed.size > 0) found.set(row, claimed);
  }
  return found;
}

/** The denial of one of two outcomes is the other one. */
function turned(at: number, count: number): string {
  return count === 2 ? `${1 - at}` : `not ${at}`;
}

/** Whether two texts claim different outcomes of the same thing. */
export function hasOtherOutcome(one: Outcomes, other: Outcomes): boolean {
  return [...one].some(([row, claimed]) => {
    const others = other.get(row);
    return others !== undefined && ![...claimed].some((outcome) => others.has(outcome));
  });
}

function listed(words: string): readonly string[] {
  return words.split(" ").filter(Boolean);
}
