import { describe, expect, it } from "vitest";
import { detectLanguage } from "../../src/article/detect-language.ts";

describe("a sentence or two", () => {
  it("without small words or accents is told by its letter groups", () => {
    const text = "Bakers knead dough nightly; trams rattle past lit windows.";
    expect(detectLanguage(text, "nl-BE")).toBe("en");
    expect(detectLanguage("Stadtwerke senken Fernwärmepreise", "en")).toBe("de");
  });

  it("that fits the newsletter's language nearly as well as another one is in that", () => {
    const text = "Færgen til øen sejler igen efter stormen";
    expect(detectLanguage(text, "da-DK")).toBe("da-DK");
    expect(detectLanguage(text, "en")).toBe("da");
  });

  it("is not taken from a language that the tables don't have", () => {
    expect(detectLanguage("Die trein na die Kaap is vertraag deur swaar reën", "af")).toBe("af");
  });
});

it("a text too short to tell is in the newsletter's language, if it is written that way", () => {
  expect(detectLanguage("Kim Jong-un in Pyongyang", "de-AT")).toBe("de-AT");
  expect(detectLanguage("Москва", "de")).toBe("ru");
  expect(detectLanguage("Москва", "bg")).toBe("bg");
});

it("without any letters it is the newsletter's language, and never undetermined", () => {
  expect(detectLanguage("12:30 – 14:00", "fr")).toBe("fr");
  expect(detectLanguage("")).toBe("en");
  expect(detectLanguage("Qwrtz plkjh gfdsa mnbvc xyzzy qqqqq wwwww rrrrr zzzzz ppppp")).toMatch(
    /^[a-z]{2}$/,
  );
});

it("Japanese with few kana is not Chinese, and Chinese with product names is not English", () => {
  expect(detectLanguage("東京都知事選挙、投票率六〇％。結果は明朝発表へ。都庁前に報道陣多数")).toBe(
    "ja",
  );
  expect(
    detectLanguage("我们在 TypeScript 和 JavaScript 之间选择了 TypeScript，因为它更可靠。"),
  ).toBe("zh");
});
