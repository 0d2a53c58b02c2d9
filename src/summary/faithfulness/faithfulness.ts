import type { Article } from "../../article/article.ts";
import { termsOf } from "../language/terms.ts";
import { turnedRound } from "./check-claims.ts";
import { harmIn } from "./check-harm.ts";
import { strayName } from "./check-names.ts";
import { strayDay, strayNumber } from "./check-numbers.ts";
import { strayQuotation } from "./check-quotations.ts";
import { evidenceOf, type Evidence } from "./evidence.ts";
import { isUncased } from "./names/uncased.ts";
import { numeralsOf } from "./numbers/numerals.ts";
import { plainText } from "./plain-text.ts";
import { unfaithful, type Unfaithful } from "./unfaithful.ts";

/** So much of what a sentence says has to be in the source, in the source's words. */
const LEAST_OVERLAP = 0.34;
/** Where names can't be told from other words, the words have to answer for them. */
const LEAST_OVERLAP_UNCASED = 0.5;

/**
 * Why a sentence about an article can't be trusted, or undefined where nothing speaks against it: each
 * number, date, name and quotation in it is in the article, with other forms of it allowed; so are
 * enough of its words; and no "not" or "may" has come or gone that can be told. What is left is what no
 * comparison of words finds: a true name with another's deed, "rose" for "fell".
 */
export function unfaithfulness(sentence: string, article: Article): Unfaithful | undefined {
  if (!/[\p{L}\p{N}]/u.test(sentence)) return unfaithful("empty", "", () => "it says nothing");
  const evidence = evidenceOf(article);
  const plain = plainText(sentence);
  return (
    harmIn(sentence) ??
    strayQuotation(sentence, evidence) ??
    strayDay(plain, evidence) ??
    strayNumber(plain, evidence) ??
    strayName(plain, evidence) ??
    foreignWords(plain, evidence) ??
    turnedRound(plain, evidence)
  );
}

function foreignWords(
  plain: string,
  { terms, lexicon, language }: Evidence,
): Unfaithful | undefined {
  // Numbers have been looked at, and may be written in another way.
  const { words } = numeralsOf(language);
  const own = [...termsOf(plain, lexicon.stopWords)].filter(
    (term) => !/\d/.test(term) && !words.has(term),
  );
  const shared = own.filter((term) => terms.has(term)).length;
  const least = isUncased(plain) ? LEAST_OVERLAP_UNCASED : LEAST_OVERLAP;
  return shared < least * own.length
    ? unfaithful(
        "overlap",
        "",
        () => `only ${shared} of its ${own.length} words are in the article`,
      )
    : undefined;
}
