import {
  lexiconOf,
  listedWord,
  primarySubtag,
  sharedCount,
  termsOf,
} from "../../summary/language/lexicon.ts";
import { takenBackIn } from "../../summary/summarize.ts";
import { countWords, splitSentences } from "../../summary/language/segments.ts";
import { capitalised, countCharacters } from "../../platform/text.ts";
import { type Entry, type Phrase, SURE_ENOUGH } from "../digest.ts";
import {
  isBalanced,
  isOpen,
  jointsOf,
  plainOf,
  shortenAtJoint,
  type Span,
  tellsSomething,
} from "./shorten.ts";

/** What phones show of a subject before they cut it. */
export const SUBJECT_CHARACTERS = 60;
/** Shorter, and the body leaks into an inbox's second line; longer, and it is cut. */
export const PREHEADER_CHARACTERS = { least: 40, most: 130 };

/** A gist tells the news, and was not written to stand alone in an inbox. */
const GIST_CONFIDENCE = 0.8;
/** Of a gist that is doubted, nothing is sure. */
const DOUBTED_GIST = 0.5;
const TEASING = 0.45;
const TOO_LONG = 0.3;

/**
 * A whole phrase of at most 60 characters that tells a story's news: its headline, or as much of it as ends at a joint
 * of the sentence. A headline that asks or teases, or that has no such joint, is passed over for the core of the gist. Where neither has room,
 * the headline is the subject whole, and is not sure.
 */
export function composeSubject({ article, summary, accepted }: SubjectSource): Phrase {
  const { language } = article;
  const whole = bareHeadline(article.title, language);
  const statement = statementIn(whole, language);
  const surnamed = withSurnames(statement, summary, article);
  // Where it doesn't do for the whole of it, the full name is as good.
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
    own && isTeasing ? { ...own, confidence: Math.min(own.confidence, TEASING) } : own;
  const [best] = [teasing, told]
    .filter((phrase) => phrase !== undefined)
    .sort((a, b) => b.confidence - a.confidence);
  return (
    best ?? { text: headline || firstSentence(summary.gist.text, language), confidence: TOO_LONG }
  );
}

type SubjectSource = Pick<Entry, "article" | "summary" | "accepted">;

/** A headline without the label before it and the full stop after it. */
function bareHeadline(title: string, language: string): string {
  const whole = title.trim();
  const { start, end } = unlabelled(whole, language);
  const bare = whole.slice(start, end);
  const [, label = "", rest = ""] = LABELLED.exec(bare) ?? [];
  // "Police: two held": who says it can go where there is no room for it.
  const isInformant = jointsOf(language).informants.has(plainOf(label.split(/\s+/).at(-1) ?? ""));
  return isInformant && countCharacters(whole) > SUBJECT_CHARACTERS ? rest : bare;
}

const LABELLED = /^([^:：]{2,24})[:：]\s+(.+)$/u;

/** The part of a headline between a label such as "Analysis:" and the full stop at its end. */
export function unlabelled(headline: string, language: string): Span {
  const [, label = "", rest = ""] = LABELLED.exec(headline) ?? [];
  const isLabel = rest !== "" && jointsOf(language).labels.has(plainOf(label));
  const start = isLabel ? headline.length - rest.length : 0;
  return { start, end: withoutStop(headline) };
}

/** Where a headline ends without its full stop. That of "U.S." stays. */
export function withoutStop(headline: string): number {
  return headline.length - (/(?<![.\s]|\.\p{L})\.$/u.test(headline) ? 1 : 0);
}

/** A headline that was changed on the way may have lost something. */
function lessSure({ text, confidence }: Phrase): Phrase {
  return { text, confidence: Math.min(confidence, 0.85) };
}

/**
 * "They Promise Peace. Do They Mean It?": of a headline of several sentences that is too long or teases, the first one
 * where that states something; else the headline.
 */
function statementIn(headline: string, language: string): string {
  if (countCharacters(headline) <= SUBJECT_CHARACTERS && !teases(headline, language))
    return headline;
  const [first, ...others] = splitSentences(headline, language);
  if (!first || others.length === 0) return headline;
  const statement = headline.slice(first.start, first.end).replace(/(?<!\.)\.$/, "");
  return !teases(statement, language) && tellsSomething(statement) ? statement : headline;
}

/** "Rep. Ilhan Omar" is "Rep. Omar" where the article calls her so too: those who the article knows by the surname alone. */
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

/** Whether a headline asks, or says only that there is something to read. */
export function teases(headline: string, language: string): boolean {
  if (/[?？؟]|…|\.\.\.|(?<=\s)\.(?=\s)/u.test(headline)) return true;
  const [first = "", second = ""] = headline.split(/\s+/).map(plainOf);
  const { teasers } = jointsOf(language);
  return teasers.has(first) || (/^\d+$/.test(first) && teasers.has(second));
}

