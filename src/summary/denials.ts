import type { Candidate } from "./candidate.ts";
import { denialWordsOf, polarityWordsOf, type DenialWords } from "./language/polarity-words.ts";
import { SAME, sharedCount, termsOf } from "./language/terms.ts";

/** Whether a sentence greets the readers of a live blog, or tells them of the blog. */
export function isChatter(sentence: string, language: string): boolean {
  return denialWordsOf(language)?.chatter.test(sentence) ?? false;
}

/** A sentence without the label that says whether it is a claim or a fact. */
export function withoutLabel(sentence: string, language: string): string {
  const label = denialWordsOf(language)?.label.exec(sentence)?.[0] ?? "";
  const rest = sentence.slice(label.length);
  return label === "" ? sentence : rest.charAt(0).toUpperCase() + rest.slice(1);
}

/** Whether a sentence says itself of what it tells that it is not so. */
function isDenial(text: string, language: string): boolean {
  const { untrue, denying, negation } = denialWordsOf(language) ?? {};
  const patterns = [untrue, denying, negation, polarityWordsOf(language)?.denial];
  return patterns.some((pattern) => pattern?.test(text));
}

/** What tells of any sentence whether it says, without a word of denial, what one of these says that is taken back. */
export function takenBackBy(
  sentences: readonly Told[],
  language: string,
): (sentence: Told) => boolean {
  const denials = denialsOf(sentences, language);
  const denied = sentences.filter((_, at) => denials[at] !== undefined);
  return ({ text, terms }) =>
    denied.some((other) => sharedCount(terms, other.terms) >= Math.max(2, SAME * terms.size)) &&
    !isDenial(text, language);
}

type Told = Pick<Candidate, "text" | "terms">;

/** A claim is looked for in so many sentences before its denial. */
const REACH = 3;
/** What names its source may come after so many sentences. */
const ATTRIBUTED = 2;

/**
 * By sentence, the index of the last one that it must not be told without: which denies what it says, corrects it or
 * gives it as a rumour. Undefined of a sentence that nothing takes back.
 */
export function denialsOf(
  sentences: readonly Told[],
  language: string,
): readonly (number | undefined)[] {
  const words = denialWordsOf(language);
  const until = sentences.map((): number | undefined => undefined);
  if (!words) return until;
  for (const at of sentences.keys()) {
    const from = deniedFrom(at, sentences, words) ?? at;
    for (let index = from; index < at; index++) until[index] = at;
  }
  // What is told with a denial that is itself taken back needs that too.
  for (let index = until.length - 1; index >= 0; index--)
    for (let next = index + 1; next <= (until[index] ?? index); next++)
      until[index] = Math.max(until[index] ?? index, until[next] ?? next);
  return until;
}

/** The first sentence of what a sentence takes back; undefined of one that takes nothing back. */
function deniedFrom(
  at: number,
  sentences: readonly Told[],
  words: DenialWords,
): number | undefined {
  const sentence = sentences[at];
  const last = sentences[at - 1];
  if (!sentence || !last) return undefined;
  const { text } = sentence;
  if (text.endsWith("?")) return undefined;
  if (words.erratum.test(last.text)) return at - 1;
  if (words.attributing.test(text) && words.claim.test(text)) return Math.max(0, at - ATTRIBUTED);
  if (words.turn.test(text)) return claimBefore(at, sentences, words);
  if (isDenying(text, words))
    return claimBefore(at, sentences, words) ?? (isUntrue(last, words) ? undefined : at - 1);
  const negated = negatedTerms(text, words);
  if (negated.size === 0) return undefined;
  const claim = claimBefore(at, sentences, words);
  const denied = sentences[claim ?? at - 1];
  if (!denied || sharedCount(negated, denied.terms) === 0 || words.negation.test(denied.text))
    return undefined;
  return claim ?? (repeats(sentence, denied) ? at - 1 : undefined);
}

function isDenying(text: string, { bare, verdict, denying }: DenialWords): boolean {
  return bare.test(text) || verdict.test(text) || denying.test(text);
}

/** One that says itself that it isn't so can stand alone. */
function isUntrue({ text }: Told, { untrue, denying }: DenialWords): boolean {
  return untrue.test(text) || denying.test(text);
}

/** The nearest sentence before that tells what somebody claims, unless it calls that untrue itself. */
function claimBefore(
  at: number,
  sentences: readonly Told[],
  words: DenialWords,
): number | undefined {
  for (let index = at - 1; index >= Math.max(0, at - REACH); index--) {
    const sentence = sentences[index];
    if (sentence && words.claim.test(sentence.text))
      return isUntrue(sentence, words) ? undefined : index;
  }
  return undefined;
}

/** The terms of the first words that a "not" stands before: "stop" in "The ferry will not stop". */
function negatedTerms(text: string, { negation }: DenialWords): ReadonlySet<string> {
  const found = negation.exec(text);
  const next = found && NEXT_WORDS.exec(text.slice(found.index + found[0].length))?.[0];
  return termsOf(next ?? "", NO_WORDS);
}

const NEXT_WORDS = /^(?:\s+[\p{L}\p{M}'’-]+){1,3}/u;
const NO_WORDS: ReadonlySet<string> = new Set();

/** A claim may be denied in one word of it, "There is no van"; what nothing shows to be a claim, in nearly all of them. */
const MORE_SAID = 2;

/** Whether a sentence has more of another's terms than not. */
function repeats(denial: Told, { terms }: Told): boolean {
  const shared = sharedCount(denial.terms, terms);
  return shared - (terms.size - shared) >= MORE_SAID;
}
