import type { Candidate } from "./candidate.ts";
import { denialWordsOf, type DenialWords } from "./denial-words.ts";
import { polarityWordsOf } from "./language/polarity-words.ts";
import { SAME, sharedCount, termsOf } from "./language/lexicon.ts";

type Statement = Pick<Candidate, "text" | "terms" | "refusal" | "pointsBack" | "paragraph">;

/** The attitude of a headline to the claims of its article. */
interface Headline {
  readonly terms: ReadonlySet<string>;
  /** The headline denies a claim that the first sentences may report: "Ministry denies report". */
  readonly denies: boolean;
  /** The headline calls a claim untrue or examines it: "How the myth of the eels arose", "Fact check: …". */
  readonly isUntrue: boolean;
  /** The headline has a label: "Fact check: …", "Hoax: …". Only the text shows whether the rest is claim or news. */
  readonly isLabelled: boolean;
  /** The headline mentions claims: "The rumours about the pier". */
  readonly hasClaim: boolean;
  /** The headline contains a denial, of a report or of a crime: "Pell denies sale of pier". */
  readonly hasDenial: boolean;
  /** The headline is a question: "Does the ferry sink?" */
  readonly asks: boolean;
  /** The headline is negated: "Why eels don't eat rats" */
  readonly isNegated: boolean;
}

interface Reading {
  readonly sentences: readonly Statement[];
  readonly headline: Headline;
  readonly words: DenialWords;
  /** For each sentence, whether its words mark it as a reported claim. */
  readonly isSaid: readonly boolean[];
}

/** The number of sentences before a denial that are searched for its claim. */
const REACH = 5;
/** A claim and a denial that are more sentences apart than this are not shown together. */
const NEAR = 2;
/** The source of a statement may be named this many sentences later. */
const ATTRIBUTED = 2;

/** Marks a sentence that must not be shown, because its denial or correction is too far away to be shown with it. */
export const NEVER_SHOWN = Infinity;

/**
 * Returns for each sentence the index of the last sentence that must be shown with it because it denies, corrects or
 * attributes it. `NEVER_SHOWN` if that is far away, in the headline, or repeats the whole claim. Undefined for all other
 * sentences.
 */
export function denialsOf(
  sentences: readonly Statement[],
  { language, title }: { readonly language: string; readonly title: string },
  titleTerms: ReadonlySet<string>,
): readonly (number | undefined)[] {
  const words = denialWordsOf(language);
  const until = sentences.map((): number | undefined => undefined);
  if (!words) return until;
  const headline = headlineOf(title, titleTerms, words);
  const isSaid = sentences.map(
    ({ text }) => words.claim.test(text) || (isOfClaims(headline) && words.report.test(text)),
  );
  const reading: Reading = { sentences, words, headline, isSaid };
  for (const at of sentences.keys()) {
    const from = deniedFrom(at, reading);
    if (from === undefined) continue;
    const isNear = at - from <= NEAR && !isFullDenial(at, from, reading);
    for (let index = firstClaim(from, reading); index < at; index++)
      if (isNear && at - index <= NEAR) until[index] = at;
      else if (isClaim(index, reading)) until[index] ??= NEVER_SHOWN;
  }
  for (const at of sentences.keys())
    if (isDoubted(at, reading) || (until[at - 1] === NEVER_SHOWN && isOfClaim(at, reading)))
      until[at] ??= NEVER_SHOWN;
  // A denial that is itself denied or corrected needs the sentences that do so.
  for (let index = until.length - 1; index >= 0; index--) {
    const last = Math.min(until[index] ?? index, until.length - 1);
    for (let next = index + 1; next <= last; next++)
      until[index] = Math.max(until[index] ?? index, until[next] ?? next);
  }
  return until;
}

/** Returns a test for sentences that repeat a denied or corrected claim without its denial. */
export function takenBackBy(
  candidates: readonly Candidate[],
  language: string,
): (sentence: Pick<Candidate, "text" | "terms">) => boolean {
  const denied = candidates.filter(({ deniedBy }) => deniedBy !== undefined);
  return ({ text, terms }) =>
    denied.some((other) => sharedCount(terms, other.terms) >= Math.max(2, SAME * terms.size)) &&
    !isDenial(text, language);
}

