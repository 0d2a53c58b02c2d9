import { anyCase } from "../../platform/text.ts";
import { isPronoun, phrases, words, type Lexicon } from "./lexicon.ts";
import written from "./names.json" with { type: "json" };

/** Adjacent capitalised words, which are one name or several. `[start, end)` are offsets in the text. */
export interface NameRun {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Whether 's follows, which is not included. */
  readonly isPossessive: boolean;
}

const PARTICLE =
  "(?:de|da|di|du|del|della|des|dos|das|los|van|von|der|den|ten|al|bin|ibn|ben|la|le|el|af|zu)";
/** French and Italian articles and pronouns before a vowel: "l'Italie", "dell'Acqua". */
const ELISION = "(?:c|d|j|l|m|n|s|t|qu|dell|nell|all|sull|un)['’]";
/** The same at the start of a word, in either case: in "L'avocat" the capital proves nothing. */
export const ELIDED = new RegExp(String.raw`^${anyCase(ELISION)}(?=\p{L}{2})`, "u");
const WORD = String.raw`(?:(?:People|Women|Men|Children|King|Queen)['’]s(?=\s\p{Lu})|(?:Mc|Mac|O['’]|[Aa]l-|${anyCase(ELISION)})?\p{Lu}[\p{L}\p{M}\p{N}]*(?:['’-](?!s(?!\p{L}))\p{L}[\p{L}\p{M}]*)*)`;
const DOTTED = String.raw`(?:(?:\p{Lu}\.)+|(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Lt|Col|Maj|Capt|Cmdr|Sgt|Cpl|Adm|Det|Insp|Supt|Rev|Hon|Jr|Sr|St|Pvt)\.)`;
const RUN = new RegExp(
  String.raw`(?<![\p{L}\p{M}\p{N}@#&/]|[\p{L}\p{N}]['’-])(?:${DOTTED}|${WORD})(?:[ \u00A0](?:${PARTICLE} ){0,2}(?:${DOTTED}|${WORD})){0,9}(?<possessive>['’]s(?!\p{L}))?`,
  "gu",
);

const known = new Map<string, readonly NameRun[]>();
/** The size of the cache. Several functions need the runs of the same sentences. */
const MOST_KNOWN = 2000;

/** Returns the runs of capitalised words in a text. A word that is capitalised only because it begins a sentence is included. */
export function nameRunsIn(text: string): readonly NameRun[] {
  const found = known.get(text) ?? findRuns(text);
  if (known.size > MOST_KNOWN) known.clear();
  known.set(text, found);
  return found;
}

function findRuns(text: string): readonly NameRun[] {
  return Array.from(text.matchAll(RUN), ({ index: start, 0: run, groups }) => {
    const possessive = groups?.["possessive"] ?? "";
    const name = run.slice(0, run.length - possessive.length);
    return { text: name, start, end: start + name.length, isPossessive: possessive !== "" };
  });
}

/** A run of words that likely form a name. */
export interface Run extends Pick<NameRun, "start" | "end" | "isPossessive"> {
  readonly words: readonly string[];
}

/** Words that are not part of a name: "American-based", and function words in a title in capitals. */
const PART_OF_NO_NAME =
  /-(?:based|born|led|bound|style|trained|backed|educated|made|owned|esque|like)$|^(?:Of|In|On|To|At|By|Us|My|We|It)$/;

/** The context that separates the names of a text from its other capitalised words. */
export interface RunContext {
  readonly lexicon: Lexicon;
  /** The words that the text writes in lower case at least once. */
  readonly lowered: ReadonlySet<string>;
  /** Whether a word in lower case is nevertheless part of a name at the start of a sentence, as a title is. */
  readonly keeps?: (word: string) => boolean;
}

/** Returns the runs of capitalised words in a sentence, without words that begin the sentence or are times. */
export function runsIn(sentence: string, context: RunContext): readonly Run[] {
  return nameRunsIn(sentence).flatMap(({ text: run, start, end, isPossessive }) => {
    if (OPENS_TITLE.test(sentence.slice(Math.max(0, start - 2), start))) return [];
    const elision = OF_A_NAME.exec(run)?.[0].length ?? 0;
    const opens = /(?:^["“„«‘(]*|[:“"„«]\s?)$/u.test(sentence.slice(0, start).trimStart());
    return pieces(run.slice(elision), start + elision, opens, context).map((piece): Run => ({
      words: piece.words,
      start: piece.start,
      end: piece.end,
      isPossessive: isPossessive && piece.end === end,
    }));
  });
}

