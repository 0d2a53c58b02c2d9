import { describe, expect, test } from "vitest";
import { FERRY, NEWS_PAGE, page, paragraphs, read } from "./pages.ts";

const H1 = "<h1>The ferry sails again</h1>";
const BYLINE = '<div class="byline">By <a rel="author" href="/ana">Ana Ruiz</a></div>';
const DAY = '<time datetime="2024-03-04T09:30:00Z">4 March 2024</time>';
const OG = '<meta property="og:title" content="The ferry sails again | Courier">';
const PICTURE = "https://courier.example/pictures/pontoon.jpg";

function story(head: string, above = `${H1}${BYLINE}${DAY}`): string {
  return page(`<main><article>${above}${paragraphs(FERRY)}</article></main>`, head);
}

function jsonLd(thing: object): string {
  return `<script type="application/ld+json">${JSON.stringify({ "@type": "NewsArticle", ...thing })}</script>`;
}

describe("the fields of a page", () => {
  test("have the chance that they are right", () => {
    const { title, authors, publishedAt, reading } = read(NEWS_PAGE);
    expect({ title, authors }).toEqual({
      title: "The ferry sails again",
      authors: ["Ana Ruiz", "Tom Lee"],
    });
    expect(publishedAt).toMatch(/^2024-03-04/);
    for (const field of ["title", "authors", "date"] as const) {
      expect(reading?.fields?.[field]).toBeGreaterThan(0.7);
      expect(reading?.fields?.[field]).toBeLessThanOrEqual(1);
    }
  });

  test("that a page does not give are empty, with no chance", () => {
    const { authors, publishedAt, images, reading } = read(story(OG, H1));
    expect({ authors, publishedAt, images }).toEqual({ authors: [], images: [] });
    expect(reading?.fields).toMatchObject({ authors: 0, date: 0, picture: 0 });
  });

  test("are those of the page where JSON-LD describes another story", () => {
    const other = jsonLd({
      headline: "Boots for less in every shop of the coast",
      author: { "@type": "Person", name: "Web Typist" },
      datePublished: "2019-01-01",
    });
    const head = `${OG}${other}<meta name="parsely-author" content="Ana Ruiz"><meta property="article:published_time" content="2024-03-04T09:30:00Z">`;
    const { title, authors, publishedAt } = read(story(head));
    expect({ title, authors }).toEqual({ title: "The ferry sails again", authors: ["Ana Ruiz"] });
    expect(publishedAt).toMatch(/^2024-03-04/);
  });

  test("are found where the page has no head", () => {
    const body = `<body><article>${H1}${BYLINE}${DAY}${paragraphs(FERRY)}</article></body>`;
    const { title, authors, publishedAt } = read(body);
    expect({ title, authors }).toEqual({ title: "The ferry sails again", authors: ["Ana Ruiz"] });
    expect(publishedAt).toMatch(/^2024-03-04/);
  });

  test("may be ten authors", () => {
    const names =
      "Ada Bell,Ben Cole,Cy Dahl,Dina Eck,Ed Frey,Flo Gray,Gus Holm,Ida Jens,Jo Kern,Kim Lund";
    const author = names.split(",").map((name) => ({ "@type": "Person", name }));
    const head = OG + jsonLd({ headline: "The ferry sails again", author });
    expect(read(story(head, H1)).authors).toEqual(names.split(","));
  });

  test("have no date in the future that nothing else on the page confirms", () => {
    const head = `${OG}<link rel="canonical" href="https://courier.example/2024/03/04/ferry"><meta name="date" content="2031-03-04">`;
    expect(read(story(head)).publishedAt).toMatch(/^2024-03-04/);
  });

  test("have no endless title", () => {
    const endless = "The ferry sails again and ".repeat(200);
    const head = `<meta property="og:title" content="${endless}"><title>The ferry sails again</title>`;
    expect(read(story(head)).title).toBe("The ferry sails again");
    const only = read(story(`<meta property="og:title" content="${endless}">`, ""));
    expect(only.title.length).toBeLessThanOrEqual(301);
  });
});

describe("the lead picture", () => {
  test("has the caption of its declaration in the captions", () => {
    const image = { url: PICTURE, caption: "A crane lowers the pontoon", creditText: "Eva Roth" };
    const head = `${OG}<meta property="og:image" content="${PICTURE}">${jsonLd({ headline: "The ferry sails again", image })}`;
    const { images, captions, reading } = read(story(head));
    const caption = "A crane lowers the pontoon";
    expect(images[0]).toMatchObject({ src: PICTURE, caption, credit: "Eva Roth" });
    expect(captions).toEqual([{ text: caption, credit: "Eva Roth" }]);
    expect(reading?.fields?.picture).toBeGreaterThan(0.7);
  });

  test("has its caption once where the page shows it too", () => {
    const shown = `<figure><img src="${PICTURE}" alt=""><figcaption>A crane lowers the pontoon</figcaption></figure>`;
    const image = { url: PICTURE, caption: "A crane lowers the pontoon" };
    const head = `${OG}${jsonLd({ headline: "The ferry sails again", image })}`;
    expect(read(story(head, `${H1}${BYLINE}${shown}`)).captions).toEqual([
      { text: "A crane lowers the pontoon" },
    ]);
  });
});
