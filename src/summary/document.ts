import type { Article } from "../article/article.ts";
import { blockQuotedIn, datelineLength, setApartIn } from "../article/boilerplate.ts";
import { beginningOf, splitSentences, countWords } from "./language/segments.ts";
import { denialsOf } from "./denials.ts";
import { writesStoppedOrdinals } from "./language/abbreviations.ts";
import { introducersOf } from "./introducers.ts";
import { readable, type Addition, type Candidate, type Refusal } from "./candidate.ts";
import { additionsFor } from "./people/antecedents.ts";
import { peopleOf, type People } from "./people/people.ts";
import { advertisementsIn, refusalContext, refusalOf, type RefusalContext } from "./refusal.ts";
import { definiteSubject, introductions } from "./anaphora/introductions.ts";
import { apostropheQuotationsOf, quotationsOf, type Quotation } from "./language/quotations.ts";
import { lexiconOf, type Lexicon, termsOf } from "./language/lexicon.ts";
import { leadingConnective } from "./anaphora/anaphora.ts";

/** An article prepared for summarising: its sentences, and the terms of its title. */
export interface Document {
  readonly candidates: readonly Candidate[];
  readonly titleTerms: ReadonlySet<string>;
  /** The words that the article writes in lower case at least once. */
  readonly lowered: ReadonlySet<string>;
  readonly people: People;
  /** The context that decides whether a sentence can stand alone. */
  readonly context: RefusalContext;
}

/** The maximum length in code units: about 50,000 words of English. */
const LONGEST_TEXT = 300_000;

/**
 * Returns the article, or only its beginning if it is as long as a book. The beginning states the subject, and reading it
 * takes seconds instead of minutes. Offsets stay the same.
 */
export function weighedOf<A extends Pick<Article, "text">>(article: A): A {
  return article.text.length <= LONGEST_TEXT
    ? article
    : { ...article, text: beginningOf(article.text, LONGEST_TEXT) };
}

/** The fields of an article from which a document is made. */
export type Readable = Pick<Article, "title" | "text" | "html" | "language" | "captions">;

/** Splits an article into sentences, with the terms of each and the reason why it cannot stand alone, if there is one. */
export function documentOf(article: Readable): Document {
  const { language, title } = article;
  const lexicon = lexiconOf(language);
  const bare = bareSentences(article, lexicon);
  const context = refusalContext(
    article,
    bare.map(({ text }) => text),
  );
  const [cut, cutInside] = [quotationsOf(article.text), apostropheQuotationsOf(article.text)].map(
    (quotations) => cutQuotations(bare, quotations),
  );
  const advertisements = advertisementsIn(bare);
  const introducers = introducersOf(bare);
  const seen = new Set([title]);
  const titleTerms = termsOf(title, lexicon.stopWords);
  const takenForKnown = introductions(titleTerms, lexicon);
  const candidates: Candidate[] = [];
  for (const [index, sentence] of bare.entries()) {
    const { text } = sentence;
    const words = countWords(text);
    const terms = termsOf(text, lexicon.stopWords);
    const isCut = cut?.has(index) === true || cutInside?.has(index) === true;
    const refusal = advertisements.has(sentence.paragraph)
      ? "boilerplate"
      : (refusalByPlace(text, seen, isCut) ?? refusalOf(text, words, context));
    const known = takenForKnown(text, terms);
    candidates.push({
      ...sentence,
      ...known,
      introducer: introducers[index],
      index,
      words,
      terms,
      refusal,
      deniedBy: undefined,
      additions: [],
    });
    seen.add(text);
  }
  const { lowered } = context;
  const read = candidates.map(readable);
  const people = peopleOf(article, read, lowered);
  const denials = denialsOf(candidates, article, titleTerms);
  const additions = additionsFor(read, people.known, context);
  return {
    candidates: candidates.map((candidate, index) =>
      withAdditions({ ...candidate, deniedBy: denials[index] }, additions[index] ?? [], context),
    ),
    titleTerms,
    lowered,
    people,
    context,
  };
}

