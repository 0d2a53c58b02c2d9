import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  bindTail,
  endsLost,
  hyphenated,
  linesOf,
  type Measure,
} from "../../../src/digest/copy/measure.ts";

/** Words of four letters m are 81 px wide at 20 px, and a space is 5 px. */
const measure = (widthPx: number): Measure => ({ widthPx, sizePx: 20, trackingPx: 0 });
const bound = (text: string, ...widths: readonly number[]) =>
  bindTail(text, widths.map(measure), "bold").replaceAll("\u00A0", "_");
const lostAt = (text: string, ...widths: readonly number[]) =>
  widths.filter((px) => endsLost(linesOf(text, measure(px), "bold"))).length;

describe("the last words of a headline", () => {
  test("stay together where the last would stand lost on a line of its own", () => {
    expect(bound("mmmm mmmm mmmm mmmm mm", 360)).toBe("mmmm mmmm mmmm mmmm_mm");
  });

  test("stay together where a browser has room for a word that the table has just no room for", () => {
    // Browsers kern: three words of 253 px may stand on a line of 251 px.
    expect(bound("mmmm mmmm mmmm mmmm mmm mmm mm", 251)).toBe("mmmm mmmm mmmm mmmm mmm mmm_mm");
  });

  test("are let be where the last line is long enough, at every measure", () => {
    expect(bound("mmmm mmmm mmmm mmmm mmmm mm", 360)).toBe("mmmm mmmm mmmm mmmm mmmm mm");
    expect(bound("mmmm mmmm mm", 1000)).toBe("mmmm mmmm mm");
  });

  test("never make more lines than their slot has", () => {
    const text = "mmmm mmmm mm mmm mmm mm";
    const lines = (words: string, px: number) => linesOf(words, measure(px), "bold").length;
    const set = bindTail(text, [{ ...measure(200), lines: lines(text, 200) }], "bold");
    expect(lines(set, 200)).toBeLessThanOrEqual(lines(text, 200));
  });

  test.each([
    ["three words", "mmmm mmmm mm"],
    ["a script without a table of widths", "مخبز يعمل على إيقاع المد كل يوم"],
    ["Japanese", "東京 の 朝 の パン屋"],
    ["one word", "Marmalade"],
  ])("are let be in %s", (_why, text) => {
    for (const width of [60, 100, 150, 200]) expect(bound(text, width)).toBe(text);
  });

  test("are the only ones bound, never wider than a line, and never to more lost words", () => {
    const word = fc.stringMatching(/^[a-zA-Z?]{1,9}$/);
    const widths = fc.array(fc.integer({ min: 130, max: 400 }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(word, { maxLength: 9 }), widths, (words, px) => {
        const text = words.join(" ");
        const set = bindTail(text, px.map(measure), "bold");
        expect(set.replaceAll("\u00A0", " ")).toBe(text);
        expect(set.slice(set.indexOf("\u00A0") + 1)).not.toMatch(/\u00A0.* /);
        for (const width of px)
          for (const { widthPx, mostPx } of linesOf(set, measure(width), "bold"))
            expect(widthPx).toBeLessThanOrEqual(mostPx + 200 * Number(/\S{9}/.test(text)));
        expect(lostAt(set, ...px)).toBeLessThanOrEqual(Math.max(lostAt(text, ...px), 1));
      }),
    );
  });
});

describe("the lines of a text", () => {
  test("are those that a browser makes: they break at spaces and after a hyphen in a word", () => {
    const lines = linesOf("mmmm-mmmm mm", measure(100), "bold");
    expect(lines.map(({ words }) => words)).toEqual([1, 1, 1]);
    expect(linesOf("mmmm 10–12", measure(120), "bold")).toHaveLength(2);
  });

  test("are shorter beside a picture, and as wide as the page below it", () => {
    const beside = { widthPx: 90, lines: 2 };
    const lines = linesOf("mmmm mmmm mmmm mmmm", { ...measure(180), beside }, "bold");
    expect(lines.map(({ words }) => words)).toEqual([1, 1, 2]);
  });
});

test("a word that is wider than the line is parted with hyphens, and no other word", () => {
  const text = "Die Seewasserkühlungsanlage steht";
  const set = hyphenated(text, [measure(120)], "bold");
  expect(set.replaceAll("\u00AD", "")).toBe(text);
  expect(set).toMatch(/^Die \p{L}{3,}\u00AD/u);
  expect(hyphenated(text, [measure(600)], "bold")).toBe(text);
  // A webmail may give a page margins of its own.
  const [word] = linesOf("Seewasserkühlungsanlage", measure(600), "bold");
  expect(hyphenated(text, [measure((word?.widthPx ?? 0) + 12)], "bold")).not.toBe(text);
});
