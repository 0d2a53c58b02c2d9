import { type Digest, type Entry, headlineOf } from "../digest/digest.ts";
import { isBalanced } from "../digest/subject/shorten.ts";
import { countCharacters } from "../platform/text.ts";
import { lacksVerb, lexiconOf, primarySubtag } from "../summary/language/lexicon.ts";
import type { PrintedLine } from "./lines.ts";

/**
 * Returns the certain fault of a line, in words that follow the line: "“But …” depends on the text before it". Undefined if
 * there is none. Likely faults only lower the probability of a line (`ready.ts`).
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
  return faultOfSentence(text) ?? (entry && dependsOnOmitted(line, entry) ? LEANS : undefined);
}

/** A story without a title has its first sentence as its headline. */
const LONGEST_HEADLINE = 130;

const LEANS = "depends on the text before it";

/** Whether a story comes from a file of the newsletter's own, so that its words are the editor's. */
export function isOwnFile({ article }: Entry): boolean {
  return !/^https?:/.test(article.source);
}

/** Whether a story is in a language that neither the issue nor the config names. */
export function isForeign({ article }: Entry, { language, languages = [] }: Digest): boolean {
  return ![language, ...languages].map(primarySubtag).includes(primarySubtag(article.language));
}

/** Returns the fault of a number. It must say what it counts, and share a word with its headline. */
function numberFault(what: string, { article, summary }: Entry): string | undefined {
  const lexicon = lexiconOf(article.language);
  if (lexicon.verbs.size === 0) return undefined;
  if (lacksVerb(what, lexicon)) return "does not say what it counts";
  const headline = wordsOf(headlineOf({ article, summary }));
  return [...wordsOf(what)].some((word) => headline.has(word))
    ? undefined
    : "does not say whose number it is";
}

/** Returns the beginnings of the long words of a text. */
function wordsOf(text: string): ReadonlySet<string> {
  const words = text.toLowerCase().match(/\p{L}{4,}/gu) ?? [];
  return new Set(words.map((word) => word.slice(0, BEGINNING_LETTERS)));
}

const BEGINNING_LETTERS = 5;

/** Whether the first line of a story refers to text before it. A line that begins with "Besides" was taken from the middle. */
function dependsOnOmitted({ as, text }: PrintedLine, { summary, article }: Entry): boolean {
  if (as !== "gist" || summary.origin !== "extract") return false;
  const { conjunctions, connectives } = lexiconOf(article.language);
  const [first = ""] = /^\p{L}+(?=[\s,])/u.exec(text) ?? [];
  return [conjunctions, connectives].some((known) => known.has(first.toLowerCase()));
}

function faultOfSentence(text: string): string | undefined {
  if (isBrokenOff(text)) return "breaks off";
  if (startsInside(text)) return "begins in the middle of a sentence";
  const code = CODE.exec(text)?.[0];
  if (code !== undefined) return `contains code: “${code}”`;
  return DATELINE.test(text) ? "begins with the date of its article" : undefined;
}

/** A character reference, which a page has escaped twice. */
const CODE = /&(?:#\d{2,6}|#x[\da-f]{2,5}|nbsp|amp|quot|[mn]dash|[lr][sd]quo|hellip);/i;

/** The date of a dateline, such as "Feb. 23, 2015 -- ", or the dash after a removed dateline. */
const DATELINE = /^\s*(?:\p{L}{3,10}\.?\s\d{1,2},?\s\d{4}\s*(?:--|[—–-])|(?:—|--)[\s—–-]*)\s/u;

/** The end of an incomplete text: dots, or a mark before a continuation. */
const LEADS_ON = /(?:…|\.{3}|[,;:([{„«–—-])\s*$/u;

function isBrokenOff(text: string): boolean {
  return LEADS_ON.test(text.trim()) || hasOpenBracket(text);
}

function hasOpenBracket(text: string): boolean {
  const opened = text.match(/[([（]/gu)?.length ?? 0;
  const closed = text.match(/[)\]）]/gu)?.length ?? 0;
  return opened > closed;
}

/** Whether a text begins with a small letter that is not part of a name such as iPhone, or with a mark of an omission. */
function startsInside(text: string): boolean {
  return /^\s*(?:[,;:)\]]|\[\p{L}+\]\s(?!\p{Lu})|…|\p{Script=Latin}(?<=\p{Ll})\p{Ll}*(?=[\s,]))/u.test(
    text,
  );
}
