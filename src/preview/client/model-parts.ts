import type { Entry } from "../../digest/digest.ts";
import { type Story, capitalised } from "./stories.ts";
import { issue } from "./store.ts";

/** A statement of the digest about an article, and its place in the article. */
export interface Point {
  readonly id: string;
  /** The mark before the statement, both in the digest and in the article. */
  readonly sign: string;
  /** The text in the digest. */
  readonly text: string;
  /** The label before the text, such as a date or a name. */
  readonly label?: string | undefined;
  /** The range in the article's text; undefined if the article does not contain the statement. */
  readonly start?: number | undefined;
  readonly end?: number | undefined;
  readonly cut?: readonly Range[] | undefined;
  /** The sentences on which a model based the text. */
  readonly sources?: readonly Range[] | undefined;
  /** Whether the text is shown as the article's own words. */
  readonly isSentence: boolean;
}

export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface Part {
  readonly id: string;
  readonly name: string;
  readonly points: readonly Point[];
}

/** The statements of the digest about an article, grouped by part, in the order of the email. */
export function modelParts(entry: Entry): Part[] {
  const shown = issue.value.digest.parts ?? {};
  const parts = [
    gistPart(entry),
    keyPointsPart(entry),
    quotePart(entry),
    peoplePart(entry),
    timelinePart(entry),
    figuresPart(entry),
  ];
  return parts.filter(({ id }) => !Object.entries(shown).some(([part, on]) => part === id && !on));
}

/** The sentences that ranked next after the chosen ones. */
export function nearPoints({ index }: Story): Point[] {
  const { nearMisses = [] } = issue.value.explanations[index] ?? {};
  return nearMisses.map(({ sentence: { text, start, end } }, at) => ({
    id: `n${at + 1}`,
    sign: "",
    text,
    start,
    end,
    isSentence: true,
  }));
}

function gistPart({ summary: { gist, origin } }: Entry): Part {
  const points = [{ ...gist, id: "g", sign: "S", isSentence: origin !== "author" }];
  return { id: "gist", name: "Summary", points };
}

function keyPointsPart({ summary: { keyPoints } }: Entry): Part {
  const points = keyPoints.map((sentence, index) => ({
    ...sentence,
    id: `k${index + 1}`,
    sign: String(index + 1),
    isSentence: true,
  }));
  return { id: "keyPoints", name: "Key points", points };
}

function quotePart({ summary: { quote } }: Entry): Part {
  const point = quote && { ...quote, id: "q", sign: "Q", label: quote.speaker, isSentence: true };
  return { id: "quote", name: "Quote", points: point ? [point] : [] };
}

function peoplePart({ article, summary: { people } }: Entry): Part {
  const points = people.map(({ name, role }, index) => {
    const { start, end } = placeOf(article.text, name);
    const text = role ? capitalised(role) : "";
    return { id: `w${index + 1}`, sign: "W", label: name, text, start, end, isSentence: false };
  });
  return { id: "people", name: "Who’s who", points };
}

function timelinePart({ summary: { timeline } }: Entry): Part {
  const points = timeline.map(({ when, sentence: { text, start, end, cut } }, index) => ({
    id: `t${index + 1}`,
    sign: "T",
    label: when,
    text,
    start,
    end,
    cut,
    isSentence: true,
  }));
  return { id: "timeline", name: "Timeline", points };
}

function figuresPart({ article, summary: { figures } }: Entry): Part {
  const points = figures.map((figure, index) => {
    const { start, end } = figurePlace(article.text, figure);
    const label = [figure.value, figure.unit].filter(Boolean).join(" ");
    const text = figure.what;
    return { id: `f${index + 1}`, sign: "F", label, text, start, end, isSentence: false };
  });
  return { id: "figures", name: "In figures", points };
}

const NOWHERE: { start?: number; end?: number } = {};

function placeOf(text: string, wanted: string) {
  const start = text.indexOf(wanted);
  return start < 0 ? NOWHERE : { start, end: start + wanted.length };
}

/** The place of a figure in the article: the occurrence nearest to the noun that it counts. */
function figurePlace(
  text: string,
  { value, unit, what }: { value: string; unit?: string | undefined; what: string },
) {
  const places = [...text.matchAll(new RegExp(literal(value), "g"))];
  const words = what
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word.length > 3);
  const about = places.map(({ index }) => {
    const near = text.slice(Math.max(0, index - 60), index + 120).toLowerCase();
    return { index, score: words.filter((word) => near.includes(word)).length };
  });
  const best = about.sort((a, b) => b.score - a.score)[0];
  if (!best) return NOWHERE;
  const end = best.index + value.length;
  const after = /^[\s\u00A0]*/.exec(text.slice(end))?.[0].length ?? 0;
  const hasUnit = unit !== undefined && text.startsWith(unit, end + after);
  return { start: best.index, end: hasUnit ? end + after + unit.length : end };
}

function literal(text: string) {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

/** The places of a point in the article: its own range, or the sentences on which a model based it. */
export function placesOf(point: Point): Point[] {
  if (point.start !== undefined) return [point];
  return (point.sources ?? []).map((source) => placedAt(source, point));
}

function placedAt({ start, end }: { start: number; end: number }, point: Point): Point {
  return { ...point, start, end };
}

interface Paragraph extends Range {
  readonly number: number;
}

/** The paragraphs of a text, numbered from 1. */
export function paragraphsOf(text: string): Paragraph[] {
  const paragraphs = [];
  let start = 0;
  for (const { index, 0: gap } of [
    ...text.matchAll(/\n\s*\n\s*/g),
    { index: text.length, 0: "" },
  ]) {
    if (text.slice(start, index).trim() !== "")
      paragraphs.push({ number: paragraphs.length + 1, start, end: index });
    start = index + gap.length;
  }
  return paragraphs;
}

/** The paragraph that contains an offset. */
export function paragraphOf(
  paragraphs: readonly Paragraph[],
  { start }: Point,
): Paragraph | undefined {
  if (start === undefined) return undefined;
  return paragraphs.find((paragraph) => paragraph.start <= start && start < paragraph.end);
}
