import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseConfig } from "../../src/config/config.ts";
import { wordPattern } from "../../src/config/sources.ts";
import { digestJsonSchema, findInJson, parseDigest } from "../../src/digest/digest-json.ts";
import {
  type Digest,
  type Entry,
  cutToLimits,
  digestSchema,
  firstExcess,
  shortenDropped,
} from "../../src/digest/digest.ts";
import {
  type ModuleSettings,
  type Parts,
  composeModules,
  modulesSchema,
  modulesSetting,
  withEveryField,
} from "../../src/digest/modules.ts";
import { digestOf, entry, roundUp } from "../fixtures.ts";
import { render } from "../render.ts";

/** The text of a digest.json in which an editor has set one thing to another, or taken it out. */
function edited(place: string, value: unknown): string {
  const digest = JSON.parse(JSON.stringify(digestOf([entry(), entry({ title: "Two" })])));
  const steps = place.split(".");
  const last = steps.pop() ?? "";
  steps.reduce((part, step) => part[step], digest)[last] = value;
  return JSON.stringify(digest, undefined, 2);
}

const STORY = "sections.0.entries.0";

describe("an edited digest.json", () => {
  // What is set to what, what is said of it after its place, and what stands on the line that is named.
  test.each<[string, unknown, string, string]>([
    ["subject", 7, "should be a string", '"subject": 7'],
    ["subjct", "x", "is not a field", '"subjct"'],
    [`${STORY}.genre`, {}, "is not a field here", '"genre"'],
    [`${STORY}.summary.gist`, undefined, "is missing", '"summary": {'],
    ["language", "en_US", "is not a language tag such as en, pt-BR or ar", '"language": "en_US"'],
    [`${STORY}.article.language`, "!!", "is not a language tag such as en, pt-BR or ar", '"!!"'],
    ["issue.newsletter", "../../x", "is not in the form that it should have", '"newsletter"'],
    ["issue.slot", "2026-13-45", "is no day and no week of the calendar", '"slot"'],
    ["sections", [], "is empty or too small", '"sections"'],
    ["sections.0.entries", [], "is empty or too small", '"entries": []'],
    ["publication.accent", "#fff", "is not a colour such as #B01E23", '"accent"'],
  ])("%s set to %j is refused at its line", (place, value, says, marker) => {
    const json = edited(place, value);
    const line = json.split("\n").findIndex((text) => text.includes(marker)) + 1;
    expect(line).toBeGreaterThan(0);
    const where = { file: "digest.json", line };
    expect(() => parseDigest(json, "digest.json")).toThrow(
      expect.objectContaining({ code: "DIGEST_INVALID", message: `${place} ${says}`, where }),
    );
  });

  test.each(["javascript:alert(1)", "images/../../x.png"])("a picture at %s is refused", (src) => {
    const json = edited(`${STORY}.article.images`, [{ src, alt: "" }]);
    expect(() => parseDigest(json, "digest.json")).toThrow(
      `${STORY}.article.images.0.src is not in the form that it should have`,
    );
  });

  test.each(["places", "organisations"])("the %s of an older digest are left out", (list) => {
    const { sections } = parseDigest(edited(`${STORY}.summary.${list}`, ["Lune"]), "digest.json");
    expect(sections[0]?.entries[0]?.summary).toEqual(entry().summary);
  });

  test("a misspelt field brings the nearest that there is", () => {
    expect(() => parseDigest(edited("preheadr", "x"), "digest.json")).toThrow(
      expect.objectContaining({ fix: "did you mean preheader?" }),
    );
  });

  test.each([
    ["lists", "[", "]"],
    ["objects", '{"a":', "}"],
  ])(
    "20,000 %s in each other are refused at their line, before anything takes long",
    (_, open, close) => {
      const deep = `${open.repeat(20_000)}1${close.repeat(20_000)}`;
      const json = edited("x", "deep").replace('"deep"', deep);
      const line = json.split("\n").findIndex((text) => text.includes('"x"')) + 1;
      expect(() => parseDigest(json, "digest.json")).toThrow(
        expect.objectContaining({
          code: "DIGEST_INVALID",
          message: expect.stringMatching(/^x.* is more than 50 levels deep$/),
          where: { file: "digest.json", line },
        }),
      );
    },
  );

  test("JSON that breaks off is told with line and column", () => {
    expect(() => parseDigest('{\n  "issue": {,\n', "digest.json")).toThrow(
      expect.objectContaining({
        code: "DIGEST_INVALID",
        where: { file: "digest.json", line: 2, column: 13 },
      }),
    );
  });
});

