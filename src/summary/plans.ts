import type { Article } from "../article/article.ts";
import type { Candidate } from "./candidate.ts";
import { perLanguage } from "./language/lexicon.ts";
import { isFit, judgementOf, type EntryContext } from "./passages.ts";
import { editedSentence, type Edit, type Genre, type Sentence } from "./summary.ts";
import written from "./plan-words.json" with { type: "json" };

/** The way to summarise: news by its main sentence, an opinion or post under its author's name, a list by its items. */
export type Plan = "news" | "opinion" | "post" | "feature" | "list";

/** The least probability of a kind for which its plan is tried. A low threshold makes a wrong kind cheap. */
const LEAST_CHANCE = 0.2;

const PLANS: readonly (readonly [Genre, Plan])[] = [
  ["opinion", "opinion"],
  ["post", "post"],
  ["feature", "feature"],
  ["list", "list"],
];

/** Returns the plans to try beside the news plan. */
export function plansFor({ genre }: EntryContext): ReadonlySet<Plan> {
  return new Set(PLANS.filter(([kind]) => genre[kind] >= LEAST_CHANCE).map(([, plan]) => plan));
}

const WORDS = new Map<string, (typeof written)["en"]>(Object.entries(written));
/** The words of plans in a language. */
export const planWordsOf = perLanguage((primary) => WORDS.get(primary));

/** One item of a list: its opening, and the first informative sentence after it. */
interface Item extends Opening {
  readonly sentence: Candidate | undefined;
}

/**
 * `[start, end)` is its place in the article. An opening that exists only in the markup has an empty range before its text.
 */
interface Opening {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly isNumbered: boolean;
}

const FEWEST_ITEMS = 3;
const LONGEST_OPENING = 90;
const NUMBER = /^(?:#?\p{Nd}{1,3}[.):]?\s+)/u;
/** The least probability that makes a sentence informative. */
const TELLING = 0.2;

/** Returns the items of a list, found by headings, numbers or bold openings. Fewer than three are not a list. */
export function itemsOf({ article, document, judgements }: EntryContext): readonly Item[] {
  const written = distinct(openingsInText(article));
  const openings = written.length >= FEWEST_ITEMS ? written : distinct(headingsInMarkup(article));
  if (openings.length < FEWEST_ITEMS) return [];
  return openings.map((opening, at) => {
    const until = openings[at + 1]?.start ?? Infinity;
    const own = document.candidates.filter(
      (candidate) => candidate.start >= opening.start && candidate.end <= until && isFit(candidate),
    );
    const informative = own.find((one) => judgementOf(one, judgements).content >= TELLING);
    return Object.assign({ sentence: informative ?? own[0] }, opening);
  });
}

/** Returns the short numbered lines, and the headings and bold words that open a paragraph. */
function openingsInText({ html, text }: Article): readonly Opening[] {
  const known = [...html.matchAll(/<(h[2-6]|strong|b)\b[^>]*>([^]{1,300}?)<\/\1>/g)]
    .map(([, , inside = ""]) => plain(inside))
    .filter((opening) => opening.length > 1 && opening.length <= LONGEST_OPENING);
  const openings = new Set(known);
  return [...text.matchAll(/(?:^|\n\n)([^\n]+)/g)].flatMap(({ index, 0: all, 1: line = "" }) => {
    const number = NUMBER.exec(line)?.[0].length ?? 0;
    const bold = openings.has(line.trim())
      ? line
      : known.find((opening) => line.startsWith(opening));
    const isShort = number > 0 && line.length <= LONGEST_OPENING;
    const opening = bare((bold ?? (isShort ? line : "")).slice(number));
    const start = index + all.length - line.length + number;
    const place = { start, end: start + opening.length };
    return opening === "" ? [] : [{ text: opening, ...place, isNumbered: number > 0 }];
  });
}

/** Returns the headings that exist only in the markup, as in Markdown. Each takes the place of the text that follows it. */
function headingsInMarkup({ html, text }: Article): readonly Opening[] {
  const found = html.matchAll(
    /<(h[2-6])\b[^>]*>([^]{1,300}?)<\/\1>\s*(?:<\w[^>]*>\s*)+([^<]{3,})/g,
  );
  let from = 0;
  return [...found].flatMap(([, , inside = "", next = ""]) => {
    const at = text.indexOf(plain(next).slice(0, FOLLOWING_LETTERS), from);
    if (at < 0) return [];
    from = at;
    const line = plain(inside);
    const number = NUMBER.exec(line)?.[0].length ?? 0;
    return [{ text: bare(line.slice(number)), start: at, end: at, isNumbered: number > 0 }];
  });
}

const FOLLOWING_LETTERS = 30;

/** Returns the openings, or only the numbered ones if there are three. Questions and repeated openings are removed. */
function distinct(openings: readonly Opening[]): readonly Opening[] {
  const numbered = openings.filter(({ isNumbered }) => isNumbered);
  const own = numbered.length >= FEWEST_ITEMS ? numbered : openings;
  const texts = own.map(({ text }) => text.toLowerCase());
  return own.filter(({ text }, at) => {
    const same = texts[at] ?? "";
    return !text.includes("?") && texts.indexOf(same) === texts.lastIndexOf(same);
  });
}

function plain(html: string): string {
  return html
    .replace(/<[^>]*>/g, "")
    .replace(/&amp;/g, "&")
    .replace(/\s+/g, " ")
    .trim();
}

/** Removes the marks at the end. */
function bare(text: string): string {
  return text.replace(/[\s.:;,–—-]+$/u, "");
}

const ITEMS_IN_LINE = 3;

/**
 * Returns the first items as one line: "Oil the hinges; Sort the ropes; Check your flares and 12 more." Undefined if the
 * text lacks the words.
 */
export function itemsLine(items: readonly Item[], { article }: EntryContext): Sentence | undefined {
  const shown = items.slice(0, ITEMS_IN_LINE);
  const [first, last] = [shown[0], shown.at(-1)];
  if (!first || !last || !planWordsOf(article.language)) return undefined;
  if (shown.length < FEWEST_ITEMS || last.start === last.end) return undefined;
  const gaps = shown.slice(1).map(({ start }, at): Edit => {
    return { start: shown[at]?.end ?? start, end: start, text: "; " };
  });
  const left = more(items.length - shown.length, article);
  const end: Edit = { start: last.end, end: last.end, text: `${left}.` };
  return editedSentence(article.text, { start: first.start, end: last.end }, [...gaps, end]);
}

/** " and 12 more"; empty if no items remain. */
function more(left: number, { language }: Article): string {
  const words = planWordsOf(language);
  return left > 0 && words ? ` ${words.andMore.replace("{count}", String(left))}` : "";
}

/** Returns each item with its first informative sentence. The last one says how many items remain. */
export function itemPoints(
  items: readonly Item[],
  count: number,
  { article }: EntryContext,
): readonly Sentence[] {
  const complete = items.filter(({ sentence }) => sentence !== undefined);
  if (complete.length < FEWEST_ITEMS) return [];
  const shown = complete.slice(0, count);
  return shown.flatMap(({ text, start, end, sentence }, at) => {
    if (!sentence) return [];
    const opening = start === end ? `${text}: ` : "";
    const gap: Edit = { start: end, end: sentence.start, text: opening || ": " };
    const left = at === shown.length - 1 ? more(items.length - shown.length, article) : "";
    const rest: Edit = { start: sentence.end, end: sentence.end, text: left && ` …${left}.` };
    const edits = sentence.start < end ? [rest] : [gap, rest];
    return [editedSentence(article.text, { start, end: sentence.end }, edits)];
  });
}
