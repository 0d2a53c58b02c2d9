import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Article } from "../../../src/article/article.ts";
import { readHtml } from "../../../src/article/page.ts";
import { BroadsheetError } from "../../../src/errors.ts";
import {
  ARABIC_PAGE,
  BLOG_PAGE,
  CHINESE_PAGE,
  FERRY,
  GERMAN_PAGE,
  NEWS_PAGE,
  WIKI_PAGE,
  page,
  paragraphs,
  read,
  reasonFor,
} from "./pages.ts";

const NAMES =
  "p div span a b i em h1 h2 li ul table tr td figure figcaption img br pre section article aside nav header footer form script style svg title meta link html body noscript template iframe time dl dt object video x-y o:p plaintext".split(
    " ",
  );
const ATTRIBUTES = [
  'class="article-body"',
  'class="related"',
  "id=comments",
  'href="javascript:alert(1)"',
  'href=" JaVaScRiPt:alert(1)"',
  'href="data:text/html,<script>alert(1)</script>"',
  'href="https://x.example/"',
  'href="http://[bad"',
  'onclick="alert(1)"',
  "onerror=alert(1)",
  'src="x.jpg"',
  'style="display:none"',
  "itemprop=author",
  'itemprop="datePublished" datetime="2020-01-01"',
  'property="og:title" content="<script>alert(1)</script>"',
  "lang=zz",
  "hidden",
  'type="application/ld+json"',
  "shadowrootmode=open",
];
const TEXTS = [
  FERRY[0],
  FERRY[1],
  "x",
  "&lt;script&gt;alert(1)&lt;/script&gt;",
  "&#0;",
  "<",
  "\0",
  "\ud800",
  "By Ana Ruiz",
  "3 May 2020",
  "Read more",
  '{"@type":"Article","headline":{"a":1},"author":[[{"name":{}}]]}',
  "Photo: Ana Ruiz",
  "مرحبا بالعالم، هذا نص قصير.",
  "汉字没有空格。",
  '"',
  "'",
  "<!--",
  "-->",
  "]]>",
];

const name = fc.constantFrom(...NAMES);
const piece = fc.oneof(
  fc
    .tuple(name, fc.constantFrom("", ...ATTRIBUTES))
    .map(([tag, attribute]) => `<${tag} ${attribute}>`),
  name.map((tag) => `</${tag}>`),
  fc.constantFrom(...TEXTS),
  fc.string({ maxLength: 20 }),
);
const soup = fc.tuple(fc.boolean(), fc.array(piece, { maxLength: 60 })).map(([isPage, pieces]) => {
  const body = pieces.join("");
  return isPage ? page(body) : body;
});

function readOrRefuse(body: string): Article | undefined {
  try {
    return readHtml({ format: "html", location: "soup.html", body }, {});
  } catch (error) {
    if (error instanceof BroadsheetError) return undefined;
    throw error;
  }
}

test("any markup is read or refused; what is read is well-formed, a line a paragraph, and the same twice", () => {
  let read = 0;
  fc.assert(
    fc.property(soup, (body) => {
      const article = readOrRefuse(body);
      if (!article) return;
      read++;
      expect(article.text.isWellFormed()).toBe(true);
      expect(article.text).not.toMatch(/\n{3}|^\s|\s$|[^\n]\n[^\n]/);
      expect(article.title).not.toMatch(/[\n\0]/);
      expect(readOrRefuse(body)).toEqual(article);
    }),
  );
  expect(read).toBeGreaterThan(10);
});

test("no markup leaves a script, a style, a handler or a javascript: link in the HTML", () => {
  fc.assert(
    fc.property(soup, (body) => {
      const html = readOrRefuse(`${paragraphs(FERRY)}${body}${paragraphs(FERRY)}`)?.html ?? "";
      const tags = html.match(/<[^>]*>/g) ?? [];
      for (const tag of tags) {
        expect(tag).toMatch(
          /^<(?:\/?(?:p|h[2-6]|ul|ol|li|blockquote|pre|code|em|strong|del|sup|sub|table|thead|tbody|tr|th|td)|\/a|a href="(?:https?:|mailto:)[^"]*"|[bh]r \/)>$/,
        );
      }
    }),
  );
});

test("a title with markup in it is text", () => {
  const head =
    '<title>x</title><meta property="og:title" content="&lt;b&gt;Rain&lt;/b&gt; &amp;amp; wind">';
  expect(read(page(`<article>${paragraphs(FERRY)}</article>`, head)).title).toBe("Rain & wind");
});

