import type { Article } from "../article/article.ts";
import type { Candidate } from "./candidate.ts";
import { perLanguage } from "./language/lexicon.ts";
import { isNarrated } from "./language/quotations.ts";
import { isFit, judgementOf, type EntryContext } from "./passages.ts";
import { editedSentence, type Edit, type Genre, type Sentence } from "./summary.ts";
import written from "./plan-words.json" with { type: "json" };

/** The way to summarise: news by its main sentence, an opinion or post under its author's name, a list by its items. */
export type Plan = "news" | "opinion" | "post" | "feature" | "list";

/** The least probability of a kind for which its plan is tried. A low threshold makes a wrong kind cheap. */
const LEAST_CHANCE = 0.2;
/** From this probability on, a text is an opinion, which is never shown as the newsletter's own statement. */
const SURE_CHANCE = 0.5;

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

/** Whether a text is an opinion, so that each part needs its author's name or the word "Opinion". */
function isOpinion({ genre }: EntryContext): boolean {
  return genre.opinion >= SURE_CHANCE;
}

const WORDS = new Map<string, (typeof written)["en"]>(Object.entries(written));
const wordsOf = perLanguage((primary) => WORDS.get(primary));

const MOST_AUTHORS = 2;
/** A longer text is not a name. */
const LONGEST_AUTHOR = 40;

/**
 * Returns the introduction of an author's words: "Ada Pell argues: " before an opinion, "Ada Pell writes: " before a post
 * or text in the first person. Without a named author it is "Opinion: " for an opinion, and otherwise empty.
 */
export function leadOf(plan: Plan, text: string, context: EntryContext): string {
  const { article, lexicon } = context;
  const isSure = isOpinion(context);
  if (!isSure && plan !== "opinion" && plan !== "post" && !isNarrated(text, lexicon)) return "";
  const words = wordsOf(article.language);
  const named = authorsOf(article, isSure);
  if (named.length === 0) return isSure && words ? `${words.opinion}: ` : "";
  const verb = named.length === 1 ? words?.[isSure ? "argues" : "writes"] : undefined;
  return `${named.join(", ")}${verb ? ` ${verb}` : ""}: `;
}

/** Returns the authors from the byline. For an opinion without a byline, the name in its note about the author. */
function authorsOf({ authors, text }: Article, isSure: boolean): readonly string[] {
  const named = authors.filter((name) => name.length <= LONGEST_AUTHOR && !name.includes("@"));
  if (!isSure) return named.length > MOST_AUTHORS ? [] : named;
  const names = named
    .map((name) => name.replace(BY, ""))
    .filter((name) => WHOLE_NAME.test(name) && !DESK.test(name));
  if (names.length > 0) return names.length > MOST_AUTHORS ? [] : names;
  const noted = NOTES.map((note) => note.exec(text)?.[1]).find((name) => name !== undefined);
  return noted === undefined ? [] : [noted];
}

/** The prefix of a byline: "Opinion by Ada Pell". */
const BY = /^(?:\p{L}+ )?by /iu;
/** The name of a desk or agency. Only a person is introduced with "argues". */
const DESK =
  /\b(?:CNN|editors?|editorial|staff|team|bloggers?|reporters?|news|sport|press|agency|redaktion|redacción|rédaction)\b/iu;

const PART = String.raw`\p{Lu}[\p{L}.'’-]*`;
const NAME = String.raw`(${PART}(?: (?:\(\S+\) )?(?:(?:da|de|del|der|di|la|le|van|von) )*${PART}){1,3})`;
const WHOLE_NAME = new RegExp(`^${NAME}$`, "u");
/** Notes above or below a column that name its author. */
const NOTES: readonly RegExp[] = [
  new RegExp(`(?:solely |are )(?:those )?of ${NAME}(?=[.,\\s])`, "u"),
  new RegExp(`^(?:Editor['’]s [Nn]ote: )${NAME}(?:,| is )`, "u"),
  new RegExp(
    String.raw`(?:^|[.!?"”)]\s+|\n)${NAME},? is (?:an?|the) (?:[\p{L}'’-]+ ){0,6}(?:columnist|author|professor|fellow|writer|contributor|journalist|historian)\b[^\n]{0,300}$`,
    "u",
  ),
];

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
  if (!first || !last || !wordsOf(article.language)) return undefined;
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
  const words = wordsOf(language);
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
