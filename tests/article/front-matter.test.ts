import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { paragraphsOf, read, STORY } from "./articles.ts";

const under = (head: string): ReturnType<typeof read> => read("markdown", `${head}\n${STORY}\n`);
const yaml = (fields: string): ReturnType<typeof read> => under(`---\n${fields}\n---`);

describe("what front matter declares", () => {
  it("YAML: every field that an Article has", () => {
    const article = yaml(`title: "The dike: a history"
author: Ida Holm, Per Lund
date: 2024-05-08 09:00:00 +0200
lang: pt_br
canonical_url: https://paper.example/dike
site: The Harbour Gazette
summary: It held.
excerpt: Not this one.
tags: [water, town]
kicker: Water
categories: Town
cover: dike.jpg
image_alt: The dike at night
image_credit: Ida Holm
draft: yes`);
    expect(article).toMatchObject({
      title: "The dike: a history",
      authors: ["Ida Holm", "Per Lund"],
      publishedAt: "2024-05-08T09:00:00+02:00",
      language: "pt-BR",
      url: "https://paper.example/dike",
      site: "The Harbour Gazette",
      description: "It held.",
      tags: ["water", "town"],
      kicker: "Water",
      images: [{ src: "dike.jpg", alt: "The dike at night", credit: "Ida Holm" }],
      draft: true,
    });
    expect(article.text).toBe(STORY);
    expect(article.dropped).toEqual([
      { text: "excerpt: Not this one.", reason: "front matter that Broadsheet does not use" },
    ]);
  });

  it("TOML between +++, with Zola's taxonomies", () => {
    const article = under(
      `+++\ntitle = "T"\nauthors = ["Ida Holm"]\ndate = 2024-05-01T10:00:00Z\n[taxonomies]\ntags = ["a", "b"]\n+++`,
    );
    expect(article).toMatchObject({
      title: "T",
      authors: ["Ida Holm"],
      publishedAt: "2024-05-01T10:00:00Z",
      tags: ["a", "b"],
    });
  });

  it.each([
    [';;;\n{"title": "J", "kind": "letter"}\n;;;'],
    ['{"title": "J", "kind": "letter"}\n'],
    ['---json\n{"title": "J", "kind": "letter"}\n---'],
  ])("JSON: %j", (head) => {
    const article = under(head);
    expect(article).toMatchObject({ title: "J", kind: "letter", text: STORY });
  });

  it.each([["javascript:alert(1)"], ["data:image/png;base64,AA"], ["javascript%3Aalert(1)"]])(
    "an image that mail cannot load is reported: %s",
    (src) => {
      const article = yaml(`title: T\nimage: "${src}"`);
      expect(article.images).toEqual([]);
      expect(article.dropped).toEqual([
        { text: `image: ${src}`, reason: "not the address of a picture" },
      ]);
    },
  );

  it("a title keeps every character, on one line", () => {
    const title = `<script>alert("1")</script> {{ name }} & 'q' 🌊 ${"x".repeat(240)}`;
    expect(under(`;;;\n${JSON.stringify({ title: `${title}\r\nBcc: x` })}\n;;;`).title).toBe(
      `${title} Bcc: x`,
    );
  });

  it("a character reference is its character, also where it was escaped once too often", () => {
    expect(
      yaml(
        'title: Un juge se r&#xE9;cuse\ndescription: "&Agrave; r&amp;eacute;cuser &amp;lt;b&amp;gt;"\nauthor: R&eacute;my Pell',
      ),
    ).toMatchObject({
      title: "Un juge se récuse",
      description: "À récuser &lt;b&gt;",
      authors: ["Rémy Pell"],
    });
    expect(yaml("title: Why &nbsp; breaks lines at Salt &amp; Sons").title).toBe(
      "Why &nbsp; breaks lines at Salt & Sons",
    );
  });

  it("no title has characters that turn its direction, also where YAML writes them as escapes", () => {
    expect(yaml('title: "a\\u202Eb\\u2066c"').title).toBe("abc");
  });

  it.each(["---", "+++", ";;;"])("fields that are all indented are fields, between %s", (fence) => {
    const sign = fence === "+++" ? " = " : ": ";
    const lines = [`title${sign}"T"`, `draft${sign}"true"`].map((line) =>
      fence === ";;;" ? line.replace(/^\w+/, '"$&"') : line,
    );
    const inside = lines.map((line) => `  ${line}`).join(fence === ";;;" ? ",\n" : "\n");
    expect(under(`${fence}\n${inside}\n${fence}`)).toMatchObject({
      title: "T",
      draft: true,
      text: STORY,
      dropped: [],
    });
  });

  it("indented fields with a list under one of them, and without a closing fence", () => {
    expect(yaml(" title: T\n tags:\n  - a\n  - b\n lang: A: b")).toMatchObject({
      title: "T",
      tags: ["a", "b"],
    });
    expect(read("markdown", `---\n title: T\n draft: true\n\n${STORY}`)).toMatchObject({
      title: "T",
      draft: true,
      text: STORY,
    });
  });

  it.each(["text", "markdown"] as const)(
    "what stands between two rules and is no fields is kept or reported in %s",
    (format) => {
      const article = read(format, `---\n neither this\n nor that\n---\n\n${STORY}`);
      const kept = [article.title, article.text, ...article.dropped.map(({ text }) => text)];
      expect(kept.join("\n")).toMatch(/neither this\s+nor that/);
    },
  );

  it("a title that looks like a number or a truth value is as it is written", () => {
    expect(yaml("title: 1.10").title).toBe("1.10");
    expect(yaml("title: NO").title).toBe("NO");
  });
});

