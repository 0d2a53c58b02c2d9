import type { Article } from "../../article/article.ts";
import { lexiconOf, type Lexicon } from "../language/lexicon.ts";
import { quotationsOf } from "../language/quotations.ts";
import { splitSentences } from "../language/sentences.ts";
import { termsOf } from "../language/terms.ts";
import { clausesOf, type Clause } from "./clauses.ts";
import { daysIn, weekdaysIn, type NamedDay } from "./dates/days.ts";
import { namedIn, type Named } from "./names/named.ts";
import { countedIn, type Counted } from "./numbers/counted.ts";
import { plainText } from "./plain-text.ts";

/** What an article says, as sentences about it are checked against: its title, its text, its captions. */
export interface Evidence {
  readonly language: string;
  readonly lexicon: Lexicon;
  /** The whole of it; see `plainText`. */
  readonly plain: string;
  readonly terms: ReadonlySet<string>;
  readonly named: Named;
  readonly counted: readonly Counted[];
  readonly days: readonly NamedDay[];
  readonly weekdays: ReadonlySet<number>;
  /** The quotations, each with the words around it that may say whose it is. */
  readonly quotations: readonly { readonly words: string; readonly around: string }[];
  readonly clauses: readonly Clause[];
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
    counted: sentences.flatMap((sentence) => countedIn(sentence, language)),
    days: daysIn(plain, language),
    weekdays: new Set(weekdaysIn(plain, language).map(({ weekday }) => weekday)),
    quotations: quotationsOf(whole).map(({ start, end }) => ({
      words: plainText(whole.slice(start, end)),
      around: plainText(around(whole, start, end)),
    })),
    clauses: sentences.flatMap((sentence) => clausesOf(sentence, language)),
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
