import type { Article } from "../../article/article.ts";
import { unfaithfulness } from "../faithfulness/faithfulness.ts";
import { refusalContext, refusalOf } from "../refusal.ts";
import type { Refusal } from "../candidate.ts";
import { lexiconOf } from "../language/lexicon.ts";
import { countWords } from "../language/reading-time.ts";
import { splitSentences } from "../language/sentences.ts";
import { likenessOf, sharedCount, termsOf } from "../language/terms.ts";
import { SAME } from "../selection.ts";
import type { Sentence, Summary } from "../summary.ts";
import type { Draft, Drafted } from "./draft.ts";

/** The model was asked for 30 and 35 words; where a language needs more, it may have some. */
const GIST_WORDS = 45;
const POINT_WORDS = 50;
const MOST_POINTS = 5;

/**
 * The summary of an article with a model's words in it, as far as they are faithful to it. People, places,
 * dates, figures and the quotation stay the article's own, each with its place in the text: a
 * model could add nothing there that can be checked. The author's own description stays the gist.
 *
 * Where the gist is refused, or more than half of the key points, nothing of the draft is used: who
 * says one untrue thing is not believed the rest. `why` says what was refused.
 * @param extract the same article's summary in its own sentences
 */
export function summaryFromDraft(article: Article, extract: Summary, drafted: Drafted): Summary {
  if ("unasked" in drafted) return { ...extract, why: drafted.unasked };
  if ("error" in drafted) return { ...extract, why: drafted.error.message };
  const judge = judgeFor(article);
  const isAuthors = extract.origin === "author";
  const source = sourceOf(article);
  const gist = isAuthors ? extract.gist : withSources(drafted.draft.gist, source);
  const fault = isAuthors ? undefined : judge(gist.text, GIST_WORDS);
  if (fault?.isSure === true)
    return { ...extract, why: `the model's gist was refused: ${fault.message}` };
  const { kept, refused, doubts } = sorted(drafted.draft, gist, source, judge);
  const least = Math.min(2, extract.keyPoints.length);
  const why = refused.length === 0 ? undefined : refusalText(refused, drafted.draft);
  if (kept.length < least || refused.length > kept.length) {
    return { ...extract, why: why ?? "the model gave too few key points" };
  }
  const { quote, ...rest } = extract;
  const isRepeated = [gist, ...kept].some(({ text }) => quote && text.includes(quote.text));
  return {
    ...rest,
    gist,
    keyPoints: kept,
    ...(quote && !isRepeated && { quote }),
    origin: isAuthors ? "author" : "model",
    ...withWhy(isAuthors, why, fault ? [fault.message, ...doubts] : doubts),
  };
}

function withWhy(
  isAuthors: boolean,
  refused: string | undefined,
  doubts: readonly string[],
): { readonly why?: string } {
  const parts = [
    ...(isAuthors ? ["the key points are the model's"] : []),
    ...(refused === undefined ? [] : [refused]),
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

type Judge = (sentence: string, mostWords: number) => Fault | undefined;

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
  return (sentence, mostWords) => {
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
}

interface Sorted {
  /** In the order of the article. */
  readonly kept: readonly Sentence[];
  readonly refused: readonly string[];
  /** Of those kept, why nothing shows that the article says them. */
  readonly doubts: readonly string[];
}

function sorted({ keyPoints }: Draft, gist: Sentence, source: SourceText, judge: Judge): Sorted {
  const { stopWords } = source;
  const told = [termsOf(gist.text, stopWords)];
  const kept: Sentence[] = [];
  const refused: string[] = [];
  const doubts: string[] = [];
  for (const text of keyPoints) {
    const terms = termsOf(text, stopWords);
    // What is said twice is left out without a word: it is no untruth.
    if (kept.length === MOST_POINTS || told.some((other) => likenessOf(terms, other) > SAME))
      continue;
    const fault = judge(text, POINT_WORDS);
    if (fault?.isSure === true) {
      refused.push(fault.message);
      continue;
    }
    if (fault) doubts.push(fault.message);
    kept.push(withSources(text, source));
    told.push(terms);
  }
  return { kept: kept.toSorted(bySource), refused, doubts };
}

function refusalText(refused: readonly string[], { keyPoints }: Draft): string {
  const reasons = [...new Set(refused)].slice(0, 3).join("; ");
  return `${refused.length} of ${keyPoints.length} key points of the model were refused: ${reasons}`;
}

/** An article's sentences, with what each is about. */
interface SourceText {
  readonly stopWords: ReadonlySet<string>;
  readonly sentences: readonly {
    readonly start: number;
    readonly end: number;
    readonly terms: ReadonlySet<string>;
  }[];
}

function sourceOf({ text, language }: Article): SourceText {
  const { stopWords } = lexiconOf(language);
  const sentences = splitSentences(text, language).map(({ start, end }) => ({
    start,
    end,
    terms: termsOf(text.slice(start, end), stopWords),
  }));
  return { stopWords, sentences };
}

/** A model merges two or three sentences, and never more. */
const MOST_SOURCES = 3;
/** One word in common may be chance. */
const LEAST_SHARED = 2;

/**
 * A model's sentence with those of the article that it follows: the one that is likest to it first, then each that has
 * most of the words that are left.
 */
function withSources(text: string, { sentences, stopWords }: SourceText): Sentence {
  const left = new Set(termsOf(text, stopWords));
  const sources: { readonly start: number; readonly end: number }[] = [];
  while (sources.length < MOST_SOURCES && left.size > 0) {
    const least = sources.length === 0 ? 1 : LEAST_SHARED;
    let [best, most] = [sentences[0], 0];
    for (const sentence of sentences) {
      const shared = sharedCount(left, sentence.terms);
      if (shared > most) [best, most] = [sentence, shared];
    }
    if (!best || most < least) break;
    sources.push({ start: best.start, end: best.end });
    for (const term of best.terms) left.delete(term);
  }
  return sources.length === 0 ? { text } : { text, sources };
}

/** In the article's order: each by the sentence that is likest to it. */
function bySource({ sources: a = [] }: Sentence, { sources: b = [] }: Sentence): number {
  return (a[0]?.start ?? 0) - (b[0]?.start ?? 0);
}
