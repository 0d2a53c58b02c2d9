import { likelihood, type Trees } from "../platform/boosted-trees.ts";
import type { Article } from "../article/article.ts";
import type { Candidate } from "./candidate.ts";
import { ownersOf } from "./people/antecedents.ts";
import type { Document } from "./document.ts";
import { factTrees, sharedFeatures, type FactsContext } from "./fact-judgement.ts";
import { isPronoun, lexiconOf, type Lexicon, sharedCount, termsOf } from "./language/lexicon.ts";
import { quotationsOf, type Quotation } from "./language/quotations.ts";
import { coverOf, NONE } from "./sentence-features.ts";
import { countWords } from "./language/segments.ts";
import { leansOnContext } from "./anaphora/anaphora.ts";
import type { Quote, Sentence } from "./summary.ts";

const SHORTEST_WORDS = 7;
const LONGEST_WORDS = 40;
/** Limits the time for a text that consists of quotations. */
const LOOKED_AT = 200;

/** A quotation is shown from this probability on. A wrong or useless one costs more than a missing one. */
const LEAST_CHANCE = 0.65;

/**
 * Chooses the best quotation to show in large type: complete, understandable alone, with a named speaker. Its text is the
 * words between the marks. Undefined if there is none, or if the gist or a key point contains its words.
 */
export function pullQuoteOf(
  article: Article,
  document: Document,
  context: FactsContext,
  shown: readonly Sentence[],
  weights: Trees = factTrees().quotes,
): Quote | undefined {
  let best: Quote | undefined;
  let most = LEAST_CHANCE;
  for (const { quote, row } of quotesIn(article, document, context)) {
    if (shown.some((other) => overlaps(other, quote))) continue;
    const chance = likelihood(weights, row);
    if (chance > most) [best, most] = [quote, chance];
  }
  return best && { ...best, speaker: wholeName(best.speaker, document) };
}

/** Returns the whole name of a speaker. Beside a quotation, articles often have the surname only. */
function wholeName(speaker: string, { people }: Document): string {
  return ownersOf(people.possible).get(speaker)?.name ?? speaker;
}