/** Judges a sentence again with its additions, as readers will see it. */
function withAdditions(
  candidate: Candidate,
  additions: readonly Addition[],
  context: RefusalContext,
): Candidate {
  if (additions.length === 0) return candidate;
  const names = new Set(
    additions.flatMap(({ name }) => [...termsOf(name, context.lexicon.stopWords)]),
  );
  const subject = definiteSubject(candidate.text, context.lexicon)?.term ?? "";
  const pointsBack = candidate.pointsBack && !names.has(subject);
  const recalls = candidate.recalls.filter((term) => !names.has(term));
  const refusal =
    candidate.refusal === "leaning" && additions.some(({ kind }) => kind === "pronoun")
      ? refusalOf(withNames(candidate, additions), candidate.words, context)
      : candidate.refusal;
  return { ...candidate, recalls, pointsBack, additions, refusal };
}

function withNames({ text, start }: Candidate, additions: readonly Addition[]): string {
  let shown = text;
  for (const { start: from, end, name, kind } of additions.toReversed())
    if (kind === "pronoun") shown = shown.slice(0, from - start) + name + shown.slice(end - start);
  return shown;
}

function refusalByPlace(
  text: string,
  seen: ReadonlySet<string>,
  isCut: boolean,
): Refusal | undefined {
  if (seen.has(text)) return "repeated";
  return isCut ? "half-quotation" : undefined;
}

type BareSentence = Pick<
  Candidate,
  "start" | "end" | "connective" | "paragraph" | "text" | "isBlockQuoted"
>;

function bareSentences(article: Readable, lexicon: Lexicon): readonly BareSentence[] {
  const { text, language } = article;
  const isSetApart = setApartIn(article);
  const isBlockQuoted = blockQuotedIn(article);
  const sentences = splitSentences(text, language).filter(({ start }) => !isSetApart(start));
  // Headings and tables count as no paragraphs, because some formats have them only in the markup.
  const paragraphs = [...new Set(sentences.map(({ paragraph }) => paragraph))];
  const places = new Map(paragraphs.map((paragraph, place) => [paragraph, place]));
  return sentences.map(({ start, end, paragraph: given }) => {
    const paragraph = places.get(given) ?? given;
    const sentence = text.slice(start, end);
    const boilerplate = leadingBoilerplate(sentence, language, start === 0);
    const connective = leadingConnective(sentence.slice(boilerplate), lexicon);
    const lead = boilerplate + connective;
    const omitted = OMISSION.exec(sentence)?.[0].length ?? 0;
    return {
      start: start + lead,
      end: end - omitted,
      connective,
      paragraph,
      text: sentence.slice(lead, sentence.length - omitted),
      isBlockQuoted: isBlockQuoted(start),
    };
  });
}

/**
 * Returns the sentences that contain part of a quotation, or a whole quotation without its speaker. Both lists are sorted,
 * so one pass is enough.
 */
function cutQuotations(
  sentences: readonly BareSentence[],
  quotations: readonly Quotation[],
): ReadonlySet<number> {
  const cut = new Set<number>();
  let from = 0;
  for (const [index, { start, end }] of sentences.entries()) {
    while ((quotations[from]?.end ?? Infinity) <= start) from++;
    for (let at = from; (quotations[at]?.start ?? Infinity) < end; at++) {
      const quotation = quotations[at];
      if (quotation && !isEmbedded(quotation, start, end)) cut.add(index);
    }
  }
  return cut;
}

function isEmbedded(quotation: Quotation, start: number, end: number): boolean {
  const isInside = quotation.start >= start && quotation.end <= end;
  const isAlone = quotation.end - quotation.start >= end - start - 1;
  return quotation.isWhole && isInside && !isAlone;
}

/** "[…]" after a complete sentence says that the source omits the next one, also twice. Readers of one sentence miss nothing. */
const OMISSION = /(?<=[.!?。！？]["”’»]?)(?:\s*[[(](?:\.\.\.|…)[\])])+$/u;

/** A list mark before a sentence: "•" or "–". Some languages write ordinals as "1.", so numbers have their own pattern. */
const BULLET = /^[•·▪‣◦●*–—-]+\s+(?=[\p{L}"“„«])/u;
const NUMBER = /^\p{Nd}{1,2}[.)]\s+(?=[\p{L}"“„«])/u;

/** Returns the length of the dateline or list mark at the start of a sentence, in code units. */
function leadingBoilerplate(sentence: string, language: string, isOpening: boolean): number {
  const opening = sentence.slice(0, 160);
  const marks = [BULLET, ...(writesStoppedOrdinals(language) ? [] : [NUMBER])];
  const lengths = marks.map((mark) => mark.exec(opening)?.[0].length ?? 0);
  return Math.max(datelineLength(sentence, isOpening), ...lengths);
}
