import {
  lexiconOf,
  listedWord,
  primarySubtag,
  sharedCount,
  termsOf,
} from "../../summary/language/lexicon.ts";
import { takenBackIn } from "../../summary/summarize.ts";
import { countWords, splitSentences } from "../../summary/language/segments.ts";
import { punctuationFor, writtenDay } from "../../platform/locale.ts";
import { capitalised, countCharacters } from "../../platform/text.ts";
import { type Entry, type Phrase, SURE_ENOUGH } from "../digest.ts";
import {
  isBalanced,
  isIntroduction,
  isOpen,
  jointsOf,
  plainOf,
  shortenAtJoint,
  type Span,
  tellsSomething,
} from "./shorten.ts";

/** How much of a subject phones show. */
export const SUBJECT_CHARACTERS = 60;
/** With a shorter preheader, the inbox also shows the beginning of the body. A longer one is cut. */
export const PREHEADER_CHARACTERS = { least: 40, most: 130 };

/** The maximum confidence of a gist, because it was not written to stand alone in an inbox. */
const GIST_CONFIDENCE = 0.8;
/** The maximum confidence of a doubtful gist. */
const DOUBTED_GIST = 0.5;
const TEASING_CONFIDENCE = 0.45;
const TOO_LONG_CONFIDENCE = 0.3;

/**
 * Composes a complete phrase of at most 60 characters with a story's news: its headline, or the beginning of it up to a
 * joint. A headline that asks, teases or has no such joint is replaced by the core of the gist. If neither fits, the
 * subject is the full headline with low confidence.
 */
export function composeSubject({ article, summary, accepted }: SubjectSource): Phrase {
  const { language } = article;
  const whole = bareHeadline(article.title, language);
  const statement = statementIn(whole, language);
  const surnamed = withSurnames(statement, summary, article);
  // The surname is used only if that makes the whole headline fit.
  const isLong = countCharacters(statement) > SUBJECT_CHARACTERS;
  const headline = isLong && countCharacters(surnamed) <= SUBJECT_CHARACTERS ? surnamed : statement;
  const isTeasing = teases(headline, language);
  const shortened =
    headline === "" ? undefined : shortenAtJoint(headline, SUBJECT_CHARACTERS, language);
  const own = shortened && (headline === whole ? shortened : lessSure(shortened));
  if (own && !isTeasing && own.confidence >= SURE_ENOUGH) return own;
  const core = gistCore(summary.gist.text, language);
  const gist = core && takenBackIn(article)(core.text) ? undefined : core;
  const { confidence = 1, origin } = summary;
  const isSure = accepted === true || origin !== "extract" || confidence >= 0.5;
  const told = gist && {
    text: gist.text,
    confidence: Math.min(gist.confidence, isSure ? GIST_CONFIDENCE : DOUBTED_GIST),
  };
  const teasing =
    own && isTeasing ? { ...own, confidence: Math.min(own.confidence, TEASING_CONFIDENCE) } : own;
  const [best] = [teasing, told]
    .filter((phrase) => phrase !== undefined)
    .sort((a, b) => b.confidence - a.confidence);
  return (
    best ?? {
      text: headline || firstSentence(summary.gist.text, language),
      confidence: TOO_LONG_CONFIDENCE,
    }
  );
}

type SubjectSource = Pick<Entry, "article" | "summary" | "accepted">;

/** Returns a headline without the label before it and the full stop after it. */
function bareHeadline(title: string, language: string): string {
  const whole = title.trim();
  const { start, end } = unlabelled(whole, language);
  const bare = whole.slice(start, end);
  const [, label = "", rest = ""] = LABELLED.exec(bare) ?? [];
  // In "Police: two held", the source can be removed if there is no room for it.
  const isInformant = jointsOf(language).informants.has(plainOf(label.split(/\s+/).at(-1) ?? ""));
  return isInformant && countCharacters(whole) > SUBJECT_CHARACTERS ? rest : bare;
}

const LABELLED = /^([^:：]{2,24})[:：]\s+(.+)$/u;

/** Returns the part of a headline between a label such as "Analysis:" and the full stop at its end. */
export function unlabelled(headline: string, language: string): Span {
  const [, label = "", rest = ""] = LABELLED.exec(headline) ?? [];
  const isLabel = rest !== "" && jointsOf(language).labels.has(plainOf(label));
  const start = isLabel ? headline.length - rest.length : 0;
  return { start, end: withoutStop(headline) };
}

