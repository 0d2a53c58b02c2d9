import { type Lexicon, stemOf } from "../language/lexicon.ts";
import { additiveSubject } from "./anaphora.ts";
import { couldBePerson, GIVEN_NAMES, isKnownPlace, nameRunsIn } from "../language/names.ts";

interface TakenForKnown {
  /** Terms that earlier sentences introduced. */
  readonly recalls: readonly string[];
  /** Whether its subject refers to the sentence directly before it. */
  readonly pointsBack: boolean;
}

/**
 * Returns a function that is called with each sentence of an article in order. It returns the terms that the sentence
 * presupposes: "the studio" and "Pell" after sentences on a studio and on Ada Pell, "Pell also", and "the plan" after a
 * description of a plan. Readers who have not seen those sentences would not understand it. The terms of the title are
 * known to every reader.
 */
export function introductions(titleTerms: ReadonlySet<string>, lexicon: Lexicon) {
  const labels = new Set([...lexicon.labels, ...lexicon.makers].map(stemOf));
  const introduced = new Set<string>();
  const names = new Set<string>();
  return function takenForKnown(sentence: string, terms: ReadonlySet<string>): TakenForKnown {
    const isFirst = introduced.size === 0;
    const subject = definiteSubject(sentence, lexicon);
    const known = knownThings(sentence, lexicon);
    const { full, short } = namesIn(sentence, lexicon);
    const added = additiveSubject(sentence, lexicon);
    const taken = new Set([
      ...known.filter((thing) => introduced.has(thing) && !lexicon.wellKnown.has(thing)),
      ...short.filter((name) => names.has(name)).map((name) => stemOf(name.toLowerCase())),
    ]);
    if (subject && introduced.has(subject.term)) taken.add(subject.term);
    const pointsBack =
      !isFirst &&
      ((subject !== undefined && isAnaphor(subject)) ||
        known.some(
          (thing) => labels.has(thing) && !introduced.has(thing) && !titleTerms.has(thing),
        ));
    if (added !== undefined && !isFirst) taken.add(added);
    for (const name of full) names.add(name);
    for (const term of terms) introduced.add(term);
    return { recalls: [...taken].filter((term) => !titleTerms.has(term)), pointsBack };
  };

  /** Whether a subject stands for an earlier statement, such as "The plan". "the largest boat" and "the sun" do not. */
  function isAnaphor({ term, isRanked }: DefiniteSubject): boolean {
    return (
      !isRanked && !introduced.has(term) && !titleTerms.has(term) && !lexicon.wellKnown.has(term)
    );
  }
}

