import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { languageOf } from "../../../src/article/detect-language.ts";
import { boundMarkup } from "../../../src/article/page/bound-markup.ts";
import { isSamePicture } from "../../../src/article/page/metadata/lead-image.ts";
import {
  dateInAddress,
  lastChange,
  postedOn,
} from "../../../src/article/page/metadata/published.ts";
import { type Metadata, readMetadata } from "../../../src/article/page/metadata/read-metadata.ts";
import { chooseField } from "../../../src/article/page/metadata/field-choice.ts";
import { parsePage } from "../../../src/article/page/page-dom.ts";
import { FERRY } from "./pages.ts";

/** The metadata of a page with the given head and body. */
function metadataOf(head: string, body = "", location = "page.html"): Metadata {
  const markup = `<!DOCTYPE html><html><head>${head}</head><body>${body}</body></html>`;
  const { html, jsonLd } = boundMarkup(markup);
  return readMetadata(parsePage(html), jsonLd, location);
}

/** The fields that are chosen among all that a page with the given head and body offers. */
function fieldsOf(head: string, body = "", location = "page.html") {
  const { title, authors, date, picture } = metadataOf(head, body, location).offers;
  return {
    title: chooseField("title", title).value,
    authors: chooseField("authors", authors).value ?? [],
    publishedAt: chooseField("date", date).value,
    image: chooseField("picture", picture).value,
  };
}

function jsonLd(thing: unknown): string {
  return `<script type="application/ld+json">${typeof thing === "string" ? thing : JSON.stringify(thing)}</script>`;
}

const STORY = { "@type": "NewsArticle", headline: "The ferry sails again" };

test.each([
  ["The Thornsea Post", "The Thornsea Post"],
  ["The Thornsea Post | ThornseaPost.example", "The Thornsea Post"],
  ["Lune media - Tides, Trade, Talk", "Lune media", "https://lune.media/1"],
  ["Home | Lune Media", "Lune Media", "https://lune.media/1"],
  ["News - The Lune", "News - The Lune"],
  ["電子書籍 | PORT☆LUNE", "PORT☆LUNE", "https://portlune.example/1"],
  ["St. Mary Post-Dispatch", "St. Mary Post-Dispatch"],
  ["| Lune |", "Lune"],
])("the site %s is named %s", (declared, name, address = "https://thornseapost.example/1") => {
  const head = `<meta property="og:site_name" content="${declared}"><link rel="canonical" href="${address}">`;
  expect(metadataOf(head).site).toBe(name);
});

describe("the address of a page", () => {
  test("is what its links are relative to, unless it has a base", () => {
    expect(metadataOf("", "", "https://x.example/a/b").base).toBe("https://x.example/a/b");
    expect(metadataOf('<base href="/c/">', "", "https://x.example/a/b").base).toBe(
      "https://x.example/c/",
    );
  });
});

describe("the lead picture", () => {
  test("of JSON-LD has its caption, credit and size", () => {
    const image = {
      "@type": "ImageObject",
      url: "/pontoon.jpg",
      caption: "A pontoon",
      creditText: "Eva Roth",
      width: 1200,
      height: { value: 800 },
    };
    expect(
      fieldsOf(jsonLd({ ...STORY, image: [image] }), "", "https://x.example/ferry").image,
    ).toEqual({
      src: "https://x.example/pontoon.jpg",
      alt: "",
      caption: "A pontoon",
      credit: "Eva Roth",
      widthPx: 1200,
      heightPx: 800,
    });
  });

  test("of Open Graph has what it shows", () => {
    const head =
      '<meta property="og:image" content="https://x.example/pontoon.jpg"><meta property="og:image:alt" content="A pontoon">';
    expect(fieldsOf(head).image).toEqual({
      src: "https://x.example/pontoon.jpg",
      alt: "A pontoon",
    });
  });

  test.each([
    "https://x.example/logo.png",
    "https://x.example/img/default-share.png",
    "data:image/gif;base64,R0",
  ])("%s is none", (src) => {
    expect(fieldsOf(`<meta property="og:image" content="${src}">`).image).toBeUndefined();
  });

  test("is known again at another size", () => {
    expect(
      isSamePicture(
        "https://x.example/w640/pontoon-1024x683.jpg?q=8",
        "https://cdn.example/pontoon.jpg",
      ),
    ).toBe(true);
    expect(isSamePicture("https://x.example/pontoon.jpg", "https://x.example/harbour.jpg")).toBe(
      false,
    );
    expect(isSamePicture("https://x.example/a/1.jpg", "https://x.example/b/1.jpg")).toBe(false);
  });
});

describe("tags", () => {
  test("begin with the section, and have no keys of the system's own", () => {
    const head = jsonLd({
      ...STORY,
      articleSection: "Coast",
      keywords: "islands, storms, type:article, nid-48213, Coast",
    });
    expect(metadataOf(head).tags).toEqual(["Coast", "islands", "storms"]);
  });

  test("may be links", () => {
    expect(metadataOf("", '<a rel="tag" href="/t">islands</a>').tags).toEqual(["islands"]);
  });

  test("are eight at most", () => {
    const many = Array.from(
      { length: 20 },
      (_, index) => `<meta property="article:tag" content="tag ${index}">`,
    );
    expect(metadataOf(many.join("")).tags).toHaveLength(8);
  });
});

