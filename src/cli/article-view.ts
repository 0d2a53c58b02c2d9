import type { Article } from "../article/article.ts";
import type { Sentence, Summary } from "../summary/summary.ts";
import type { Paint, Terminal } from "./terminal.ts";
import { hanging } from "./table.ts";
import { many } from "../platform/text.ts";
import { sendableOf } from "../summary/entry-judgement.ts";
import type { Judged, Explanation } from "../summary/explanation/explain.ts";

/** The width of running text in columns, including the label before it. */
const MEASURE = 81;

/** The authors, date, language and source of an article, as far as they are known. */
export function bylineOf({ authors, publishedAt, language, source }: Article): string {
  return [authors.join(", "), publishedAt?.slice(0, 10), language, source]
    .filter(Boolean)
    .join(", ");
}

/** The paragraphs, each with its number in the margin. */
export function paragraphsView(text: string, paint: Paint): string {
  return text
    .split("\n\n")
    .map((paragraph, index) => hung(paint("dim", String(index + 1).padStart(3)), paragraph))
    .join("\n\n");
}

/** The number of the paragraph that contains a sentence; empty if no paragraph does. */
export function paragraphOf({ start }: Sentence, text: string): string {
  return start === undefined ? "" : String(text.slice(0, start).split("\n\n").length);
}

/** Running text with a label three columns wide before it. */
export function hung(label: string, text: string): string {
  return hanging(`${label}  `, text.trim().replace(/\s+/g, " "), MEASURE);
}

/** An article with its summary and the reasons for the selection. */
export interface Explained {
  readonly article: Article;
  readonly summary: Summary;
  readonly explanation: Explanation;
}

/** An article for the terminal, with its summary marked in it and the reasons for the selection. */
export function explainView(
  { article, summary, explanation }: Explained,
  { paint, isUtf8 }: Pick<Terminal, "paint" | "isUtf8">,
): string {
  const paragraphs = markedParagraphs(article.text, explanation).map((stretches, at) =>
    hung(paint("dim", String(at + 1).padStart(3)), stretches.map((s) => marked(s, paint)).join("")),
  );
  const judged = (one: Judged) => judgement(one, article.text, { paint, isUtf8 });
  const words = whoseWords(summary);
  return [
    [paint("bold", headOf(article)), paint("dim", bylineOf(article))].join("\n"),
    ...paragraphs,
    hung(paint("bold", "Why"), countOf({ article, summary, explanation })),
    ...(words ? [hung("   ", words)] : []),
    ...(summary.genre ? [hung("   ", `Kind of text: ${genreWords(summary.genre)}.`)] : []),
    ...explanation.chosen.map(judged),
    ...(explanation.nearMisses.length > 0 ? [paint("bold", "Left out, but close")] : []),
    ...explanation.nearMisses.map(judged),
  ].join("\n\n");
}

/** Marks are also shown in brackets, for a terminal without colour. */
function marked({ text, sign, isNearMiss }: Stretch, paint: Paint): string {
  if (sign !== undefined) return `${paint("fix", `[${sign}]`)} ${inEachWord("bold", text, paint)}`;
  return isNearMiss ? `${paint("look", "[-]")} ${text}` : text;
}

/** Each word has its own style codes, so that lines can be broken between words. */
function inEachWord(style: "bold", text: string, paint: Paint): string {
  return text.replace(/\S+/g, (word) => paint(style, word));
}

function judgement(
  { sentence, sign, rank, worth, reasons, why }: Judged,
  text: string,
  { paint, isUtf8 }: Pick<Terminal, "paint" | "isUtf8">,
): string {
  const paragraph = paragraphOf(sentence, text);
  const place = paint("dim", `${isUtf8 ? "¶" : "paragraph "}${paragraph}`);
  const score =
    rank === undefined
      ? ""
      : paint("dim", `rank ${rank}, ${percent(worth ?? 0)} likely to be kept`);
  const label = sign === undefined ? paint("look", "  -") : paint("fix", sign.padStart(3));
  return [
    `${hung(label, sentence.text)}  ${place}`,
    ...(why ? [hung("   ", `not chosen: ${why}`)] : []),
    ...reasons.map(({ text, worth }) =>
      hung("   ", `${worth > 0 ? "+" : isUtf8 ? "−" : "-"} ${text}`),
    ),
    ...(score ? [`     ${score}`] : []),
  ].join("\n");
}