/** Days and attributions that open or close a sentence, which an inbox has no room for. */
const OPENING = /^(?:On|In|At|By|For|As of|During|After) [^,]{3,40}, (?=\p{Lu}|\p{L})/u;
const ATTRIBUTION =
  /,? (?:(?:\p{Lu}[\p{L}’'.-]*|the|a|an|his|her|its|their|state|local)\s){0,6}?(?:\p{L}+ )?(?:said|says|announced|reported|according to)\b.*$/u;
const CLAUSE =
  /, (?:which|who|whose|where|when|as|after|while|with|including|but|and|saying|according)\b.*$/u;
/** "Inner city, rural, and coast": what a comma and a word or two end with may be one of a list. */
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

/** Whether a line speaks of a person or a thing that only the article has named: "he", "these", "my". */
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

/** What an inbox says of an issue where no story gives it a line. */
interface Masthead {
  readonly name: string;
  /** YYYY-MM-DD. */
  readonly date: string;
  readonly tagline?: string | undefined;
  readonly language: string;
}

/** A line of an inbox is a whole clause. One that ends before a mere phrase may say something else, or nothing. */
const WHOLE = 0.7;
/** Nothing is wrong with a name and a date, and they tell no news. */
const MASTHEAD = 0.6;

/** The subject of an issue: a whole clause that tells the news of its lead, otherwise the newsletter's name and the date. */
export function subjectFor(lead: SubjectSource, masthead: Masthead): Phrase {
  const told = composeSubject(lead);
  if (isSure(told)) return told;
  const { name, date, language } = masthead;
  const day = new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" });
  return { text: `${name}, ${day.format(new Date(date))}`, confidence: MASTHEAD };
}

function isSure({ text, confidence }: Phrase): boolean {
  return confidence >= WHOLE && isBalanced(text) && countWords(text) > 1;
}

/**
 * The line an inbox shows after the subject, of 40 to 130 characters: the news of the next two stories, or a sentence of the
 * lead, all of them whole clauses. Where none is sure it is the newsletter's tagline or nothing.
 */
export function composePreheader(
  entries: readonly SubjectSource[],
  subject: string,
  { tagline = "" }: Partial<Masthead> = {},
): Phrase {
  const [lead, ...others] = entries;
  if (!lead) return { text: "", confidence: 0 };
  const news = others
    .filter(({ article }) => isOneLanguage(article, lead.article))
    .slice(0, NEXT)
    .map(composeSubject)
    .filter((phrase) => isSure(phrase) && !saysAgain(phrase.text, subject));
  const two = news.slice(0, 2);
  const joined = {
    text: two.map(({ text }) => text).join("; "),
    confidence: Math.min(...two.map(({ confidence }) => confidence)),
  };
  const { language } = lead.article;
  const sentences = [lead.summary.gist, ...lead.summary.keyPoints]
    .filter(({ text }) => text !== "")
    .flatMap(({ text }) => {
      const line = shortenAtJoint(text, PREHEADER_CHARACTERS.most, language);
      const isCut = line !== undefined && line.text.length < text.length;
      return !line || (isCut && takenBackIn(lead.article)(line.text)) ? [] : [line];
    })
    .filter((line) => isSure(line) && !saysAgain(line.text, subject) && !line.text.includes("?"));
  const { least, most } = PREHEADER_CHARACTERS;
  const fitting = [joined, ...sentences].filter(
    ({ text }) => text && countCharacters(text) <= most,
  );
  const best = fitting.find(({ text }) => countCharacters(text) >= least) ?? fitting[0];
  return best ?? { text: tagline, confidence: MASTHEAD };
}

/** So many stories below the lead are asked for two that surely tell something. */
const NEXT = 4;

function isOneLanguage(one: SubjectSource["article"], other: SubjectSource["article"]): boolean {
  return primarySubtag(one.language) === primarySubtag(other.language);
}

/** A subject of fewer letters is a word or two that a sentence may open with as well. */
const TAKEN_LETTERS = 20;

/** Whether a text says nothing beyond the subject: it is the subject, what that was taken from, or tells the same. */
export function saysAgain(text: string, subject: string, language = "en"): boolean {
  const [letters, said] = [lettersOf(text), lettersOf(subject)];
  const isTakenFrom = said.length >= TAKEN_LETTERS && letters.startsWith(said);
  const { stopWords } = lexiconOf(language);
  const [terms, before] = [termsOf(text, stopWords), termsOf(subject, stopWords)];
  const isSame = before.size >= LEAST_TERMS && sharedCount(terms, before) >= before.size * SAME;
  return letters === "" || letters === said || isTakenFrom || isSame;
}

/** So large a share of the subject's terms is all of its news. */
const SAME = 0.75;
const LEAST_TERMS = 4;

function lettersOf(line: string): string {
  return line.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");
}
