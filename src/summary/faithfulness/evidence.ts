import type { Article } from "../../article/article.ts";
import { hashOf } from "../../article/identity.ts";
import { remembering } from "../../platform/remembering.ts";
import { lexiconOf, primarySubtag, type Lexicon, termsOf } from "../language/lexicon.ts";
import { parsedSource, type ParsedSource } from "./comparison.ts";
import { Wording } from "./english.ts";
import { quotationsOf } from "../language/quotations.ts";
import { splitSentences } from "../language/segments.ts";
import { datesIn, weekdaysIn, type NamedDate } from "../facts/dates.ts";
import { countriesIn, type CountryName } from "./countries.ts";
import { namedIn, type Named } from "./source-names.ts";
import type { Placed } from "./derived.ts";
import { countedIn, sharesInFigures } from "./quantities.ts";
import { type Clause, clausesOf } from "./clauses.ts";

/** The content of an article, prepared for the check of sentences about it: title, text and captions. */
export interface Evidence {
  readonly language: string;
  readonly lexicon: Lexicon;
  /** The whole text; see `plainText`. */
  readonly plain: string;
  readonly sentences: readonly string[];
  readonly terms: ReadonlySet<string>;
  readonly named: Named;
  /** The countries that an English article mentions. */
  readonly countries: readonly CountryName[];
  readonly counted: readonly Placed[];
  /** The year of publication. */
  readonly year: number | undefined;
  readonly days: readonly NamedDate[];
  readonly weekdays: ReadonlySet<number>;
  /** The quotations, each with the text around it that may name its speaker. */
  readonly quotations: readonly { readonly words: string; readonly around: string }[];
  /** For the comparison of claims. English articles have `parsed` and `wording`, others have `clauses`. */
  readonly parsed: ParsedSource | undefined;
  readonly wording: Wording | undefined;
  readonly clauses: readonly Clause[];
}

const known = new WeakMap<Article, Evidence>();

/** Returns the evidence of an article, which is computed once, also if the article is read again after an edit. */
export function evidenceOf(article: Article): Evidence {
  const found = known.get(article) ?? gathered(article);
  known.set(article, found);
  return found;
}

/** A little more than the stories of most issues. */
const EVIDENCE_CACHED = 40;

const gathered = remembering(EVIDENCE_CACHED, hashOf, gather);

/** The speaker of a quotation is searched in its paragraph and the one before, within this many code units. */
const AROUND = 400;

function gather({ title, text, captions, language, publishedAt }: Article): Evidence {
  const lexicon = lexiconOf(language);
  const isEnglish = primarySubtag(language) === "en";
  const whole = [title, text, ...captions.map((caption) => caption.text)].join("\n\n");
  const sentences = splitSentences(whole, language).map(({ start, end }) =>
    plainText(whole.slice(start, end)),
  );
  const plain = plainText(whole);
  return {
    language,
    lexicon,
    plain,
    sentences,
    terms: termsOf(plain, lexicon.stopWords),
    named: namedIn(sentences, plain, language),
    countries: isEnglish ? countriesIn(plain) : [],
    counted: sentences.flatMap((sentence, at) =>
      countedIn(sharesInFigures(sentence, language), language).map((number) =>
        Object.assign({ sentence: at }, number),
      ),
    ),
    year: publishedAt === undefined ? undefined : new Date(publishedAt).getFullYear(),
    days: datesIn(plain, language).filter(({ month }) => month !== undefined),
    weekdays: new Set(weekdaysIn(plain, language).map(({ weekday }) => weekday)),
    quotations: quotationsOf(whole).map(({ start, end }) => ({
      words: plainText(whole.slice(start, end)),
      around: plainText(around(whole, start, end)),
    })),
    parsed: isEnglish ? parsedSource(sentences) : undefined,
    wording: isEnglish ? new Wording(plain.toLowerCase().match(/\p{L}+/gu) ?? []) : undefined,
    clauses: isEnglish ? [] : sentences.flatMap((sentence) => clausesOf(sentence, language)),
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

/** Invisible characters, which could make equal words differ. */
const UNSEEN = /\p{Default_Ignorable_Code_Point}/gu;

const SAME_SIGNS: readonly (readonly [pattern: RegExp, plain: string])[] = [
  [/[‘’ʼ′‛]/g, "'"],
  [/[‐‑‒–—―−]/g, "-"],
  [/٫/g, "."],
  [/٬/g, ","],
  [/\s+/g, " "],
];

/**
 * Returns a text in a form for comparison: one character for all dashes, apostrophes and spaces, narrow letters, and the
 * digits of all scripts as 0 to 9.
 */
export function plainText(text: string): string {
  let plain = text.replace(UNSEEN, "").normalize("NFKC");
  for (const [pattern, sign] of SAME_SIGNS) plain = plain.replace(pattern, sign);
  return plain.replace(/(?![0-9])\p{Nd}/gu, digitOf);
}

/** The digits of each script begin at a code point that ends in 0 or 6. */
function digitOf(sign: string): string {
  const code = sign.codePointAt(0) ?? 0;
  const place = code % 16;
  const beginsAtZero =
    place < 6 || (place < 10 && /\p{Nd}/u.test(String.fromCodePoint(code - place)));
  return String(beginsAtZero ? place : place - 6);
}