/** Returns the end of a headline before its full stop. The one of "U.S." belongs to it. */
export function withoutStop(headline: string): number {
  return headline.length - (/(?<![.\s]|\.\p{L})\.$/u.test(headline) ? 1 : 0);
}

/** Lowers the confidence in a headline that was changed. */
function lessSure({ text, confidence }: Phrase): Phrase {
  return { text, confidence: Math.min(confidence, 0.85) };
}

/**
 * Returns the first sentence of a headline with several ones that is too long or teases, if it is a statement: "They
 * Promise Peace. Do They Mean It?". Otherwise returns the headline.
 */
function statementIn(headline: string, language: string): string {
  if (countCharacters(headline) <= SUBJECT_CHARACTERS && !teases(headline, language))
    return headline;
  const [first, ...others] = splitSentences(headline, language);
  if (!first || others.length === 0) return headline;
  const statement = headline.slice(first.start, first.end).replace(/(?<!\.)\.$/, "");
  return !teases(statement, language) && tellsSomething(statement) ? statement : headline;
}

/** Shortens names to surnames that the article also uses alone: "Rep. Ilhan Omar" becomes "Rep. Omar". */
function withSurnames(
  headline: string,
  { people }: SubjectSource["summary"],
  { text }: SubjectSource["article"],
): string {
  return people.reduce((shorter, { name }) => {
    const [, surname] =
      /^\p{Lu}[\p{L}\p{M}'’-]+ ((?:\p{L}[\p{L}\p{M}'’]* ){0,2}\p{Lu}[\p{L}\p{M}'’-]+)$/u.exec(
        name,
      ) ?? [];
    const isOthersToo = people.some(
      (other) => other.name !== name && other.name.endsWith(` ${surname}`),
    );
    const isCalledSo = surname !== undefined && text.replaceAll(name, "").includes(surname);
    return isCalledSo && !isOthersToo ? shorter.replace(name, surname) : shorter;
  }, headline);
}

/** Whether a headline asks a question, or only announces that there is something to read. */
export function teases(headline: string, language: string): boolean {
  if (/[?？؟]|…|\.\.\.|(?<=\s)\.(?=\s)/u.test(headline)) return true;
  const [first = "", second = ""] = headline.split(/\s+/).map(plainOf);
  const { teasers } = jointsOf(language);
  return teasers.has(first) || (/^\d+$/.test(first) && teasers.has(second));
}

