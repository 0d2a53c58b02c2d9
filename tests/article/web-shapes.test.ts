import { describe, expect, test } from "vitest";
import { readArticle } from "../../src/article/read-articles.ts";
import { isDoubtful } from "../../src/article/article.ts";
import { BroadsheetError } from "../../src/errors.ts";
import { WEB_SHAPES, type WebShape } from "./web-shapes.ts";

function outcome({ html }: WebShape) {
  try {
    const article = readArticle({
      format: "html",
      location: "https://courier.example/ferry",
      body: html,
    });
    return { article, how: isDoubtful(article.reading) ? "doubted" : "sure" } as const;
  } catch (error) {
    if (error instanceof BroadsheetError && error.code === "CONTENT_NO_STORY") {
      return { article: undefined, how: "refused" } as const;
    }
    throw error;
  }
}

describe("the shapes that pages have", () => {
  test.each(WEB_SHAPES)("$name", (shape) => {
    const { article, how } = outcome(shape);
    if (shape.instead) {
      expect([shape.instead, "refused"]).toContain(how);
      return;
    }
    expect(how).toBe("sure");
    for (const text of shape.with ?? []) expect(article?.text).toContain(text);
    for (const text of shape.without ?? []) expect(article?.text).not.toContain(text);
  });
});