export function headOf({ title, source }: Article): string {
  return title || source;
}

/**
 * For example "4 lines from 96 sentences, 2 minutes to read in full, 71 % likely to need at most a light edit (64 % with the
 * first line alone)". An email may print the first line alone, and `check` judges what is printed.
 */
export function countOf({ article, summary, explanation }: Explained): string {
  const { chosen, sentences } = explanation;
  const { minutes, sendable, keyPoints } = summary;
  const count = new Set(chosen.filter(({ sign }) => sign !== "Q").map(({ sign }) => sign)).size;
  const alone = () => percent(sendableOf(article, { ...summary, keyPoints: [] }));
  const withAlone = keyPoints.length > 0 ? ` (${alone()} with the first line alone)` : "";
  const likely =
    sendable === undefined
      ? ""
      : `, ${percent(sendable)} likely to need at most a light edit${withAlone}`;
  return `${many(count, "line")} from ${many(sentences, "sentence")}, ${many(minutes, "minute")} to read in full${likely}`;
}

/** For example "opinion 71 %, post 12 %". */
export function genreWords(genre: NonNullable<Summary["genre"]>): string {
  const kinds = Object.entries(genre).toSorted(([, a], [, b]) => b - a);
  return kinds.map(([kind, chance]) => `${kind} ${percent(chance)}`).join(", ");
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

/** Names the author of a summary's words; undefined if they are the article's, so that its sentences can be marked. */
export function whoseWords({ origin }: Summary): string | undefined {
  if (origin === "model")
    return "The gist and the key points are a model's words, and stand nowhere in the article.";
  return origin === "author" ? "The gist is the author's own description." : undefined;
}

/** A part of a paragraph: unmarked, selected under a sign, or nearly selected. */
export interface Stretch {
  readonly text: string;
  readonly sign?: string | undefined;
  readonly isNearMiss?: boolean;
}

interface Place {
  readonly start: number;
  readonly end: number;
  readonly sign?: string | undefined;
}

/** The paragraphs of a text, divided at the ends of selected sentences. */
export function markedParagraphs(
  text: string,
  { chosen, nearMisses }: Explanation,
): readonly (readonly Stretch[])[] {
  const places = placesOf([...chosen, ...nearMisses]);
  let from = 0;
  return text.split("\n\n").map((paragraph) => {
    const start = from;
    from += paragraph.length + 2;
    return stretchesOf(paragraph, start, places);
  });
}

/** Finds the places in order. If two overlap, such as a quotation and its sentence, the first is shown. */
function placesOf(
  judged: readonly { sentence: { start?: number; end?: number }; sign?: string }[],
) {
  const all: Place[] = judged.flatMap(({ sentence: { start, end }, sign }) =>
    start === undefined || end === undefined ? [] : [{ start, end, sign }],
  );
  const kept: Place[] = [];
  for (const place of all.toSorted((a, b) => a.start - b.start)) {
    if (place.start >= (kept.at(-1)?.end ?? 0)) kept.push(place);
  }
  return kept;
}

function stretchesOf(
  paragraph: string,
  start: number,
  places: readonly Place[],
): readonly Stretch[] {
  const stretches: Stretch[] = [];
  let at = 0;
  for (const place of places) {
    const [first, last] = [place.start - start, Math.min(place.end - start, paragraph.length)];
    if (first < at || first >= paragraph.length) continue;
    if (first > at) stretches.push({ text: paragraph.slice(at, first) });
    const marked = paragraph.slice(first, last);
    stretches.push({ text: marked, sign: place.sign, isNearMiss: place.sign === undefined });
    at = last;
  }
  return at < paragraph.length ? [...stretches, { text: paragraph.slice(at) }] : stretches;
}
