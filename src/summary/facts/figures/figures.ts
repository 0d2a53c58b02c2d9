import type { Article } from "../../../article/article.ts";
import type { Candidate, Document } from "../../document.ts";
import { lexiconOf, type Lexicon } from "../../language/lexicon.ts";
import type { Figure } from "../../summary.ts";
import { countedBy } from "./counted.ts";
import { datesIn } from "../dates/dates.ts";
import { numbersIn, type StatedNumber } from "./numbers.ts";

const FIGURES = 4;

/**
 * What can be said in figures: at most four numbers of the article as it states them, each with what
 * it counts in the article's own words, the most telling first. Years, ages, scores and times of day are
 * none. None in a language whose numbers we don't read.
 */
export function figuresOf({ language }: Article, document: Document): readonly Figure[] {
  const lexicon = lexiconOf(language);
  const found = document.candidates
    .filter(({ refusal }) => refusal === undefined)
    .flatMap((candidate) => told(candidate, document, language, lexicon))
    .toSorted((a, b) => b.worth - a.worth);
  const shown = new Map<string, Figure>();
  const sentences = new Set<number>();
  for (const { figure, index } of found) {
    if (shown.has(figure.value) || sentences.has(index)) continue;
    shown.set(figure.value, figure);
    sentences.add(index);
    if (shown.size === FIGURES) break;
  }
  return [...shown.values()];
}

interface Told {
  readonly figure: Figure;
  readonly index: number;
  readonly worth: number;
}

function told(
  candidate: Candidate,
  document: Document,
  language: string,
  lexicon: Lexicon,
): readonly Told[] {
  const numbers = numbersIn(candidate.text, language);
  if (numbers.length === 0) return [];
  const dates = datesIn(candidate.text, language);
  return numbers.flatMap((number) => {
    if (dates.some(({ start, end }) => start < number.end && number.start < end)) return [];
    const what = countedBy(number, candidate.text, language, lexicon);
    if (what === undefined) return [];
    const { value, unit } = number;
    const figure = { value, ...(unit !== undefined && { unit }), what };
    return [{ figure, index: candidate.index, worth: worthOf(number, candidate, document) }];
  });
}

/** Big numbers, money and shares tell more than lengths; early sentences more than late ones. */
function worthOf(
  { kind, amount, value }: StatedNumber,
  { terms, index }: Candidate,
  { titleTerms, candidates }: Document,
): number {
  const shared = [...terms].filter((term) => titleTerms.has(term)).length;
  const isScaled = /\p{L}{2,}$/u.test(value);
  const size = Math.min(6, Math.log10(1 + amount)) + (isScaled ? 6 : 0);
  const weight = kind === "measure" ? 0 : 1;
  return weight + 0.3 * Math.min(6, size) + 0.4 * Math.min(3, shared) - index / candidates.length;
}
