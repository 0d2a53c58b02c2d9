import { describe, expect, test } from "vitest";
import { readArticle } from "../../src/article/read-articles.ts";
import { summarize } from "../../src/summary/summarize.ts";
import { articleOf, FERRY_STORY } from "./article-of.ts";

function likeliest(article: Parameters<typeof summarize>[0]): string {
  return Object.keys(summarize(article).genre ?? {})[0] ?? "";
}

function read(body: string) {
  return readArticle({ format: "markdown", location: "text.md", body });
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

  test("a how-to with numbered headings is a list", () => {
    const tips = ["Oil the hinges", "Sort the ropes", "Check your flares", "Dry the sails"];
    const body = tips
      .map(
        (tip, at) =>
          `## ${at + 1}. ${tip}\n\nYou should do this once a month. Use a soft cloth and take your time.`,
      )
      .join("\n\n");
    expect(
      likeliest(
        read(`# 4 tips to keep your boat ready\n\nHere is how you keep it dry.\n\n${body}`),
      ),
    ).toBe("list");
  });

  test("paragraphs that open with the time of day make a live blog", () => {
    const text = ["9.40am", "10.15am", "11.02am", "12.30pm", "1.45pm"]
      .map((time, at) => `${time} The ferry has made crossing number ${at + 1} of the day.`)
      .join("\n\n");
    expect(likeliest(articleOf(text))).toBe("live blog");
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