test("the parser is loaded with the first page, not with the reader", () => {
  const reader = fileURLToPath(new URL("../../../src/article/page.ts", import.meta.url));
  const script = `
    import { createRequire } from "node:module";
    await import(${JSON.stringify(reader)});
    const { cache } = createRequire(import.meta.url);
    console.log(Object.keys(cache).filter((file) => /readability|sanitize-html|entities/.test(file)).length);`;
  const out = execFileSync(process.execPath, ["--input-type=module", "-e", script], {
    encoding: "utf8",
  });
  expect(out.trim()).toBe("0");
});

describe("a newspaper's page", () => {
  const article = read(NEWS_PAGE);

  test("gives its paragraphs and headings, and nothing else, as text", () => {
    expect(article.text.split("\n\n")).toEqual([
      FERRY[0],
      FERRY[1],
      "A week without post",
      FERRY[2],
      FERRY[3],
    ]);
  });

  test("gives what it declares", () => {
    expect(article).toMatchObject({
      title: "The ferry sails again",
      authors: ["Ana Ruiz", "Tom Lee"],
      publishedAt: "2024-03-04T09:30:00Z",
      language: "en",
      url: "https://courier.example/coast/ferry",
      site: "The Porthmoor Courier",
      tags: ["Coast", "ferries", "storms"],
      description:
        "After nine days without a crossing, a new pontoon brings the islands back within reach.",
      kind: "story",
    });
  });

  test("keeps a caption with its credit apart from the story, and with its picture", () => {
    const caption = { text: "The new pontoon is lowered into place.", credit: "Eva Roth" };
    expect(article.captions).toEqual([caption]);
    expect(article.images).toEqual([
      {
        src: "https://courier.example/pictures/pontoon.jpg",
        alt: "A crane lowers a pontoon",
        caption: caption.text,
        credit: caption.credit,
      },
    ]);
  });

  test.each([
    ["Share on Facebook", "a sharing link"],
    ["By Ana Ruiz", "the byline"],
    ["A pier for the price of a house", "a pointer to other stories"],
    ["READ MORE: WHO PAYS", "a pointer to other stories"],
    ["Get the coast in your inbox", "an invitation to subscribe"],
    ["Ana Ruiz covers the coast.", "about the author, not the story"],
    ["About time, I had given up", "the comments, not the story"],
    ["© 2024 The Porthmoor Courier", "a footer"],
    ["Home", "page navigation"],
  ])("says why it left out %s", (text, reason) => {
    expect(reasonFor(article, text)).toBe(reason);
  });

  test("has HTML with text markup only, and absolute links", () => {
    expect(article.html).toContain("<h2>A week without post</h2>");
    expect(article.html.match(/<p>/g)).toHaveLength(4);
    expect(article.html).not.toMatch(/class=|<img|<div|<figure/);
  });
});

test("a blog's page that declares nothing has its title, author and date read off it", () => {
  const article = read(BLOG_PAGE);
  expect(article).toMatchObject({
    title: "Slow bread",
    authors: ["Eva Roth"],
    publishedAt: "2019-05-12",
    language: "en",
  });
  expect(article.text.split("\n\n")).toEqual([
    "A loaf wants nothing from you for most of the day, which is why I have come to like it more than cake.",
    "Mix the flour with the water in the evening, cover the bowl, and go to bed.",
    "In the morning the dough will have doubled, and smells of apples.",
    "500 g of strong white flour",
    "350 g of water, cold from the tap",
    "Fold it four times over the next hour; it will tell you when it has had enough.",
  ]);
});

test("the blank between two inline elements is in the HTML", () => {
  const [first, ...others] = FERRY;
  const body = `<article><h1>The ferry</h1><p><b>Monday</b> <i>night</i> <a href="https://x.example/">brought</a> rain.</p>${paragraphs([first, ...others, ...others, ...others])}</article>`;
  expect(read(page(body)).html).toContain(
    '<strong>Monday</strong> <em>night</em> <a href="https://x.example/">brought</a> rain.',
  );
});

test("code stays in the HTML and leaves the text", () => {
  const article = read(BLOG_PAGE);
  expect(article.html).toContain("<pre>flour 100%\nwater 70%</pre>");
  expect(reasonFor(article, "water 70%")).toBe("code, not story prose");
});

test("a wiki's page has its sections, without its contents, dated by its last change", () => {
  const article = read(WIKI_PAGE);
  expect(article).toMatchObject({
    title: "Porthmoor Pier",
    publishedAt: "2020-10-25",
    authors: [],
  });
  expect(article.text).toContain("History\n\nThe pier was planned as a landing for steamers.");
  expect(article.text).not.toContain("Contents");
  expect(article.text).not.toContain("Navigation menu");
});

