import { expect, test } from "vitest";
import { shortenDropped } from "../../src/digest/digest.ts";

test("what is short stays as it is", () => {
  const dropped = [{ text: "Leave a Reply", reason: "the comments, not the story" }];
  expect(shortenDropped(dropped)).toEqual(dropped);
});

test("a long menu is known by its beginning", () => {
  const [entry] = shortenDropped([{ text: "Weather Sport Opinion ".repeat(900), reason: "menu" }]);
  expect(entry?.text).toMatch(/^Weather Sport Opinion .{150,230}\S …$/);
  expect(entry?.reason).toBe("menu");
});

test("a text without spaces is cut too, and never in the middle of a character", () => {
  const [entry] = shortenDropped([{ text: `x${"😀".repeat(500)}`, reason: "menu" }]);
  expect(entry?.text.length).toBeLessThan(250);
  expect(entry?.text.isWellFormed()).toBe(true);
});

test("of hundreds of pieces the first are shown, and how many there are more", () => {
  const dropped = Array.from({ length: 400 }, (_, index) => ({
    text: `Line ${index}`,
    reason: `reason ${index}`,
  }));
  const shown = shortenDropped(dropped);
  expect(shown).toHaveLength(31);
  expect(shown.at(-1)).toEqual({
    text: "…",
    reason: "370 more, which `broadsheet extract` lists",
  });
});
