import type { Article } from "../article/article.ts";
import type { Candidate } from "./candidate.ts";
import { perLanguage } from "./language/lexicon.ts";
import { isNarrated } from "./language/quotations.ts";
import { isFit, judgementOf, type EntryContext } from "./passages.ts";
import { editedSentence, type Edit, type Genre, type Sentence } from "./summary.ts";
import written from "./plan-words.json" with { type: "json" };

/** How an article is told: news by its main sentence, an opinion or a post under its author's name, a list by its items. */
export type Plan = "news" | "opinion" | "post" | "feature" | "list";

/** A plan is tried from this chance of its kind on: so a wrong kind costs little. */
const LEAST_CHANCE = 0.2;
/** From this chance on a text is taken to be an opinion, which is never told in the newsletter's own voice. */
const SURE_CHANCE = 0.5;

const PLANS: readonly (readonly [Genre, Plan])[] = [
  ["opinion", "opinion"],
  ["post", "post"],
  ["feature", "feature"],
  ["list", "list"],
];

/** The plans to try beside the news plan. */
export function plansFor({ genre }: EntryContext): ReadonlySet<Plan> {
  return new Set(PLANS.filter(([kind]) => genre[kind] >= LEAST_CHANCE).map(([, plan]) => plan));
}

/** Whether a text is an opinion, so that nothing of it may stand without its author's name or the word "Opinion". */
function isOpinion({ genre }: EntryContext): boolean {
  return genre.opinion >= SURE_CHANCE;
}

const WORDS = new Map<string, (typeof written)["en"]>(Object.entries(written));
const wordsOf = perLanguage((primary) => WORDS.get(primary));

const MOST_AUTHORS = 2;
/** Longer, or an address, it is no name. */
const LONGEST_AUTHOR = 40;

/**
 * What says that an author's words are coming: "Ada Pell argues: " before an opinion, "Ada Pell writes: " before a post and
 * before what is told as "I". Empty where no author is named; of a text that is surely an opinion "Opinion: ".
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

/** Who wrote an article: its byline, and of an opinion without one, its note about the author. */
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

/** "Opinion by Ada Pell" */
const BY = /^(?:\p{L}+ )?by /iu;
/** Several authors, or none, argue nothing. */
const DESK =
  /\b(?:CNN|editors?|editorial|staff|team|bloggers?|reporters?|news|sport|press|agency|redaktion|redacción|rédaction)\b/iu;

const PART = String.raw`\p{Lu}[\p{L}.'’-]*`;
const NAME = String.raw`(${PART}(?: (?:\(\S+\) )?(?:(?:da|de|del|der|di|la|le|van|von) )*${PART}){1,3})`;
const WHOLE_NAME = new RegExp(`^${NAME}$`, "u");
/** What stands above or below a column of who wrote it. */
const NOTES: readonly RegExp[] = [
  new RegExp(`(?:solely |are )(?:those )?of ${NAME}(?=[.,\\s])`, "u"),
  new RegExp(`^(?:Editor['’]s [Nn]ote: )${NAME}(?:,| is )`, "u"),
  new RegExp(
    String.raw`(?:^|[.!?"”)]\s+|\n)${NAME},? is (?:an?|the) (?:[\p{L}'’-]+ ){0,6}(?:columnist|author|professor|fellow|writer|contributor|journalist|historian)\b[^\n]{0,300}$`,
    "u",
  ),
];

/** A part of a list: what opens it, and the first sentence below that says something. */
interface Item extends Opening {
  readonly sentence: Candidate | undefined;
}

/** `[start, end)` is its place in the article; empty, and before what it opens, where only the markup has it. */
interface Opening {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly isNumbered: boolean;
}

const FEWEST_ITEMS = 3;
const LONGEST_OPENING = 90;
const NUMBER = /^(?:#?\p{Nd}{1,3}[.):]?\s+)/u;
/** Of a sentence that says something. */
const TELLING = 0.2;

/** The items of a list, told by headings, numbers or bold openings; none where there are fewer than three. */
export function itemsOf({ article, document, judgements }: EntryContext): readonly Item[] {
  const written = distinct(openingsInText(article));
  const openings = written.length >= FEWEST_ITEMS ? written : distinct(headingsInMarkup(article));
  if (openings.length < FEWEST_ITEMS) return [];
  return openings.map((opening, at) => {
    const until = openings[at + 1]?.start ?? Infinity;
    const own = document.candidates.filter(
      (candidate) => candidate.start >= opening.start && candidate.end <= until && isFit(candidate),
    );
    const telling = own.find((one) => judgementOf(one, judgements).content >= TELLING);
    return Object.assign({ sentence: telling ?? own[0] }, opening);
  });
}

/** The lines and the bold words that open a paragraph of the text. */
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

/** Markdown has its headings in the markup alone: each stands before the text that follows it there. */
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

/** The openings that are numbered, where most are; without those that stand there twice ("Summary") or ask. */
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

/** Without the mark that ends it. */
function bare(text: string): string {
  return text.replace(/[\s.:;,–—-]+$/u, "");
}

const ITEMS_IN_LINE = 3;

/** "Oil the hinges; Sort the ropes; Check your flares and 12 more." Undefined where the text does not have them. */
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

/** " and 12 more"; empty where nothing is left. */
function more(left: number, { language }: Article): string {
  const words = wordsOf(language);
  return left > 0 && words ? ` ${words.andMore.replace("{count}", String(left))}` : "";
}

/** Each item with its first sentence that says something, and after the last how many are left. */
export function itemPoints(
  items: readonly Item[],
  count: number,
  { article }: EntryContext,
): readonly Sentence[] {
  const told = items.filter(({ sentence }) => sentence !== undefined);
  if (told.length < FEWEST_ITEMS) return [];
  const shown = told.slice(0, count);
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
