import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bindTail, boundIn, type Measure } from "../../src/email/headline-breaks.ts";
import { template } from "../render.ts";

/** Words of four letters m are 85 px wide at 20 px: four of them and their spaces make a line of 360 px. */
const measure = (widthPx: number): Measure => ({ widthPx, sizePx: 20, trackingPx: 0 });
const bound = (text: string, ...widths: readonly number[]) =>
  bindTail(text, widths.map(measure)).replaceAll("\u00A0", "_");

describe("the last two words of a headline", () => {
  test("stay together where the last would stand lost on a line of its own", () => {
    expect(bound("mmmm mmmm mmmm mmmm mm", 360)).toBe("mmmm mmmm mmmm mmmm_mm");
  });

  test("are let be where the last line is long enough, at every measure", () => {
    expect(bound("mmmm mmmm mmmm mmmm mmmm mm", 360)).toBe("mmmm mmmm mmmm mmmm mmmm mm");
    expect(bound("mmmm mmmm mm", 1000)).toBe("mmmm mmmm mm");
  });

  test("are let be where the bond would cost a line at one of the measures", () => {
    expect(bound("mmmm mmmm mmmm mmmm mm", 360, 100)).toBe("mmmm mmmm mmmm mmmm mm");
  });

  test("are let be where the bond would leave a hole in the line above", () => {
    // Without "mmmmmm" the line above has "mmm mm" alone, less than half of it.
    expect(bound("mmmm mmmm mmmm mmm mm mmmmmm mm", 280)).toBe("mmmm mmmm mmmm mmm mm mmmmmm mm");
  });

  test.each([
    ["three words", "mmmm mmmm mm"],
    ["a bond of more than fourteen characters", "mm mm mm mm mmmmmmmmmmmm mm"],
    ["a script without a table of widths", "مخبز يعمل على إيقاع المد كل يوم"],
    ["Japanese", "東京 の 朝 の パン屋"],
    ["one word", "Marmalade"],
  ])("are let be in %s", (_why, text) => {
    for (const width of [60, 100, 150, 200]) expect(bound(text, width)).toBe(text);
  });

  test("are the only ones ever bound", () => {
    const word = fc.stringMatching(/^[a-zA-Z?]{1,9}$/);
    fc.assert(
      fc.property(
        fc.array(word, { maxLength: 9 }),
        fc.integer({ min: 80, max: 400 }),
        (words, px) => {
          const text = words.join(" ");
          const set = bindTail(text, [measure(px)]);
          expect(set.replaceAll("\u00A0", " ")).toBe(text);
          const at = set.indexOf("\u00A0");
          if (at >= 0) expect(set.slice(at + 1)).toBe(words.at(-1));
        },
      ),
    );
  });
});

test("a headline is measured in the size of its style, and a quote in its own face", async () => {
  const { theme } = await template("digest");
  const set = (style: string, text: string) =>
    boundIn(theme, style, text).replaceAll("\u00A0", "_");
  expect(set("headline", "Russia and China for gain?")).toBe("Russia and China for_gain?");
  expect(set("toc", "Russia and China for gain?")).toBe("Russia and China for gain?");
});
