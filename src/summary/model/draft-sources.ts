import type { Article } from "../../article/article.ts";
import { type Passages, unfaithfulToPassages } from "../faithfulness/passages.ts";
import { lexiconOf } from "../language/lexicon.ts";
import { splitSentences } from "../language/sentences.ts";
import { sharedCount, termsOf } from "../language/terms.ts";
import type { Sentence } from "../summary.ts";
import { type DraftLine, sentencesIn } from "./draft.ts";

/** An article's sentences, with what each is about. */
interface SourceText {
  readonly article: Article;
  readonly stopWords: ReadonlySet<string>;
  readonly sentences: readonly Source[];
}

interface Source {
  readonly start: number;
  readonly end: number;
  readonly terms: ReadonlySet<string>;
}

/** A model's sentence with its `sources`, and what it says beyond them. */
export interface PlacedLine {
  readonly sentence: Sentence;
  readonly beyond?: string;
}

/** What finds the sentences of an article that a model's sentence follows. */
export function placerFor(article: Article): (line: DraftLine) => PlacedLine {
  const { text, language } = article;
  const { stopWords } = lexiconOf(language);
  const withTerms = ({ start, end }: Passages[number]) => ({
    start,
    end,
    terms: termsOf(text.slice(start, end), stopWords),
  });
  const numbered = sentencesIn(text, language).map(withTerms);
  const source = {
    article,
    stopWords,
    sentences: splitSentences(text, language).map(withTerms),
  };
  return (line) => placed(line, numbered, source);
}

/** A model merges two or three sentences, now and then four. */
const MOST_NAMED = 4;

/**
 * The sentences that the model names, as far as they are there and have something of its words: then these have to have
 * its numbers, dates and quotations. Where it names none, those that are likest to it.
 */
function placed(
  { text, from }: DraftLine,
  numbered: readonly Source[],
  source: SourceText,
): PlacedLine {
  const terms = termsOf(text, source.stopWords);
  const named = from
    .flatMap((number) => numbered[number - 1] ?? [])
    .filter((sentence) => sharedCount(terms, sentence.terms) > 0)
    .slice(0, MOST_NAMED);
  if (named.length === 0) return lineOf(text, completed(text, likestTo(text, source), source));
  const beyond = unfaithfulToPassages(text, source.article, named)?.message;
  return { ...lineOf(text, named), ...(beyond !== undefined && { beyond }) };
}

function lineOf(text: string, sources: readonly Source[]): PlacedLine {
  if (sources.length === 0) return { sentence: { text } };
  return { sentence: { text, sources: sources.map(({ start, end }) => ({ start, end })) } };
}

/** With the sentence that has the number, date or quotation that the others have not. */
function completed(text: string, sources: readonly Source[], source: SourceText) {
  const { article, sentences } = source;
  const lacks = (some: readonly Source[]) => unfaithfulToPassages(text, article, some)?.found;
  const lacking = lacks(sources);
  if (lacking === undefined) return sources;
  const missing = sentences.find((sentence) => lacks([...sources, sentence]) !== lacking);
  return missing ? [...sources, missing] : sources;
}

const MOST_LIKE = 3;
/** One word in common may be chance. */
const LEAST_SHARED = 2;

/** The sentence that is likest to a text first, then each that has most of the words that are left. */
function likestTo(text: string, { sentences, stopWords }: SourceText): readonly Source[] {
  const left = new Set(termsOf(text, stopWords));
  const found: Source[] = [];
  while (found.length < MOST_LIKE && left.size > 0) {
    const least = found.length === 0 ? 1 : LEAST_SHARED;
    let [best, most] = [sentences[0], 0];
    for (const sentence of sentences) {
      const shared = sharedCount(left, sentence.terms);
      if (shared > most) [best, most] = [sentence, shared];
    }
    if (!best || most < least) break;
    found.push(best);
    for (const term of best.terms) left.delete(term);
  }
  return found;
}
