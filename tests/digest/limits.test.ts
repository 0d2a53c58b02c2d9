import * as fc from "fast-check";
import { expect, test } from "vitest";
import { digestJsonSchema, parseDigest } from "../../src/digest/digest-json.ts";
import { digestSchema, type Digest, cutToLimits, firstExcess } from "../../src/digest/digest.ts";
import { entry, roundUp } from "../fixtures.ts";

function json(change: (digest: Digest) => unknown): string {
  return JSON.stringify(change(roundUp(2)), undefined, 2);
}

function withArticle(changes: object): string {
  return json(({ sections: [first, ...others], ...digest }) => {
    const [lead, ...rest] = first?.entries ?? [];
    const changed = { ...lead, article: { ...lead?.article, ...changes } };
    return { ...digest, sections: [{ ...first, entries: [changed, ...rest] }, ...others] };
  });
}

const stories = (count: number) =>
  Array.from({ length: count }, (_, at) => entry({ title: `T${at}` }));

test.each<[string, () => string, string]>([
  [
    "a title of 5 MB",
    () => withArticle({ title: "word ".repeat(1_000_000).trim() }),
    "sections.0.entries.0.article.title has 4,999,999 characters, and 1,000 are the most",
  ],
  [
    "an alternative text of 5 MB",
    () => withArticle({ images: [{ src: "images/a.png", alt: "word ".repeat(1_000_000).trim() }] }),
    "sections.0.entries.0.article.images.0.alt has 4,999,999 characters, and 10,000 are the most",
  ],
  [
    "a thousand entries",
    () => json((digest) => ({ ...digest, sections: [{ heading: "", entries: stories(1000) }] })),
    "sections.0.entries has 1,000 values, and 200 are the most",
  ],
  [
    "a thousand entries in many sections",
    () =>
      json((digest) => ({
        ...digest,
        sections: Array.from({ length: 100 }, () => ({ heading: "", entries: stories(10) })),
      })),
    "sections has 1,000 stories, and 200 are the most",
  ],
  [
    "ten thousand tags",
    () => withArticle({ tags: Array.from({ length: 10_000 }, () => "town") }),
    "sections.0.entries.0.article.tags has 10,000 values, and 1,000 are the most",
  ],
])("%s in digest.json is refused with the field's name and line", (_what, text, message) => {
  expect(() => parseDigest(text(), "digest.json")).toThrow(
    expect.objectContaining({
      code: "DIGEST_INVALID",
      message,
      where: { file: "digest.json", line: expect.any(Number) },
    }),
  );
});

test("a title of 300 letters with nine accents each is no longer than one without", () => {
  const title = "é́́́́́́́́".repeat(300);
  expect(title.length).toBeGreaterThan(1000);
  expect(parseDigest(withArticle({ title }), "digest.json").sections).toHaveLength(
    roundUp(2).sections.length,
  );
});

test("every text and every list of digest.json has a limit in its schema", () => {
  const unlimited: string[] = [];
  const walk = (schema: unknown, path: string): void => {
    if (typeof schema !== "object" || schema === null) return;
    const fields = new Map<string, unknown>(Object.entries(schema));
    const isFree = !fields.has("enum") && !fields.has("const") && !fields.has("prefixItems");
    const limit = new Map([
      ["string", "maxLength"],
      ["array", "maxItems"],
    ]).get(String(fields.get("type")));
    if (limit !== undefined && isFree && !fields.has(limit)) unlimited.push(path);
    for (const [key, inner] of Object.entries(schema)) walk(inner, `${path}.${key}`);
  };
  walk(digestJsonSchema(), "");
  expect(unlimited).toEqual([]);
});

test("what a build cuts is within the limits, and anything else stays as it was", () => {
  const long = fc.constantFrom("", "short", "é".repeat(12_000), "word ".repeat(30_000));
  fc.assert(
    fc.property(long, long, fc.integer({ min: 0, max: 1200 }), (title, alt, tags) => {
      const text = withArticle({
        title,
        images: [{ src: "images/a.png", alt }],
        tags: Array.from({ length: tags }, () => "town"),
      });
      const cut = digestSchema.parse(cutToLimits(JSON.parse(text)));
      expect(firstExcess(cut)).toBeUndefined();
      const article = cut.sections[0]?.entries[0]?.article;
      if (title === "short") expect(article?.title).toBe("short");
      if (tags <= 1000) expect(article?.tags).toHaveLength(tags);
    }),
    { numRuns: 30 },
  );
});
