import { lexiconOf, perLanguage, primarySubtag } from "../language/lexicon.ts";
import { GIVEN_NAMES, isKnownPlace, THING_WORDS } from "../language/names.ts";
import { numeralsOf } from "../facts/numerals.ts";
import {
  type ComparedRun,
  comparedRunsIn,
  isDemonym,
  isNamed,
  type Named,
} from "./source-names.ts";
import { FUNCTION_WORDS } from "../../article/detect-language.ts";
import { abbreviationsOf } from "../language/abbreviations.ts";

/**
 * The first name in a sentence (see `plainText`) that a text does not have; also a first name and a
 * surname that are two people's there. Only for scripts with capitals.
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

/** A run without a first word that has its capital for standing first. */
function withoutOpener(run: ComparedRun, named: Named): ComparedRun {
  const [first] = run.words;
  if (!run.isFirst || !first || !isOpener(first.text, first.key, named)) return run;
  const words = run.words.slice(1);
  const start = run.start + run.text.indexOf(words[0]?.text ?? "", first.text.length);
  return { text: run.text.slice(start - run.start), start, words, isFirst: false };
}

/** A word that is not in the source and yet hardly a name. */
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

/** Whether two words side by side are so nowhere in the source: "Angela Obama". */
function isMixed({ words, text: whole }: ComparedRun, named: Named): boolean {
  // A role before a name is written small elsewhere, or it is a people's name.
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
  // "la mairie de Paris Christophe Girard": a name that stands alone elsewhere, before a whole one.
  const isOnly = joints.lastIndexOf(false) === gap && gap < joints.length - 1;
  return gap !== -1 && !(isOnly && standsAlone(name.slice(0, gap + 1), named));
}

function isModifier(key: string, text: string, { lowered, words, language }: Named): boolean {
  if (GIVEN_NAMES.has(text)) return false;
  if (lowered.has(key) || !words.has(key) || THING_WORDS.has(key) || isKnownPlace(text))
    return true;
  return primarySubtag(language) === "de" || (primarySubtag(language) === "en" && isDemonym(key));
}

/** "The Kim-Xi meeting": two names that are joined by nothing but a dash. */
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
  // "Hospital Trust" may be two words for a thing, but not "Lauren Trust".
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
 * Whether a German word that the source does not have is a noun rather than a name: all nouns have
 * capitals. It is one where the source has words that begin alike, and where it ends as nouns do and
 * stands behind an article; beside another word with a capital it is taken for a name.
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

/** Whether a word that begins a sentence has its capital for that: the source or the language writes it small. */
function isOpener(text: string, key: string, { lowered, language }: Named): boolean {
  if (lowered.has(key) || FUNCTION_WORDS.get(primarySubtag(language))?.has(key)) return true;
  if (abbreviationsOf(language).open.has(key) || numeralsOf(language).words.has(key)) return true;
  const { stopWords, prepositions, subordinators, connectives, determiners, calendar } =
    lexiconOf(language);
  const words = [stopWords, prepositions, subordinators, connectives, determiners, calendar];
  const plain = text.toLowerCase();
  // "We're" and "C'est" begin or end with a small word.
  return [key, plain, ...plain.split("'")].some((word) => words.some((list) => list.has(word)));
}

/** Endings of words that are no names, where one of them begins a sentence. */
const ENDINGS = new Map([
  ["fr", /(?:s|ment|ant|ée?|er|ir|x|tion)$/],
  ["es", /(?:s|mente|ndo|ad[oa]|id[oa]|[aei]r|ción)$/],
  ["pt", /(?:s|mente|ndo|ad[oa]|id[oa]|[aei]r|ção)$/],
  ["it", /(?:mente|ndo|at[oaie]|ut[oaie]|it[oaie]|[aei]re|zione)$/],
  ["nl", /(?:en|ende|heid|ing)$/],
]);
const SINGULAR_SUBJECT =
  /^(?::|,|'s\b| (?:is|was|has|had|will|would|can|could|may|might|said|told|did|does|and|\p{Ll}+ed|\p{Ll}{2,}[^s]s)(?!\p{L}))/u;
/** English nouns that need no article, and adverbs. */
const BARE =
  /(?:s|ing|ly|ed|ion|ment|ity|ness|ance|ence|age|ism|al|ic|ive|ous)$|^(?:police|staff|people|media|almost|last|more|less|most|despite|research|evidence|data|work|part|news|life|top|former|other|another|local|early|late)$/;

/**
 * Whether a word that begins a sentence and is not in the source may be no name. In English one that a verb
 * for one follows is taken for a name; in a language that we have no words for, none is.
 */
function mayOpen(text: string, after: string, language: string): boolean {
  if (/^\p{Lu}{2}/u.test(text) || GIVEN_NAMES.has(text) || isKnownPlace(text)) return false;
  const primary = primarySubtag(language);
  if (primary === "en") return BARE.test(text.toLowerCase()) || !SINGULAR_SUBJECT.test(after);
  return ENDINGS.get(primary)?.test(text) ?? true;
}

const UNCASED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Thai}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Georgian}]/u;

/** Whether a sentence is in a script that has no capitals to tell names by. */
export function isUncased(sentence: string): boolean {
  return UNCASED.test(sentence);
}

/** What is surely foreign to the language around it, so that it has to be in the source as it is. */
const FOREIGN =
  /[\p{Script=Katakana}ー]{3,}|(?<![\p{L}\p{N}])\p{Script=Latin}[\p{Script=Latin}\p{N}.-]*[\p{Script=Latin}\p{N}]/gu;
const HAN = /\p{Script=Han}{2,}/gu;

/**
 * What a sentence (see `plainText`) in a script without capitals names and its source does not: foreign
 * words, countries, and Chinese characters side by side of which the source has none. Other names can't
 * be told from words.
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

/** The countries that a sentence names, as CLDR calls them in its language; short names left out, which are words too. */
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
