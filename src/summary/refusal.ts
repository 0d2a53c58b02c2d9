import type { Candidate, Refusal } from "./candidate.ts";
import { isChatter } from "./denial-words.ts";
import {
  isPronoun,
  lexiconOf,
  primarySubtag,
  type Lexicon,
  lacksVerb,
} from "./language/lexicon.ts";
import { loweredWords } from "./language/names.ts";
import type { Article } from "../article/article.ts";
import { leansOnContext, namesOf, pointsOutside } from "./anaphora/anaphora.ts";
import { withoutQuotations } from "./language/quotations.ts";
import { abbreviationsOf } from "./language/abbreviations.ts";

export interface RefusalContext {
  readonly language: string;
  readonly lexicon: Lexicon;
  /** See `namesOf`. */
  readonly names: ReadonlySet<string>;
  /** The words that the article writes in lower case at least once. */
  readonly lowered: ReadonlySet<string>;
  /** The texts of the article's captions. */
  readonly captions: ReadonlySet<string>;
}

const SHORTEST_WORDS = 5;
const LONGEST_WORDS = 75;
/** A longer sentence without a known verb may contain an unknown one. */
const VERBLESS_WORDS = 13;
/** The maximum number of letters of a sentence. It also limits the time of the patterns below on a text without spaces. */
const LONGEST_LETTERS = 1000;

/** Returns the first reason to refuse a sentence. Undefined if it can stand alone. */
export function refusalOf(
  sentence: string,
  words: number,
  context: RefusalContext,
): Refusal | undefined {
  if (isTooLong(sentence, words)) return "too-long";
  if (context.captions.has(sentence)) return "caption";
  if (isBoilerplate(sentence) || isChatter(sentence, context.language)) return "boilerplate";
  if (isQuestion(sentence, context.language)) return "question";
  if (isFragment(sentence, words, context.language)) return "fragment";
  if (words < VERBLESS_WORDS && lacksVerb(sentence, context.lexicon)) return "fragment";
  if (leansOnContext(sentence, context.lexicon, context.names)) return "leaning";
  if (endsLeaning(sentence, context.lexicon)) return "leaning";
  if (pointsOutside(withoutQuotations(sentence), context.lexicon)) return "leaning";
  return undefined;
}

/**
 * Lines around a story, recognised by their form. These patterns find lines that the article reader and the trees miss;
 * others that were tried do not.
 */
