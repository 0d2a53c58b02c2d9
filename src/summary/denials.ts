import type { Candidate } from "./candidate.ts";
import { denialWordsOf, type DenialWords } from "./denial-words.ts";
import { polarityWordsOf } from "./language/polarity-words.ts";
import { SAME, sharedCount, termsOf } from "./language/lexicon.ts";

type Told = Pick<Candidate, "text" | "terms" | "refusal" | "pointsBack" | "paragraph">;

/** How an article's headline speaks of what the article tells. */
interface Headline {
  readonly terms: ReadonlySet<string>;
  /** "Ministry denies report": the headline denies what the first sentences may report. */
  readonly denies: boolean;
  /** "How the myth of the eels arose", "Fact check: …": the headline says that some claim is untrue or examined. */
  readonly isUntrue: boolean;
  /** "Fact check: …", "Hoax: …": the headline repeats a claim, or reports news. Only the text shows which. */
  readonly isLabelled: boolean;
  /** "The rumours about the pier": it speaks of claims. */
  readonly hasClaim: boolean;
  /** "Pell denies sale of pier": it may speak of a report, or of a crime. */
  readonly hasDenial: boolean;
  /** "Does the ferry sink?" */
  readonly asks: boolean;
  /** "Why eels don't eat rats" */
  readonly isNegated: boolean;
}

interface Reading {
  readonly sentences: readonly Told[];
  readonly headline: Headline;
  readonly words: DenialWords;
  /** By sentence, whether its words show that it reports a claim. */
  readonly isSaid: readonly boolean[];
}

/** A claim is looked for in so many sentences before its denial. */
const REACH = 5;
/** Further apart, the two are not told together. */
const NEAR = 2;
/** What names its source may come after so many sentences. */
const ATTRIBUTED = 2;

/** Of a sentence that the article takes back, with nothing near that could be told with it. */
export const NOT_TOLD = Infinity;

/**
 * By sentence, the index of the last one that it must not be told without: which denies what it says, corrects it or
 * gives it as a rumour. `NOT_TOLD` where that stands far off or in the headline, or tells all of it. Undefined of a
 * sentence that nothing takes back.
 */
export function denialsOf(
  sentences: readonly Told[],
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
    const isNear = at - from <= NEAR && !tellsAll(at, from, reading);
    for (let index = firstClaim(from, reading); index < at; index++)
      if (isNear && at - index <= NEAR) until[index] = at;
      else if (isClaim(index, reading)) until[index] ??= NOT_TOLD;
  }
  for (const at of sentences.keys())
    if (isDoubted(at, reading) || (until[at - 1] === NOT_TOLD && isOfClaim(at, reading)))
      until[at] ??= NOT_TOLD;
  // What is told with a denial that is itself taken back needs that too.
  for (let index = until.length - 1; index >= 0; index--) {
    const last = Math.min(until[index] ?? index, until.length - 1);
    for (let next = index + 1; next <= last; next++)
      until[index] = Math.max(until[index] ?? index, until[next] ?? next);
  }
  return until;
}

/** What tells of any sentence whether it says, without a word of denial, what one of these says that is taken back. */
export function takenBackBy(
  candidates: readonly Candidate[],
  language: string,
): (sentence: Pick<Candidate, "text" | "terms">) => boolean {
  const denied = candidates.filter(({ deniedBy }) => deniedBy !== undefined);
  return ({ text, terms }) =>
    denied.some((other) => sharedCount(terms, other.terms) >= Math.max(2, SAME * terms.size)) &&
    !isDenial(text, language);
}

/** Whether a sentence says itself of what it tells that it is not so. */
function isDenial(text: string, language: string): boolean {
  const { untrue, denying, negation } = denialWordsOf(language) ?? {};
  const patterns = [untrue, denying, negation, polarityWordsOf(language)?.denial];
  return patterns.some((pattern) => pattern?.test(text));
}

/** Whether a headline speaks of what is claimed, or of who denies it. */
function isOfClaims({ denies, isUntrue, hasClaim, hasDenial }: Headline): boolean {
  return denies || isUntrue || hasClaim || hasDenial;
}

/** The first of the claims that follow each other up to one. */
function firstClaim(from: number, reading: Reading): number {
  let first = from;
  while (from - first < REACH && isClaim(first - 1, reading)) first--;
  return first;
}

