import { lexiconOf, listedWord } from "../../summary/language/lexicon.ts";
import { takenBackIn } from "../../summary/summarize.ts";
import { splitSentences } from "../../summary/language/segments.ts";
import { capitalised, countCharacters } from "../../platform/text.ts";
import { type Entry, type Phrase, SURE_ENOUGH } from "../digest.ts";
import { isOpen, jointsOf, plainOf, shortenAtJoint, type Span, tellsSomething } from "./shorten.ts";

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
  return { start, end: headline.length - (/(?<![.\s])\.$/.test(headline) ? 1 : 0) };
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

/** Whether a line speaks of somebody or something that only the article has named: "he", "these", "my". */
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

/**
 * The line an inbox shows after the subject, of 40 to 130 characters where the stories have it: the news of the next
 * two stories, or of a single story its gist or a key point, whole or up to a joint. A line that has no joint is longer.
 */
export function composePreheader(entries: readonly SubjectSource[], subject: string): Phrase {
  const [lead, ...others] = entries;
  if (!lead) return { text: "", confidence: 0 };
  const news = others
    .slice(0, 4)
    .map(composeSubject)
    .filter(({ text }) => text !== "");
  const next = joinedNews(
    news.filter(({ confidence }) => confidence >= SURE_ENOUGH),
    news,
  );
  const { language } = lead.article;
  const sentences = [lead.summary.gist, ...lead.summary.keyPoints]
    .filter(({ text }) => text !== "")
    .flatMap(({ text }) => {
      const { most } = PREHEADER_CHARACTERS;
      const line = shortenAtJoint(text, most, language) ?? { text, confidence: TOO_LONG };
      return line.text.length < text.length && takenBackIn(lead.article)(line.text) ? [] : [line];
    });
  const candidates = [...next, ...sentences].filter(({ text }) => !saysAgain(text, subject));
  const { least, most } = PREHEADER_CHARACTERS;
  const isLong = ({ text }: Phrase) => countCharacters(text) >= least;
  const hasRoom = ({ text }: Phrase) => countCharacters(text) <= most;
  const best = candidates.find((one) => isLong(one) && hasRoom(one)) ?? candidates.find(isLong);
  return best ?? candidates.sort(byLength)[0] ?? { text: "", confidence: 0 };
}

/** Of the next two stories, those that surely tell something; else whatever they are called. */
function joinedNews(sure: readonly Phrase[], all: readonly Phrase[]): Phrase[] {
  const two = (sure.length >= 2 ? sure : all).slice(0, 2);
  if (two.length === 0) return [];
  return [
    {
      text: two.map(({ text }) => text).join("; "),
      confidence: Math.min(...two.map(({ confidence }) => confidence)),
    },
  ];
}

/** A subject of fewer letters is a word or two that a sentence may open with as well. */
const TAKEN_LETTERS = 20;

/** Whether a text says nothing beyond the subject: it is the subject, or what that was taken from. */
export function saysAgain(text: string, subject: string): boolean {
  const [letters, said] = [lettersOf(text), lettersOf(subject)];
  const isTakenFrom = said.length >= TAKEN_LETTERS && letters.startsWith(said);
  return letters === "" || letters === said || isTakenFrom;
}

function lettersOf(line: string): string {
  return line.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");
}

function byLength(a: Phrase, b: Phrase): number {
  return countCharacters(b.text) - countCharacters(a.text);
}
