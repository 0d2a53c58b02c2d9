import { primarySubtag, lexiconOf, perLanguage } from "../language/lexicon.ts";
import {
  ELIDED,
  type NameRun,
  nameRunsIn,
  GIVEN_NAMES,
  isKnownPlace,
  THING_WORDS,
} from "../language/names.ts";
import { numeralsOf } from "../facts/numerals.ts";
import { FUNCTION_WORDS } from "../../article/detect-language.ts";
import { countriesIn } from "./countries.ts";
import { isWord, verbness } from "./english.ts";
import { abbreviationsOf } from "../language/abbreviations.ts";

/** The names of a text, and its other words, because a name may consist of them. All are keys. */
export interface Named {
  readonly language: string;
  readonly words: ReadonlySet<string>;
  /** The words that the text writes in lower case at least once. */
  readonly lowered: ReadonlySet<string>;
  /** For each word, the runs of capitalised words that contain it. */
  readonly runs: ReadonlyMap<string, readonly (readonly string[])[]>;
  /** The initials of each run: "un" for "United Nations". */
  readonly initials: ReadonlySet<string>;
  /** The beginnings of the words, of each length from three letters. */
  readonly beginnings: ReadonlySet<string>;
}

const TEXT_WORD = /[\p{L}\p{M}\p{N}]+(?:['.][\p{L}\p{M}\p{N}]+)*/gu;

/** Collects the names and words of a text. */
export function namedIn(sentences: readonly string[], plain: string, language: string): Named {
  const words = new Set<string>();
  const lowered = new Set<string>();
  for (const [word] of plain.matchAll(TEXT_WORD)) {
    // "U.S." and "L'avocat" count as whole words and in parts.
    for (const part of new Set([word, ...word.split(/['.]/)])) {
      const key = nameKey(part);
      words.add(key);
      if (/^\p{Ll}/u.test(part)) lowered.add(key);
    }
  }
  const runs = new Map<string, string[][]>();
  const initials = new Set<string>();
  for (const { words: run } of sentences.flatMap(comparedRunsIn)) {
    const keys = run.map(({ key }) => key);
    for (const key of keys) runs.set(key, [...(runs.get(key) ?? []), keys]);
    initials.add(run.map(({ text }) => text[0]?.toLowerCase() ?? "").join(""));
  }
  return { language, words, lowered, runs, initials, beginnings: beginningsOf(words) };
}

function beginningsOf(words: ReadonlySet<string>): ReadonlySet<string> {
  const beginnings = new Set<string>();
  for (const word of words) {
    for (let length = 3; length <= Math.min(word.length, 24); length++)
      beginnings.add(word.slice(0, length));
  }
  return beginnings;
}

/** Languages that inflect names: "Путина" and "Путин", "Ankara'da" and "Ankara". */
const DECLINING = new Set(
  "ru uk be pl cs sk sl hr sr bs bg mk lt lv et fi hu tr az kk el ro la eu ka hy".split(" "),
);

/** Whether a text contains a word of a name, in this or an equivalent form. */
function isNamed(key: string, named: Named): boolean {
  const { words, initials, beginnings, language } = named;
  if (words.has(key) || (key.length >= 2 && initials.has(key))) return true;
  const primary = primarySubtag(language);
  if (DECLINING.has(primary)) return beginnings.has(key.slice(0, Math.max(3, key.length - 3)));
  if (words.has(`${key}s`) || (key.endsWith("s") && words.has(key.slice(0, -1)))) return true;
  if (primary !== "en") return false;
  return placeStems(key).some((stem) =>
    ["", "a", "y", "ia", "e"].some((end) => words.has(stem + end)),
  );
}

/** A run of capitalised words, prepared for comparison. */
export interface ComparedRun {
  readonly text: string;
  readonly start: number;
  readonly words: readonly { readonly text: string; readonly key: string }[];
  /** Whether it begins the sentence, so that its first capital proves nothing. */
  readonly isFirst: boolean;
}

/** A title such as "Mr." is not part of the name. */
const TITLE = /^\p{Lu}\p{Ll}+\.$/u;

/** Returns the runs of capitalised words in a sentence (see `plainText`); "Bank of England" is one. */
export function comparedRunsIn(sentence: string): readonly ComparedRun[] {
  const spans: { start: number; end: number }[] = [];
  for (const { start, end } of nameRunsIn(sentence).flatMap(withoutTitles)) {
    const last = spans.at(-1);
    if (last && /^(?: of (?:the )?|-)$/.test(sentence.slice(last.end, start))) last.end = end;
    else spans.push({ start, end });
  }
  return spans.map(({ start, end }) => ({
    text: sentence.slice(start, end),
    start,
    words: sentence
      .slice(start, end)
      .split(/[ -]/)
      .map((word) => word.replace(ELIDED, ""))
      .filter((word) => /^\P{Ll}/u.test(word))
      .map((word) => ({ text: word, key: nameKey(word) })),
    isFirst: /(?:^|[.!?:]\s)[^\p{L}\p{N}]*$/u.test(sentence.slice(0, start)),
  }));
}

/** Splits a run at its titles. */
function withoutTitles({ text, start }: NameRun): readonly Pick<NameRun, "start" | "end">[] {
  const parts: { start: number; end: number }[] = [];
  let isOpen = false;
  for (const { 0: word, index } of text.matchAll(/\S+/g)) {
    const end = start + index + word.length;
    const last = parts.at(-1);
    if (TITLE.test(word)) isOpen = false;
    else if (last && isOpen) last.end = end;
    else {
      parts.push({ start: start + index, end });
      isOpen = true;
    }
  }
  return parts;
}

/** Returns a word of a name in a form for comparison: without case, accents, full stops and the genitive 's. */
function nameKey(word: string): string {
  return word
    .normalize("NFKD")
    .replace(/(?<=\p{Script=Latin})\p{M}+/gu, "")
    .toLowerCase()
    .replace(/'s?$|[.']/g, "");
}

/** English endings that make the name of a people from a place: "Paris" and "Parisian". */
const DEMONYM_ENDING = /(?:ians?|ans?|ns?|ese|ish|is?|ic|s|ers?)$/;

/** Returns the possible beginnings of a place's name, from the English name of its people. */
function placeStems(key: string): readonly string[] {
  return [key, key.replace(DEMONYM_ENDING, ""), key.replace(/n?s?$/, "")].filter(
    (stem) => stem.length >= 3,
  );
}

/**
 * Returns the first name in a sentence (see `plainText`) that a text does not contain, or a combination of the names of two
 * people. Only for scripts with capitals.
 */
export function strangerIn(sentence: string, named: Named): string | undefined {
  for (const whole of comparedRunsIn(sentence)) {
    const run = withoutOpener(whole, named);
    const shown = run.words.map(({ text }) => text).join(" ");
    if (
      run.words.some(
        ({ key, text }) => !isNamed(key, named) && !isOrdinary(key, text, run, sentence, named),
      )
    )
      return shown;
    if (isMixed(run, named)) return shown;
  }
  return undefined;
}

/** Removes the first word of a run if it is capitalised only because it begins the sentence. */
function withoutOpener(run: ComparedRun, named: Named): ComparedRun {
  const [first] = run.words;
  if (!run.isFirst || !first || !isOpener(first.text, first.key, named)) return run;
  const words = run.words.slice(1);
  const start = run.start + run.text.indexOf(words[0]?.text ?? "", first.text.length);
  return { text: run.text.slice(start - run.start), start, words, isFirst: false };
}

/** Whether a word is likely not a name, although it is not in the source. */
function isOrdinary(
  key: string,
  text: string,
  run: ComparedRun,
  sentence: string,
  named: Named,
): boolean {
  if (/^\p{Lu}\.?$/u.test(text) || isNumberWord(key, named.language)) return true;
  if (primarySubtag(named.language) === "de")
    return couldBeNoun(key, run, sentence, named.beginnings);
  const after = sentence.slice(run.start + run.text.length);
  return run.isFirst && run.words.length === 1 && mayOpen(text, after, named.language);
}

function isNumberWord(word: string, language: string): boolean {
  const { words, scales } = numeralsOf(language);
  return words.has(word) || scales.has(word);
}

/** Whether two adjacent words are never adjacent in the source: "Angela Obama". */
function isMixed({ words, text: whole }: ComparedRun, named: Named): boolean {
  // A modifier before a name: a role that is elsewhere in lower case, or the name of a people.
  const from = words.findIndex(
    ({ key, text }, index) => index === words.length - 1 || !isModifier(key, text, named),
  );
  const name = words.slice(from);
  const joints = name
    .slice(1)
    .map(
      (word, index) => areTogether(name[index], word, named) || isDash(name[index], word, whole),
    );
  const gap = joints.indexOf(false);
  // A name that is also used alone, before a complete one: "la mairie de Paris Christophe Girard".
  const isOnly = joints.lastIndexOf(false) === gap && gap < joints.length - 1;
  return gap !== -1 && !(isOnly && standsAlone(name.slice(0, gap + 1), named));
}

function isModifier(key: string, text: string, { lowered, words, language }: Named): boolean {
  if (GIVEN_NAMES.has(text)) return false;
  if (lowered.has(key) || !words.has(key) || THING_WORDS.has(key) || isKnownPlace(text))
    return true;
  if (primarySubtag(language) === "de") return true;
  return primarySubtag(language) === "en" && countriesIn(text).length > 0;
}

/** Whether two names are joined only by a hyphen: "The Kim-Xi meeting". */
function isDash(first: Word, second: Word, whole: string): boolean {
  if (!first || !second || GIVEN_NAMES.has(first.text) || GIVEN_NAMES.has(second.text))
    return false;
  return whole.includes(`${first.text}-${second.text}`);
}

type Word = ComparedRun["words"][number] | undefined;

function areTogether(first: Word, second: Word, { runs, lowered }: Named): boolean {
  if (!first || !second || /^\p{Lu}\.$/u.test(second.text)) return true;
  const isTogether = (run: readonly string[]) =>
    run.indexOf(second.key, run.indexOf(first.key) + 1) !== -1;
  if ((runs.get(first.key) ?? []).some(isTogether)) return true;
  // "Hospital Trust" may be two words for a thing, but "Lauren Trust" may not.
  return !GIVEN_NAMES.has(first.text) && (lowered.has(first.key) || lowered.has(second.key));
}

function standsAlone(words: readonly { readonly key: string }[], { runs }: Named): boolean {
  const whole = words.map(({ key }) => key).join(" ");
  return (runs.get(words[0]?.key ?? "") ?? []).some((run) => run.join(" ") === whole);
}

const NOUN_ENDINGS =
  /(?:ung|ungen|heit|heiten|keit|keiten|schaft|schaften|tion|tionen|tät|täten|tat|taten|ismus|nis|nisse|innen|ling|linge|chen|sein|wesen|en|er|ern|e)$/;
const BEFORE_NOUN =
  /(?:^|[^\p{L}])(?:der|die|das|den|dem|des|ein|eine|einen|einem|einer|eines|kein\p{L}*|mein\p{L}*|dein\p{L}*|sein\p{L}*|ihr\p{L}*|unser\p{L}*|diese\p{L}*|jede\p{L}*|viele\p{L}*|einige\p{L}*|mehrere\p{L}*|alle\p{L}*|zum|zur|im|am|vom|beim|ins|ans|\d+)\s(?:\p{Ll}+e[nmrs]?\s){0,2}$/iu;

/**
 * Whether a German word that is not in the source is a noun and not a name, as both are capitalised. It is a noun if the
 * source has words with the same beginning, or if it has the ending of a noun and follows an article. Next to another
 * capitalised word it is a name.
 */
function couldBeNoun(
  key: string,
  run: ComparedRun,
  sentence: string,
  beginnings: ReadonlySet<string>,
): boolean {
  if (key.length >= 6 && beginnings.has(key.slice(0, Math.max(5, key.length - 4)))) return true;
  if (run.words.length > 1 || !NOUN_ENDINGS.test(key)) return false;
  return run.isFirst ? key.length > 7 : BEFORE_NOUN.test(sentence.slice(0, run.start));
}

/** Whether a word is capitalised only because it begins a sentence: the source or the language writes it in lower case. */
function isOpener(text: string, key: string, { lowered, language }: Named): boolean {
  if (lowered.has(key) || FUNCTION_WORDS.get(primarySubtag(language))?.has(key)) return true;
  if (abbreviationsOf(language).open.has(key) || numeralsOf(language).words.has(key)) return true;
  const { stopWords, prepositions, subordinators, connectives, determiners, calendar } =
    lexiconOf(language);
  const words = [stopWords, prepositions, subordinators, connectives, determiners, calendar];
  const plain = text.toLowerCase();
  // "We're" and "C'est" contain a function word.
  return [key, plain, ...plain.split("'")].some((word) => words.some((list) => list.has(word)));
}

/** Endings of words that are not names, for words at the start of a sentence. */
const WORD_ENDINGS = new Map([
  ["fr", /(?:s|ment|ant|ée?|er|ir|x|tion)$/],
  ["es", /(?:s|mente|ndo|ad[oa]|id[oa]|[aei]r|ción)$/],
  ["pt", /(?:s|mente|ndo|ad[oa]|id[oa]|[aei]r|ção)$/],
  ["it", /(?:mente|ndo|at[oaie]|ut[oaie]|it[oaie]|[aei]re|zione)$/],
  ["nl", /(?:en|ende|heid|ing)$/],
]);
const SINGULAR_SUBJECT =
  /^(?::|,|'s\b| (?:is|was|has|had|will|would|can|could|may|might|said|told|did|does|and|\p{Ll}+ed)(?!\p{L}))/u;
/** English nouns that need no article, and adverbs. */
const BARE =
  /^(?:no|any|every|some)(?:body|one|thing)$|(?:s|ing|ly|ed|ion|ment|ity|ness|ance|ence|age|ism|al|ic|ive|ous)$|^(?:police|staff|people|media|almost|last|more|less|most|despite|research|evidence|data|work|part|news|life|top|former|other|another|local|early|late)$/;

/**
 * Whether a word that begins a sentence and is not in the source may be something else than a name. In English, a word
 * before a singular verb is a name unless it is known. In a language without word lists, no word is.
 */
function mayOpen(text: string, after: string, language: string): boolean {
  if (/^\p{Lu}{2}/u.test(text) || GIVEN_NAMES.has(text) || isKnownPlace(text)) return false;
  const primary = primarySubtag(language);
  if (primary === "en")
    return (
      BARE.test(text.toLowerCase()) ||
      isWord(text.toLowerCase()) ||
      !(
        SINGULAR_SUBJECT.test(after) ||
        verbness(/^ (\p{Ll}{2,}[^s]s)(?!\p{L})/u.exec(after)?.[1] ?? "") > 0
      )
    );
  return WORD_ENDINGS.get(primary)?.test(text) ?? true;
}

const UNCASED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Thai}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Georgian}]/u;

/** Whether the script has no capitals, so that names cannot be recognised by them. */
export function isUncased(sentence: string): boolean {
  return UNCASED.test(sentence);
}

/** Foreign words, which the source must contain literally. */
const FOREIGN =
  /[\p{Script=Katakana}ー]{3,}|(?<![\p{L}\p{N}])\p{Script=Latin}[\p{Script=Latin}\p{N}.-]*[\p{Script=Latin}\p{N}]/gu;
const HAN = /\p{Script=Han}{2,}/gu;

/**
 * Returns a name in a sentence (see `plainText`) without capitals that its source does not contain: a foreign word, a
 * country, or two adjacent Chinese characters that are both missing. Other names cannot be distinguished from words.
 */
export function uncasedStrangerIn(
  sentence: string,
  plain: string,
  language: string,
): string | undefined {
  const foreign = sentence.match(FOREIGN)?.find((word) => !plain.includes(word));
  if (foreign !== undefined) return foreign;
  const region = regionsIn(sentence, language).find((name) => !plain.includes(name));
  return region ?? sentence.match(HAN)?.flatMap((run) => newPairs(run, plain))[0];
}

function newPairs(run: string, plain: string): readonly string[] {
  const signs = Array.from(run);
  return signs
    .slice(1)
    .map((sign, index) => `${signs[index] ?? ""}${sign}`)
    .filter((pair) => Array.from(pair).every((sign) => !plain.includes(sign)));
}

const LETTERS = Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
const SPACELESS = /^(?:zh|ja|th|lo|km|my)$/;

/**
 * Returns the countries that a sentence mentions, by their CLDR names in its language. Short names are ignored, because
 * they may be ordinary words.
 */
export function regionsIn(sentence: string, language: string): readonly string[] {
  return regionNames(language).filter((name) => sentence.includes(name));
}

const regionNames = perLanguage((primary): readonly string[] => {
  if (!/^[a-z]{2,3}$/.test(primary)) return [];
  const names = new Intl.DisplayNames(primary, { type: "region", fallback: "none" });
  const shortest = SPACELESS.test(primary) ? 2 : primary === "de" ? 4 : 5;
  const all = LETTERS.flatMap((first) => LETTERS.map((second) => names.of(first + second)));
  return all.filter((name) => name !== undefined && name.length >= shortest).map(String);
});
