import { countWords, endsSentence } from "./measure-text.ts";
import { isSameTitle } from "./clean-text.ts";

/**
 * The first description that can stand for the story: one whole statement about the story that does not address its
 * readers, takes every name and number from the story, and is not a sentence of it. Descriptions of pages and feeds
 * can also be a cut-off beginning, a text about the whole site, or an appeal to click.
 */
export function ownDescription(
  descriptions: readonly string[],
  title: string,
  text: string,
): string | undefined {
  return descriptions.find(
    (description) =>
      isStatement(description) &&
      !isSameTitle(description, title) &&
      !text.includes(description) &&
      isFaithful(description, `${title} ${text}`),
  );
}

const FEWEST_WORDS = 6;
const MOST_WORDS = 45;

function isStatement(text: string): boolean {
  const words = countWords(text);
  if (words < FEWEST_WORDS || words > MOST_WORDS || !endsSentence(text)) return false;
  return !ASKS_OR_CALLS.test(text) && !GOES_ON.test(text) && !TO_READERS.test(text);
}

const ASKS_OR_CALLS = /[!?…！？؟]|\.\.|\[|^["'“„«‘]/u;
const GOES_ON = /[.。।۔]["'”’»)]?(?:\s+["'“„«‘(]?\p{Lu}|(?<=[。।۔])\s*\S)/u;

// Words by which a site addresses its readers or speaks of itself, in the languages where pages do so most.
const TO_READERS =
  /(?<!\p{L})(?:you|your|yours|we|our|ours|us|i|my|here's|read|click|see|check|watch|listen|discover|learn|find out|sign up|subscribe|wir|uns|unser\p{L}*|ihr|euch|erfahren sie|lesen sie|vous|votre|vos|nous|notre|nos|découvrez|usted|ustedes|tu|tus|nuestr\p{L}+|descubre|conoce|você|seu|sua|nosso|nossa|saiba|confira|scopri|leggi|nostr\p{L}+|tuo|tua|je|jouw|onze|lees|ontdek)(?!\p{L})/iu;

// The share of a description's longer words that the story must have. Names and numbers must all be in the story.
const LEAST_SHARE = 0.5;

function isFaithful(description: string, story: string): boolean {
  const known = new Set(wordsOf(story));
  if (wordsOf(checkable(description)).some((word) => !known.has(word))) return false;
  const own = wordsOf(description).filter((word) => word.length > 3 || isWithoutSpaces(word));
  return own.filter((word) => known.has(word)).length >= own.length * LEAST_SHARE;
}

// The numbers of a description, and its capitalised words that do not begin a sentence.
function checkable(description: string): string {
  return (description.match(/(?<=\S\s*)(?:\p{Lu}[\p{L}\p{M}]*|\p{N}+)|^\p{N}+/gu) ?? []).join(" ");
}

// Scripts without spaces are compared by pairs of characters.
function wordsOf(text: string): string[] {
  return (text.toLowerCase().match(/[\p{L}\p{M}]+|\p{N}+/gu) ?? []).flatMap((word) =>
    isWithoutSpaces(word) ? (word.match(/..(?=.?)/gsu) ?? []) : [word],
  );
}

function isWithoutSpaces(word: string): boolean {
  return /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(word);
}
