import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Article } from "../../src/article/article.ts";
import { summarize } from "../../src/summary/summarize.ts";
import type { Sentence } from "../../src/summary/summary.ts";
import { articleOf } from "./article-of.ts";

const PHRASES = [
  "The harbour town of Porthmoor bought the night ferry in June.",
  "Ada Pell told the council: “We waited nine years for this boat.”",
  "But the county has not promised its share.",
  "They asked for a later bus.",
  "On May 12, it votes on the money.",
  "“Nobody believed us.",
  "Will the boat pay for itself?",
  "Photo: Lune Courier.",
  "Councillor Tomas Reil warned that the county could not pay.",
  "渡轮停航了，没有人来码头。",
  "constructor",
  "__proto__",
  "\n\n",
  "\n",
  "1. ",
  "(",
  "”",
];

const texts = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 300 }),
  fc.array(fc.constantFrom(...PHRASES), { maxLength: 30 }).map((phrases) => phrases.join(" ")),
);
const articles: fc.Arbitrary<Article> = fc
  .record({
    text: texts,
    title: texts,
    language: fc.constantFrom("en", "de", "fr", "zh", "th", "el", "pt-BR", "x"),
  })
  .map(({ text, ...fields }) => articleOf(text, fields));

/** What stands between two sentences of a gist is cut, and is one space there. */
function withoutCuts(
  text: string,
  { start, end, cut = [] }: Required<Place> & Pick<Sentence, "cut">,
) {
  let kept = "";
  let at = start;
  for (const edit of cut) {
    kept += `${text.slice(at, edit.start)} `;
    at = edit.end;
  }
  const whole = kept + text.slice(at, end);
  return cut.length > 0 ? whole.replace(/\s+/g, " ").trim() : whole;
}

type Place = Pick<Sentence, "start" | "end">;

function expectFromSource(sentences: readonly Sentence[], { text }: Article): void {
  let from = 0;
  for (const { text: words, start = -1, end = -1, cut } of sentences) {
    expect(words).toBe(withoutCuts(text, { start, end, cut }));
    expect(start).toBeGreaterThanOrEqual(from);
    expect(end).toBeGreaterThan(start);
    from = end;
  }
  expect(new Set(sentences.map(({ text }) => text)).size).toBe(sentences.length);
}

test("property: key points are the source's own words, in its order, no two alike, the gist not among them", () => {
  fc.assert(
    fc.property(articles, (article) => {
      const { gist, keyPoints, quote, minutes } = summarize(article);
      expectFromSource(keyPoints, article);
      expect(keyPoints.length).toBeLessThanOrEqual(5);
      expect(keyPoints.map(({ text }) => text)).not.toContain(gist.text);
      if (gist.start !== undefined) expectFromSource([gist], article);
      if (quote) expectFromSource([quote], article);
      expect(minutes).toBeGreaterThanOrEqual(1);
    }),
  );
});

test("property: no key point leans on what is not shown right before it, asks or credits", () => {
  fc.assert(
    fc.property(articles, (article) => {
      const { gist, keyPoints } = summarize({ ...article, language: "en" });
      for (const [at, { text, start = 0 }] of keyPoints.entries()) {
        expect(text).not.toMatch(/^Photo|\?|“Nobody believed us[^”]*$/);
        // One that leans follows what it leans on.
        const before = keyPoints[at - 1] ?? gist;
        if (/^(?:They|But|On May 12, it)/.test(text))
          expect(article.text.slice(before.end, start).trim()).toBe("");
      }
    }),
  );
});

test("property: the same article gives the same summary", () => {
  fc.assert(
    fc.property(articles, (article) => {
      expect(summarize(article)).toEqual(summarize(structuredClone(article)));
    }),
  );
});
