import type { Candidate } from "./document.ts";
import type { Lexicon } from "./language/lexicon.ts";
import { countWords } from "./language/reading-time.ts";
import { lacksVerb } from "./verbs.ts";

/** What is left has to be a sentence, and to say something. */
const SHORTEST_WORDS = 10;
/** No mark in it by which it may belong to what is around it. */
const PLAIN = String.raw`(?:(?! -)[^,;:()"“”„«»—–])+`;

/** ", which opened in 1904" at the end, and ", who runs the bakery," in the middle before a verb. */
const CLAUSE = new RegExp(String.raw`, (?<word>\p{L}+) ${PLAIN}(?=\.$)`, "u");
const CLAUSE_INSIDE = new RegExp(String.raw`, (?<word>\p{L}+) ${PLAIN},(?= (?<next>\p{Ll}+))`, "u");
/** "Pell said on Monday in a statement": where it was said. */
const OCCASION =
  /(?<=\b(?:said|told|announced|confirmed)(?: \p{L}+){0,4}) in an? (?:news |press )?(?:conference|release|statement|e-?mail|interview|tweet)(?=\.$)/u;
/** ", drawing riders from both banks", ", with riders coming from both": what came of it. */
const RESULT = new RegExp(
  String.raw`, (?<word>\p{Ll}{2,}ing|with (?:\S+ ){1,6}?\p{Ll}{2,}ing) ${PLAIN}(?=\.$)`,
  "u",
);
/** Without these it would be said of more, or by nobody. */
const CONDITION =
  /^(?:assuming|barring|pending|depending|providing|excluding|saying|adding|claiming|alleging|arguing|insisting|citing|warning|suggesting|meaning)$/;

/** ", jumping and spinning" is the last of several acts. */
const LIST = / (?:and|or) (?:\p{L}+ )?\p{Ll}+ing\b/u;

/** ", who are riders" before it may hold it apart from what it belongs to. */
const LAST_CLAUSE = /, (\p{L}+) [^,]*$/u;

export interface Aside {
  /** Offsets in the article. */
  readonly start: number;
  readonly end: number;
  /** Of the sentence without it. */
  readonly words: number;
}

/**
 * What a sentence says beside the point, without which it has at most so many words, and says the same. Undefined
 * where there is none, and in languages whose words for it we don't know.
 */
export function asideIn(
  candidate: Candidate,
  lexicon: Lexicon,
  mostWords: number,
): Aside | undefined {
  const { text } = candidate;
  const { asides, verbs, prepositions } = lexicon;
  const opens = (found: RegExpExecArray | null) => asides.has(found?.groups?.["word"] ?? "");
  const clause = CLAUSE.exec(text);
  const inside = CLAUSE_INSIDE.exec(text);
  const next = inside?.groups?.["next"] ?? "";
  const result = verbs.size > 0 ? RESULT.exec(text) : null;
  const act = result?.groups?.["word"] ?? "";
  const isFree = !asides.has(LAST_CLAUSE.exec(text.slice(0, result?.index))?.[1] ?? "");
  const found = [
    OCCASION.exec(text),
    opens(inside) && (verbs.has(next) || next.endsWith("ed")) ? inside : null,
    opens(clause) ? clause : null,
    isFree && !prepositions.has(act) && !CONDITION.test(act) && !LIST.test(result?.[0] ?? "")
      ? result
      : null,
  ];
  return found
    .flatMap((match) => (match ? [asideAt(match, candidate)] : []))
    .find(
      ({ words, rest }) =>
        words >= SHORTEST_WORDS && words <= mostWords && !lacksVerb(rest, lexicon),
    );
}

function asideAt({ index, 0: aside }: RegExpExecArray, { text, start }: Candidate) {
  const rest = text.slice(0, index) + text.slice(index + aside.length);
  return { start: start + index, end: start + index + aside.length, words: countWords(rest), rest };
}
