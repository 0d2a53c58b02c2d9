import { describe, expect, test } from "vitest";
import { summarize } from "../../src/summary/summarize.ts";
import { articleOf, FERRY_STORY } from "./article-of.ts";

function likeliest(article: Parameters<typeof summarize>[0]): string {
  return Object.keys(summarize(article).genre ?? {})[0] ?? "";
}

describe("the kind of an article", () => {
  test("a news story is news", () => {
    expect(likeliest(FERRY_STORY)).toBe("news");
  });

  test("a post that its author tells as I is a post", () => {
    const text = `I spent the weekend rebuilding my feed reader, and I think I finally like it. I started with the parser, because I've been annoyed by it for months.

I wrote about half of it on the train. My laptop died twice, so I had to redo my tests. I'm not sure I'd do it again!

I'll post the code when I've cleaned it up. Let me know if you find a bug :)`;
    expect(likeliest(articleOf(text, { title: "My new feed reader", authors: ["Ada Pell"] }))).toBe(
      "post",
    );
  });

  test("a text in a language of which none was labelled counts as news", () => {
    expect(
      summarize(articleOf("港町の博物館は月曜日に開館した。", { language: "ja" })).genre,
    ).toEqual({
      news: 1,
    });
  });

  test("the chances of the kinds are at most 1 together", () => {
    const chances = Object.values(summarize(FERRY_STORY).genre ?? {});
    expect(chances.reduce((sum, chance) => sum + chance, 0)).toBeLessThanOrEqual(1.05);
  });
});
