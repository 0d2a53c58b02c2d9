import type { Entry } from "../../digest/digest.ts";
import { type Point, modelParts, paragraphOf, paragraphsOf, placesOf } from "./model-parts.ts";
import { plain } from "./stories.ts";

export interface Check {
  readonly name: string;
  readonly found: number;
  readonly of: number;
  readonly at?: string | undefined;
}

/** Checks that need no understanding of the source: is every sentence, number, name and date in it? */
export function checksOf(entry: Entry): Check[] {
  const { article, summary } = entry;
  const points = modelParts(entry).flatMap((part) => part.points);
  const said = points.filter(({ isSentence }) => isSentence);
  const sentences = said.filter(({ sources }) => sources === undefined);
  const followed = said.filter(({ sources }) => sources !== undefined);
  const text = plain(`${article.title}\n${article.text}`);
  const { quote } = summary;
  const quotePoint = points.find(({ id }) => id === "q");
  const all = points.map(({ text: words, label = "" }) => `${label} ${words}`).join(" ");
  const numbers = [...new Set(numbersIn(plain(all)))];
  const dates = summary.timeline.map(({ when }) => when);
  const names = summary.people.map(({ name }) => name);
  const checks = [
    {
      name: "Sentences, word for word",
      found: sentences.filter((point) => isVerbatim(article.text, point)).length,
      of: sentences.length,
    },
    {
      name: "A model’s sentences, with their sources",
      found: followed.filter((point) => placesOf(point).length > 0).length,
      of: followed.length,
    },
    {
      name: `Quote, exact, and ${quote?.speaker ?? ""} is named`,
      found:
        quotePoint && isVerbatim(article.text, quotePoint) && hasAll(text, quote?.speaker ?? "")
          ? 1
          : 0,
      of: quotePoint ? 1 : 0,
      at: quotePoint && pilcrow(article.text, quotePoint),
    },
    {
      name: "Numbers found in the article",
      ...countedIn(numbers, (n) => numbersIn(text).includes(n)),
    },
    {
      name: "Names found in the article",
      ...countedIn(names, (name) => text.includes(plain(name))),
    },
    { name: "Dates found in the article", ...countedIn(dates, (date) => hasAll(text, date)) },
  ];
  return checks.filter(({ of }) => of > 0);
}

/** Whether the article contains a sentence word for word, apart from cuts and typography. */
export function isVerbatim(text: string, point: Point) {
  const source = sourceOf(text, point);
  return source !== "" && letters(source) === letters(point.text);
}

/** The article's text at the place of a point, without the cuts. */
function sourceOf(text: string, { start, end, cut = [] }: Point) {
  if (start === undefined || end === undefined) return "";
  let kept = "";
  let from = start;
  for (const gap of cut) {
    kept += text.slice(from, gap.start);
    from = gap.end;
  }
  return kept + text.slice(from, end);
}

/** The paragraphs that a point comes from, such as "¶ 1, 4"; undefined if it comes from none. */
export function pilcrow(text: string, point: Point) {
  const paragraphs = paragraphsOf(text);
  const numbers = placesOf(point).flatMap((place) => paragraphOf(paragraphs, place)?.number ?? []);
  return numbers.length === 0 ? undefined : `¶ ${[...new Set(numbers)].join(", ")}`;
}

function letters(text: string) {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");
}

function numbersIn(text: string): readonly string[] {
  return text.match(/\d+(?:[.,'’\u202F\u00A0 ]\d{3})*(?:[.,]\d+)?/g) ?? [];
}

function countedIn(wanted: readonly string[], isFound: (one: string) => boolean) {
  return { found: wanted.filter(isFound).length, of: wanted.length };
}

function hasAll(text: string, words: string) {
  const lower = text.toLowerCase();
  return plain(words)
    .toLowerCase()
    .split(" ")
    .every((word) => lower.includes(word));
}
