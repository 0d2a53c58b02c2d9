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

/** Whether a noun says what somebody is: "governor", "nurse". */
export function isPersonNoun(word: string): boolean {
  return lemmasOf(word).some((lemma) => PEOPLE.has(lemma));
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
const BROADER = bothWays(written.broader);
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
  if (isLinked(ALIKE)) return 0.7;
  return isLinked(BROADER) ? 0.4 : 0;
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

function listed(words: string): readonly string[] {
  return words.split(" ").filter(Boolean);
}
