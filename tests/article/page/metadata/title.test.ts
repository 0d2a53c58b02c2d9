import { describe, expect, test } from "vitest";
import { jsonLd, metadataOf } from "./pages.ts";

const H1 = "<h1>The ferry sails again</h1>";

describe("the title is the heading that a declared title confirms", () => {
  test.each([
    [
      "the title element, without the site",
      "<title>The ferry sails again - The Courier</title>",
      H1,
    ],
    ["the site first", "<title>Courier | The ferry sails again</title>", H1],
    [
      "a title made for search engines",
      '<meta property="og:title" content="Ferry to the islands sails again after nine days">',
      H1,
    ],
    [
      "a subtitle behind it",
      "<title>The ferry sails again: nine days after the storm: Courier</title>",
      H1,
    ],
    [
      "a site's name in the first heading",
      "<title>The ferry sails again » Courier</title>",
      `<h1><a href="/">Courier</a></h1><h2>The ferry sails again</h2>`,
    ],
    [
      "an advertisement's heading before it",
      "<title>The ferry sails again | Courier</title>",
      `<h1>Boots for less</h1>${H1}`,
    ],
    [
      "a rubric inside of the heading",
      "<title>The ferry sails again | Courier</title>",
      '<h1><span class="kicker">Coast</span> The ferry sails again</h1>',
    ],
    ["JSON-LD", jsonLd({ "@type": "NewsArticle", headline: "The ferry sails again" }), H1],
    ["microdata", "<title>Courier</title>", '<h1 itemprop="headline">The ferry sails again</h1>'],
  ])("%s", (_, head, body) => {
    expect(metadataOf(head, body).title).toBe("The ferry sails again");
  });
});

describe("without such a heading it is what is declared, without the site's name", () => {
  test.each([
    ['<meta property="og:title" content="The ferry sails again | Courier">'],
    [
      '<meta property="og:title" content="The ferry sails again - Courier"><meta property="og:site_name" content="Courier">',
    ],
    ["<title>The ferry sails again | Coast | Courier</title>"],
    ["<title>The ferry sails again - Courier</title>"],
    [jsonLd({ "@type": "BlogPosting", headline: "The ferry sails again" })],
    [
      jsonLd({
        "@context": "https://schema.org",
        "@graph": [
          { "@type": "WebSite", name: "Courier" },
          { "@type": "Article", headline: "The ferry sails again" },
        ],
      }),
    ],
  ])("%s", (head) => {
    expect(metadataOf(head).title).toBe("The ferry sails again");
  });
});

describe("no word of a title is split", () => {
  test.each([
    ["by a reference in the heading", "", "<h1>Un juge se r&#xE9;cuse &agrave; Paris</h1>"],
    ["by emphasis", "", "<h1>Un juge se r<em>é</em>cuse <b>à</b> Paris</h1>"],
    [
      "by a reference that was escaped twice",
      '<meta property="og:title" content="Un juge se r&amp;eacute;cuse &amp;amp;agrave; Paris">',
      "",
    ],
    [
      "by a tag in what is declared",
      jsonLd({
        "@type": "NewsArticle",
        headline: "Un juge se r<i>&eacute;</i>cuse<br>&#224; Paris",
      }),
      "",
    ],
  ])("%s", (_, head, body) => {
    expect(metadataOf(head, body).title).toBe("Un juge se récuse à Paris");
  });

  test("though the lines of a heading are kept apart", () => {
    const heading =
      '<h1><span class="a">Nach dem Sturm:</span><span class="b">Die Fähre</span><br>fährt wieder</h1>';
    expect(metadataOf("", heading).title).toBe("Nach dem Sturm: Die Fähre fährt wieder");
  });
});

test("a dash belongs to a title that nothing else shortens", () => {
  const head = '<meta property="og:title" content="Porthmoor – a harbour without a ferry">';
  expect(metadataOf(head).title).toBe("Porthmoor – a harbour without a ferry");
});

test("a page that says nothing of itself has the one heading of the first level", () => {
  expect(metadataOf("", H1).title).toBe("The ferry sails again");
  expect(metadataOf("", `${H1}<h1>Boots for less</h1>`).title).toBeUndefined();
  expect(metadataOf("").title).toBeUndefined();
});

test("a title is never the site's name", () => {
  const head =
    '<meta property="og:site_name" content="The Courier"><meta property="og:title" content="The Courier">';
  expect(metadataOf(head, "<h1>The Courier</h1>").title).toBeUndefined();
});