test("the line of any value in any JSON is found", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      const json = JSON.stringify({ value, last: "here" }, undefined, 2);
      const lines = json.split("\n");
      expect(lines[findInJson(json, ["last"]) - 1]).toContain('"last": "here"');
      expect(findInJson(json, ["value"])).toBe(2);
      expect(findInJson(json, ["last", "nowhere"])).toBe(findInJson(json, ["last"]));
    }),
  );
});

test("any digest goes through digest.json and renders the same", async () => {
  const template = "digest";
  const text = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 40 })
    .map((words) => `a ${words.trim()}`.trim());
  const story = fc.record({ title: text, gist: text, point: text, tag: text });
  await fc.assert(
    fc.asyncProperty(
      fc.array(story, { minLength: 1, maxLength: 4 }),
      text,
      async (stories, subject) => {
        const entries = stories.map(({ title, gist, point, tag }) =>
          entry(
            { title, tags: [tag] },
            { gist: { text: gist }, keyPoints: [{ text: point, start: 0, end: 1 }] },
          ),
        );
        const digest = parseDigest(JSON.stringify(digestOf(entries, { subject })), "digest.json");
        const again = parseDigest(JSON.stringify(digest), "digest.json");
        expect(again).toEqual(digest);
        expect(await render(again, template)).toEqual(await render(digest, template));
      },
    ),
    { numRuns: 25 },
  );
});

const QUOTE = { text: "“I have stopped arguing.”", speaker: "Ottilie Brand" };
const LOAVES = { value: "340", what: "loaves come from every tide" };
const TEXT = "Brand bakes 340 loaves. 'I have stopped  arguing.' She has 7,000 sacks.";

function told(id: string, over: Partial<Entry["summary"]> = {}, text = TEXT): Entry {
  const { article, summary } = entry({ id, title: id, text });
  return { article: { ...article, id }, summary: { ...summary, ...over } };
}

function composed(entries: readonly Entry[], settings: ModuleSettings = {}, parts: Parts = {}) {
  return composeModules(entries, { newsletter: "slip", slot: "2026-11-24" }, { settings, parts });
}

const plain = ["b", "c"].map((id) => told(id));

describe("the modules of an issue", () => {
  test("quote a story, and take their number from another one", () => {
    const [b, c] = plain;
    if (!b || !c) throw new Error("two stories");
    const both = told("a", { quote: QUOTE, figures: [LOAVES] });
    expect(composed([both, ...plain])).toEqual({
      quote: { ...QUOTE, articleId: "a" },
      number: { ...LOAVES, articleId: "a" },
    });
    const other = told("d", { figures: [{ value: "7,000", what: "sacks were sold" }] });
    expect(composed([both, b, other]).number?.articleId).toBe("d");
  });

  test("show nothing that isn't in its article word for word", () => {
    const invented = told("a", { quote: QUOTE, figures: [LOAVES] }, "Nothing of the kind.");
    expect(composed([invented, ...plain])).toEqual({});
  });

  test.each([
    "loaves from every tide",
    "loaves into both of the ovens",
    "members of the bakers/millers",
    "megapixels into dual MicroOLED panels",
  ])("leave out a number whose caption has no verb, and says nothing by itself: %s", (what) => {
    const bare = told("a", { figures: [{ value: "340", what }] });
    expect(composed([bare, ...plain])).toEqual({});
  });

  test("leave out numbers too long for a phone", () => {
    const long = told("a", { figures: [{ value: "7,000", unit: "sacks", what: "were in store" }] });
    expect(composed([long, ...plain])).toEqual({});
  });

  test("leave out a number that its own words say once more", () => {
    const what = "Brand bakes 340 loaves";
    const twice = told("a", {
      figures: [
        { value: "340", what },
        { value: "7,000", what: "sacks were sold" },
      ],
    });
    expect(composed([twice, ...plain]).number?.value).toBe("7,000");
    const other = told("a", {
      figures: [{ value: "340", what: "loaves, 12 of which were burnt" }],
    });
    expect(composed([other, ...plain]).number?.value).toBe("340");
  });

  test("can be switched off, one by one, and with the part that they show", () => {
    const entries = [told("a", { quote: QUOTE, figures: [LOAVES] }), ...plain];
    const settings = { quote: false, number: false, contents: false };
    expect(composed(entries, settings)).toEqual({ contents: false });
    expect(composed(entries, {}, { quote: false, figures: false })).toEqual({});
  });

  test("are all there for a template, and all that they may have, null where an issue has none", () => {
    const number = { ...LOAVES, articleId: "a" };
    const fields = withEveryField({ number, share: false });
    expect(fields).toMatchObject({ number: { ...number, unit: null }, share: false, quote: null });
    expect(Object.keys(fields)).toEqual(Object.keys(modulesSchema.unwrap().shape));
  });

  test.each([
    ["desk@letters.example", "mailto:desk@letters.example?subject=slip%202026-11-24%3A%20yes"],
    ["https://slip.example/{slot}/{answer}", "https://slip.example/2026-11-24/yes"],
  ])("lead feedback to %s", (feedback, yes) => {
    expect(composed(plain, { feedback }).feedback?.yes).toBe(yes);
    expect(modulesSetting.safeParse({ feedback })).toMatchObject({ success: true });
  });

  test.each(["desk", "desk@letters", "a?bcc=b@letters.example", "http://slip.example/{answer}"])(
    "take no feedback at %s",
    (feedback) => {
      expect(modulesSetting.safeParse({ feedback })).toMatchObject({ success: false });
    },
  );
});

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

