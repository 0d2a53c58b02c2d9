import { likelihood, type Trees } from "../platform/boosted-trees.ts";
import type { Article } from "../article/article.ts";
import type { Document } from "./document.ts";
import { factTrees, sharedFeatures, type FactsContext } from "./fact-judgement.ts";
import { GIVEN_NAMES, isKnownPlace } from "./language/names.ts";
import type { KnownPerson } from "./people/people.ts";
import { personWordsOf } from "./people/roles.ts";
import type { Person } from "./summary.ts";

const PEOPLE = 6;
/** A person is shown from this output on. The labels are 1 for the main person and .7 for others, so it is no probability. */
const LEAST_CHANCE = 0.45;

/** Returns the people to show beside the gist and key points, the most important first. */
export function peopleToShow(
  article: Article,
  document: Document,
  context: FactsContext,
  weights: Trees = factTrees().people,
): readonly Person[] {
  return peopleIn(article, document, context)
    .map(({ person, row }) => ({ person, chance: likelihood(weights, row) }))
    .filter(({ chance }) => chance >= LEAST_CHANCE)
    .toSorted((a, b) => b.chance - a.chance)
    .slice(0, PEOPLE)
    .map(({ person: { name, role } }) => (role === undefined ? { name } : { name, role }));
}

/** Returns the possible people of an article, each with its features. */
export function peopleIn(
  { title, description = "", authors, language }: Article,
  { people: { possible }, candidates, lowered }: Document,
  context: FactsContext,
): readonly { readonly person: KnownPerson; readonly row: readonly number[] }[] {
  const counts = possible.map(({ count }) => count).toSorted((a, b) => b - a);
  const most = counts[0] ?? 1;
  const personWords = personWordsOf(language);
  return possible.map((person, order) => {
    const { name, words, role, count, evidence, first, spoken } = person;
    const last = words.at(-1) ?? name;
    const isIn = (text: string) => (text.includes(name) ? 2 : text.includes(last) ? 1 : 0);
    const sentence = candidates[first]?.text ?? "";
    const before = sentence.slice(0, Math.max(0, sentence.indexOf(name)));
    const row = [
      ...sharedFeatures(first, context),
      count,
      count / most,
      spoken,
      spoken / count,
      counts.indexOf(count),
      possible.length,
      order,
      evidence,
      Number(role !== undefined),
      role?.length ?? 0,
      Number(/^\p{Lu}/u.test(role ?? "")),
      words.length,
      isIn(title),
      isIn(description),
      isIn(context.gist),
      isIn(context.shown),
      isIn(authors.join(" ")),
      Number(GIVEN_NAMES.has(words[0] ?? "")),
      Number(words.some((word) => lowered.has(word.toLowerCase()))),
      words.filter((word) => lowered.has(word.toLowerCase())).length / words.length,
      Number(isKnownPlace(last)),
      Number(words.some((word) => /^\p{Ll}/u.test(word))),
      Number(words.some((word) => /\p{Lu}{2}|\d/u.test(word))),
      Number(words.some((word) => personWords?.others.has(word.toLowerCase()) === true)),
      Number(personWords?.isPerson(last.toLowerCase().replace(/\.$/, "")) === true),
      possible.filter((other) => other !== person && other.name.includes(last)).length,
      possible.filter((other) => other.first === first).length,
      Number(before.trim() === ""),
      before.length,
      sentence.length,
    ];
    return { person, row };
  });
}
