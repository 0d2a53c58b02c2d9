import { expect, it } from "vitest";
import words from "../../src/article/boilerplate.json" with { type: "json" };
import { boilerplateOf } from "../../src/article/boilerplate.ts";

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
