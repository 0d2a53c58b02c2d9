import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Source } from "../../../src/article/article.ts";
import { BroadsheetError } from "../../../src/errors.ts";
import {
  readBeehiivExport,
  csvRows,
  readSubstackExport,
  substackFiles,
} from "../../../src/article/exports/csv-exports.ts";
import { exportKind } from "../../../src/article/sniff-format.ts";
import { readGhostExport } from "../../../src/article/exports/ghost.ts";
import { failure } from "../feed/feeds.ts";

const source = (body: string, location = "posts.csv"): Source => ({
  format: "feed",
  location,
  body,
});

/** A post of a Ghost export. */
const post = (id: string, title: string, more: object) => {
  return { id, title, status: "published", type: "post", ...more };
};

const GHOST = {
  db: [
    {
      meta: { version: "5.80.0" },
      data: {
        posts: [
          post("1", "Ferry &amp; fish", {
            html: '<p>The ferry sails. <a href="__GHOST_URL__/about/">About</a></p><img src="__GHOST_URL__/content/images/b.jpg">',
            feature_image: "https://harbour.example/a.jpg",
            published_at: "2026-06-01T08:30:00.000Z",
            custom_excerpt: "Why it sails.",
          }),
          post("2", "Not yet", { html: "<p>Soon.</p>", status: "draft" }),
          post("3", "About us", { html: "<p>We are here.</p>", type: "page" }),
          post("4", "Only drawn", { html: null }),
          post("5", "Elsewhere", {
            plaintext: "Plain words.\n\nTwo of them.",
            status: "sent",
            canonical_url: "https://other.example/else",
          }),
        ],
        users: Object.entries({ u1: "Ana Ruiz", u2: "Tom Lee" }).map(([id, name]) => ({
          id,
          name,
        })),
        tags: Object.entries({ t1: "Harbour", t2: "#hidden" }).map(([id, name]) => ({ id, name })),
        posts_authors: [
          { post_id: "1", author_id: "u2", sort_order: 1 },
          { post_id: "1", author_id: "u1", sort_order: 0 },
        ],
        posts_tags: ["t2", "t1"].map((tag_id, sort_order) => ({
          post_id: "1",
          tag_id,
          sort_order,
        })),
        posts_meta: [
          { post_id: "1", feature_image_alt: "A ferry", feature_image_caption: "The <b>ferry</b>" },
        ],
        settings: [
          { key: "title", value: "The Harbour" },
          { key: "locale", value: "en-GB" },
        ],
      },
    },
  ],
};

describe("a Ghost export", () => {
  const { articles, dropped } = readGhostExport(source(JSON.stringify(GHOST), "ghost.json"));

  it("gives its posts with authors and tags in their order", () => {
    expect(articles[0]).toMatchObject({
      title: "Ferry & fish",
      site: "The Harbour",
      authors: ["Ana Ruiz", "Tom Lee"],
      tags: ["Harbour"],
      publishedAt: "2026-06-01T08:30:00Z",
      language: "en-GB",
      description: "Why it sails.",
      text: "The ferry sails. About",
      images: [{ src: "https://harbour.example/a.jpg", alt: "A ferry", caption: "The ferry" }],
    });
  });

  it("marks drafts, reads plain text where there is no HTML, and keeps a canonical address", () => {
    expect(articles.map(({ title, draft = false }) => [title, draft])).toEqual([
      ["Ferry & fish", false],
      ["Not yet", true],
      ["Elsewhere", false],
    ]);
    expect(articles[2]).toMatchObject({
      url: "https://other.example/else",
      text: "Plain words.\n\nTwo of them.",
    });
  });

  it("says which posts hold no story", () => {
    expect(dropped).toEqual([
      { text: "About us", reason: "a page, not a post" },
      { text: "Only drawn", reason: "a post without text" },
    ]);
  });

  it("has neither addresses nor pictures on its own site, which no export names, and lists them", () => {
    const [first] = articles;
    expect(first?.url).toBeUndefined();
    expect(first?.html).toContain("The ferry sails. About");
    expect(first?.dropped).toContainEqual({
      text: "/content/images/b.jpg",
      reason: "a picture that the export does not contain",
    });
  });

  it.each([
    ["{}"],
    ['{"db":[]}'],
    ['{"db":[{"data":{"posts":[]}}]}'],
    ["[1]"],
    ['{"db":'],
    ["null"],
  ])("is not %s", (body) => {
    expect(failure(() => readGhostExport(source(body))).code).toBe("CONTENT_UNSUPPORTED");
  });
});

const SUBSTACK = `post_id,post_date,is_published,email_sent_at,type,audience,title,subtitle,podcast_url
101.ferry-returns,2026-06-01T08:30:00.000Z,true,,newsletter,everyone,"The &#x201C;ferry&#x201D;, again",It sails,
102.later,2026-06-02T08:30:00.000Z,false,,newsletter,everyone,Later,,
103.talk,2026-06-03T08:30:00.000Z,true,,thread,everyone,Talk,,
../../etc/passwd,2026-06-03T08:30:00.000Z,true,,newsletter,everyone,Sly,,
`;

