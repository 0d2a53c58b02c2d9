import { fold } from "./clean-text.ts";
import { wordsOf } from "./boilerplate.ts";

/** How sure the reader is that it has the story, all of it, and nothing else. */
export interface Reading {
  /** 0 to 1; doubtful below 0.5. */
  readonly confidence: number;
  /** Why the text may be only a part of the story. */
  readonly partial?: "paywall" | "stub" | "cut" | "comments";
  /** What speaks against the reading, each a phrase that an editor understands. */
  readonly doubts: readonly string[];
}

/** Of a source that holds its story and nothing else. */
export const SURE: Reading = { confidence: 1, doubts: [] };

const LEAST_CONFIDENCE = 0.5;

/** Whether an editor has to look before the article goes out; one that an earlier version read is believed. */
export function isDoubtful(reading: Reading | undefined): boolean {
  if (!reading) return false;
  const { confidence, partial, doubts } = reading;
  return doubts.length > 0 || partial !== undefined || confidence < LEAST_CONFIDENCE;
}

/** What is doubted, in one line. */
export function doubtText({ confidence, partial, doubts }: Reading): string {
  const said = [...(partial ? [PARTIAL[partial]] : []), ...doubts];
  return said.length > 0 ? said.join("; ") : `read with a confidence of ${confidence.toFixed(2)}`;
}

/** Doubts of a page's text alone: its headline may be right all the same. */
const OF_TEXT = {
  else: "the page says of itself that it is about something else",
  left: "most of the page's text was left out",
  comments: "its comments are longer than the story",
} as const;

/**
 * What is doubted of a story of which readers see the headline and a link, in one line: what the page is that the link
 * leads to, and not how well its text was read. Empty where that is nothing.
 */
export function headlineDoubtText({ confidence, partial, doubts }: Reading): string {
  const ofText: readonly string[] = Object.values(OF_TEXT);
  const left = doubts.filter((doubt) => !ofText.includes(doubt));
  if (left.length === 0 && partial === undefined) return "";
  return doubtText({ confidence, ...(partial && { partial }), doubts: left });
}

const PARTIAL: Readonly<Record<NonNullable<Reading["partial"]>, string>> = {
  paywall: "the rest is behind a paywall",
  stub: "it is only the beginning of the story",
  cut: "the end of the story is missing",
  comments: "it is more of readers' comments than of a story",
};

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
    ...(comments > 2 * length && length < TEASER / 2 ? [OF_TEXT.comments] : []),
  ];
  const confidence = agreement * 0.85 ** doubts.length * (partial ? 0.6 : 1);
  return { confidence: Math.round(confidence * 100) / 100, ...(partial && { partial }), doubts };
}

/** Characters: a long paragraph or two. */
const MUCH = 1_200;
/** Of a teaser; a story that ends in "read more" is longer. */
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
