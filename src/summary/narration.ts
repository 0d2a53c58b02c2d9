import type { Lexicon } from "./language/lexicon.ts";

/** Where more of an article than this is told by its writer as "I", it is an essay, and that is its voice. */
const ESSAY = 1 / 6;

const NUMBERED = /\b(?:War|Phase|Part|Type|Class|Title|Stage|Elizabeth|Charles|James|Francis) $/;

/**
 * Which sentences of an article are the writer's own aside, "I asked Pell how": in a summary nobody knows who
 * that is. None where the article is told so throughout.
 * @param narrated its sentences without their quotations
 */
export function narratorsAsides(
  narrated: readonly string[],
  lexicon: Lexicon,
): ReadonlySet<number> {
  const found = new Set<number>();
  for (const [index, sentence] of narrated.entries())
    if (hasNarrator(sentence, lexicon)) found.add(index);
  return found.size > narrated.length * ESSAY ? new Set() : found;
}

function hasNarrator(sentence: string, { narrators }: Lexicon): boolean {
  if (narrators.size === 0) return false;
  return [...sentence.matchAll(/[\p{L}\p{M}]+(?:['’]\p{L}+)?/gu)].some(({ 0: word, index }) => {
    if (!narrators.has(word.replace("’", "'").toLowerCase())) return false;
    // "World War I" and "the US" are no persons.
    if (/^\p{Lu}{2}/u.test(word)) return false;
    return word !== "I" || !NUMBERED.test(sentence.slice(Math.max(0, index - 12), index));
  });
}
