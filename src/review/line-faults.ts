import { type Digest, type Entry, headlineOf } from "../digest/digest.ts";
import { isBalanced } from "../digest/subject/shorten.ts";
import { countCharacters } from "../platform/text.ts";
import { lacksVerb, lexiconOf, primarySubtag } from "../summary/language/lexicon.ts";
import type { PrintedLine } from "./lines.ts";

/**
 * What is surely wrong with a line, in words that follow it: "“But …” leans on what went before it". Undefined where
 * nothing is. What is only likely wrong is for the chance of a line (`ready.ts`).
 */
export function faultOfLine(line: PrintedLine): string | undefined {
  const { as, text, entry } = line;
  if (as === "sender" || as === "source" || as === "link") return undefined;
  if (as === "subject" || as === "preheader")
    return isBrokenOff(text) || !isBalanced(text) ? "breaks off" : undefined;
  if (as === "contents") return undefined;
  if (as === "headline" || as === "brief")
    return countCharacters(text) > LONGEST_HEADLINE ? "is too long for a headline" : undefined;
  if (as === "number") return entry && !isOwnFile(entry) ? numberFault(text, entry) : undefined;
  if (as === "caption") return isBrokenOff(text) ? "breaks off" : undefined;
  return faultOfSentence(text) ?? (entry && leansOn(line, entry) ? LEANS : undefined);
}

/** A story without a title has its first sentence there. */
const LONGEST_HEADLINE = 130;

const LEANS = "leans on what went before it";

/** Whether a story is of a file of the newsletter's own, and its words are the editor's. */
export function isOwnFile({ article }: Entry): boolean {
  return !/^https?:/.test(article.source);
}

/** Whether a story is in a language that neither the issue nor the config has. */
export function isForeign({ article }: Entry, { language, languages = [] }: Digest): boolean {
  return ![language, ...languages].map(primarySubtag).includes(primarySubtag(article.language));
}

/** A number says what it counts, and whose it is: by a word that its headline has too. */
function numberFault(what: string, { article, summary }: Entry): string | undefined {
  const lexicon = lexiconOf(article.language);
  if (lexicon.verbs.size === 0) return undefined;
  if (lacksVerb(what, lexicon)) return "does not say what it counts";
  const headline = wordsOf(headlineOf({ article, summary }));
  return [...wordsOf(what)].some((word) => headline.has(word))
    ? undefined
    : "does not say whose number it is";
}

/** The beginnings of the long words of a text. */
function wordsOf(text: string): ReadonlySet<string> {
  const words = text.toLowerCase().match(/\p{L}{4,}/gu) ?? [];
  return new Set(words.map((word) => word.slice(0, BEGINNING)));
}

const BEGINNING = 5;

/** Nothing goes before the first line of a story: one that opens with "Besides" was taken from the middle. */
function leansOn({ as, text }: PrintedLine, { summary, article }: Entry): boolean {
  if (as !== "gist" || summary.origin !== "extract") return false;
  const { conjunctions, connectives } = lexiconOf(article.language);
  const [first = ""] = /^\p{L}+(?=[\s,])/u.exec(text) ?? [];
  return [conjunctions, connectives].some((known) => known.has(first.toLowerCase()));
}

function faultOfSentence(text: string): string | undefined {
  if (isBrokenOff(text)) return "breaks off";
  if (startsInside(text)) return "begins in the middle of a sentence";
  const code = CODE.exec(text)?.[0];
  if (code !== undefined) return `has “${code}” in it, which is code`;
  return DATELINE.test(text) ? "begins with the date of its article" : undefined;
}

/** A character as HTML writes it, which a page has written twice. */
const CODE = /&(?:#\d{2,6}|#x[\da-f]{2,5}|nbsp|amp|quot|[mn]dash|[lr][sd]quo|hellip);/i;

/** "Feb. 23, 2015 -- ", and a dash that a dateline has left. */
const DATELINE = /^\s*(?:\p{L}{3,10}\.?\s\d{1,2},?\s\d{4}\s*(?:--|[—–-])|(?:—|--)[\s—–-]*)\s/u;

/** What a text ends with where its end is missing: dots, or a sign that something follows. */
const LEADS_ON = /(?:…|\.{3}|[,;:([{„«–—-])\s*$/u;

function isBrokenOff(text: string): boolean {
  return LEADS_ON.test(text.trim()) || hasOpenBracket(text);
}

function hasOpenBracket(text: string): boolean {
  const opened = text.match(/[([（]/gu)?.length ?? 0;
  const closed = text.match(/[)\]）]/gu)?.length ?? 0;
  return opened > closed;
}

/** A small letter at the start, where it is none of a name such as iPhone, or a sign that something was cut before it. */
function startsInside(text: string): boolean {
  return /^\s*(?:[,;:)\]]|\[\p{L}+\]\s(?!\p{Lu})|…|\p{Script=Latin}(?<=\p{Ll})\p{Ll}*(?=[\s,]))/u.test(
    text,
  );
}