/** Returns the quotations of an article that have a speaker, each with its features. */
export function quotesIn(
  article: Article,
  document: Document,
  context: FactsContext,
): readonly { readonly quote: Quote; readonly row: readonly number[] }[] {
  const lexicon = lexiconOf(article.language);
  const quotes = quotationsOf(article.text)
    .slice(0, LOOKED_AT)
    .flatMap((quotation) => quoteFrom(article.text, quotation, document.candidates, lexicon) ?? []);
  const covers = quotes.map(({ text }) =>
    coverOf(termsOf(text, lexicon.stopWords), context.termWeights),
  );
  const order = covers.toSorted((a, b) => b - a);
  const shown = termsOf(context.shown, lexicon.stopWords);
  return quotes.map((quote, index) => {
    const { text, speaker, start = 0, end = 0 } = quote;
    const terms = termsOf(text, lexicon.stopWords);
    const last = speaker.split(" ").at(-1) ?? speaker;
    const person = document.people.possible.find(({ words }) => words.at(-1) === last);
    const lower = text.toLowerCase().match(/\p{L}+/gu) ?? [];
    const cover = covers[index] ?? 0;
    const row = [
      ...sharedFeatures(sentenceAt(document.candidates, start)?.index ?? 0, context),
      quotes.length,
      index,
      cover,
      order.indexOf(cover),
      terms.size,
      sharedCount(terms, document.titleTerms),
      sharedCount(terms, shown),
      sharedCount(terms, shown) / Math.max(1, terms.size),
      countWords(text),
      lower.filter((word) => isPronoun(word, lexicon)).length,
      lower.filter((word) => lexicon.narrators.has(word)).length,
      Number(text.endsWith(".")),
      Number(/\.\s/.test(text)),
      Number(/[…[(]|\.\.\.|--/.test(text)),
      Number(/["“”‘]|(?<!\p{L})'/u.test(text)),
      Number(/[.,!?]?["”»]$/.test(article.text.slice(start, end + 1)) && !/[.!?]$/.test(text)),
      text.match(/\p{N}+/gu)?.length ?? 0,
      Number(speaker.includes(" ")),
      person?.count ?? NONE,
      Number(person?.role !== undefined),
      Number(context.gist.includes(last)),
      Number(context.shown.includes(last)),
      Number(article.title.includes(last)),
      lower.filter((word) => lexicon.stopWords.has(word)).length / Math.max(1, lower.length),
    ];
    return { quote, row };
  });
}

function quoteFrom(
  text: string,
  quotation: Quotation,
  candidates: readonly Candidate[],
  lexicon: Lexicon,
): Quote | undefined {
  if (!quotation.isWhole) return undefined;
  const words = wordsInside(text, quotation);
  if (!standsAlone(words.text, lexicon)) return undefined;
  const sentence = sentenceAt(candidates, quotation.start);
  if (sentence?.deniedBy !== undefined) return undefined;
  const before = text.slice(sentence?.start ?? 0, quotation.start);
  const after = text.slice(quotation.end, sentenceAt(candidates, quotation.end - 1)?.end ?? 0);
  const speaker = speakerAfter(after, lexicon) ?? speakerBefore(before, lexicon);
  if (speaker === undefined) return undefined;
  // A comma before the closing mark belongs to "she said". Without a speaker after it, the quotation is incomplete.
  if (!words.isEnded && speakerAfter(after, lexicon) === undefined) return undefined;
  return {
    text: words.text,
    start: words.start,
    end: words.start + words.text.length,
    speaker,
  };
}

function wordsInside(text: string, { start, end }: Quotation) {
  const inside = text.slice(start + 1, end - 1);
  const lead = inside.length - inside.trimStart().length;
  const words = inside.trim().replace(/\s*[,،、]$/u, "");
  const isEnded = /[\p{Sentence_Terminal}…]$/u.test(words);
  return { text: words, start: start + 1 + lead, isEnded };
}

function standsAlone(words: string, lexicon: Lexicon): boolean {
  const count = countWords(words);
  if (count < SHORTEST_WORDS || count > LONGEST_WORDS) return false;
  if (!/^[\p{Lu}\p{Lo}\p{N}]/u.test(words) || /[?？؟\n[]/u.test(words)) return false;
  return !leansOnContext(words, lexicon, new Set());
}

function sentenceAt(candidates: readonly Candidate[], at: number): Candidate | undefined {
  let low = 0;
  let high = candidates.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((candidates[middle]?.start ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return candidates[low];
}

const PARTICLE = "(?:de|da|di|du|del|van|von|der|den|ten|al|bin|la|le|dos)";
const ONLY_PARTICLE = new RegExp(`^${PARTICLE}$`);
const NAME = String.raw`(?<name>\p{Lu}[\p{L}\p{M}.'’-]+(?:(?:\s${PARTICLE})*\s\p{Lu}[\p{L}\p{M}.'’-]*)*)`;
const APPOSITION = String.raw`(?:,[^,"“”„«»]{1,60},)?`;
/** A role before the name: "said the harbour master, Ada Pell". */
const ROLE = String.raw`(?<role>(?:\p{Ll}[\p{L}'’-]*,?\s){0,4}?)`;
const VERB = String.raw`(?:(?:a|avait|ha|aveva|había|hat|heeft|tem)\s)?(?<verb>\p{Ll}+)`;

/** The role and name after the name of a place: " harbour master Ada Pell". */
const NAME_AFTER_ROLE = new RegExp(
  String.raw`^\s(?<words>(?:\p{Ll}[\p{L}'’-]*\s){1,4})${NAME}`,
  "u",
);

const VERB_FIRST = new RegExp(String.raw`^\s*,?\s*${VERB}\s${ROLE}${NAME}`, "u");
const NAME_FIRST = new RegExp(String.raw`^\s*,?\s*${NAME}${APPOSITION}\s${VERB}`, "u");
const LEADING_IN = new RegExp(
  String.raw`(?:^|\s)${NAME}${APPOSITION}\s${VERB}[^"“”„«».]{0,40}[:,]?\s*$`,
  "u",
);

function speakerAfter(after: string, lexicon: Lexicon): string | undefined {
  // If another quotation follows, this one is half of it: "“We waited,” Pell said, “because …”".
  if (/["“„«]/.test(after)) return undefined;
  const nearby = after.slice(0, 160);
  return (
    speakerIn(VERB_FIRST.exec(nearby), lexicon, true) ?? speakerIn(NAME_FIRST.exec(nearby), lexicon)
  );
}

function speakerBefore(before: string, lexicon: Lexicon): string | undefined {
  return speakerIn(LEADING_IN.exec(before.slice(-160)), lexicon);
}

function speakerIn(
  found: RegExpExecArray | null,
  lexicon: Lexicon,
  isFirst = false,
): string | undefined {
  const { name = "", verb = "", role = "" } = found?.groups ?? {};
  if (!lexicon.saying.has(verb)) return undefined;
  const rest = found?.input.slice(found.index + found[0].length) ?? "";
  const named = NAME_AFTER_ROLE.exec(rest)?.groups;
  // The speaker comes last: "said Porthmoor harbour master Ada Pell".
  if (isFirst && named && !isNoRole(named["words"] ?? "", lexicon)) {
    return nameFrom(named["name"] ?? "", lexicon);
  }
  // A group is not a person: "said Porthmoor police".
  const noun = /^\s(?<noun>\p{Ll}+)/u.exec(rest)?.groups?.["noun"];
  if (isFirst && noun !== undefined && !isNoRole(noun, lexicon)) return undefined;
  // The name is that of a place: "said the mayor of Porthmoor".
  if (role.split(/[\s,]+/).some((word) => leadsToPlace(word, lexicon))) return undefined;
  return nameFrom(name, lexicon);
}

function nameFrom(name: string, lexicon: Lexicon): string | undefined {
  const words = name.replace(/[.,]+$/, "").split(" ");
  if (words.some((word) => isNoName(word.toLowerCase(), lexicon))) return undefined;
  return words.join(" ");
}

/** Whether words between two names are not a role: "yesterday", "in his kitchen in". */
function isNoRole(words: string, lexicon: Lexicon): boolean {
  const { stopWords, subordinators, calendar, introducers, connectives } = lexicon;
  const lists = [stopWords, subordinators, calendar, introducers, connectives];
  return words
    .trim()
    .split(" ")
    .some(
      (word) =>
        word.endsWith("ly") || leadsToPlace(word, lexicon) || lists.some((list) => list.has(word)),
    );
}

function leadsToPlace(word: string, { prepositions }: Lexicon): boolean {
  return prepositions.has(word) || ONLY_PARTICLE.test(word) || /^(?:of|des|della|do)$/.test(word);
}

function isNoName(word: string, lexicon: Lexicon): boolean {
  if (ONLY_PARTICLE.test(word)) return false;
  const { stopWords, calendar, demonstratives } = lexicon;
  return (
    isPronoun(word, lexicon) || [stopWords, calendar, demonstratives].some((list) => list.has(word))
  );
}

/** Whether two sentences share a part of the article. */
export function overlaps(a: Sentence, b: Sentence): boolean {
  if (a.start === undefined || b.start === undefined) return false;
  return a.start < (b.end ?? 0) && b.start < (a.end ?? 0);
}
