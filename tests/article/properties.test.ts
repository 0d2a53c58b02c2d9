import * as fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { type Article, type SourceFormat, isDoubtful } from "../../src/article/article.ts";
import { cleanText } from "../../src/article/clean-text.ts";
import { readArticle } from "../../src/article/read-articles.ts";
import { BroadsheetError } from "../../src/errors.ts";
import { cpuSecondsOf } from "../cpu-time.ts";
import { COPIED, PAGE, STORY, read } from "./articles.ts";
import { WEB_SHAPES, type WebShape } from "./web-shapes.ts";
import { anyText } from "../any-text.ts";

function readOrRefusal(format: SourceFormat, body: string): Article | undefined {
  try {
    return read(format, body);
  } catch (error) {
    if (error instanceof BroadsheetError) return undefined;
    throw error;
  }
}

const line = fc.oneof(
  fc.string(),
  fc.string({ unit: "grapheme" }),
  anyText(),
  fc.constantFrom(
    "",
    "---",
    "+++",
    "title: Foo: bar",
    "Leave a Reply",
    "Related",
    "By Ida Holm",
    "Ida Holm",
    "A ferry. Image | Harbour Gazette",
    "Photo: Ida Holm",
    "3 May 2024",
    "* Home",
    "* * *",
    "# Heading",
    "## Sub",
    "- entry",
    "> quoted",
    "```",
    "    code",
    "| a | b |",
    "|---|---|",
    "[a](javascript:alert(1))",
    "[a][b]",
    "[b]: javascript:alert(1)",
    "![x](y.png)",
    "*Under it.*",
    "<script>alert(1)</script>",
    "<script>",
    "<a href='javascript:alert(1)'>x</a>",
    "<!--",
    "{{ name }}",
    "{% highlight js %}",
    "{% endhighlight %}",
    "[^1]",
    "[^1]: note",
    "The river rose again on Monday night, and nobody in the town slept before the morning.",
    "川は夜のあいだに再び増水した。",
  ),
);
const body = fc.array(line, { maxLength: 14 }).map((lines) => lines.join("\n"));
const format = fc.constantFrom<SourceFormat>("text", "markdown");

it("whatever is read: is an article with safe HTML or a refusal, never another error, and the same each time", () => {
  fc.assert(
    fc.property(format, body, (kind, text) => {
      const article = readOrRefusal(kind, text);
      expect(readOrRefusal(kind, text)).toEqual(article);
      if (article === undefined) return;
      expect(article.text.trim()).not.toBe("");
      expect(article.title).not.toMatch(/[\r\n]/);
      expect(article.language).toMatch(/^[a-z]{2,3}\b/);
      expect(article.language).not.toBe("und");
      expect(article.html).not.toMatch(/<(?:script|style|svg|form|img|iframe)/i);
      expect(article.html).not.toMatch(/<[^>]*(?:javascript:|\son\w+=)/i);
    }),
  );
});

// What a byline and a caption are known by ("By", "Photo:") is not kept: its meaning is.
const LABELS = new Set(["by", "image", "photo"]);

function wordsOf(text: string): Map<string, number> {
  const words = new Map<string, number>();
  for (const word of text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? []) {
    if (!LABELS.has(word)) words.set(word, (words.get(word) ?? 0) + 1);
  }
  return words;
}

function expectAllWords(source: string, article: Article): void {
  const { title, authors, text, captions, dropped } = article;
  const kept = wordsOf(
    [
      title,
      ...authors,
      text,
      ...captions.map((c) => `${c.text} ${c.credit ?? ""}`),
      ...dropped.map((d) => d.text),
    ].join("\n"),
  );
  for (const [word, count] of wordsOf(cleanText(source))) {
    expect(kept.get(word) ?? 0, word).toBeGreaterThanOrEqual(count);
  }
}

describe("nothing of a plain text is dropped silently", () => {
  it.each(
    Object.entries({
      "an article copied from a page": COPIED,
      "a whole page": PAGE,
      "a byline, a date and a tail": `River rises\n\nBy Ida Holm, Overby\n3 May 2024\n\n${STORY}\n\nShare\n\nOther headline`,
    }),
  )("%s", (_, source) => {
    expectAllWords(source, read("text", source));
  });

  it("any lines in any order", () => {
    const plain = fc.array(
      line.filter((text) => !/^(?:---|\+\+\+|;;;|\{)/.test(text.trim())),
      { maxLength: 14 },
    );
    fc.assert(
      fc.property(plain, (lines) => {
        const source = `First words.\n${lines.join("\n")}`;
        const article = readOrRefusal("text", source);
        if (article) expectAllWords(source, article);
      }),
    );
  });
});

const many = (piece: string): string =>
  `${STORY}\n\n${piece.repeat(Math.ceil(50_000 / piece.length))}`;

// Whatever takes the square of its length takes a quarter of a minute at this size.
describe("50 KB of one thing are read in no time", () => {
  it.each([
    "a ",
    "(",
    "[",
    "\n",
    " ",
    " \n",
    "a\n",
    "a, and\n",
    "-",
    "*",
    "_",
    "`",
    "<",
    ">",
    "{{",
    "~~a ",
    "<b>",
    "<!--",
    "<script ",
    "![",
    "***a** ",
    "[^1]",
    "|",
    "Photo: A B ",
    "By A B\n",
    "# a\n",
    "- a\n",
  ])("%j", (piece) => {
    const body = many(piece);
    // A worker whose heap is full of other tests' things may take five times as long as one that is fresh.
    expect(cpuSecondsOf(() => readOrRefusal("text", body))).toBeLessThan(6);
    expect(cpuSecondsOf(() => readOrRefusal("markdown", body))).toBeLessThan(6);
  });

  it("long gaps between words", () => {
    const body = many(`**a**${" \t".repeat(20_000)}b.\n\n`);
    expect(cpuSecondsOf(() => readOrRefusal("markdown", body))).toBeLessThan(3);
    expect(readOrRefusal("markdown", body)?.text).toContain("a b.");
  });

  it.each(["[", "<", "a, "])("a field of nothing but %j", (piece) => {
    const body = `---\ntitle: T\nauthor: ${piece.repeat(60_000 / piece.length)}\n---\n${STORY}`;
    expect(cpuSecondsOf(() => readOrRefusal("markdown", body))).toBeLessThan(3);
  });
});

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

test.each(WEB_SHAPES)("the shapes that pages have: $name", (shape) => {
  const { article, how } = outcome(shape);
  const { doubtful = false, partial, doubts = [] } = article?.reading ?? {};
  expect(doubtful).toBe(partial !== undefined || doubts.length > 0);
  if (shape.instead) {
    expect([shape.instead, "refused"]).toContain(how);
    return;
  }
  expect(how).toBe(shape.isWorthALook ? "doubted" : "sure");
  for (const text of shape.with ?? []) expect(article?.text).toContain(text);
  for (const text of shape.without ?? []) expect(article?.text).not.toContain(text);
});