/** Times and attributions at the start or end of a sentence, for which an inbox has no room. */
const OPENING = /^(?:On|In|At|By|For|As of|During|After) [^,]{3,40}, (?=\p{Lu}|\p{L})/u;
const ATTRIBUTION =
  /,? (?:(?:\p{Lu}[\p{L}’'.-]*|the|a|an|his|her|its|their|state|local)\s){0,6}?(?:\p{L}+ )?(?:said|says|announced|reported|according to)\b.*$/u;
const CLAUSE =
  /, (?:which|who|whose|where|when|as|after|while|with|including|but|and|saying|according)\b.*$/u;
/** A short end after a comma may be an item of a list: "Inner city, rural, and coast". */
const LISTED = /,[^,]{1,30}$/u;

function gistCore(gist: string, language: string): Phrase | undefined {
  const bare = gist
    .trim()
    .replace(/(?<!\.)[.。]$/u, "")
    .replace(OPENING, "");
  if (/[?？؟]$/u.test(bare)) return undefined;
  const withoutClause = bare.replace(CLAUSE, "");
  const shorter = [
    bare,
    bare.replace(ATTRIBUTION, ""),
    ...(LISTED.test(withoutClause) ? [] : [withoutClause]),
  ].filter((text) => text.split(/\s+/).length >= 4);
  const phrases = shorter
    .map((text) => shortenAtJoint(capitalised(text), SUBJECT_CHARACTERS, language))
    .filter((phrase) => phrase !== undefined)
    .filter(({ text }) => !leans(text, language) && !isOpen(text, language));
  return phrases.sort((a, b) => b.confidence - a.confidence)[0];
}

/** Whether a line refers to a person or thing that only the article names: "he", "these", "my". */
export function leans(text: string, language: string): boolean {
  const lexicon = lexiconOf(language);
  const { singularPronouns, demonstratives, narrators } = lexicon;
  return [...text.matchAll(/[\p{L}\p{N}](?:\S*[\p{L}\p{N}])?/gu)]
    .map(({ 0: word, index }) => listedWord(word, text, index, lexicon))
    .some((word) => [singularPronouns, demonstratives, narrators].some((list) => list.has(word)));
}

function firstSentence(text: string, language: string): string {
  const [{ start, end } = { start: 0, end: text.length }] = splitSentences(text, language);
  return text.slice(start, end);
}

/** The values for a subject if no story provides one. */
interface Masthead {
  readonly name: string;
  /** YYYY-MM-DD. */
  readonly date: string;
  readonly tagline?: string | undefined;
  readonly language: string;
}

/**
 * The least confidence of a line for an inbox, which must be a complete clause. A line that ends before a phrase may have
 * another meaning, or none.
 */
const WHOLE_CONFIDENCE = 0.7;
/** A name and a date are never wrong, but contain no news. */
const MASTHEAD_CONFIDENCE = 0.6;

/** Returns the subject of an issue: a complete clause with the news of its lead, otherwise the newsletter's name and the date. */
export function subjectFor(lead: SubjectSource, masthead: Masthead): Phrase {
  const told = composeSubject(lead);
  if (isSure(told)) return told;
  const { name, date, language } = masthead;
  const { comma } = punctuationFor(language);
  const text = name + comma + writtenDay(language, new Date(date));
  return { text, confidence: MASTHEAD_CONFIDENCE };
}

function isSure({ text, confidence }: Phrase): boolean {
  return confidence >= WHOLE_CONFIDENCE && isBalanced(text) && countWords(text) > 1;
}

/**
 * Composes the line after the subject in an inbox, of 40 to 130 characters: the news of the next two stories, or a sentence
 * of the lead, in complete clauses. If none is certain, it is the newsletter's tagline or empty.
 */
export function composePreheader(
  entries: readonly SubjectSource[],
  subject: string,
  { tagline = "" }: Partial<Masthead> = {},
): Phrase {
  const [lead, ...others] = entries;
  if (!lead) return { text: "", confidence: 0 };
  const news = others
    .filter(
      ({ article }) => primarySubtag(article.language) === primarySubtag(lead.article.language),
    )
    .slice(0, NEXT)
    .map(composeSubject)
    .filter((phrase) => isSure(phrase) && !saysAgain(phrase.text, subject));
  const two = news.slice(0, 2);
  const joined = {
    text: two.map(({ text }) => text).join(punctuationFor(lead.article.language).list),
    confidence: Math.min(...two.map(({ confidence }) => confidence)),
  };
  const { language } = lead.article;
  const sentences = [lead.summary.gist, ...lead.summary.keyPoints]
    .filter(({ text }) => text !== "")
    .flatMap(({ text }) => {
      const line = shortenAtJoint(text, PREHEADER_CHARACTERS.most, language);
      const isCut = line !== undefined && line.text.length < text.length;
      const isLess =
        isCut &&
        (isIntroduction(line.text, text, language) || takenBackIn(lead.article)(line.text));
      return !line || isLess ? [] : [line];
    })
    .filter((line) => isSure(line) && !saysAgain(line.text, subject) && !line.text.includes("?"));
  const { least, most } = PREHEADER_CHARACTERS;
  const fitting = [joined, ...sentences].filter(
    ({ text }) => text && countCharacters(text) <= most,
  );
  const best = fitting.find(({ text }) => countCharacters(text) >= least) ?? fitting[0];
  return best ?? { text: tagline, confidence: MASTHEAD_CONFIDENCE };
}

/** The number of stories below the lead that are tried, until two have a certain line. */
const NEXT = 4;

/** A subject with fewer letters is only a word or two. Another sentence may begin with the same words. */
const TAKEN_LETTERS = 20;

/** Whether a text adds nothing to the subject: it is the same, its source, or has the same content. */
export function saysAgain(text: string, subject: string, language = "en"): boolean {
  const [letters, said] = [lettersOf(text), lettersOf(subject)];
  const isTakenFrom = said.length >= TAKEN_LETTERS && letters.startsWith(said);
  const { stopWords } = lexiconOf(language);
  const [terms, before] = [termsOf(text, stopWords), termsOf(subject, stopWords)];
  const isSame = before.size >= LEAST_TERMS && sharedCount(terms, before) >= before.size * SAME;
  return letters === "" || letters === said || isTakenFrom || isSame;
}

/** With this share of the subject's terms, a text contains all of its news. */
const SAME = 0.75;
const LEAST_TERMS = 4;

function lettersOf(line: string): string {
  return line.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");
}
