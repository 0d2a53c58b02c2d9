import type { Article } from "../../article/article.ts";
import { unfaithfulness } from "../faithfulness/faithfulness.ts";
import { refusalContext, refusalOf } from "../refusal.ts";
import type { Refusal } from "../candidate.ts";
import { lexiconOf } from "../language/lexicon.ts";
import { countWords } from "../language/reading-time.ts";
import { splitSentences } from "../language/sentences.ts";
import { likenessOf, termsOf } from "../language/terms.ts";
import { SAME } from "../selection.ts";
import type { Sentence, Summary } from "../summary.ts";
import type { Draft, DraftLine } from "./draft.ts";
import { type PlacedLine, placerFor } from "./draft-sources.ts";
import type { Asked } from "./question.ts";

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
  const { sentence: gist, fault } = isAuthors
    ? { sentence: extract.gist, fault: undefined }
    : judge(draft.gist, GIST_WORDS);
  if (fault?.isSure === true)
    return { ...extract, why: `the model's gist was refused: ${fault.message}` };
  const { stopWords } = lexiconOf(article.language);
  const { kept, refused, doubts } = sorted(draft, gist, stopWords, judge);
  const least = Math.min(2, extract.keyPoints.length);
  const why = refused.length === 0 ? undefined : refusalText(refused, draft);
  if (kept.length < least || refused.length > kept.length) {
    return { ...extract, why: why ?? "the model gave too few key points" };
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
    ...(isAuthors && confidence !== undefined && { confidence }),
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
    const fault = faultOf(line.text, mostWords) ?? faultWithin(line.text);
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