/**
 * Whether a sentence after a claim that is not told goes on about it; under a headline that denies, the rest of its
 * paragraph does, up to the denial.
 */
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

/** The first sentence of what a sentence takes back; undefined of one that takes nothing back. */
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

/** One that says itself that it isn't so can stand alone. */
function isUntrue({ text }: Told, { untrue, denying }: DenialWords): boolean {
  return untrue.test(text) || denying.test(text);
}

/** The nearest sentence before that reports a claim, unless it calls that untrue itself. */
function claimBefore(at: number, reading: Reading): number | undefined {
  const { sentences, words } = reading;
  for (let index = at - 1; index >= Math.max(0, at - REACH); index--) {
    const sentence = sentences[index];
    if (sentence && isClaim(index, reading)) return isUntrue(sentence, words) ? undefined : index;
  }
  return undefined;
}

/** Whether a sentence may report a claim: its own words say so, the headline denies it, or it repeats a labelled headline. */
function isClaim(at: number, { sentences, headline, isSaid }: Reading): boolean {
  if (isSaid[at] || (headline.denies && at === 0)) return true;
  if (!(headline.denies || headline.isLabelled) || at >= OPENING) return false;
  return sharedCount(sentences[at]?.terms ?? NO_WORDS, headline.terms) >= ABOUT;
}

/** The claim that a headline takes back is among the first sentences. */
const OPENING = 3;
/** So many terms of the headline has what speaks of the same. */
const ABOUT = 2;

const NOTHING: Told = {
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
 * Whether a sentence is against a claim before it, by words that deny nothing where there is no claim. The further
 * off, the more must the two have in common, unless the headline speaks of claims.
 */
function isAgainst(at: number, claim: number, reading: Reading): boolean {
  const { sentences, headline, words, isSaid } = reading;
  const [sentence = NOTHING, denied = NOTHING] = [sentences[at], sentences[claim]];
  const isSuspect = Object.values(headline).includes(true);
  // Of a claim that only a labelled headline shows, the sentence must deny what the headline says.
  const isExamined = !isSaid[claim] && !headline.denies;
  const terms = isExamined ? headline.terms : denied.terms;
  if (denies(sentence, { ...denied, terms }, words, isSuspect)) return true;
  if (!isUntrue(sentence, words) && !words.bareInside.test(sentence.text)) return false;
  if (isExamined) return sentence.text.search(words.pointing) === 0;
  const isSpokenOf = isOfClaims(headline);
  if (at - claim <= NEAR && (isSpokenOf || words.pointing.test(sentence.text))) return true;
  return sharedBetween(at, claim, reading) >= (isSpokenOf ? 1 : at - claim - 1);
}

/** Whether the headline takes back what a sentence claims. */
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

/** Whether a sentence that can be read alone denies a claim in its own words: "The ferry will not stop in June, Pell said." */
function tellsAll(at: number, claim: number, reading: Reading): boolean {
  const { sentences, words } = reading;
  const [sentence = NOTHING, denied = NOTHING] = [sentences[at], sentences[claim]];
  if (sentence.refusal !== undefined || isDenying(sentence.text, words)) return false;
  return (
    reading.isSaid[claim] === true &&
    denies(sentence, denied, words) &&
    sharedCount(sentence.terms, denied.terms) > ABOUT
  );
}

/** Whether a sentence says "not" of a term of another, which doesn't. */
function denies({ text }: Told, denied: Told, { negation, near }: DenialWords, alsoBefore = false) {
  const found = negation.exec(text);
  if (!found || negation.test(denied.text)) return false;
  const after = near.after.exec(text.slice(found.index + found[0].length))?.[0] ?? "";
  const before = alsoBefore ? near.before.exec(text.slice(0, found.index))?.[0] : undefined;
  return sharedCount(termsOf(`${before ?? ""} ${after}`, NO_WORDS), denied.terms) >= near.shared;
}

const NO_WORDS: ReadonlySet<string> = new Set();

/** A claim may be denied in one word of it, "There is no van"; what nothing shows to be a claim, in nearly all of them. */
const MORE_SAID = 2;

/** Whether a sentence has more of another's terms than not. */
function repeats(denial: Told, { terms }: Told): boolean {
  const shared = sharedCount(denial.terms, terms);
  return shared - (terms.size - shared) >= MORE_SAID;
}
