import { expect, it } from "vitest";
import words from "../../src/article/boilerplate.json" with { type: "json" };
import { boilerplateOf } from "../../src/article/boilerplate.ts";

it.each([
  ["Leave a Reply", "comments"],
  ["12 Comments", "comments"],
  ["Kommentare (3)", "comments"],
  ["Related", "related"],
  ["RELATED STORIES:", "related"],
  ["Read more: The winter of 1911", "related"],
  ["Lesen Sie auch", "related"],
  ["À lire aussi : L’hiver de 1911", "related"],
  ["あわせて読みたい", "related"],
  ["Share this article", "share"],
  ["» Teilen", "share"],
  ["Tags: ferries, harbour", "tags"],
  ["Subscribe to our newsletter", "subscribe"],
  ["© 2019 The Sound Courier. All rights reserved.", "legal"],
  ["版权所有 海湾日报", "legal"],
  ["This website uses cookies to improve your experience.", "legal"],
  ["Skip to main content", "navigation"],
  ["→", "navigation"],
  ["Advertisement", "advertisement"],
])("%j is %s", (line, kind) => {
  expect(boilerplateOf(line)).toBe(kind);
});

it.each([
  "Comments by the minister were not welcome in the harbour.",
  "The related inquiry ends in May.",
  "She would share the prize.",
  "Copyrighted songs may not be played on board.",
  "News travels fast on a ferry.",
])("story is no boilerplate: %j", (line) => {
  expect(boilerplateOf(line)).toBeUndefined();
});

it("words that objects inherit are no boilerplate", () => {
  expect(boilerplateOf("constructor")).toBeUndefined();
  expect(boilerplateOf("__proto__")).toBeUndefined();
});

const SCRIPTS: Readonly<Record<string, string>> = {
  Jpan: String.raw`\p{sc=Hani}\p{sc=Hira}\p{sc=Kana}ー`,
  Kore: String.raw`\p{sc=Hang}`,
  Hans: String.raw`\p{sc=Hani}`,
};

it("words are written in the script of their language", () => {
  const lists = Object.entries(words)
    .filter(([kind]) => kind !== "agencies" && kind !== "companies")
    .flatMap(([, byLanguage]) => Object.entries<string>({ ...byLanguage }));
  const strays = lists.flatMap(([language, list]) => {
    const { script = "" } = new Intl.Locale(language).maximize();
    const letters = SCRIPTS[script] ?? String.raw`\p{sc=${script}}`;
    const own = new RegExp(String.raw`^[${letters}\P{L}]+$`, "u");
    return list.split("|").filter((word) => !own.test(word));
  });
  expect(strays).toEqual([]);
});