describe("a Substack export", () => {
  const bodies = new Map([
    [
      "101.ferry-returns.html",
      '<p>The ferry sails.</p><p class="button-wrapper"><a href="x">Subscribe now</a></p>',
    ],
    ["102.later.html", "<p>Soon.</p>"],
  ]);
  const { articles, dropped } = readSubstackExport(source(SUBSTACK), bodies);

  it("joins the list of posts with their files", () => {
    expect(articles).toMatchObject([
      {
        title: "The “ferry”, again",
        description: "It sails",
        text: "The ferry sails.",
        publishedAt: "2026-06-01T08:30:00Z",
      },
      { title: "Later", draft: true },
    ]);
    expect(dropped).toEqual([
      { text: "Talk", reason: "a discussion thread, not a post" },
      { text: "Sly", reason: "a post whose HTML is not in the posts folder" },
    ]);
  });

  it("names only files in its own folder", () => {
    expect(substackFiles(source(SUBSTACK))).toEqual([
      "101.ferry-returns.html",
      "102.later.html",
      "103.talk.html",
    ]);
  });
});

it("a Beehiiv export: gives the story out of its newsletter's tables", () => {
  const html = `<table><tr id='content-blocks'><td><h2>Head</h2><p>The ferry ""sails"".</p>\n<pre>a\n  b</pre></td></tr></table>`;
  const csv = `id,web_title,status,content_tags,url,web_subtitle,content_html,thumbnail_url,created_at
1,Ferry returns,confirmed,Harbour; Boats,https://harbour.example/p/ferry,It sails,"${html}",uploads/a.png,2026-06-01 08:30:00
2,Later,draft,,https://harbour.example/p/later,,<p>Soon.</p>,,2026-06-02 08:30:00`;
  const { articles } = readBeehiivExport(source(csv));
  expect(articles).toMatchObject([
    {
      title: "Ferry returns",
      url: "https://harbour.example/p/ferry",
      description: "It sails",
      tags: ["Harbour", "Boats"],
      text: 'The ferry "sails".',
      publishedAt: "2026-06-01T08:30:00Z",
      images: [],
    },
    { title: "Later", draft: true },
  ]);
  expect(articles[0]?.html).toContain("<pre><code>a\n  b</code></pre>");
});

describe("CSV is read as programs write it", () => {
  it.each([
    [
      "quotes, commas and line breaks in cells",
      'a,b\r\n"x, ""y""","l1\r\nl2"\r\n',
      ['x, "y"', "l1\r\nl2"],
    ],
    ["semicolons", "a;b\n1,5;2\n", ["1,5", "2"]],
    ["tabs", "a\tb\n1\t2\n", ["1", "2"]],
    ["a byte order mark", "\ufeffa,b\n1,2\n", ["1", "2"]],
    ["a row that is too short, or too long", "a,b\n1\n", ["1", ""]],
    ["a quote inside a cell", 'a,b\nsay "hi",2\n', ['say "hi"', "2"]],
    ["blank lines", "\na,b\n\n1,2\n\n", ["1", "2"]],
  ])("%s", (_, csv, cells) => {
    expect(csvRows(source(csv)).map((row) => [row.get("a"), row.get("b")])).toEqual([cells]);
  });

  it("a quote that is never closed is an error that says where", () => {
    const error = failure(() => csvRows(source('a,b\n1,2\n3,"open\n')));
    expect(error).toMatchObject({ code: "CONTENT_UNSUPPORTED", where: { file: "posts.csv" } });
    expect(error.where?.line).toBeGreaterThanOrEqual(3);
  });

  it("whatever is in cells comes back", () => {
    const cell = fc.string({ unit: "grapheme" }).map((text) => text.replaceAll("\0", ""));
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 }), (rows) => {
        const quoted = rows.map((row) =>
          row.map((text) => `"${text.replaceAll('"', '""')}"`).join(","),
        );
        const read = csvRows(source(`a,b\n${quoted.join("\n")}\n`)).map((row) => [
          row.get("a"),
          row.get("b"),
        ]);
        expect(read).toEqual(rows);
      }),
    );
  });
});

it.each([
  [JSON.stringify(GHOST), "ghost"],
  [SUBSTACK, "substack"],
  ['\ufeff"id";"web_title";"content_html"\n', "beehiiv"],
  ["name,email\n", undefined],
  ['{"version":"https://jsonfeed.org/version/1"}', undefined],
  ["", undefined],
])("an export is told by how it begins: %#", (body, kind) => {
  expect(exportKind(body)).toBe(kind);
});

const attempt = (act: () => unknown): void => {
  try {
    act();
  } catch (error) {
    if (!(error instanceof BroadsheetError)) throw error;
  }
};

it("nothing but a BroadsheetError is ever thrown: whatever the file holds", () => {
  const marks = fc.constantFrom(
    '"',
    ",",
    ";",
    "\n",
    "post_id",
    "title",
    "content_html",
    "<p>",
    "x",
    "\ufeff",
    "\0",
    "\ud800",
  );
  fc.assert(
    fc.property(fc.array(marks, { maxLength: 30 }), (parts) => {
      const body = source(parts.join(""));
      attempt(() => readSubstackExport(body, new Map()));
      attempt(() => readBeehiivExport(body));
    }),
  );
  fc.assert(
    fc.property(
      fc.array(
        fc.object({
          key: fc.constantFrom(
            ..."id title html status slug published_at feature_image".split(" "),
          ),
        }),
      ),
      fc.json(),
      (posts, other) => {
        attempt(() =>
          readGhostExport(
            source(
              JSON.stringify({
                db: [{ data: { posts, users: other, posts_tags: posts, settings: posts } }],
              }),
            ),
          ),
        );
        attempt(() => readGhostExport(source(`{"db":[{"data":{"posts":${other}}}]}`)));
      },
    ),
  );
});
