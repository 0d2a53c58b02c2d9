import type { Lexicon } from "./lexicon.ts";

/** Of verbs, and of nouns as well: it is right to be in doubt. */
const VERB_ENDING = /\p{L}{2}(?:ed|ing|[^s'’u]s)$|['’](?:s|re|ve|ll|d|m)$|n['’]t$/u;
/** "of bombings", "of the charges", "a look", "to live on", "24 hours": nouns, or verbs of nobody. */
const NOUN_FOLLOWS = /(?:\b(?:an?|of(?: the)?|to)|(?:^|\s)\p{N}[\p{N}.,]*) $/u;

/** Verbs that have an object unless they are participles: "A man killed during a search". */
const NEEDS_OBJECT =
  /^(?:killed|injured|wounded|arrested|accused|charged|jailed|convicted|sentenced|suspected)$/;
const PREPOSITION_FOLLOWS = /^ (?:by|during|in|on|of|with|for|after|at|near) /;

/** "It's" and "Pell's going" have a verb, "Pell's bakery" has not. */
const IS_FOLLOWS = /^ (?:an?|the|not|been|no|\p{Ll}+ing)(?!\p{L})/u;
/** "Singers" in "Students, singers": one of several things. */
const LISTED = /^\p{L}+, $/u;

/** "A good week for Ada Pell." Only where we know the verbs of a language, which is English. */
export function lacksVerb(sentence: string, lexicon: Lexicon): boolean {
  const { verbs, prepositions } = lexicon;
  // A sentence in another script is in another language, whose verbs these are not.
  if (verbs.size === 0 || /(?!\p{Script=Latin})\p{L}/u.test(sentence)) return false;
  const told = sentence.replace(/["“][^"”]*["”]/g, " ").toLowerCase();
  return ![...told.matchAll(/\p{L}[\p{L}'’]*/gu)].some(({ 0: word, index }) => {
    // "During" and "following" only look like verbs.
    if (prepositions.has(word)) return false;
    if (!verbs.has(word) && !VERB_ENDING.test(word)) return false;
    const after = told.slice(index + word.length, index + word.length + 10);
    if (NEEDS_OBJECT.test(word) && PREPOSITION_FOLLOWS.test(after)) return false;
    const before = told.slice(Math.max(0, index - 24), index);
    if (!verbs.has(word) && isNoun(word, before, after, lexicon)) return false;
    return !NOUN_FOLLOWS.test(before);
  });
}

/** What ends like a verb where none can be: "Posing", "Students", "by smugglers", "the victims", "Pell's bakery". */
function isNoun(
  word: string,
  before: string,
  after: string,
  { stopWords, determiners, prepositions }: Lexicon,
): boolean {
  const [stem = "", possessive] = word.split(/['’](?=s$)/);
  if (possessive !== undefined) return !stopWords.has(stem) && !IS_FOLLOWS.test(after);
  if (before === "" && word.endsWith("ing")) return true;
  if (!word.endsWith("s")) return false;
  const previous = /([\p{L}'’]+) $/u.exec(before)?.[1] ?? "";
  if (before === "" || LISTED.test(before) || /['’]s$/.test(previous)) return true;
  return determiners.has(previous) || prepositions.has(previous);
}
