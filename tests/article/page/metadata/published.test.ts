import { describe, expect, test } from "vitest";
import {
  dateInAddress,
  lastChange,
  postedOn,
} from "../../../../src/article/page/metadata/published.ts";
import { jsonLd, metadataOf } from "./pages.ts";

const STORY = { "@type": "NewsArticle", headline: "The ferry sails again" };

describe("a date that is declared", () => {
  test.each([
    [jsonLd({ ...STORY, datePublished: "2024-03-04T09:30:00+01:00" }), "2024-03-04T09:30:00+01:00"],
    [jsonLd({ ...STORY, datePublished: "Mon, 04 Mar 2024 09:30:00 GMT" }), "2024-03-04T09:30:00Z"],
    [
      '<meta property="article:published_time" content="2024-03-04T09:30:00Z">',
      "2024-03-04T09:30:00Z",
    ],
    ['<meta name="citation_publication_date" content="2024/03/04">', "2024-03-04"],
    ['<meta name="pubdate" content="20240304">', "2024-03-04"],
    ['<meta name="date" content="2024-03-04">', "2024-03-04"],
    ['<meta name="date" content="soon">', undefined],
    ['<meta property="article:modified_time" content="2024-03-04">', undefined],
  ])("%s", (head, date) => {
    expect(metadataOf(head).publishedAt).toBe(date);
  });

  test("of JSON-LD goes before that of a meta", () => {
    const meta = '<meta property="article:published_time" content="2024-03-09">';
    expect(metadataOf(meta + jsonLd({ ...STORY, datePublished: "2024-03-04" })).publishedAt).toBe(
      "2024-03-04",
    );
  });

  test("by the headline goes before one that may be the day of the last change", () => {
    const head = '<meta name="date" content="2024-03-09">';
    const body =
      '<time datetime="2023-01-01"></time><h1>The ferry</h1><time datetime="2024-03-04">4 March</time>';
    expect(metadataOf(head, body).publishedAt).toBe("2024-03-04");
  });

  test("of an update is not that of the publication", () => {
    const body =
      '<h1>A</h1><time class="updated" datetime="2024-03-09"></time><time class="entry-date published" datetime="2024-03-04"></time>';
    expect(metadataOf("", body).publishedAt).toBe("2024-03-04");
  });

  test("of a comment is not the story's", () => {
    const body =
      "<h1>A</h1>" +
      "<p>x</p>".repeat(30) +
      '<div class="comments"><time datetime="2024-03-09"></time></div>';
    expect(metadataOf("", body).publishedAt).toBeUndefined();
  });
});

const shown = (date: string, language = "en"): string | undefined =>
  metadataOf(
    `<meta http-equiv="content-language" content="${language}">`,
    `<h1>The ferry</h1>${date}`,
  ).shownAt;

describe("a date that is shown by the headline", () => {
  test.each([
    ['<div class="date">4 March 2024</div>', "2024-03-04"],
    ['<div class="meta">By Ana Ruiz on 4 March 2024 in Coast</div>', "2024-03-04"],
    [
      '<div class="date"><span class="m">Mar</span><span class="d">04</span><span class="y">2024</span></div>',
      "2024-03-04",
    ],
    ['<div class="last-updated">9 March 2024</div>', undefined],
    ['<div class="date">3/4/2024</div>', undefined],
  ])("%s", (body, date) => {
    expect(shown(body)).toBe(date);
  });

  test("has the day first, save in English", () => {
    expect(shown('<div class="fecha">3/4/2024</div>', "es")).toBe("2024-04-03");
    expect(shown('<div class="date">3/4/2024</div>', "en-GB")).toBe("2024-04-03");
  });
});

test("an address that has a day in it dates the story", () => {
  expect(dateInAddress("https://x.example/2019/10/24/the-ferry/")).toBe("2019-10-24");
  expect(dateInAddress("https://x.example/2019/10/the-ferry/")).toBeUndefined();
  expect(dateInAddress("https://x.example/1234/56/78/")).toBeUndefined();
});

test("the day of a last change is read in several languages", () => {
  expect(
    lastChange(["Diese Seite wurde zuletzt am 29. Januar 2020 um 13:22 Uhr bearbeitet."]),
  ).toBe("2020-01-29");
  expect(
    lastChange(["Recent changes", "This page was last edited on 25 October 2020, at 12:00."]),
  ).toBe("2020-10-25");
  expect(lastChange(["The harbour opened on 25 October 2020."])).toBeUndefined();
});

test("the day on which a page says that it was posted is read in several languages", () => {
  expect(
    postedOn([
      "This entry was posted on Wednesday, March 3rd, 2010 at 9:00 am and is filed under Coast.",
    ]),
  ).toBe("2010-03-03");
  expect(
    postedOn(["„Die Fähre“ wurde am 3. März 2010 um 23:03 Uhr gepostet und unter Küste abgelegt."]),
  ).toBe("2010-03-03");
  expect(postedOn(["Cet article a été publié le 3 mars 2010 dans Côte."])).toBe("2010-03-03");
  expect(postedOn(["Die Mole wurde am 3. März 2010 eröffnet."])).toBeUndefined();
});
