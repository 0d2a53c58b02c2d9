import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  wrapText,
  bindInitials,
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

  test("binds an initial to its name", () => {
    expect(bindInitials("J. K. Rowling on the U.S. Navy")).toBe(
      "J.\u00A0K.\u00A0Rowling on the U.S. Navy",
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
