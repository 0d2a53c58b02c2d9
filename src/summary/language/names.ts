import { isPronoun, phrases, words, type Lexicon } from "./lexicon.ts";
import written from "./names.json" with { type: "json" };

/** A run of capitalised words in a text. */
export interface Run {
  readonly words: readonly string[];
  /** Offsets in the text it was found in. */
  readonly start: number;
  readonly end: number;
  /** Followed by 's. */
  readonly isPossessive: boolean;
}

const PARTICLE =
  "(?:de|da|di|du|del|della|dos|das|van|von|der|den|ten|al|bin|ibn|ben|la|le|el|af|zu)";
const WORD = String.raw`(?:(?:People|Women|Men|Children|King|Queen)['’]s(?=\s\p{Lu})|(?:Mc|Mac|O['’]|[Aa]l-|d['’]|[DL]['’])?\p{Lu}[\p{L}\p{M}]*(?:['’-](?!s(?!\p{L}))\p{L}[\p{L}\p{M}]*)*)`;
const DOTTED = String.raw`(?:(?:\p{Lu}\.)+|(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Lt|Col|Maj|Capt|Cmdr|Sgt|Cpl|Adm|Det|Insp|Supt|Rev|Hon|Jr|Sr|St|Pvt)\.)`;
const RUN = new RegExp(
  String.raw`(?<![\p{L}\p{N}@#&/'’-])(?:${DOTTED}|${WORD})(?:[ \u00A0](?:${PARTICLE} ){0,2}(?:${DOTTED}|${WORD})){0,9}(?<possessive>['’]s(?!\p{L}))?`,
  "gu",
);

/** "American-based", and the small words of a title in capitals. */
const PART_OF_NO_NAME =
  /-(?:based|born|led|bound|style|trained|backed|educated|made|owned|esque|like)$|^(?:Of|In|On|To|At|By|Us|My|We|It)$/;

/** What tells the names of a text from its other words with a capital. */
export interface RunContext {
  readonly lexicon: Lexicon;
  /** The words that the text writes small somewhere. */
  readonly lowered: ReadonlySet<string>;
  /** Whether a word in lower case is kept at the start of a sentence all the same, as a title is. */
  readonly keeps?: (word: string) => boolean;
}

/** The runs of capitalised words of a sentence, without what begins the sentence or names a time. */
export function runsIn(sentence: string, context: RunContext): readonly Run[] {
  return [...sentence.matchAll(RUN)].flatMap(({ index, 0: run, groups }) => {
    const possessive = groups?.["possessive"] ?? "";
    const name = run.slice(0, run.length - possessive.length);
    const opens = /(?:^["“„«‘(]*|[:“"„«]\s?)$/u.test(sentence.slice(0, index).trimStart());
    return pieces(name, index, opens, context).map(({ words, start, end }): Run => ({
      words,
      start,
      end,
      isPossessive: possessive !== "" && end === index + name.length,
    }));
  });
}

type Piece = Omit<Run, "isPossessive">;

/** A run split where a month, a weekday or a word stood that is only capitalised for its place. */
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

/** A word that may have its capital for standing first. */
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
  if (PART_OF_NO_NAME.test(word) || isPronoun(lower, lexicon) || lower === "i") return true;
  return lexicon.calendar.has(lower) || (lexicon.stopWords.has(lower) && word.length > 2);
}

/** The words that a text writes small somewhere. */
export function loweredWords(text: string): ReadonlySet<string> {
  return new Set(text.match(/(?<![\p{L}\p{N}'’.-])\p{Ll}[\p{L}\p{M}]*(?:-[\p{L}\p{M}]+)*/gu));
}

/** Given names common enough to tell a person, in any language; several are words or places too, so one is never enough. */
export const GIVEN_NAMES = words(written.givenNames);

/** Words of the names of organisations, in any of our languages; as the first or last word of a name they make it one. */
export const ORGANISATION_WORDS = words(written.organisationWords);

/** Words of the names of places and of things: a name that has one is nobody's. */
export const THING_WORDS = words(written.thingWords);

const COUNTRIES = phrases(written.countries);
const PLACES = new Set([...COUNTRIES, ...phrases(written.states), ...phrases(written.cities)]);

/** Whether an English name is a country's, of those that are hardly ever a surname. */
export function isCountry(name: string): boolean {
  return (
    COUNTRIES.has(name) &&
    !/^(?:Jordan|Chad|Israel|Ireland|England|France|Wales|Britain|Holland|Germany)$/.test(name)
  );
}

/** Whether an English name is a country's, a state's or a large city's. */
export function isKnownPlace(name: string): boolean {
  return PLACES.has(name);
}
