import { describe, expect, it } from "vitest";
import { MAX_ARTICLE_BYTES } from "../../src/article/decode-source.ts";
import { readArticle } from "../../src/article/read-articles.ts";
import { codeOf, read, STORY } from "./articles.ts";

describe("what cannot be read says so", () => {
  it.each(["feed", "export"] as const)("a %s holds several articles", (format) => {
    expect(codeOf(() => read(format, "<p>Hello</p>"))).toBe("CONTENT_UNSUPPORTED");
  });

  it.each([[""], [" \n\t"], ["\ufeff\u200b\n"], ["\0\0"]])(
    "nothing to read is empty: %j",
    (body) => {
      expect(codeOf(() => read("text", body))).toBe("CONTENT_EMPTY");
      expect(codeOf(() => read("markdown", body))).toBe("CONTENT_EMPTY");
    },
  );

  it("more than the cap is too large, counted in bytes", () => {
    const body = "é".repeat(MAX_ARTICLE_BYTES / 2 + 1);
    expect(codeOf(() => read("text", body))).toBe("CONTENT_TOO_LARGE");
  });

  it.each([
    ["a PDF", "%PDF-1.7\n%âãÏÓ\n1 0 obj"],
    ["a PNG picture", "\u0089PNG\r\n\u001a\n"],
    ["a PNG picture", "\ufffdPNG\r\n\u001a\n"],
    ["a JPEG picture", "\u00ff\u00d8\u00ff\u00e0\u0000\u0010JFIF"],
    ["a GIF picture", "GIF89a\u0001"],
    ["a ZIP archive", "PK\u0003\u0004\u0014"],
  ])("%s is no text, however it was decoded", (kind, body) => {
    expect(codeOf(() => read("html", body))).toBe("CONTENT_BINARY");
    expect(() => read("text", body)).toThrow(`content/story.txt seems to be ${kind}`);
  });

  it("names the file", () => {
    expect(() => read("text", "")).toThrow("content/story.txt has no text in it");
  });
});

describe("an article's id", () => {
  it("is the same for the same words, wherever they are read from", () => {
    const other = readArticle({ format: "text", location: "elsewhere.txt", body: STORY });
    expect(other.id).toBe(read("text", STORY).id);
    expect(other.id).toMatch(/^[0-9a-f]{16}$/);
  });

  it("follows the address where there is one, so that a correction does not change it", () => {
    const head = "---\nurl: https://paper.example/dike\n---\n";
    expect(read("markdown", head + STORY).id).toBe(
      read("markdown", `${head}${STORY} Corrected.`).id,
    );
    expect(read("markdown", STORY).id).not.toBe(read("markdown", `${STORY} Corrected.`).id);
  });
});

describe("the language", () => {
  it("declared wins over what the text says", () => {
    expect(read("markdown", `---\nlang: nn\n---\n${STORY}`).language).toBe("nn");
  });

  it("of the newsletter counts only where the text does not tell", () => {
    expect(read("text", STORY, { language: "de" }).language).toBe("en");
    expect(read("text", "Overby", { language: "de" }).language).toBe("de");
  });

  it("is never told from a title alone", () => {
    const body = "# Der lange Weg der alten Fähre über den Sund und zurück\n\nOverby 1962.";
    expect(read("markdown", body, { language: "sv" }).language).toBe("sv");
  });
});
