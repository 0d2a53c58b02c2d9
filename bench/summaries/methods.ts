import type { Article } from "../../src/article/article.ts";
import { splitSentences } from "../../src/summary/language/segments.ts";
import { summarize } from "../../src/summary/summarize.ts";
import { randomFrom } from "../training/random.ts";
import { centralSentences } from "./central-sentences.ts";
import type { Shown } from "./readability.ts";

export type Method = (article: Article) => readonly Shown[];

/** What readers get: read one by one, and not as a running text as the others are. */
export const ENTRY = "gist, key points";

/** The simple ways of summarising, and ours. */
export const METHODS: readonly (readonly [name: string, method: Method])[] = [
  ["random", (article) => drawn(article, 3)],
  ["TextRank", (article) => centralSentences(opening(article), "textrank", 3)],
  ["LexRank", (article) => centralSentences(opening(article), "lexrank", 3)],
  ["LEAD-3", (article) => opening(article).slice(0, 3)],
  ["LEAD, as long", (article) => withinWords(opening(article), wordsOf(entry(article)))],
  [ENTRY, entry],
];

function entry(article: Article): readonly Shown[] {
  const { gist, keyPoints } = summarize(article);
  return [gist, ...keyPoints];
}

function wordsOf(sentences: readonly Shown[]): number {
  return sentences.reduce((sum, { text }) => sum + text.split(/\s+/).length, 0);
}

function opening({ text, language }: Article): readonly Required<Shown>[] {
  const spans = splitSentences(text, language);
  return spans.map(({ start, end }) => ({ text: text.slice(start, end), start, end }));
}

function withinWords(sentences: readonly Shown[], limit: number): readonly Shown[] {
  let words = 0;
  const past = sentences.findIndex(({ text }) => {
    words += text.split(/\s+/).length;
    return words > limit;
  });
  return past === -1 ? sentences : sentences.slice(0, Math.max(1, past));
}

function drawn(article: Article, count: number): readonly Shown[] {
  const random = randomFrom(article.text.length);
  const shuffled = opening(article).map((sentence) => ({ sentence, draw: random() }));
  const chosen = shuffled.toSorted((a, b) => a.draw - b.draw).slice(0, count);
  return chosen.map(({ sentence }) => sentence).toSorted((a, b) => a.start - b.start);
}
