import type { Candidate, Document } from "./document.ts";
import type { Lexicon } from "./language/lexicon.ts";
import type { Ranking } from "./ranking/ranking.ts";
import { bestBy, isIntroduced, worthAdded } from "./selection.ts";
import { countWords } from "./language/reading-time.ts";
import { lacksVerb } from "./language/verbs.ts";
import type { Refusal } from "./refusal.ts";

interface Gist {
  readonly candidate: Candidate;
  /** What is cut from it to be short enough. */
  readonly parenthetical: Parenthetical | undefined;
}

/** Above this a gist loses against a shorter one that says nearly as much: at once, and for each word. */
const LONGEST_WORDS = 30;
const TOO_LONG = -0.6;
const EXCESS = -0.3;
/** Fewer words than this seldom say what an article is about. */
const SHORTEST_WORDS = 9;
const TOO_SHORT = -0.5;
/** A gist in somebody's words is an opinion, not what the article is about. */
const QUOTING = -0.5;

/** The one sentence that says what the article is about; undefined where none may stand. */
export function gistOf(document: Document, ranking: Ranking, lexicon: Lexicon): Gist | undefined {
  const open = withFallback(document).filter(({ refusal }) => refusal === undefined);
  const clear = open.filter((candidate) => isIntroduced(candidate));
  const best = bestBy(clear.length > 0 ? clear : open, (candidate) => {
    const words = parentheticalOf(candidate, lexicon)?.words ?? candidate.words;
    return (
      worthAdded(candidate, ranking) +
      TOO_LONG * Number(words > LONGEST_WORDS) +
      EXCESS * Math.max(0, words - LONGEST_WORDS) +
      TOO_SHORT * Number(words < SHORTEST_WORDS) +
      QUOTING * Number(/^["“„«「]/.test(candidate.text))
    );
  });
  return best && { candidate: best, parenthetical: parentheticalOf(best, lexicon) };
}

/** Cut only where that makes a long sentence short enough. */
function parentheticalOf(candidate: Candidate, lexicon: Lexicon): Parenthetical | undefined {
  return candidate.words > LONGEST_WORDS
    ? parentheticalIn(candidate, lexicon, LONGEST_WORDS)
    : undefined;
}

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

interface Parenthetical {
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
function parentheticalIn(
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
    opens(inside) && (verbs.has(next) || next.endsWith("ed")) ? inside : null,
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

function parentheticalAt({ index, 0: cut }: RegExpExecArray, { text, start }: Candidate) {
  const rest = text.slice(0, index) + text.slice(index + cut.length);
  return { start: start + index, end: start + index + cut.length, words: countWords(rest), rest };
}

/** What may be shown of an article in which no sentence stands by itself, the least bad first. */
const LESSER_EVILS: readonly (readonly Refusal[])[] = [
  ["leaning", "half-quotation", "question", "too-long"],
  ["fragment"],
  ["caption", "boilerplate", "repeated"],
];

/** What has fewer words is a thing in a list. */
const LIST_WORDS = 3;

/**
 * The candidates as they are where one stands by itself; otherwise the least bad of them, pardoned. A
 * transcript or a text without a full stop still gets its line in the digest; a list of things that has a title
 * is told by that, since "Bring:" and "a coat" say nothing.
 */
function withFallback({ candidates, titleTerms }: Document): readonly Candidate[] {
  if (candidates.some(({ refusal }) => refusal === undefined)) return candidates;
  for (const evils of LESSER_EVILS) {
    const pardoned = candidates.filter(({ refusal }) => refusal && evils.includes(refusal));
    if (isList(pardoned) && titleTerms.size > 0) return [];
    if (pardoned.length > 0) return sayingMost(pardoned).map(pardon);
  }
  return [];
}

function isList(candidates: readonly Candidate[]): boolean {
  return (
    candidates.length > 1 &&
    candidates.every(({ words, text }) => words < LIST_WORDS || /[:：]$/.test(text))
  );
}

/** Without full stops a heading looks like a sentence; those much shorter than the longest go. */
function sayingMost(candidates: readonly Candidate[]): readonly Candidate[] {
  const longest = candidates.reduce((most, { words }) => Math.max(most, words), 0);
  return candidates.filter(({ words }) => words >= longest / 3);
}

function pardon(candidate: Candidate): Candidate {
  return { ...candidate, refusal: undefined };
}
