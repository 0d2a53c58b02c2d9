import type { Article } from "../../article/article.ts";
import {
  unfaithfulness,
  type Passages,
  unfaithfulToPassages,
} from "../faithfulness/faithfulness.ts";
import { refusalContext, refusalOf } from "../refusal.ts";
import type { Refusal } from "../candidate.ts";
import { takenBackIn } from "../summarize.ts";
import { lexiconOf, SAME, likenessOf, termsOf, sharedCount } from "../language/lexicon.ts";
import { countWords, splitSentences } from "../language/segments.ts";
import type { Sentence, Summary } from "../summary.ts";
import { type Draft, type DraftLine, sentencesIn } from "./draft.ts";
import type { Asked } from "./question.ts";

/** The model was asked for 30 and 35 words. Some languages need more. */
const GIST_WORDS = 45;
const POINT_WORDS = 50;
const MOST_POINTS = 5;

/**
 * Combines an article's summary with the faithful sentences of a model. People, dates, figures and the quotation remain the
 * article's own with their places, because a model could add nothing there that can be checked. The author's own
 * description remains the gist.
 *
 * A rejected key point is left out, and a rejected gist is replaced by the article's own. If more than half of the lines
 * are rejected, the draft is not used at all. `why` lists the rejections.
 * @param extract the same article's summary in its own sentences
 */
export function summaryFromDraft(
  article: Article,
  extract: Summary,
  drafted: Asked<Draft>,
): Summary {
  if ("unasked" in drafted) return { ...extract, why: drafted.unasked };
  if ("error" in drafted) return { ...extract, why: drafted.error.message };
  const { answer: draft } = drafted;
  const judge = judgeFor(article);
  const isAuthors = extract.origin === "author";
  const { sentence: written, fault } = isAuthors
    ? { sentence: extract.gist, fault: undefined }
    : judge(draft.gist, GIST_WORDS);
  const isRefused = fault?.isSure === true;
  const gist = isRefused ? extract.gist : written;
  const { stopWords } = lexiconOf(article.language);
  const { kept, refused, doubts } = sorted(draft, gist, stopWords, judge);
  const why = [
    ...(isRefused ? [`the model's gist was refused: ${fault.message}`] : []),
    ...(refused.length === 0 ? [] : [refusalText(refused, draft)]),
  ];
  const lost = refused.length + Number(isRefused);
  const least = lost > 0 ? 1 : Math.min(2, extract.keyPoints.length);
  if (kept.length < least || lost > kept.length + Number(!isRefused && !isAuthors)) {
    return { ...extract, why: why.join("; ") || "the model gave too few key points" };
  }
  const { quote, confidence, ...rest } = extract;
  const isRepeated = [gist, ...kept].some(({ text }) => quote && text.includes(quote.text));
  return {
    ...rest,
    gist,
    keyPoints: kept,
    ...(quote && !isRepeated && { quote }),
    origin: isAuthors ? "author" : "model",
    // The confidence in the article's own sentence does not apply to a model's.
    ...((isAuthors || isRefused) && confidence !== undefined && { confidence }),
    ...withWhy(isAuthors, why, fault && !isRefused ? [fault.message, ...doubts] : doubts),
  };
}

function withWhy(
  isAuthors: boolean,
  refused: readonly string[],
  doubts: readonly string[],
): { readonly why?: string } {
  const parts = [
    ...(isAuthors ? ["the key points are the model's"] : []),
    ...refused,
    ...(doubts.length === 0 ? [] : [ownWordsText(doubts)]),
  ];
  return parts.length === 0 ? {} : { why: parts.join("; ") };
}

/** Lines that are neither proved nor disproved, which an editor must look at. */
function ownWordsText(doubts: readonly string[]): string {
  const count = doubts.length === 1 ? "1 line is" : `${doubts.length} lines are`;
  return `${count} the model's own words, to be checked: ${[...new Set(doubts)].slice(0, 3).join("; ")}`;
}

interface Fault {
  readonly message: string;
  readonly isSure: boolean;
}

/** A sentence with its places in the article, and its fault. */
interface JudgedLine {
  readonly sentence: Sentence;
  readonly fault: Fault | undefined;
}

type Judge = (line: DraftLine, mostWords: number) => JudgedLine;

const REFUSALS: Readonly<Partial<Record<Refusal, string>>> = {
  question: "it is a question",
  "too-long": "it is too long",
  boilerplate: "it is a notice or a call to click",
};

