import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { numbersIn } from "../../../src/summary/facts/numbers.ts";

function valuesIn(text: string, language = "en") {
  return numbersIn(text, language).map(({ values }) => values[0]);
}

describe("numbers", () => {
  test.each([
    ["The pier cost $4.6 million.", "en", "4.6 million", 4_600_000, "$"],
    ["It cost £5m in all.", "en", "5m", 5_000_000, "£"],
    ["Some 33 per cent of riders left.", "en", "33", 33, "percent"],
    ["Two hundred and ten riders came.", "en", "Two hundred and ten", 210, "plain"],
    ["Das kostet 1.250,50 Euro.", "de", "1.250,50", 1250.5, "€"],
    ["Es waren 3 Mio. Fahrgäste.", "de", "3 Mio.", 3_000_000, "plain"],
    ["Zweiundvierzig Boote lagen dort.", "de", "Zweiundvierzig", 42, "plain"],
    ["Soixante-douze bateaux sont là.", "fr", "Soixante-douze", 72, "plain"],
    ["1 250 bateaux sont là.", "fr", "1 250", 1250, "plain"],
    ["乗客は三百人だった。", "ja", "三百", 300, "plain"],
  ])("%s", (text, language, written, value, kind) => {
    expect(numbersIn(text, language)).toMatchObject([
      { text: written, values: expect.arrayContaining([value]) as unknown, kinds: [kind] },
    ]);
  });

  test("what is no one number is in parts", () => {
    expect(numbersIn("Built on 24.12.2014 at the quay.", "en")).toMatchObject([{ form: "parts" }]);
  });

  test("property: a number is read as it was written, wherever it stands", () => {
    const languages = fc.constantFrom("en", "de", "fr", "it", "nl");
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 9_999_999 }), languages, (value, language) => {
        const written = new Intl.NumberFormat(language)
          .format(value)
          .replace(/[\u202F\u00A0]/g, " ");
        const text = `Porthmoor ${written} Pell.`;
        const [found] = numbersIn(text, language);
        expect(found?.values).toContain(value);
        expect(text.slice(found?.start, found?.end)).toBe(written);
      }),
    );
  });

  test("property: places are in the text, in order and apart", () => {
    const words = fc.constantFrom(
      ..."two million $5m 1,250 24.12.2014 33% hundred and – 三百人 9.45 quay,".split(" "),
    );
    fc.assert(
      fc.property(
        fc.array(words),
        fc.constantFrom("en", "de", "fr", "ja", "xx"),
        (parts, language) => {
          const text = parts.join(" ");
          let last = 0;
          for (const { start, end, text: found, values } of numbersIn(text, language)) {
            expect(text.slice(start, end)).toBe(found);
            expect(start).toBeGreaterThanOrEqual(last);
            expect(values.every(Number.isFinite)).toBe(true);
            last = end;
          }
        },
      ),
    );
  });

  test("words are numbers only in the languages that have them", () => {
    expect(valuesIn("two thousand boats")).toEqual([2000]);
    expect(valuesIn("two thousand boats", "pl")).toEqual([]);
  });
});
