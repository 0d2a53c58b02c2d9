import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isSamePicture } from "../../../../src/article/page/metadata/lead-image.ts";
import { plainValue } from "../../../../src/article/page/metadata/structured-data.ts";
import { jsonLd, metadataOf } from "./pages.ts";

const STORY = { "@type": "NewsArticle", headline: "The ferry sails again" };

describe("the address of a page", () => {
  test.each([
    [
      '<link rel="canonical" href="https://x.example/ferry">',
      "saved.html",
      "https://x.example/ferry",
    ],
    [
      '<link rel="canonical" href="/ferry">',
      "https://x.example/ferry?from=mail",
      "https://x.example/ferry",
    ],
    [
      '<meta property="og:url" content="https://x.example/ferry">',
      "saved.html",
      "https://x.example/ferry",
    ],
    [
      jsonLd({ ...STORY, mainEntityOfPage: { "@id": "https://x.example/ferry" } }),
      "saved.html",
      "https://x.example/ferry",
    ],
    [
      '<link rel="canonical" href="https://x.example/">',
      "https://x.example/ferry",
      "https://x.example/ferry",
    ],
    ['<link rel="canonical" href="javascript:alert(1)">', "saved.html", undefined],
    ["", "https://x.example/ferry", "https://x.example/ferry"],
    ["", "saved.html", undefined],
  ])("%s read from %s", (head, location, url) => {
    expect(metadataOf(head, "", location).url).toBe(url);
  });

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
      metadataOf(jsonLd({ ...STORY, image: [image] }), "", "https://x.example/ferry").image,
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
    expect(metadataOf(head).image).toEqual({
      src: "https://x.example/pontoon.jpg",
      alt: "A pontoon",
    });
  });

  test.each([
    "https://x.example/logo.png",
    "https://x.example/img/default-share.png",
    "data:image/gif;base64,R0",
  ])("%s is none", (src) => {
    expect(metadataOf(`<meta property="og:image" content="${src}">`).image).toBeUndefined();
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
  test.each([
    ["with a line break in a string", '{"@type":"Article","headline":"The ferry\nsails again"}'],
    ["with a comma too many", '{"@type":"Article","headline":"The ferry sails again",}'],
    ["in a comment", '<!-- {"@type":"Article","headline":"The ferry sails again"} -->'],
    ["in CDATA", '//<![CDATA[\n{"@type":"Article","headline":"The ferry sails again"}\n//]]>'],
    [
      "with entities",
      '{"@type":["Article","NewsArticle"],"headline":"The ferry &amp;#115;ails again"}',
    ],
  ])("%s", (_, script) => {
    expect(metadataOf(jsonLd(script)).title).toBe("The ferry sails again");
  });

  test("that is broken or of something else says nothing", () => {
    expect(metadataOf(jsonLd('{"@type":"Article","headline":')).title).toBeUndefined();
    expect(metadataOf(jsonLd({ "@type": "Product", name: "Boots" })).title).toBeUndefined();
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

test("a value is one line of plain text", () => {
  expect(plainValue(" <b>Rain</b>&nbsp;&amp;amp; \n wind&#8230; ")).toBe("Rain & wind…");
  expect(plainValue("   ")).toBeUndefined();
  expect(plainValue(7)).toBeUndefined();
});

test("a page that declares no picture has the one that is called by the story's title", () => {
  const body = `<img src="https://x.example/harbour.jpg" alt="The harbour"><img data-src="https://x.example/ferry.jpg"
    alt="The ferry sails again"><h1>The ferry sails again</h1>`;
  expect(metadataOf("", body).image).toEqual({ src: "https://x.example/ferry.jpg", alt: "" });
  const head = '<meta property="og:image" content="https://x.example/lead.jpg">';
  expect(metadataOf(head, body).image?.src).toBe("https://x.example/lead.jpg");
  expect(metadataOf("", `<aside>${body}</aside>`).image).toBeUndefined();
});