/** Whether a sentence denies its own statement. */
function isDenial(text: string, language: string): boolean {
  const { untrue, denying, negation } = denialWordsOf(language) ?? {};
  const patterns = [untrue, denying, negation, polarityWordsOf(language)?.denial];
  return patterns.some((pattern) => pattern?.test(text));
}

/** Whether a headline mentions a claim or a denial. */
function isOfClaims({ denies, isUntrue, hasClaim, hasDenial }: Headline): boolean {
  return denies || isUntrue || hasClaim || hasDenial;
}

/** Returns the first of the consecutive claims that end at `from`. */
function firstClaim(from: number, reading: Reading): number {
  let first = from;
  while (from - first < REACH && isClaim(first - 1, reading)) first--;
  return first;
}

/** Whether a sentence continues a claim that is not shown. Below a headline with a denial, the rest of the paragraph does. */
function isOfClaim(at: number, { sentences, headline, words, isSaid }: Reading): boolean {
  const sentence = sentences[at] ?? NOTHING;
  if (isSaid[at] || sentence.pointsBack || sentence.refusal === "leaning") return true;
  const { text, paragraph } = sentence;
  return (
    headline.denies &&
    paragraph === sentences[at - 1]?.paragraph &&
    paragraph !== sentences.at(-1)?.paragraph &&
    ![words.negation, words.untrue, words.deny].some((pattern) => pattern.test(text))
  );
}

function headlineOf(title: string, terms: ReadonlySet<string>, words: DenialWords): Headline {
  return {
    terms,
    denies: words.headline.test(title),
    isUntrue: words.untrue.test(title) || words.rubric.test(title),
    isLabelled: words.rubric.test(title),
    hasClaim: words.claim.test(title),
    hasDenial: words.deny.test(title),
    asks: /[?？؟]/u.test(title),
    isNegated: words.negation.test(title),
  };
}

/**
 * Returns the index of the earlier sentence that sentence `at` denies or corrects. If `at` names the source of what was said
 * before, returns the first sentence that may be from this source. Undefined if `at` does neither.
 */
function deniedFrom(at: number, reading: Reading): number | undefined {
  const { sentences, words } = reading;
  const sentence = sentences[at];
  const last = sentences[at - 1];
  if (!sentence || !last) return undefined;
  const { text, refusal } = sentence;
  if (text.endsWith("?")) return undefined;
  if (words.erratum.test(last.text)) return at - 1;
  if (words.attributing.test(text) && reading.isSaid[at]) return Math.max(0, at - ATTRIBUTED);
  const claim = claimBefore(at, reading);
  if (claim !== undefined && words.turn.test(text))
    if (sharedBetween(at, claim, reading) >= at - claim) return claim;
  if (isDenying(text, words))
    return claim ?? (refusal === "half-quotation" || isUntrue(last, words) ? undefined : at - 1);
  if (claim !== undefined)
    for (let one = claim; one >= firstClaim(claim, reading); one--)
      if (isAgainst(at, one, reading)) return claim;
  if (words.report.test(last.text) && isUntrue(sentence, words) && words.pointing.test(text))
    return isUntrue(last, words) ? undefined : at - 1;
  const isClaimed = words.report.test(last.text) || repeats(sentence, last);
  return isClaimed && denies(sentence, last, words) ? at - 1 : undefined;
}

function isDenying(text: string, { bare, verdict, denying }: DenialWords): boolean {
  return bare.test(text) || verdict.test(text) || denying.test(text);
}

/** A sentence that calls its own claim untrue can stand alone. */
function isUntrue({ text }: Statement, { untrue, denying }: DenialWords): boolean {
  return untrue.test(text) || denying.test(text);
}

/** Returns the nearest earlier sentence that reports a claim, unless it calls the claim untrue itself. */
function claimBefore(at: number, reading: Reading): number | undefined {
  const { sentences, words } = reading;
  for (let index = at - 1; index >= Math.max(0, at - REACH); index--) {
    const sentence = sentences[index];
    if (sentence && isClaim(index, reading)) return isUntrue(sentence, words) ? undefined : index;
  }
  return undefined;
}

/**
 * Whether a sentence may report a claim. Its words may show it, the headline may deny it, or it may repeat a headline with a
 * label such as "Hoax:".
 */
