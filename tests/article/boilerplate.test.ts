import { expect, it } from "vitest";
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