/** Returns a function that finds the fault of a model's sentence: it is not faithful, or it cannot stand alone. */
function judgeFor(article: Article): Judge {
  const { text, language } = article;
  const sentences = splitSentences(text, language).map(({ start, end }) => text.slice(start, end));
  const context = refusalContext(article, sentences);
  const isTakenBack = takenBackIn(article);
  const place = placerFor(article);
  const faultOf = (sentence: string, mostWords: number): Fault | undefined => {
    const words = countWords(sentence);
    if (words > mostWords) return { message: "it is too long", isSure: true };
    const refusal = refusalOf(sentence, words, context);
    const form = refusal && REFUSALS[refusal];
    const unfaithful = unfaithfulness(sentence, article);
    // Named words at fault are reported first, then the form of the sentence, then its statement.
    if (form !== undefined && !unfaithful?.found) return { message: form, isSure: true };
    if (unfaithful?.isSure === true || !refusal) return unfaithful;
    return { message: "it can't be read by itself", isSure: true };
  };
  // A second sentence may depend on the first, but must also be faithful.
  const faultWithin = (line: string): Fault | undefined =>
    splitSentences(line, language)
      .slice(1)
      .map(({ start, end }) => line.slice(start, end))
      .flatMap((sentence) => {
        const refusal = refusalOf(sentence, countWords(sentence), context);
        const form = refusal && REFUSALS[refusal];
        return form === undefined
          ? (unfaithfulness(sentence, article) ?? [])
          : [{ message: form, isSure: true }];
      })
      .toSorted((a, b) => Number(b.isSure) - Number(a.isSure))[0];
  return (line, mostWords) => {
    const fault = isTakenBack(line.text)
      ? { message: "the article later denies it", isSure: true }
      : (faultOf(line.text, mostWords) ?? faultWithin(line.text));
    // A rejected sentence needs no place.
    if (fault?.isSure === true) return { sentence: { text: line.text }, fault };
    const { sentence, beyond } = place(line);
    return { sentence, fault: fault ?? doubtOf(beyond) };
  };
}

function doubtOf(beyond: PlacedLine["beyond"]): Fault | undefined {
  return beyond === undefined ? undefined : { message: beyond, isSure: false };
}

interface Sorted {
  /** In the order of the article. */
  readonly kept: readonly Sentence[];
  readonly refused: readonly string[];
  /** The reasons to doubt kept sentences. */
  readonly doubts: readonly string[];
}

function sorted(
  { keyPoints }: Draft,
  gist: Sentence,
  stopWords: ReadonlySet<string>,
  judge: Judge,
): Sorted {
  const covered = [termsOf(gist.text, stopWords)];
  const kept: Sentence[] = [];
  const refused: string[] = [];
  const doubts: string[] = [];
  for (const line of keyPoints) {
    const terms = termsOf(line.text, stopWords);
    // A repetition is omitted silently, because it is not false.
    if (kept.length === MOST_POINTS || covered.some((other) => likenessOf(terms, other) > SAME))
      continue;
    const { sentence, fault } = judge(line, POINT_WORDS);
    if (fault?.isSure === true) {
      refused.push(fault.message);
      continue;
    }
    if (fault) doubts.push(fault.message);
    kept.push(sentence);
    covered.push(terms);
  }
  return { kept: kept.toSorted(bySource), refused, doubts };
}

function refusalText(refused: readonly string[], { keyPoints }: Draft): string {
  const reasons = [...new Set(refused)].slice(0, 3).join("; ");
  return `${refused.length} of ${keyPoints.length} key points of the model were refused: ${reasons}`;
}

/** Sorts by place in the article, using the first cited sentence. */
function bySource({ sources: a = [] }: Sentence, { sources: b = [] }: Sentence): number {
  return (a[0]?.start ?? 0) - (b[0]?.start ?? 0);
}

/** An article's sentences with their terms. */
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

/** A model's sentence with its `sources`, and the statements that they do not contain. */
interface PlacedLine {
  readonly sentence: Sentence;
  readonly beyond?: string;
}

/** Returns a function that finds the sentences of an article that a model's sentence is based on. */
function placerFor(article: Article): (line: DraftLine) => PlacedLine {
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

/** A model merges two or three sentences, occasionally four. */
const MOST_NAMED = 4;

/**
 * Finds the places of a model's sentence. The sentences that it cites are used if they exist and share terms with it; they
 * must contain its numbers, dates and quotations. Without citations, the most similar sentences are used.
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

/** Adds the sentence that contains the missing number, date or quotation. */
function completed(text: string, sources: readonly Source[], source: SourceText) {
  const { article, sentences } = source;
  const lacks = (some: readonly Source[]) => unfaithfulToPassages(text, article, some)?.found;
  const lacking = lacks(sources);
  if (lacking === undefined) return sources;
  const missing = sentences.find((sentence) => lacks([...sources, sentence]) !== lacking);
  return missing ? [...sources, missing] : sources;
}

const MOST_LIKE = 3;
/** One common word may be a coincidence. */
const LEAST_SHARED = 2;

/** Returns the most similar sentence, followed by the sentences that contain most of the remaining words. */
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
