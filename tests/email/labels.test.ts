import { describe, expect, test } from "vitest";
import { LABEL_LANGUAGES, labelsFor, minutesIn } from "../../src/email/labels.ts";

/** Scripts whose labels hold no Latin letter. */
const OTHER_SCRIPTS = LABEL_LANGUAGES.filter((language) => !isLatin(language));

const LATIN = LABEL_LANGUAGES.filter((language) => language !== "en" && isLatin(language));
/** The words that a language has in common with English. */
const SAME_IN_ENGLISH: Readonly<Record<string, readonly string[]>> = {
  fr: ["# minute", "# minutes", "Source"],
};

function isLatin(language: string): boolean {
  return new Intl.Locale(language).maximize().script === "Latn";
}

function wordsOf(language: string): string[] {
  const labels = labelsFor(language);
  return [
    ...Object.values(labels.minutes),
    ...labels.quotes,
    labels.number("5"),
    labels.andMore("5"),
    labels.paidFor("8"),
    labels.follows("9"),
    labels.reading("5", "6"),
    labels.lengthInFull("5", "6"),
    labels.reason("7"),
    ...Object.values(labels.words),
  ];
}

describe.each(LABEL_LANGUAGES)("the labels in %s", (language) => {
  test("are all there, none of them empty", () => {
    expect(wordsOf(language).filter((word) => word.trim() === "")).toEqual([]);
  });

  test("say what they are given", () => {
    const labels = labelsFor(language);
    expect(labels.number("№5")).toContain("№5");
    expect(labels.andMore("‹5›")).toContain("‹5›");
    expect(labels.reading("‹5›", "‹6›")).toMatch(/‹5›.*‹6›/);
    expect(labels.lengthInFull("‹5›", "‹6›")).toContain("‹6›");
    expect(labels.reason("‹7›")).toContain("‹7›");
  });

  test("have a plural for every whole number up to a thousand", () => {
    const labels = labelsFor(language);
    const rules = new Intl.PluralRules(language);
    const used = new Set(Array.from({ length: 1000 }, (_, count) => rules.select(count + 1)));
    expect([...used].filter((rule) => labels.minutes[rule] === undefined)).toEqual([]);
  });
});

test.each(OTHER_SCRIPTS)("in %s no label is left in English", (language) => {
  expect(wordsOf(language).filter((word) => /[a-z]/i.test(word))).toEqual([]);
});

test.each(LATIN)(
  "in %s no label is left in English, but for words that are the same",
  (language) => {
    const english = new Set(wordsOf("en"));
    const quotes = new Set(labelsFor(language).quotes);
    const left = wordsOf(language).filter((word) => english.has(word) && !quotes.has(word));
    expect(left).toEqual(SAME_IN_ENGLISH[language] ?? []);
  },
);

test("no two languages have the same labels", () => {
  const reasons = LABEL_LANGUAGES.map((language) => labelsFor(language).reason("x"));
  expect(new Set(reasons).size).toBe(LABEL_LANGUAGES.length);
});

test.each([
  ["ru", 1, "1 минута"],
  ["ru", 3, "3 минуты"],
  ["ru", 12, "12 минут"],
  ["pl", 22, "22 minuty"],
  ["ar", 2, "دقيقتان"],
  ["he", 2, "שתי דקות"],
  ["en", 1, "1 minute"],
  ["sw", 1, "1 minute"],
])("%s counts %i minutes as %s", (language, count, expected) => {
  expect(minutesIn(language, labelsFor(language), count)).toBe(expected);
});

test("a region or a script chooses its own", () => {
  expect(labelsFor("zh-TW").words.readArticle).toBe("閱讀原文");
  expect(labelsFor("zh-CN").words.readArticle).toBe("阅读原文");
  expect(labelsFor("de-AT")).toBe(labelsFor("de"));
  expect(labelsFor("sw")).toBe(labelsFor("en"));
});
