import { describe, expect, test } from "vitest";
import type { Article } from "../../src/article/article.ts";
import { readArticle } from "../../src/article/read-articles.ts";
import { BroadsheetError } from "../../src/errors.ts";
import { failureOf, withoutBroken } from "../../src/sources/left-out.ts";

const article: Article = readArticle({
  format: "text",
  location: "content/mill.txt",
  body: "The mill at Tarnø\n\nThe mill has ground no corn for eleven years. On Monday it ground.",
});

interface Part {
  readonly id: string;
  readonly article: Article;
}

const PARTS: readonly Part[] = ["a", "b", "c"].map((id) => ({ id, article }));

/** Work that comes to the ids of its parts, and breaks at some of them. */
function breakingAt(...ids: readonly string[]) {
  return (parts: readonly Part[]): string[] => {
    const broken = parts.find(({ id }) => ids.includes(id));
    if (broken) throw new TypeError(`broke at ${broken.id}`);
    return parts.map(({ id }) => id);
  };
}

function together(parts: readonly Part[]): void {
  if (parts.length > 1) throw new TypeError("too many");
}

describe("work on several articles that breaks", () => {
  test("at some is done again without them, and says which they were", async () => {
    const { result, leftOut } = await withoutBroken(PARTS, breakingAt("a", "c"));
    expect(result).toEqual(["b"]);
    expect(leftOut.map(({ id }) => id)).toEqual(["a", "c"]);
    expect(leftOut.map((one) => failureOf(one))).toMatchObject([
      { name: "content/mill.txt", error: { code: "INTERNAL" } },
      { name: "content/mill.txt", error: { code: "INTERNAL" } },
    ]);
  });

  test("at none is done once", async () => {
    let times = 0;
    const work = (parts: readonly Part[]) => ((times += 1), parts.length);
    expect(await withoutBroken(PARTS, work)).toEqual({ result: 3, leftOut: [] });
    expect(times).toBe(1);
  });

  test("at all of them, or at none alone, ends with what was thrown", async () => {
    await expect(withoutBroken(PARTS, breakingAt("a", "b", "c"))).rejects.toThrow("broke at a");
    await expect(withoutBroken(PARTS, together)).rejects.toThrow("too many");
  });

  test("at the only one ends with an error that names it", async () => {
    const failing = withoutBroken(PARTS.slice(0, 1), breakingAt("a"));
    await expect(failing).rejects.toThrow(
      "content/mill.txt: The mill at Tarnø: Broadsheet crashed on it (TypeError: broke at a)",
    );
  });
});

test("an error that people can mend is no reason to leave an article out", async () => {
  const error = new BroadsheetError("CONTENT_DOUBTFUL", "read with doubt");
  const failing = withoutBroken(PARTS, () => {
    throw error;
  });
  await expect(failing).rejects.toBe(error);
});
