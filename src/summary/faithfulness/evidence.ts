import type { Article } from "../../article/article.ts";
import { lexiconOf, primarySubtag, type Lexicon } from "../language/lexicon.ts";
import { alignedSource, type AlignedSource } from "./alignment.ts";
import { quotationsOf } from "../language/quotations.ts";
import { splitSentences } from "../language/sentences.ts";
import { termsOf } from "../language/terms.ts";
import { datesIn, weekdaysIn, type NamedDate } from "../facts/dates.ts";
import { namedIn, type Named } from "./source-names.ts";
import { countedIn, type Counted, sharesInFigures } from "./quantities.ts";
import { polarityWordsOf, type PolarityWords } from "../language/polarity-words.ts";

/** What an article says, as sentences about it are checked against: its title, its text, its captions. */
export interface Evidence {
  readonly language: string;
  readonly lexicon: Lexicon;
  /** The whole of it; see `plainText`. */
  readonly plain: string;
  readonly terms: ReadonlySet<string>;
  readonly named: Named;
  readonly counted: readonly Counted[];
  readonly days: readonly NamedDate[];
  readonly weekdays: ReadonlySet<number>;
  /** The quotations, each with the words around it that may say whose it is. */
  readonly quotations: readonly { readonly words: string; readonly around: string }[];
  readonly clauses: readonly Clause[];
  /** For who did what; in English only. */
  readonly aligned: AlignedSource | undefined;
}

const known = new WeakMap<Article, Evidence>();

/** The evidence of an article, made when first asked for. */
export function evidenceOf(article: Article): Evidence {
  const found = known.get(article) ?? gather(article);
  known.set(article, found);
  return found;
}

/** So much around a quotation says whose it is: its paragraph and the one before, at most this many letters. */
const AROUND = 400;

function gather({ title, text, captions, language }: Article): Evidence {
  const lexicon = lexiconOf(language);
  const whole = [title, text, ...captions.map((caption) => caption.text)].join("\n\n");
  const sentences = splitSentences(whole, language).map(({ start, end }) =>
    plainText(whole.slice(start, end)),
  );
  const plain = plainText(whole);
  return {
    language,
    lexicon,
    plain,
    terms: termsOf(plain, lexicon.stopWords),
    named: namedIn(sentences, plain, language),
    counted: sentences.flatMap((sentence) =>
      countedIn(sharesInFigures(sentence, language), language),
    ),
    days: datesIn(plain, language).filter(({ month }) => month !== undefined),
    weekdays: new Set(weekdaysIn(plain, language).map(({ weekday }) => weekday)),
    quotations: quotationsOf(whole).map(({ start, end }) => ({
      words: plainText(whole.slice(start, end)),
      around: plainText(around(whole, start, end)),
    })),
    clauses: sentences.flatMap((sentence) => clausesOf(sentence, language)),
    aligned: primarySubtag(language) === "en" ? alignedSource(sentences) : undefined,
  };
}

function around(whole: string, start: number, end: number): string {
  const before = whole
    .slice(Math.max(0, start - AROUND), start)
    .split("\n\n")
    .slice(-2);
  const after = whole.slice(end, end + AROUND).split("\n\n")[0] ?? "";
  return `${before.join(" ")}${whole.slice(start, end)}${after}`;
}

/** A part of a sentence that states one thing, as far as its marks tell. */
export interface Clause {
  readonly terms: ReadonlySet<string>;
  readonly isNegated: boolean;
  /** Whether some other word of it may stand for a negation. */
  readonly isDenying: boolean;
  readonly isHedged: boolean;
}

const BREAK = /[;:()[\]"“”„«»。！？、，]|,(?= )| - /u;

/** The clauses of a sentence (see `plainText`); none in a language whose "not" we don't know. */
export function clausesOf(sentence: string, language: string): readonly Clause[] {
  const words = polarityWordsOf(language);
  if (!words) return [];
  const { stopWords } = lexiconOf(language);
  return sentence.split(BREAK).flatMap((part) => {
    const terms = termsOf(part, stopWords);
    return terms.size === 0 ? [] : [clauseOf(part, terms, words)];
  });
}

function clauseOf(
  part: string,
  terms: ReadonlySet<string>,
  { negation, denial, hedge }: PolarityWords,
): Clause {
  const isNegated = negation.test(part);
  return {
    terms,
    isNegated,
    isDenying: isNegated || denial.test(part),
    isHedged: hedge.test(part),
  };
}

/** Signs that are written but not seen, and that can make two equal words differ. */
const UNSEEN = /\p{Default_Ignorable_Code_Point}/gu;

const SAME_SIGNS: readonly (readonly [pattern: RegExp, plain: string])[] = [
  [/[‘’ʼ′‛]/g, "'"],
  [/[‐‑‒–—―−]/g, "-"],
  [/٫/g, "."],
  [/٬/g, ","],
  [/\s+/g, " "],
];

/**
 * A text as it is compared with another: one sign for all dashes, apostrophes and spaces, wide letters
 * narrow, and every script's digits as 0 to 9.
 */
export function plainText(text: string): string {
  let plain = text.replace(UNSEEN, "").normalize("NFKC");
  for (const [pattern, sign] of SAME_SIGNS) plain = plain.replace(pattern, sign);
  return plain.replace(/(?![0-9])\p{Nd}/gu, digitOf);
}

/** Every script has its digits in a row that begins at …0 or at …6. */
function digitOf(sign: string): string {
  const code = sign.codePointAt(0) ?? 0;
  const place = code % 16;
  const beginsAtZero =
    place < 6 || (place < 10 && /\p{Nd}/u.test(String.fromCodePoint(code - place)));
  return String(beginsAtZero ? place : place - 6);
}
