import { describe, expect, test } from "vitest";
import { jsonLd, metadataOf } from "./pages.ts";

const STORY = { "@type": "NewsArticle", headline: "The ferry sails again" };

describe("authors that are declared", () => {
  test.each([
    [jsonLd({ ...STORY, author: { "@type": "Person", name: "Ana Ruiz" } }), ["Ana Ruiz"]],
    [jsonLd({ ...STORY, author: ["Ana Ruiz", "Tom Lee"] }), ["Ana Ruiz", "Tom Lee"]],
    [jsonLd({ ...STORY, author: [{ "@type": "Person", name: "By Ana Ruiz" }] }), ["Ana Ruiz"]],
    [
      jsonLd({
        "@graph": [
          { ...STORY, author: { "@id": "#a" } },
          { "@type": "Person", "@id": "#a", name: "Ana Ruiz" },
        ],
      }),
      ["Ana Ruiz"],
    ],
    ['<meta name="parsely-author" content="Ana Ruiz">', ["Ana Ruiz"]],
    [
      '<meta name="citation_author" content="Ana Ruiz"><meta name="citation_author" content="Tom Lee">',
      ["Ana Ruiz", "Tom Lee"],
    ],
    ['<meta property="article:author" content="Ana Ruiz, Tom Lee">', ["Ana Ruiz", "Tom Lee"]],
    ['<meta property="article:author" content="Ana Ruiz, Overby Times">', ["Ana Ruiz"]],
    [
      '<meta property="article:author" content="Ana Ruiz and Emily Post">',
      ["Ana Ruiz", "Emily Post"],
    ],
    ['<meta property="article:author" content="https://social.example/courier">', []],
    [jsonLd({ ...STORY, author: { "@type": "Organization", name: "The Courier" } }), []],
    ['<meta name="dc.creator" content="admin">', []],
  ])("%s", (head, authors) => {
    expect(metadataOf(head).authors).toEqual(authors);
  });

  test.each([
    ['<span itemprop="author" itemscope><span itemprop="name">Ana Ruiz</span></span>'],
    ['<a rel="author" href="/ana">Ana Ruiz</a>'],
  ])("%s", (body) => {
    expect(metadataOf("", body).authors).toEqual(["Ana Ruiz"]);
  });

  test("whom two places of a page name is surer than whom JSON-LD alone names", () => {
    const head =
      jsonLd({ ...STORY, author: { "@type": "Person", name: "Tom Lee" } }) +
      '<meta name="parsely-author" content="Ana Ruiz">';
    const byline = '<h1>The ferry sails again</h1>By <a rel="author" href="/ana">Ana Ruiz</a>';
    expect(metadataOf(head, byline).authors).toEqual(["Ana Ruiz"]);
    expect(metadataOf(head, "<h1>The ferry sails again</h1>").authors).toEqual(["Tom Lee"]);
  });

  test("one who wrote a comment or another story is none", () => {
    const comment = '<ol class="comments"><li><a rel="author" href="/t">Tom Lee</a></li></ol>';
    const related = '<div class="related-stories"><span itemprop="author">Eva Roth</span></div>';
    expect(metadataOf("", comment + related).authors).toEqual([]);
  });
});

const shown = (byline: string): readonly string[] =>
  metadataOf("", `<h1>The ferry sails again</h1>${byline}<p>The ferry sails.</p>`).shownAuthors;

describe("authors that are shown by the headline", () => {
  test.each([
    ['<div class="byline">By Ana Ruiz and Tom Lee</div>', ["Ana Ruiz", "Tom Lee"]],
    ['<p class="autor">Von Eva Roth, 4. März 2024</p>', ["Eva Roth"]],
    ['<div class="entry-meta">Ana Ruiz | 4 March 2024</div>', []],
    ['<span class="author">Ana Ruiz</span>', ["Ana Ruiz"]],
    ['<span class="writer">Ana Ruiz</span>', ["Ana Ruiz"]],
    ['<span class="writer">&#x677E;&#x6751;&#x592A;&#x90CE;</span>', ["松村太郎"]],
    ['<div class="author"><b>谢若含</b> <i>2017-03-01 14:27:02</i></div>', ["谢若含"]],
    ['<span class="author vcard"><a class="fn" href="/d">ferryman7</a></span>', ["ferryman7"]],
    ['<span class="author vcard" style="display: none">ferryman7</span>', []],
    ['<div class="author vcard">Ana Ruiz | 4 March 2024</div>', ["Ana Ruiz"]],
    ['<dl class="post-meta"><dt>Auteur</dt><dd>Eva Roth</dd></dl>', ["Eva Roth"]],
    ['<div class="posted-by">记者：林小雨</div>', ["林小雨"]],
    // An account is nobody's name.
    ['<span class="author">deckhand42</span>', []],
    [
      '<span class="author"><b>By</b><i>by ANA RUIZ and TOM LEE</i></span>',
      ["ANA RUIZ", "TOM LEE"],
    ],
    ['<span class="author">Ana Ruiz</span><span class="author">See full bio</span>', ["Ana Ruiz"]],
    ['<span class="author">Reuters</span>', []],
    ['<span class="author">Overby-Online-Expertin Eva Roth</span>', ["Eva Roth"]],
    ["<byline>Von Eva Roth, dpa</byline>", ["Eva Roth"]],
  ])("%s", (byline, authors) => {
    expect(shown(byline)).toEqual(authors);
  });

  test("the nearest one counts, not one in a menu above", () => {
    const menu = `<div class="teaser-author">Tom Lee</div>${"<p>x</p>".repeat(60)}`;
    const body = `${menu}<h1>The ferry</h1><div class="author">Ana Ruiz</div>`;
    expect(metadataOf("", body).shownAuthors).toEqual(["Ana Ruiz"]);
  });

  test("whom a template names counts only where nobody is shown", () => {
    const head = '<meta name="author" content="Tom Lee">';
    expect(
      metadataOf(head, '<h1>A</h1><div class="byline">By Ana Ruiz</div>').shownAuthors,
    ).toEqual(["Ana Ruiz"]);
    expect(metadataOf(head, "<h1>A</h1>").shownAuthors).toEqual(["Tom Lee"]);
  });

  test.each([
    "Courier Media",
    "Roth Verlag GmbH",
    "admin",
    "AFP",
    "mnegishi",
    "A Paper",
    "Overby e.V.",
    "Redacción CR",
  ])("%s is no author", (name) => {
    const head = `<meta property="og:site_name" content="A Paper"><meta name="author" content="${name}">`;
    expect(metadataOf(head, "<h1>A</h1>").shownAuthors).toEqual([]);
  });
});
