import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  wrapText,
  bindTail,
  bindUnits,
  columnsOf,
  curl,
  hasLongWord,
} from "../../src/email/typography.ts";

describe("setting text", () => {
  test("binds a number to its unit, and to nothing else", () => {
    expect(bindUnits("1 °C, 40 min, 12 boats, 5 per cent")).toBe(
      "1\u00A0°C, 40\u00A0min, 12 boats, 5\u00A0per cent",
    );
  });

  test.each([
    ["Russia and China for gain?", "Russia and China for\u00A0gain?"],
    ["The fish market that gave up ice", "The fish market that gave up\u00A0ice"],
    ["Why the night ferry carries bees", "Why the night ferry carries\u00A0bees"],
    ["مخبز يعمل على إيقاع المد", "مخبز يعمل على إيقاع\u00A0المد"],
  ])("binds the last two words of “%s”, whose last would look lost alone", (title, bound) => {
    expect(bindTail(title)).toBe(bound);
  });

  test.each([
    ["a last word of six letters stands by itself", "What the dredger found at anchor"],
    ["a bond wider than a phone is none", "The court of international law"],
    ["three words have one line", "The quay moved"],
    ["a word is all that there is", "Marmalade"],
    ["the last two are bound already", "The ferry goes just 40\u00A0km"],
    ["Japanese breaks anywhere", "東京 の 朝 の パン屋"],
    ["Korean breaks between syllables", "조수 를 따라 굽는 빵집"],
  ])("binds nothing more where %s", (_why, title) => {
    expect(bindTail(title)).toBe(title);
  });

  test("never binds more than one pair of words", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-zA-Z?]{1,9}$/), { maxLength: 9 }), (words) => {
        const title = words.join(" ");
        expect(bindTail(title).replaceAll("\u00A0", " ")).toBe(title);
        expect(bindTail(title).match(/\u00A0/g)?.length ?? 0).toBeLessThanOrEqual(1);
      }),
    );
  });

  test("curls quotation marks only where they can mean one thing", () => {
    expect(curl(`It's "quite" so`, "en")).toBe("It’s “quite” so");
    expect(curl('A 5" pipe', "en")).toBe('A 5" pipe');
    expect(curl('Er sagte "ja"', "de")).toBe('Er sagte "ja"');
  });

  test("knows a word that no phone fits", () => {
    expect(hasLongWord("Die Seewasserkühlungsanlage")).toBe(true);
    expect(hasLongWord("A well-worn compound-of-many-parts")).toBe(false);
  });
});

describe("the text part", () => {
  const long = "word ".repeat(40).trim();

  test("wraps at 72 columns, and hangs what follows a numeral", () => {
    const lines = wrapText(`1. ${long}`).trimEnd().split("\n");
    expect(Math.max(...lines.map(columnsOf))).toBeLessThanOrEqual(72);
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.slice(1).every((line) => /^ {3}\S/.test(line))).toBe(true);
  });

  test("never breaks a URL that stands alone", () => {
    const url = `https://paper.example/${"a".repeat(100)}`;
    expect(wrapText(url)).toBe(`${url}\n`);
  });

  test("wraps Japanese, whose characters are two columns wide and need no spaces", () => {
    const lines = wrapText("潮の満ち引きで焼くパン屋。".repeat(12)).trimEnd().split("\n");
    expect(lines.length).toBeGreaterThan(3);
    expect(Math.max(...lines.map(columnsOf))).toBeLessThanOrEqual(74);
    expect(lines.some((line) => line.startsWith("。"))).toBe(false);
  });

  test("loses nothing but white space", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 400 }), (text) => {
        expect(wrapText(text).replace(/\s+/g, "")).toBe(text.replace(/\s+/g, ""));
      }),
    );
  });
});
