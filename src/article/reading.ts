import { OF_TEXT, type Reading } from "./article.ts";
import { fold } from "./clean-text.ts";
import { wordsOf } from "./boilerplate.ts";

/** What a page shows of how well it was read. */
export interface Evidence {
  readonly title: string | undefined;
  /** Whether the title is the name of the site. */
  readonly isTitleSite: boolean;
  /** The paragraphs that were taken for the story. */
  readonly story: readonly string[];
  /** The prose of the page beside them, as characters. */
  readonly left: number;
  /** The texts right after the story, which a gate is one of. */
  readonly after: readonly string[];
  /** The page's own summaries of its story. */
  readonly descriptions: readonly string[];
  /** Characters of comments on the page. */
  readonly comments: number;
  /** Whether it cannot be decided that readers of the page see all of the story. */
  readonly mayBeHidden: boolean;
  /** 0 to 1: how far independent ways of finding the story come to the same text; undefined where there was one way. */
  readonly agreement?: number | undefined;
}

const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Hangul}]/u;
const asksToPay = finderOf(wordsOf("gates"));
const isOfImprint = finderOf(wordsOf("imprints", "rights"));
const ONWARD: ReadonlySet<string> = new Set(wordsOf("onward").map(fold));

/** The verdict on a page that was read. */
export function judgeReading(evidence: Evidence): Reading {
  const { title, isTitleSite, story, left, comments, agreement = 1 } = evidence;
  const text = story.join("\n");
  const length = text.length;
  const partial = partialIn(evidence, length);
  const doubts = [
    ...(title === undefined || title === "" ? ["it has no headline"] : []),
    ...(isTitleSite ? ["its headline is the name of the site"] : []),
    ...(isImprint(story) ? ["it reads like an imprint"] : []),
    ...(speaksOfElse(evidence, text) ? [OF_TEXT.else] : []),
    ...(left > 3 * length && left - length > MUCH ? [OF_TEXT.left] : []),
    ...(evidence.mayBeHidden ? [OF_TEXT.unseen] : []),
    ...(comments > 2 * length && length < TEASER / 2 ? [OF_TEXT.comments] : []),
  ];
  const confidence = agreement * 0.85 ** doubts.length * (partial ? 0.6 : 1);
  return { confidence: Math.round(confidence * 100) / 100, ...(partial && { partial }), doubts };
}

/** Characters: a long paragraph or two. */
const MUCH = 1_200;
/** The most letters of a teaser. A story that ends in "read more" is longer. */
const TEASER = 900;

function partialIn({ story, after }: Evidence, length: number): Reading["partial"] | undefined {
  const end = [...story.slice(-2), ...after.slice(0, 4)].map(fold);
  if (length < 2 * MUCH && end.some(asksToPay)) return "paywall";
  const last = story.at(-1) ?? "";
  const isCutShort = /(?:…|\.\.\.|\[…\]|\[\.\.\.\])\s*$/.test(last);
  const isFollowed = after.slice(0, 2).some((line) => ONWARD.has(fold(line)));
  if (length < TEASER && (isCutShort || isFollowed || ONWARD.has(fold(last)))) return "stub";
  return undefined;
}

/** Half of its lines name a register, an owner, a right or a number to call. */
function isImprint(story: readonly string[]): boolean {
  const lines = story.flatMap((text) => text.split("\n"));
  let [like, unlike] = [0, 0];
  for (const line of lines) {
    if (isOfImprint(fold(line))) like++;
    else if (++unlike * 2 > lines.length) return false;
  }
  return like >= 2;
}

/** Whether few words of any description are in the story. */
function speaksOfElse({ descriptions }: Evidence, text: string): boolean {
  const long = descriptions
    .map((description) => fold(description).split(" "))
    .filter((words) => words.length >= FEWEST_WORDS);
  if (long.length === 0) return false;
  const said = new Set(fold(text).split(" "));
  const share = (words: readonly string[]): number =>
    words.filter((word) => said.has(word)).length / words.length;
  return Math.max(...long.map(share)) < LEAST_SHARE;
}

const FEWEST_WORDS = 8;
const LEAST_SHARE = 0.25;

/** Finds phrases in folded lines: whole words, but in scripts that set no blanks. */
function finderOf(phrases: readonly string[]): (line: string) => boolean {
  const own = phrases.map(fold).map((phrase) => (UNSPACED.test(phrase) ? phrase : ` ${phrase} `));
  return (line) => {
    const spaced = ` ${line} `;
    return own.some((phrase) => spaced.includes(phrase));
  };
}
