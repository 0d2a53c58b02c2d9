import outcomes from "./outcomes.json" with { type: "json" };
import senses from "./english-senses.json" with { type: "json" };
import written from "./english-words.json" with { type: "json" };

/** Forms that no rule makes: "went", "children". */
const FORMS = new Map(
  Object.entries(senses.forms).flatMap(([lemma, all]) =>
    listed(all).map((form) => [form, lemma] as const),
  ),
);

const lemmas = new Map<string, readonly string[]>();

/**
 * What an English word in lower case may be a form of, itself first: "resumed" is "resume", and by its looks
 * might be "resum". That one of them is no word does no harm where words are only compared.
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

/** How surely a word is a verb by itself: 2, 1 where it is as often a noun, 0. */
export function verbness(word: string): 0 | 1 | 2 {
  const all = lemmasOf(word);
  if (all.some((lemma) => VERBS.has(lemma))) return 2;
  return all.some((lemma) => HALF_VERBS.has(lemma)) ? 1 : 0;
}

/** Whether a noun says what a person is: "governor", "nurse". */
export function isPersonNoun(word: string): boolean {
  return lemmasOf(word).some((lemma) => PEOPLE.has(lemma));
}

/** Whether the lists know an English word, in lower case. */
export function isWord(word: string): boolean {
  return verbness(word) > 0 || isPersonNoun(word) || lemmasOf(word).some((one) => ALIKE.has(one));
}

/** Whether a word says so little that it need not be in the source. */
export function isPlain(word: string): boolean {
  return lemmasOf(word).some((lemma) => PLAIN.has(lemma));
}

/** By each word, the groups of words for one thing that it is in. */
const GROUPS = new Map<string, number[]>();
for (const [group, words] of senses.alike.entries()) {
  for (const word of listed(words)) GROUPS.set(word, [...(GROUPS.get(word) ?? []), group]);
}
const ALIKE = bothWays(written.alike);
const OPPOSITE = bothWays(written.opposite);
// Said of two things as often as of one.
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

/** An English sentence with one word for a verb of several: "turned down" is "rejected". */
export function withOneVerb(sentence: string): string {
  let text = sentence;
  for (const [phrase, word] of PHRASES) text = text.replace(phrase, word);
  return text;
}

const relations = new Map<string, number>();
/** Pairs that are kept; an issue of news has some ten thousand. */
const MOST_RELATIONS = 300_000;

/**
 * How well one English word, in lower case, stands for another: 1 is the same word, 0 has nothing to do with
 * it, -1 is its opposite.
 */
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

/** How near the English words of a text come to other words: as `relationOf` does, for many words at once. */
export class Wording {
  readonly #strengths = new Map<string, number>();
  readonly #groups = new Set<number>();

  /** Words in lower case. */
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

  /** From 0 to 1, which is a word of the text itself. */
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

/** Letters that related words begin with, at least, and how many may follow in each of them: "arrival" and "arrived". */
const STEM = 5;
const ENDING = 3;

/** What a word may begin with that a related word begins with too, marked as such. */
function stemsOf(lemma: string): string[] {
  const least = Math.max(STEM, lemma.length - ENDING);
  return Array.from({ length: Math.max(0, lemma.length - least + 1) }, (_, at) => {
    return `${lemma.slice(0, least + at)}-`;
  });
}

/** "unhappy" and "happy", "disapprove" and "approve". */
function isNegationOf(one: string, other: string): boolean {
  return other.length > 4 && /^(?:un|dis|in|im|ir|non)/.test(one) && one.endsWith(other);
}

/** "arrival" and "arrived", "execution" and "executed". */
function sharesStem(one: string, other: string): boolean {
  const least = Math.min(one.length, other.length);
  if (least < 5) return false;
  let same = 0;
  while (same < least && one[same] === other[same]) same++;
  return same >= 5 && same >= least - 3;
}

/** What turns an outcome around: "refused to resign". */
const NOT =
  "\\b(?:refus\\w+ to|declin\\w+ to|fail\\w* to|not|never|no|won't|didn't|den(?:y|ies|ied)|without|(?:call|called|calls) off(?: \\S+){0,2})\\s(?:\\w+\\s)?";

/** Each row with its outcomes as patterns. */
const ROWS = outcomes.map((row) => row.map(patternOf));

function patternOf(phrases: readonly string[]): RegExp {
  const written = phrases.map((phrase) =>
    phrase.replace(/ \* /g, " (?:\\w+ ){0,3}").replace(/\*/g, "\\w*"),
  );
  return new RegExp(`(?<not>${NOT})?\\b(?:${written.join("|")})\\b`, "giu");
}

/** By the number of a row of `outcomes.json`, the outcomes of it that a text claims. */
export type Outcomes = ReadonlyMap<number, ReadonlySet<string>>;

/** What English sentences say has come of something: that an appeal was won, a bill passed, a strike called off. */
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

/** Of two outcomes the one that is denied is the other. */
function turned(at: number, count: number): string {
  return count === 2 ? `${1 - at}` : `not ${at}`;
}

/** Whether two texts claim different outcomes of one thing. */
export function hasOtherOutcome(one: Outcomes, other: Outcomes): boolean {
  return [...one].some(([row, claimed]) => {
    const others = other.get(row);
    return others !== undefined && ![...claimed].some((outcome) => others.has(outcome));
  });
}

function listed(words: string): readonly string[] {
  return words.split(" ").filter(Boolean);
}