describe("front matter that is broken never loses the article", () => {
  it("ten thousand brackets", () => {
    const article = yaml(`title: Foo\nx: ${"[".repeat(10_000)}`);
    expect(article).toMatchObject({ title: "Foo", text: STORY });
  });

  it("broken TOML and JSON are read line by line", () => {
    expect(under('+++\ntitle = "T\nlang = "de"\n+++')).toMatchObject({
      title: "T",
      language: "de",
    });
    expect(under(';;;\n{\n  "title": "T",\n  "lang": "de"\n;;;')).toMatchObject({
      title: "T",
      language: "de",
    });
  });

  it.each([
    ["---", 'lang: en\ntitle: "Open” for winter\nauthor: Ida Holm'],
    ["---", "  lang: en\n  title: 'Open for winter\n  author: Ida Holm"],
    ["---", 'lang: en\ntags:\n- "water\n- town\ntitle: a: b'],
    ["+++", 'lang = "en"\ntitle = "Open\nauthor = "Ida Holm"'],
  ])("an open quote is doubted with its file and line: %s %j", (fence, fields) => {
    const { reading } = under(`${fence}\n${fields}\n${fence}`);
    const line = fields.split("\n").findIndex((one) => /(?:^|\s)["'][^"']*$/.test(one)) + 2;
    expect(reading).toMatchObject({
      doubtful: true,
      doubts: [`a quotation mark is never closed in line ${line} of content/story.md`],
    });
  });

  it("the lines of a JSON object without a fence are counted from the first one", () => {
    const { reading } = under('{\n"title": "Open,\n"author": "Ida Holm"\n}');
    expect(reading?.doubts).toEqual([
      "a quotation mark is never closed in line 2 of content/story.md",
    ]);
  });

  it.each([
    'title: "Salt" and "Sons": a history',
    "title: 'It's a history'",
    'title: Salt: "Sons',
    '"title": "Salt",\n}',
  ])("quotes in pairs are not doubted: %s", (fields) => {
    expect(yaml(fields).reading).toMatchObject({ doubtful: false, doubts: [] });
  });

  it("without a closing fence the fields end where the prose starts", () => {
    const article = read("markdown", `---\ntitle: Open\ndate: 2024-05-01\n\n${STORY}`);
    expect(article).toMatchObject({ title: "Open", publishedAt: "2024-05-01", text: STORY });
    expect(article.dropped[0]).toMatchObject({ text: "---" });
  });
});

describe("a text that opens with a rule has no front matter", () => {
  it.each([
    `---\n\n${STORY}\n\n---\n\nThe end of it came on Sunday.`,
    `---\nIt was a night of rain and of lamps, and nobody slept in Overby.\n\n---\n\n${STORY}`,
    `---\n\n${STORY}`,
  ])("%#", (body) => {
    const { text } = read("text", body);
    expect(text).toContain("The river rose again on Monday night");
    expect(text.startsWith("The river") || text.startsWith("It was a night")).toBe(true);
  });

  it("front matter alone is no story", () => {
    expect(() => yaml("title: T").text).not.toThrow();
    expect(() => read("markdown", "---\ntitle: T\n---\n")).toThrow("has no story");
  });
});

it("whatever stands between the fences, the body is whole", () => {
  const line = fc.oneof(
    fc.string(),
    fc.constantFrom(
      "title: T",
      "a: [",
      "b: {",
      "- x",
      "  y: z",
      '"',
      "'",
      "|",
      ">",
      "? :",
      "!!js/function 'x'",
      "&a *a",
      "<<: *a",
    ),
  );
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 8 }),
      fc.constantFrom("---", "+++", ";;;"),
      (lines, fence) => {
        const inside = lines
          .map((text) => text.replace(/[\r\n\u2028\u2029\u0085\v\f-]/g, " "))
          .join("\n");
        const article = read("markdown", `${fence}\ntitle: T\n${inside}\n${fence}\n\n${STORY}`);
        expect(paragraphsOf(article).slice(-2).join("\n\n")).toBe(STORY);
      },
    ),
  );
});

describe("aliases in YAML", () => {
  const bomb = ["a: &a [x, x, x, x, x, x, x, x, x, x]"];
  for (const [of, name] of ["ab", "bc", "cd", "de"]) {
    bomb.push(`${name}: &${name} [${Array.from({ length: 10 }, () => `*${of}`).join(", ")}]`);
  }

  it.each([
    [
      "of themselves",
      "title: T\na: &a [*a]",
      3,
      "the alias *a refers to a value that contains the alias itself",
    ],
    ["of themselves, further in", "a: &a\n  b: [x, { c: *a }]", 3, "the alias *a refers"],
    ["of each other", "a: &a\n  b: &b\n    c: *a\n  d: *b", 4, "the alias *a refers"],
    ["that multiply", bomb.join("\n"), 5, "with *c the aliases expand to more than 5,000 values"],
  ])("%s are an error of the content with its line", (_what, fields, line, message) => {
    const reading = () => yaml(fields);
    expect(reading).toThrow(
      expect.objectContaining({
        code: "CONTENT_UNSUPPORTED",
        message: expect.stringContaining(`in the front matter ${message}`),
        where: expect.objectContaining({ line }),
      }),
    );
  });

  it("are read where they are few, and a stray asterisk is none", () => {
    expect(yaml("tags: &a [water, town]\ncategories: *a").tags).toEqual(["water", "town"]);
    expect(yaml("title: *Breaking* news").title).toBe("*Breaking* news");
  });
});