describe("JSON-LD as it is found", () => {
  test("that is broken or of something else says nothing", () => {
    expect(fieldsOf(jsonLd('{"@type":"Article","headline":')).title).toBeUndefined();
    expect(fieldsOf(jsonLd({ "@type": "Product", name: "Boots" })).title).toBeUndefined();
  });

  test("may be anything at all", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const things = [
          value,
          {
            "@type": "Article",
            headline: "A b c",
            author: value,
            image: value,
            keywords: value,
            datePublished: value,
            publisher: value,
            "@graph": value,
          },
        ];
        expect(() => metadataOf(jsonLd(things))).not.toThrow();
      }),
    );
  });
});

const H1 = "<h1>The ferry sails again</h1>";

test("the lines of a heading are kept apart", () => {
  const heading =
    '<h1><span class="a">Nach dem Sturm:</span><span class="b">Die Fähre</span><br>fährt wieder</h1>';
  expect(fieldsOf("", heading).title).toBe("Nach dem Sturm: Die Fähre fährt wieder");
});

test("a dash belongs to a title that nothing else shortens", () => {
  const head = '<meta property="og:title" content="Porthmoor – a harbour without a ferry">';
  expect(fieldsOf(head).title).toBe("Porthmoor – a harbour without a ferry");
});

test("a page that says nothing of itself has the one heading of the first level", () => {
  expect(fieldsOf("", H1).title).toBe("The ferry sails again");
  expect(fieldsOf("").title).toBeUndefined();
});

test("a title is never the site's name", () => {
  const head =
    '<meta property="og:site_name" content="The Courier"><meta property="og:title" content="The Courier">';
  expect(fieldsOf(head, "<h1>The Courier</h1>").title).toBeUndefined();
});

describe("authors that are declared", () => {
  test("one who wrote a comment or another story is none", () => {
    const comment = '<ol class="comments"><li><a rel="author" href="/t">Tom Lee</a></li></ol>';
    const related = '<div class="related-stories"><span itemprop="author">Eva Roth</span></div>';
    expect(fieldsOf("", comment + related).authors).toEqual([]);
  });
});

describe("authors that are shown by the headline", () => {
  test("the nearest one counts, not one in a menu above", () => {
    const menu = `<div class="teaser-author">Tom Lee</div>${"<p>x</p>".repeat(60)}`;
    const body = `${menu}<h1>The ferry</h1><div class="author">Ana Ruiz</div>`;
    expect(fieldsOf("", body).authors).toEqual(["Ana Ruiz"]);
  });

  test("whom a template names counts only where nobody is shown", () => {
    const head = '<meta name="author" content="Tom Lee">';
    expect(fieldsOf(head, '<h1>A</h1><div class="byline">By Ana Ruiz</div>').authors).toEqual([
      "Ana Ruiz",
    ]);
    expect(fieldsOf(head, "<h1>A</h1>").authors).toEqual(["Tom Lee"]);
  });
});

describe("a date that is declared", () => {
  test("of JSON-LD goes before that of a meta", () => {
    const meta = '<meta property="article:published_time" content="2024-03-09">';
    expect(fieldsOf(meta + jsonLd({ ...STORY, datePublished: "2024-03-04" })).publishedAt).toBe(
      "2024-03-04",
    );
  });

  test("by the headline goes before one that may be the day of the last change", () => {
    const head = '<meta name="date" content="2024-03-09">';
    const body =
      '<time datetime="2023-01-01"></time><h1>The ferry</h1><time datetime="2024-03-04">4 March</time>';
    expect(fieldsOf(head, body).publishedAt).toBe("2024-03-04");
  });

  test("of an update is not that of the publication", () => {
    const body =
      '<h1>A</h1><time class="updated" datetime="2024-03-09"></time><time class="entry-date published" datetime="2024-03-04"></time>';
    expect(fieldsOf("", body).publishedAt).toBe("2024-03-04");
  });

  test("of a comment is not the story's", () => {
    const body =
      "<h1>A</h1>" +
      "<p>x</p>".repeat(30) +
      '<div class="comments"><time datetime="2024-03-09"></time></div>';
    expect(fieldsOf("", body).publishedAt).toBeUndefined();
  });
});

const dateShown = (date: string, language = "en"): string | undefined =>
  fieldsOf(
    `<meta http-equiv="content-language" content="${language}">`,
    `<h1>The ferry</h1>${date}`,
  ).publishedAt;

describe("a date that is shown by the headline", () => {
  test("has the day first, save in English", () => {
    expect(dateShown('<div class="fecha">3/4/2024</div>', "es")).toBe("2024-04-03");
    expect(dateShown('<div class="date">3/4/2024</div>', "en-GB")).toBe("2024-04-03");
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

describe("the language", () => {
  const english = FERRY.join(" ").repeat(2);

  test("is what the words are, where a template says something else", () => {
    expect(languageOf(english, "de", undefined)).toBe("en");
  });

  test("is believed where the words cannot tell", () => {
    expect(languageOf("Ferry, harbour, pontoon.", "cy", undefined)).toBe("cy");
  });
});
