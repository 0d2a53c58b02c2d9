import { OF_TEXT, type Reading } from "./article.ts";
import { fold } from "./clean-text.ts";
import { wordsOf } from "./boilerplate.ts";
import { predictText } from "./page/verdict.ts";
import type { SeenText } from "./page/verdict-features.ts";

/** Evidence of how well a page was read. */
export interface Evidence {
  readonly title: string | undefined;
  /** Whether the title is the name of the site. */
  readonly isTitleSite: boolean;
  /** The paragraphs that were chosen as the story. */
  readonly story: readonly string[];
  /** The texts right after the story. A paywall notice is one of them. */
  readonly after: readonly string[];
  /** Whether a part of the story may be hidden from readers of the page. */
  readonly mayBeHidden: boolean;
  /** The expected F1 of the printed text, and the main reason for doubt. */
  readonly prediction: { readonly f1: number; readonly doubt: string | undefined };
}

const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Hangul}]/u;
const asksToPay = finderOf(wordsOf("gates"));
const isOfImprint = finderOf(wordsOf("imprints", "rights"));
const ONWARD: ReadonlySet<string> = new Set(wordsOf("onward").map(fold));

/** Judges a page that was read. A doubtful reading always has a reason. */
export function judgeReading(evidence: Evidence): Reading {
  const { title, isTitleSite, story, prediction, mayBeHidden } = evidence;
  const partial = partialIn(evidence);
  const doubts = [
    ...(title === undefined || title === "" ? ["it has no headline"] : []),
    ...(isTitleSite ? ["its headline is the name of the site"] : []),
    ...(isImprint(story) ? ["it reads like an imprint"] : []),
    ...(prediction.doubt === undefined ? [] : [prediction.doubt]),
    ...(mayBeHidden ? [OF_TEXT.unseen] : []),
  ];
  const confidence = Math.round(prediction.f1 * 100) / 100;
  const doubtful = doubts.length > 0 || partial !== undefined;
  return { confidence, doubtful, ...(partial && { partial }), doubts };
}

/** Judges a text without a page around it: a feed item, a post of an export, Markdown or a document. */
export function judgeText(text: SeenText): Reading {
  const { f1, doubt } = predictText(text);
  const doubts = doubt === undefined ? [] : [doubt];
  return { confidence: Math.round(f1 * 100) / 100, doubtful: doubts.length > 0, doubts };
}

/** A long paragraph or two. */
const MUCH_CHARACTERS = 1_200;
/** A text that ends in "read more" is a teaser only if it is shorter. */
const TEASER_CHARACTERS = 900;

function partialIn({ story, after }: Evidence): Reading["partial"] | undefined {
  const { length } = story.join("\n");
  const end = [...story.slice(-2), ...after.slice(0, 4)].map(fold);
  if (length < 2 * MUCH_CHARACTERS && end.some(asksToPay)) return "paywall";
  const last = story.at(-1) ?? "";
  const isCutShort = /(?:…|\.\.\.|\[…\]|\[\.\.\.\])\s*$/.test(last);
  const isFollowed = after.slice(0, 2).some((line) => ONWARD.has(fold(line)));
  if (length < TEASER_CHARACTERS && (isCutShort || isFollowed || ONWARD.has(fold(last))))
    return "stub";
  return undefined;
}

/** Whether half of the lines name a register, an owner, a right or a telephone number. */
function isImprint(story: readonly string[]): boolean {
  const lines = story.flatMap((text) => text.split("\n"));
  let [like, unlike] = [0, 0];
  for (const line of lines) {
    if (isOfImprint(fold(line))) like++;
    else if (++unlike * 2 > lines.length) return false;
  }
  return like >= 2;
}

/** Returns a test for phrases in folded lines. It compares whole words, except in scripts without spaces. */
function finderOf(phrases: readonly string[]): (line: string) => boolean {
  const own = phrases.map(fold).map((phrase) => (UNSPACED.test(phrase) ? phrase : ` ${phrase} `));
  return (line) => {
    const spaced = ` ${line} `;
    return own.some((phrase) => spaced.includes(phrase));
  };
}
