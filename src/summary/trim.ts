import type { Candidate } from "./candidate.ts";
import type { Lexicon } from "./language/lexicon.ts";
import { countWords } from "./language/reading-time.ts";
import { lacksVerb } from "./language/verbs.ts";

/** What is left has to be a sentence, and to say something. */
const SHORTEST_REST_WORDS = 10;
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

export interface Parenthetical {
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
export function parentheticalIn(
  candidate: Candidate,
  lexicon: Lexicon,
  mostWords: number,
): Parenthetical | undefined {
  const { text } = candidate;
  const { relatives, verbs, prepositions } = lexicon;
  const opens = (found: RegExpExecArray | null) => relatives.has(found?.groups?.["word"] ?? "");
  const clause = CLAUSE.exec(text);
  const inside = CLAUSE_INSIDE.exec(text);
  const next = inside?.groups?.["next"] ?? "";
  const result = verbs.size > 0 ? RESULT.exec(text) : null;
  const act = result?.groups?.["word"] ?? "";
  const isFree = !relatives.has(LAST_CLAUSE.exec(text.slice(0, result?.index))?.[1] ?? "");
  const found = [
    OCCASION.exec(text),
    opens(inside) && (verbs.has(next) || next.endsWith("ed")) && isSubject(text, inside, lexicon)
      ? inside
      : null,
    opens(clause) ? clause : null,
    isFree && !prepositions.has(act) && !CONDITION.test(act) && !LIST.test(result?.[0] ?? "")
      ? result
      : null,
  ];
  return found
    .flatMap((match) => (match ? [parentheticalAt(match, candidate)] : []))
    .find(
      ({ words, rest }) =>
        words >= SHORTEST_REST_WORDS && words <= mostWords && !lacksVerb(rest, lexicon),
    );
}

/** "The pier, which opened in 1904, closed": before the clause stands its subject, and no verb that "closed" could join. */
function isSubject(text: string, inside: RegExpExecArray | null, lexicon: Lexicon): boolean {
  const before = text.slice(0, inside?.index ?? 0);
  return lacksVerb(before.slice(before.lastIndexOf(" that ") + 1), lexicon);
}

function parentheticalAt({ index, 0: cut }: RegExpExecArray, { text, start }: Candidate) {
  const rest = text.slice(0, index) + text.slice(index + cut.length);
  return { start: start + index, end: start + index + cut.length, words: countWords(rest), rest };
}