function isClaim(at: number, { sentences, headline, isSaid }: Reading): boolean {
  if (isSaid[at] || (headline.denies && at === 0)) return true;
  if (!(headline.denies || headline.isLabelled) || at >= OPENING) return false;
  return sharedCount(sentences[at]?.terms ?? NO_WORDS, headline.terms) >= ABOUT;
}

/** A claim that the headline denies is among this number of first sentences. */
const OPENING = 3;
/** A sentence on the headline's subject shares at least this many terms with it. */
const ABOUT = 2;

const NOTHING: Statement = {
  text: "",
  terms: new Set(),
  refusal: undefined,
  pointsBack: false,
  paragraph: 0,
};

function sharedBetween(one: number, other: number, { sentences }: Reading): number {
  return sharedCount((sentences[one] ?? NOTHING).terms, (sentences[other] ?? NOTHING).terms);
}

/**
 * Whether a sentence denies an earlier claim, by words that are a denial only after a claim. With distance, more common
 * terms are required, unless the headline mentions claims.
 */
function isAgainst(at: number, claim: number, reading: Reading): boolean {
  const { sentences, headline, words, isSaid } = reading;
  const [sentence = NOTHING, denied = NOTHING] = [sentences[at], sentences[claim]];
  const isSuspect = Object.values(headline).includes(true);
  // If only a labelled headline marks the claim, the sentence must deny the headline's words.
  const isExamined = !isSaid[claim] && !headline.denies;
  const terms = isExamined ? headline.terms : denied.terms;
  if (denies(sentence, { ...denied, terms }, words, isSuspect)) return true;
  if (!isUntrue(sentence, words) && !words.bareInside.test(sentence.text)) return false;
  if (isExamined) return sentence.text.search(words.pointing) === 0;
  const isSpokenOf = isOfClaims(headline);
  if (at - claim <= NEAR && (isSpokenOf || words.pointing.test(sentence.text))) return true;
  return sharedBetween(at, claim, reading) >= (isSpokenOf ? 1 : at - claim - 1);
}

/** Whether the headline denies the claim of a sentence. */
function isDoubted(at: number, reading: Reading): boolean {
  const { sentences, headline, words } = reading;
  const sentence = sentences[at] ?? NOTHING;
  if (!isClaim(at, reading) || isUntrue(sentence, words) || words.deny.test(sentence.text))
    return false;
  const shared = sharedCount(sentence.terms, headline.terms);
  const isNegated = words.negation.test(sentence.text);
  if (!reading.isSaid[at]) return headline.denies && !isNegated && shared >= ABOUT;
  const isReport = headline.hasDenial && words.report.test(sentence.text);
  if (headline.denies || ((headline.isUntrue || isReport) && at < OPENING)) return shared > 0;
  return (headline.isUntrue || (headline.isNegated && !isNegated)) && shared >= ABOUT;
}

/**
 * Whether a sentence can be read alone and denies a claim in its own words: "The ferry will not stop in June, Pell said."
 */
function isFullDenial(at: number, claim: number, reading: Reading): boolean {
  const { sentences, words } = reading;
  const [sentence = NOTHING, denied = NOTHING] = [sentences[at], sentences[claim]];
  if (sentence.refusal !== undefined || isDenying(sentence.text, words)) return false;
  return (
    reading.isSaid[claim] === true &&
    denies(sentence, denied, words) &&
    sharedCount(sentence.terms, denied.terms) > ABOUT
  );
}

/** Whether a sentence negates a term of another sentence that does not negate it. */
function denies(
  { text }: Statement,
  denied: Statement,
  { negation, near }: DenialWords,
  alsoBefore = false,
) {
  const found = negation.exec(text);
  if (!found || negation.test(denied.text)) return false;
  const after = near.after.exec(text.slice(found.index + found[0].length))?.[0] ?? "";
  const before = alsoBefore ? near.before.exec(text.slice(0, found.index))?.[0] : undefined;
  return sharedCount(termsOf(`${before ?? ""} ${after}`, NO_WORDS), denied.terms) >= near.shared;
}

const NO_WORDS: ReadonlySet<string> = new Set();

/** A denial may share one word with its claim: "There is no van". An unmarked sentence must share nearly all words. */
const MORE_SAID = 2;

/** Whether a sentence repeats most terms of another. */
function repeats(denial: Statement, { terms }: Statement): boolean {
  const shared = sharedCount(denial.terms, terms);
  return shared - (terms.size - shared) >= MORE_SAID;
}