const LONGEST_WORDS = 4;
/** A word between "the" and the end of its noun phrase. */
const SUBJECT_WORD = /^(?<word>\p{Ll}[\p{L}'’-]*)(?<mark>,?)\s/u;
/** "The pilot, who died" is known from earlier text. "the ship, the Lune Star," is named here. */
const GOES_ON = /^(?:who|which|whose)$/;
/** A modifier that makes the noun unique: "the largest harbour", "the first ferry". */
const RANKED = /^(?:\p{L}{2,}est|first|second|third|last|next|most|least|only|best|worst|same)$/u;

/** Adverbs in -ly, without words such as "family". */
const ADVERB = /(?<!^(?:fami|ral|al|supp|assemb|rep|bul|monopo|anoma|f|jel|bel))ly$/;

interface DefiniteSubject {
  /** The noun, as a term. */
  readonly term: string;
  /** Whether the sentence itself makes the noun unique. */
  readonly isRanked: boolean;
}

/**
 * Returns the subject of a sentence that begins with "the" and a bare noun: "The studio became …", "All three riders were
 * …". A reader of this sentence alone would not know which studio. Undefined if the words after the noun define it ("The
 * captain of the ferry"), and in languages that use the article for any noun.
 */
export function definiteSubject(sentence: string, lexicon: Lexicon): DefiniteSubject | undefined {
  const opening = /^(?<first>\p{Lu}\p{Ll}+) /u.exec(sentence)?.groups?.["first"] ?? "";
  if (!lexicon.definites.has(opening.toLowerCase())) return undefined;
  let rest = sentence.slice(opening.length + 1).replace(/^(?:the |two |three |four |five )+/, "");
  let noun = "";
  let isRanked = false;
  for (let count = 0; count <= LONGEST_WORDS; count++) {
    const { word = "", mark = "" } = SUBJECT_WORD.exec(rest)?.groups ?? {};
    if (word === "") return undefined;
    if (endsSubject(word, noun, rest, lexicon)) break;
    isRanked ||= RANKED.test(word);
    noun = word;
    rest = rest.slice(word.length + mark.length + 1);
    if (mark !== "") break;
  }
  const hasComma = sentence.slice(0, sentence.length - rest.length).endsWith(", ");
  if (noun === "" || ADVERB.test(noun) || isDefined(rest, hasComma, lexicon)) return undefined;
  return { term: stemOf(noun), isRanked };
}

/** Whether a word is outside the noun phrase. "The plan" and "the new plan was" have no verb in it. */
function endsSubject(word: string, noun: string, rest: string, lexicon: Lexicon): boolean {
  const { stopWords, prepositions, verbs } = lexicon;
  if (stopWords.has(word) || prepositions.has(word) || /n['’]t$/.test(word)) return true;
  if (noun === "") return false;
  if (word.endsWith("ed") || ADVERB.test(word)) return true;
  const next = SUBJECT_WORD.exec(rest.slice(word.length + 1))?.groups?.["word"] ?? "";
  return verbs.has(word) && !(verbs.has(next) && stopWords.has(next));
}

function isDefined(rest: string, hasComma: boolean, { prepositions }: Lexicon): boolean {
  const next = /^\p{L}+/u.exec(rest)?.[0] ?? "";
  if (hasComma) return !GOES_ON.test(next);
  return prepositions.has(next) || /^(?:that|and|or|to)$/.test(next) || GOES_ON.test(next);
}

/** An article and a noun phrase in lower case. */
const PHRASE =
  /(?<![\p{L}’'])(?<article>[Aa]n?|[Tt]he|[Bb]oth|th(?:is|ese)) (?<words>\p{Ll}[\p{L}'’-]*(?: \p{Ll}[\p{L}'’-]*){0,4})/gu;
/** A word that begins a definition of the noun: "the quarry where they worked". */
const DEFINES =
  /^(?:of|that|who|whose|where|which|in|on|at|for|to|from|with|between|against|and|or)$/;

/**
 * Returns the nouns, as terms, that a sentence presupposes: "the quarry" or "this quarry", without a definition after it
 * and without "a quarry" in the same sentence. Empty in languages that use the article for any noun.
 */
function knownThings(sentence: string, lexicon: Lexicon): readonly string[] {
  if (lexicon.definites.size === 0 || !/\b(?:[Tt]he|[Bb]oth|this|these) /.test(sentence)) return [];
  const introduced = new Set<string>();
  const known = new Set<string>();
  for (const { groups } of sentence.matchAll(PHRASE)) {
    const { article = "", words = "" } = groups ?? {};
    const all = words.split(" ");
    const found = all.findIndex((word, at) => endsPhrase(word, at, lexicon));
    const end = found === -1 ? all.length : found;
    const noun = all[end - 1];
    if (noun === undefined) continue;
    if (/^an?$/i.test(article)) introduced.add(stemOf(noun));
    else if (!DEFINES.test(all[end] ?? "")) known.add(stemOf(noun));
  }
  return [...known].filter((noun) => !introduced.has(noun));
}

function endsPhrase(word: string, at: number, { stopWords, prepositions }: Lexicon): boolean {
  return (
    stopWords.has(word) ||
    prepositions.has(word) ||
    /n['’]t$/.test(word) ||
    (at > 0 && /(?:ed|ly)$/.test(word))
  );
}

/** Forms of address before a surname, which do not identify the person. */
const COURTESY = /^(?:Mr|Mrs|Ms|Miss|Mx|M|Mme|Mlle|Herrn?|Frau|Sr|Sra|Sig|Dhr|Mevr)\.?$/;

interface SentenceNames {
  /** For each name of two or more words, the words that may be used for it later. */
  readonly full: readonly string[];
  /** Names of one word that do not also occur in full. */
  readonly short: readonly string[];
}

/** Returns the full names in a sentence that may be people's, and the single words that may be short for one. */
function namesIn(sentence: string, lexicon: Lexicon): SentenceNames {
  const full: string[] = [];
  const short: string[] = [];
  for (const { text: run, start } of nameRunsIn(sentence)) {
    const words = run.split(" ").filter((word) => !isBeside(word, lexicon));
    const [first = "", ...others] = words;
    if (others.length === 0 && first !== "") short.push(first);
    if (others.length === 0 || /\bthe $/i.test(sentence.slice(0, start))) continue;
    // The words before a name may describe the person: "American Ada Pell".
    if (!couldBePerson(words.slice(-2)) || isKnownPlace(words.at(-1) ?? "")) continue;
    full.push(...others.filter((word) => word.length > 2));
    // In "Kim Jong-un", the family name comes first.
    if (GIVEN_NAMES.has(first) || /^\p{Lu}\p{Ll}+-\p{Ll}+$/u.test(others.at(-1) ?? ""))
      full.push(first);
  }
  return { full, short: short.filter((name) => !full.includes(name)) };
}

/** Whether a word is not part of the name: "Mrs Pell", "Monday Pell", "When Ada Pell". */
function isBeside(word: string, { calendar, stopWords, prepositions }: Lexicon): boolean {
  const lower = word.toLowerCase();
  if (!/^\p{Lu}/u.test(word)) return false;
  return (
    COURTESY.test(word) || calendar.has(lower) || stopWords.has(lower) || prepositions.has(lower)
  );
}