/** An elision before a name: "d'Ada Pell" has one, "l'AFP Ada Pell" is two names. "Beatrice d'Este" is a name. */
const OF_A_NAME = new RegExp(String.raw`^(?:l['’]\S+\s*|${ELISION}(?=\p{Lu}))`, "u");
/** A mark that begins the title of a work: 'Finding the Lune'. */
const OPENS_TITLE = /(?<![\p{L}\p{N}.])['‘’]$/u;

type Piece = Omit<Run, "isPossessive">;

/** Splits a run at months, weekdays, and words that are capitalised only for their position. */
function pieces(
  name: string,
  offset: number,
  opens: boolean,
  context: RunContext,
): readonly Piece[] {
  const found: Piece[] = [];
  let words: string[] = [];
  let start = 0;
  let end = 0;
  const close = () => {
    if (words.length > 0) found.push({ words, start: offset + start, end: offset + end });
    words = [];
  };
  for (const { 0: word, index } of name.matchAll(/\S+/g)) {
    if ((opens && index === 0 && isOpener(word, context)) || isNoName(word, context.lexicon)) {
      close();
      continue;
    }
    if (words.length === 0) start = index;
    words.push(word);
    end = index + word.length;
  }
  close();
  return found;
}

/** Whether a word may be capitalised because it begins the sentence. */
function isOpener(word: string, { lexicon, lowered, keeps }: RunContext): boolean {
  const lower = word.toLowerCase();
  if (keeps?.(lower.replace(/\.$/, "")) === true) return false;
  if (lowered.has(lower) || lexicon.stopWords.has(lower) || lexicon.prepositions.has(lower)) {
    return true;
  }
  if (lexicon.subordinators.has(lower) || lexicon.connectives.has(lower)) return true;
  return /^\p{Lu}\p{Ll}+(?:ing|ly)$/u.test(word);
}

function isNoName(word: string, lexicon: Lexicon): boolean {
  if (!/^\p{Lu}/u.test(word)) return false;
  const lower = word.toLowerCase();
  if (PART_OF_NO_NAME.test(word) || isPronoun(lower, lexicon)) return true;
  if (/^i(?:['’](?:m|ve|d|ll))?$/.test(lower)) return true;
  return lexicon.calendar.has(lower) || (lexicon.stopWords.has(lower) && word.length > 2);
}

/** Returns the words that a text writes in lower case at least once. */
export function loweredWords(text: string): ReadonlySet<string> {
  return new Set(text.match(/(?<![\p{L}\p{N}'’.-])\p{Ll}[\p{L}\p{M}]*(?:-[\p{L}\p{M}]+)*/gu));
}

/** Frequent given names in any language. Some are also words or places, so that one alone proves nothing. */
export const GIVEN_NAMES = words(written.givenNames);

/** Words of organisations' names in our languages. A name with one of them is not a person's. */
const ORGANISATION_WORDS = words(written.organisationWords);

/** Words of names of places and things. A name with one of them is not a person's. */
export const THING_WORDS = words(written.thingWords);

const COUNTRIES = phrases(written.countries);
const PLACES = new Set([...COUNTRIES, ...phrases(written.states), ...phrases(written.cities)]);

/** Whether a name may be a person's: it is not a place, and contains no word of organisations or things. */
export function couldBePerson(words: readonly string[]): boolean {
  if (isKnownPlace(words.join(" ")) || isCountry(words.at(-1) ?? "")) return false;
  return !words.some((word) => {
    const lower = word.toLowerCase();
    return ORGANISATION_WORDS.has(lower) || THING_WORDS.has(lower) || /^\p{Lu}{2,}$/u.test(word);
  });
}

/** Whether an English name is a country that is hardly ever a surname. */
function isCountry(name: string): boolean {
  return (
    COUNTRIES.has(name) &&
    !/^(?:Jordan|Chad|Israel|Ireland|England|France|Wales|Britain|Holland|Germany)$/.test(name)
  );
}

/** Whether an English name is a country, a state or a large city. */
export function isKnownPlace(name: string): boolean {
  return PLACES.has(name);
}