const BOILERPLATE: readonly RegExp[] = [
  /\((?:far |top |bottom )?(?:left|right|cent(?:re|er)|above|below)(?: and (?:left|right|cent(?:re|er)))?(?:,[^()]{1,40})?\)|\b(?:is|are|was|were) pictured\b|(?:^|, )pictured\b/i,
  /\bcontributed to this (?:report|story|article|piece)\b|^(?:[\p{L} ]{3,20}: )?(?:an?|the) (?:earlier|previous) version of (?:this|the) (?:report|story|article|piece|post)\b|\breported (?:from|by)\b.*\bwr(?:ote|itten)\b/iu,
  /^By \p{Lu}[\p{L}.'’-]+(?:[ ,;]+(?:\p{Lu}[\p{L}.'’-]*|\([^()]*\)|and|&)(?![^\s,;.]))+\.?$/u,
  /^(?:\p{Lu}[\p{L}'’.-]+(?:,| and)? ){2,8}reported from \p{Lu}[^,]{2,60}\.$/u,
  /^(?:read (?:more|also|next|on|the full)|click (?:here|on|to)|tap here|sign up|subscribe|log ?in|on this page you will find|this (?:article|column|essay|post|story) (?:was|is) (?:adapted|excerpted) from|follow (?:us|@)|like us|share (?:this|on)|see (?:more|also|the (?:full|original))|view (?:more|photos)|(?:video )?scroll (?:down|over|through)|watch(?: the| this)? (?:video|live|full)?(?::| \w+ (?:above|below|here))|related(?::| (?:articles|stories|posts|links))|leave a (?:reply|comment)|advertisement\W*$|download (?:the|our)|get (?:the|our) (?:latest|newsletter|app)|for more information|e-?mail (?:us|to a friend))(?!\w)|\bjoin the conversation\b/i,
];

/** Whether a sentence is a credit, a byline, a notice or a call to click. */
function isBoilerplate(sentence: string): boolean {
  return BOILERPLATE.some((pattern) => pattern.test(sentence));
}

/** "Use code FERRY when you order", and "Use code ferry for 10% off": a whole paragraph with such an offer advertises. */
const OFFERS: readonly RegExp[] = [
  /\b[Uu]se (?:the )?(?:\w+ )?code ["“']?[A-Z\d]{3,}(?![\w-])/,
  /\b(?:use|enter|with)\b.{0,30}\bcode ["“']?\w{3,}["”']?,? (?:(?:for|to (?:get|save|receive)) (?:an? |up to )?(?:[$£€]\d|\d+ ?%)|at checkout\b)/i,
];
/** The line above the sponsors of an episode or issue. */
const SPONSORS =
  /\b(?:episode|issue|show|podcast|newsletter|(?:this|today['’]s) (?:week|\w+))\b.{0,40}\b(?:sponsored|brought to you|made possible) by\b.{0,20}:$|^brought to you by:$/i;
/** The maximum number of sponsors below such a line, and of letters of each advertisement. */
const MOST_SPONSORS = 6;
const LONGEST_ADVERTISEMENT = 200;

/** Returns the paragraphs that are advertisements: those with an offer, and the short ones below "This episode is sponsored by:". */
export function advertisementsIn(
  sentences: readonly Pick<Candidate, "paragraph" | "text">[],
): ReadonlySet<number> {
  const found = new Set<number>();
  const paragraphs = Map.groupBy(sentences, ({ paragraph }) => paragraph);
  let sponsorsLeft = 0;
  for (const [paragraph, own] of paragraphs) {
    const text = own.map((one) => one.text).join(" ");
    if (text.length > LONGEST_ADVERTISEMENT) sponsorsLeft = 0;
    if (sponsorsLeft-- > 0 || OFFERS.some((offer) => offer.test(text))) found.add(paragraph);
    if (SPONSORS.test(text)) sponsorsLeft = MOST_SPONSORS;
  }
  return found;
}

/** Collects what `refusalOf` needs to know about the article. */
export function refusalContext(
  { text, language, captions }: Pick<Article, "text" | "language" | "captions">,
  sentences: readonly string[],
): RefusalContext {
  const lexicon = lexiconOf(language);
  return {
    language,
    lexicon,
    names: namesOf(sentences, lexicon),
    lowered: loweredWords(text),
    captions: new Set(captions.map((caption) => caption.text)),
  };
}

/** Whether a sentence is too long to be shown completely. */
export function isTooLong(sentence: string, words: number): boolean {
  return words > LONGEST_WORDS || sentence.length > LONGEST_LETTERS;
}

/** A question in a quotation also counts, because its answer would be missing. Greek questions end with a semicolon. */
function isQuestion(sentence: string, language: string): boolean {
  return /[?？؟]/u.test(sentence) || (primarySubtag(language) === "el" && sentence.endsWith(";"));
}

function isFragment(sentence: string, words: number, language: string): boolean {
  if (words < SHORTEST_WORDS || !endsLikeSentence(sentence)) return true;
  // Also "A) Being first", which belongs to a "B)".
  if (/^(?:\p{Ll}(?!\p{Lu})|[\p{Pe}\p{Pf},;:(（]|\p{L}\)\s)/u.test(sentence)) return true;
  if (isBrokenText(sentence, language)) return true;
  const letters = sentence.match(/[\p{L}\p{M}\p{N}]/gu)?.length ?? 0;
  const marks = sentence.replace(/[\s\p{L}\p{M}\p{N}]/gu, "").length;
  return marks > letters / 3 || /[{}<>=]{2}|[;{]$|\)\s*=>/.test(sentence);
}

/** Thai and Lao sentences end without a mark. */
function endsLikeSentence(sentence: string): boolean {
  if (/[\p{Script=Thai}\p{Script=Lao}]$/u.test(sentence)) return true;
  // "The facts of the case:." introduces a list.
  if (/[:;,][.!]$/.test(sentence)) return false;
  // "If only they knew…" is incomplete.
  if (/(?:\.\.|…)$/.test(sentence)) return false;
  return /[\p{Sentence_Terminal}…]["'”’“»«」』)）\]]*$/u.test(sentence);
}

const STOP_INSIDE = /(?<![.\p{L}])(?<word>\p{L}+)\. \p{Ll}{2}/gu;

/** Line ends that became full stops when the text was copied: "The. ferry sank,. killing 12". */
function isBrokenText(sentence: string, language: string): boolean {
  if (/[,;:]\.\s|\s[–—-]\.\s/.test(sentence)) return true;
  const { open, either } = abbreviationsOf(language);
  return [...sentence.matchAll(STOP_INSIDE)].some(({ groups }) => {
    const word = groups?.["word"]?.toLowerCase() ?? "";
    return word.length > 2 && !open.has(word) && !either.has(word);
  });
}

/** The attribution at the end of a statement: ", she said on Monday", ", he told the Courier". */
const ATTRIBUTION =
  /,["”»’']{0,2}\s(?<who>\p{L}+)\s(?<said>\p{L}+)(?:\s(?<more>\p{L}+)[^,.]{0,40})?[.]$/u;
const LAST_WORD = /(?<word>\p{L}[\p{L}'’]*)[.!]$/u;

/** Whether the end of a sentence depends on an earlier one: "…, she said", "…, though", "That changed this". */
function endsLeaning(sentence: string, lexicon: Lexicon): boolean {
  const end = sentence.slice(-200);
  const { who = "", said = "", more } = ATTRIBUTION.exec(end)?.groups ?? {};
  if (
    isPronoun(who.toLowerCase(), lexicon) &&
    lexicon.saying.has(said) &&
    !opensClause(more, lexicon)
  )
    return true;
  const last = LAST_WORD.exec(end)?.groups?.["word"] ?? "";
  return lexicon.closers.has(last.replace("’", "'").toLowerCase());
}

/** Whether the words after "she said" are the statement: "she said members would come", but not "she said on Monday". */
function opensClause(word: string | undefined, lexicon: Lexicon): boolean {
  if (word === undefined || /^\p{Lu}/u.test(word)) return false;
  return !lexicon.prepositions.has(word) && !lexicon.determiners.has(word);
}