test("a German page has its headline without the line above it, and is read as German", () => {
  const article = read(GERMAN_PAGE);
  expect(article).toMatchObject({
    title: "Die Fähre fährt wieder",
    authors: ["Eva Roth"],
    publishedAt: "2024-03-04",
    language: "de",
  });
  expect(article.text.split("\n\n")).toHaveLength(3);
  expect(reasonFor(article, "Wer für die Mole zahlt")).toBe("a pointer to other stories");
  expect(reasonFor(article, "Das Jahr der Stürme")).toBe("a pointer to other stories");
});

test("an Arabic page whose template says English is read as Arabic", () => {
  const article = read(ARABIC_PAGE);
  expect(article).toMatchObject({ title: "العبارة تبحر من جديد", language: "ar" });
  expect(article.text.split("\n\n")).toHaveLength(3);
  expect(reasonFor(article, "من يدفع ثمن رصيف")).toBe("a pointer to other stories");
});

test("a Chinese page has its paragraphs, title, author and date", () => {
  const article = read(CHINESE_PAGE);
  expect(article).toMatchObject({
    title: "渡轮复航",
    publishedAt: "2024-03-04",
    language: "zh-CN",
  });
  expect(article.text.split("\n\n")).toHaveLength(3);
});

describe("a piece of HTML as exports and feeds have it", () => {
  const piece = `<h2>Two short paragraphs</h2><p>The first one has seven words, barely.</p>
    <p class="button-wrapper"><a class="button" href="https://letter.example/subscribe?">Sign up now</a></p>
    <div><hr></div><p>Dear friends</p><p>The second one is not much longer, either.</p>`;
  const article = read(piece);

  test("is all story, however short", () => {
    expect(article.text.split("\n\n")).toEqual([
      "The first one has seven words, barely.",
      "Dear friends",
      "The second one is not much longer, either.",
    ]);
  });

  test("has its title in a heading at its very start", () => {
    expect(article.title).toBe("Two short paragraphs");
    expect(reasonFor(article, "Two short paragraphs")).toBe("the headline, which is the title");
  });

  test("loses its buttons", () => {
    expect(reasonFor(article, "Sign up now")).toBe("an invitation to subscribe");
  });
});

test("a post in microformats, as Medium exports them, gives its address and tags", () => {
  const article =
    read(`<!DOCTYPE html><html><head><title>Nine days</title></head><body><article class="h-entry">
    <header><h1 class="p-name">Nine days</h1></header><section data-field="subtitle" class="p-summary">What the islands did without a ferry for nine days.</section>
    <section class="e-content"><p>${FERRY[0]}</p><p>${FERRY[2]}</p></section>
    <footer><p class="p-tags">Tagged in <a class="p-tag">Islands</a>, <a class="p-tag">Ferries</a></p>
    <p>By <a class="p-author h-card" href="https://posts.example/@ana">Ana Ruiz</a> on <time class="dt-published" datetime="2018-08-11T11:23:34.123Z">August 11, 2018</time>.</p>
    <p><a href="https://posts.example/@ana/nine-days" class="p-canonical">Canonical link</a></p></footer></article></body></html>`);
  expect(article).toMatchObject({
    title: "Nine days",
    authors: ["Ana Ruiz"],
    publishedAt: "2018-08-11T11:23:34Z",
    url: "https://posts.example/@ana/nine-days",
    tags: ["Islands", "Ferries"],
    description: "What the islands did without a ferry for nine days.",
  });
  expect(article.text).toBe(`${FERRY[0]}\n\n${FERRY[2]}`);
});

test("words of two blocks are never glued together", () => {
  const article = read(
    page(
      `<article><h1>Rows</h1><div>${FERRY[0]}</div><div>${FERRY[1]}<div>Inner line of text.</div></div></article>`,
    ),
  );
  expect(article.text).toContain(`${FERRY[0]}\n\n${FERRY[1]}\n\nInner line of text.`);
});

test("a row of short cells is one line, and stays a table in the HTML", () => {
  const table =
    "<table><tr><th>Day</th><th>Crossings</th></tr><tr><td>Monday</td><td>9</td></tr></table>";
  const article = read(
    page(`<article>${paragraphs(FERRY)}${table}${paragraphs(FERRY.slice(0, 1))}</article>`),
  );
  expect(article.text).toContain("Day | Crossings\n\nMonday | 9");
  expect(article.html).toContain("<td>Monday</td>");
});

test("nothing of a page vanishes: what is no story is a caption, or dropped", () => {
  const article = read(NEWS_PAGE);
  const kept = [
    article.text,
    ...article.captions.map(({ text }) => text),
    ...article.dropped.map(({ text }) => text),
  ].join("\n");
  for (const text of ["Coast", "After nine days", "2 comments", "Tom Lee", "Email", "Sign up"])
    expect(kept).toContain(text);
});
