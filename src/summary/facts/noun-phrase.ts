import { primarySubtag, type Lexicon } from "../language/lexicon.ts";

const LONGEST_WORDS = 4;
const COLLECTIVE = /^(?:people|men|women|children|fish|sheep|cattle|police|staff|aircraft)$/;
/** Words that point to a context that isn't shown. */
const POINTING =
  /^(?:other|others|more|such|same|additional|further|extra|different|new|next|remaining|previous|similar|several|weitere[nrms]?|andere[nrms]?|neue[nrms]?|solche[nrms]?)$/i;
/** Where a clause ends: at a mark, but not at one inside a number. */
const MARK = /(?:[,;:.!?]|\s?[()"“”„«»—–])(?!\d|\s(?:1[5-9]|20)\d\d)|\s--?\s/u;
/** What begins a thought of its own, which the number has no part in. */
const ANOTHER_THOUGHT =
  /\s(?:and|or|but|so|while|as|before|after|when|where|because|if|than|then|(?<!(?:related|linked|due|close|next)\s)to|und|oder|aber|als|während|bevor|nachdem|wenn|weil|um|zu)\s/u;
const LONGEST_TAIL = 50;

/** What is counted in money is told with what it pays for. */
const MONEY = /^(?:pounds|dollars|euros|francs|pesos|rupees|rubles|roubles|crowns|pence|cents)$/i;
/** The count goes on: "teachers and students", "men, women and children". */
const GOES_ON = /^(?:\s(?:and|or|und|oder)\s|,\s\p{Ll}+(?:,|\s(?:and|or))\s|\s\()/u;

/** Whether what follows a number may be a noun that it counts. */
export function isCountable(after: string, language: string, lexicon: Lexicon): boolean {
  const word = nextWord(after);
  if (!/^\p{Script=Latin}/u.test(word) || isEnd(word, lexicon)) return false;
  return !isGerman(language) || /^\s(?:\p{Lu}|\p{Ll}+en?\s\p{Lu})/u.test(after);
}

/**
 * The noun that a number counts with what is between, "young eels", and what belongs to it. Undefined
 * where the noun says too little without its sentence ("people"), where the count goes on after it, or
 * where there is none.
 */
export function nounPhrase(after: string, language: string, lexicon: Lexicon): string | undefined {
  const { words, end } = wordsToNoun(after, language, lexicon);
  const noun = words.at(-1) ?? "";
  if (!isNoun(noun, language) || words.some((word) => POINTING.test(word))) return undefined;
  if (MONEY.test(noun)) return undefined;
  // "11 contestant Ada Pells": a role and a name.
  if (!isGerman(language) && /^\p{Lu}/u.test(noun) && words.some((word) => /^\p{Ll}/u.test(word))) {
    return undefined;
  }
  // "12 Champions League games": the capital is a name's, which goes on.
  const next = nextWord(after.slice(end));
  if (/^\p{Lu}/u.test(noun) && !isGerman(language) && next !== "" && !isEnd(next, lexicon))
    return undefined;
  const tail = after.slice(end).split(MARK, 1)[0] ?? "";
  if (/^\.[\p{L}\p{N}]/u.test(after.slice(end + tail.length))) return undefined;
  // Two words say what is counted; one alone seldom does, unless the language makes them of two.
  const isTold = words.length > 1 || tail.trim() !== "" || (isGerman(language) && noun.length > 8);
  if (!isTold || GOES_ON.test(after.slice(end))) return undefined;
  if (tail.trim() !== "" && (endsOpen(tail, lexicon) || tellsWhen(tail, lexicon))) return undefined;
  // "in 34 states, Washington and Puerto Rico" goes on.
  if (/^,\s\p{Lu}/u.test(after.slice(end + tail.length)) && /\sin\s/.test(tail)) return undefined;
  // What follows may narrow what is counted, "deaths related to ozone", so it is told too, or nothing is.
  if (tail.length > LONGEST_TAIL || ANOTHER_THOUGHT.test(`${tail} `)) return undefined;
  return (after.slice(0, end) + tail).trim();
}

/** Whether a phrase ends in a word that waits for another, "behind", "and"; "a day" ends what it follows. */
export function endsOpen(phrase: string, lexicon: Lexicon): boolean {
  const last = /\p{L}+$/u.exec(phrase.trimEnd())?.[0]?.toLowerCase() ?? "";
  return isEnd(last, lexicon) && !lexicon.calendar.has(last);
}

/** A time belongs to the verb before, which is not shown: "released 19 hostages on Sunday"; a rate doesn't. */
function tellsWhen(tail: string, { calendar }: Lexicon): boolean {
  const bare = tail.replace(/\s(?:an?|per|every|each)\s\p{L}+/gu, "");
  return (bare.match(/\p{L}+/gu) ?? []).some((word) => calendar.has(word.toLowerCase()));
}

/** A text up to the end of its clause. */
export function clauseOf(text: string): string {
  return (text.split(MARK, 1)[0] ?? "").trim();
}

function wordsToNoun(after: string, language: string, lexicon: Lexicon) {
  const words: string[] = [];
  let end = 0;
  for (const { index, 0: whole, 1: word = "" } of after.matchAll(
    /\s(\p{L}[\p{L}\p{M}'’-]*)(?=[^\p{L}]|$)/gu,
  )) {
    // Anything but a space between two words ends the phrase.
    if (index !== end || words.length === LONGEST_WORDS || isEnd(word, lexicon)) break;
    words.push(word);
    end = index + whole.length;
    if (isNoun(word, language) && !isNoun(nextWord(after.slice(end)), language)) break;
  }
  return { words, end };
}

function isEnd(word: string, { stopWords, prepositions, calendar }: Lexicon): boolean {
  const lower = word.toLowerCase();
  return stopWords.has(lower) || prepositions.has(lower) || calendar.has(lower);
}

/** A plural in English; "status" and "class" are none. */
function isNoun(word: string, language: string): boolean {
  if (isGerman(language)) return /^\p{Lu}\p{Ll}{2,}$/u.test(word);
  return COLLECTIVE.test(word) || /^[\p{L}'’-]{2,}[^s'’u]s$/u.test(word);
}

function nextWord(after: string): string {
  return /^\s(\p{L}[\p{L}'’-]*)/u.exec(after)?.[1] ?? "";
}

function isGerman(language: string): boolean {
  return primarySubtag(language) === "de";
}