test("what is short stays as it is", () => {
  const dropped = [{ text: "Leave a Reply", reason: "the comments, not the story" }];
  expect(shortenDropped(dropped)).toEqual(dropped);
});

test("a long menu is known by its beginning", () => {
  const [entry] = shortenDropped([{ text: "Weather Sport Opinion ".repeat(900), reason: "menu" }]);
  expect(entry?.text).toMatch(/^Weather Sport Opinion .{150,230}\S …$/);
  expect(entry?.reason).toBe("menu");
});

test("a text without spaces is cut too, and never in the middle of a character", () => {
  const [entry] = shortenDropped([{ text: `x${"😀".repeat(500)}`, reason: "menu" }]);
  expect(entry?.text.length).toBeLessThan(250);
  expect(entry?.text.isWellFormed()).toBe(true);
});

test("of hundreds of pieces the first are shown, and how many there are more", () => {
  const dropped = Array.from({ length: 400 }, (_, index) => ({
    text: `Line ${index}`,
    reason: `reason ${index}`,
  }));
  const shown = shortenDropped(dropped);
  expect(shown).toHaveLength(31);
  expect(shown.at(-1)).toEqual({
    text: "…",
    reason: "370 more, which `broadsheet extract` lists",
  });
});

test("whatever stands in a text is found by it, and signs mean nothing but themselves", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme" }),
      fc.string(),
      fc.string(),
      (words, before, after) => {
        fc.pre(!words.includes("*") && words.trim() !== "");
        expect(wordPattern(words)(`${before} ${words} ${after}`)).toBe(true);
      },
    ),
  );
});

test("many stars cost no more than the text is long", () => {
  expect(wordPattern(`${"a*".repeat(200)}b`)("a".repeat(100_000))).toBe(false);
});

test.each([
  ["", "which has no letter"],
  ["*", "which has no letter"],
  ["* . *", "which has no letter"],
  ["ferr.*", "a regular expression"],
  [String.raw`\bferry\b`, "a regular expression"],
  ["^ferry", "a regular expression"],
  ["ferry$", "a regular expression"],
  ["(?i)ferry", "a regular expression"],
])("%j is no pattern: %s", (include, fault) => {
  const raw = { sources: [{ from: "content", include }] };
  expect(() => parseConfig(raw, {}, "/letters/broadsheet.yaml")).toThrow(fault);
});

test.each(["paper.example/", "$5 a day"])("%j is a pattern", (include) => {
  const raw = { sources: [{ from: "content", include }] };
  const [source] = parseConfig(raw, {}, "/letters/broadsheet.yaml").sources;
  expect(source?.include).toEqual([include]);
});
