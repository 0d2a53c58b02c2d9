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

/** The model was asked for 30 and 35 words; where a language needs more, it may have some. */
const GIST_WORDS = 45;
const POINT_WORDS = 50;
const MOST_POINTS = 5;

/**
 * The summary of an article with a model's words in it, as far as they are faithful to it. People, dates,
 * figures and the quotation stay the article's own, each with its place in the text: a
 * model could add nothing there that can be checked. The author's own description stays the gist.
 *
 * A refused line is left out, and the article's own gist replaces a refused one. Where more than half of the lines
 * are refused, nothing of the draft is used. `why` says what was refused.
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
    // How sure the article's own sentence was says nothing of a model's.
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

/** An editor has to look at what nothing shows to be false, nor to be true. */
function ownWordsText(doubts: readonly string[]): string {
  const count = doubts.length === 1 ? "1 line is" : `${doubts.length} lines are`;
  return `${count} the model's own words, to be looked at: ${[...new Set(doubts)].slice(0, 3).join("; ")}`;
}

interface Fault {
  readonly message: string;
  readonly isSure: boolean;
}

/** A sentence in its article, and what speaks against it. */
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

/** What speaks against a sentence of a model: that it is not faithful, or can't stand by itself. */
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
    // Words that are at fault are named first, then the sentence's form, then what it says as a whole.
    if (form !== undefined && !unfaithful?.found) return { message: form, isSure: true };
    if (unfaithful?.isSure === true || !refusal) return unfaithful;
    return { message: "it can't stand by itself", isSure: true };
  };
  // A second sentence leans on the first, and has to be as true.
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
      ? { message: "the article takes back what it says", isSure: true }
      : (faultOf(line.text, mostWords) ?? faultWithin(line.text));
    // What is refused needs no place.
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
  /** Of those kept, why nothing shows that the article says them. */
  readonly doubts: readonly string[];
}

function sorted(
  { keyPoints }: Draft,
  gist: Sentence,
  stopWords: ReadonlySet<string>,
  judge: Judge,
): Sorted {
  const told = [termsOf(gist.text, stopWords)];
  const kept: Sentence[] = [];
  const refused: string[] = [];
  const doubts: string[] = [];
  for (const line of keyPoints) {
    const terms = termsOf(line.text, stopWords);
    // What is said twice is left out without a word: it is no untruth.
    if (kept.length === MOST_POINTS || told.some((other) => likenessOf(terms, other) > SAME))
      continue;
    const { sentence, fault } = judge(line, POINT_WORDS);
    if (fault?.isSure === true) {
      refused.push(fault.message);
      continue;
    }
    if (fault) doubts.push(fault.message);
    kept.push(sentence);
    told.push(terms);
  }
  return { kept: kept.toSorted(bySource), refused, doubts };
}

function refusalText(refused: readonly string[], { keyPoints }: Draft): string {
  const reasons = [...new Set(refused)].slice(0, 3).join("; ");
  return `${refused.length} of ${keyPoints.length} key points of the model were refused: ${reasons}`;
}

/** In the article's order: each by the sentence that is likest to it. */
function bySource({ sources: a = [] }: Sentence, { sources: b = [] }: Sentence): number {
  return (a[0]?.start ?? 0) - (b[0]?.start ?? 0);
}

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
interface PlacedLine {
  readonly sentence: Sentence;
  readonly beyond?: string;
}

/** What finds the sentences of an article that a model's sentence follows. */
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
