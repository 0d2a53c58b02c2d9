import { describe, expect, test } from "vitest";
import type { Article } from "../../../src/article/article.ts";
import { FERRY, page, paragraphs, read, reasonFor } from "./pages.ts";

function contentOf(html: string): string {
  return read(html).text;
}

const essay = Array.from(
  { length: 30 },
  () => `<p>${FERRY[3]} And so on, at length, over many lines.</p>`,
).join("");

test("a story that the page marks is believed where something longer was found", () => {
  const html = page(
    `<div itemprop="articleBody">${paragraphs(FERRY.slice(0, 3))}</div><div class="content">${essay}</div>`,
  );
  expect(contentOf(html)).toContain(FERRY[0]);
  expect(contentOf(html)).not.toContain("at length");
});

test("marks that two parts of a page have mark neither", () => {
  const html = page(
    `<article>${paragraphs(FERRY.slice(0, 3))}</article><article>${essay}</article>`,
  );
  expect(contentOf(html)).toContain("at length");
});

test("a page in which nothing is found is its body", () => {
  expect(contentOf(page("<p>Hi.</p>"))).toContain("Hi.");
});

const wrap = (open: string, close: string): string =>
  page(`<h1>The ferry sails again</h1>${open}${paragraphs(FERRY)}${close}<p>Sent by post.</p>`);

describe("a name means nothing", () => {
  test.each([
    [
      "an article filed under such a word",
      '<article class="post tag-newsletter category-related">',
      "</article>",
    ],
    [
      "a story inside of a form, as some systems set every page",
      '<form id="main-form">',
      "</form>",
    ],
    ["a container named for what it may also hold", '<div class="content-and-comments">', "</div>"],
    ["a story in an aside", "<aside>", "</aside>"],
  ])("on %s", (_, open, close) => {
    expect(read(wrap(open, close)).text).toContain(FERRY.join("\n\n"));
  });

  test("on a word inside a sentence", () => {
    const sentence =
      'The mayor, <span class="author">Tom Lee</span>, told <a class="tags" href="/c">the Courier</a> that he would pay.';
    expect(storyWith(`<p>${sentence}</p>`).text).toContain(
      "The mayor, Tom Lee, told the Courier that he would pay.",
    );
  });

  test("on what names the maker of a picture", () => {
    const figure =
      '<figure><img src="/a.jpg" alt="A"><figcaption>The pontoon <span class="author">Eva Roth</span></figcaption></figure>';
    expect(storyWith(figure).captions).toEqual([{ text: "The pontoon Eva Roth" }]);
  });
});

test("comments are left out even where they are longer than the story", () => {
  const comments = Array.from({ length: 30 }, () => `<li class="comment"><p>${FERRY[3]}</p></li>`);
  const article = read(
    page(
      `<main><h1>The ferry</h1>${paragraphs(FERRY.slice(0, 3))}</main><ol class="commentlist">${comments.join("")}</ol>`,
    ),
  );
  expect(article.text.split("\n\n")).toEqual(FERRY.slice(0, 3));
  expect(reasonFor(article, FERRY[3])).toBe("the comments, not the story");
});

const story = paragraphs(FERRY);

describe("what stands above the first sentence", () => {
  test("the title and its other forms are not told twice", () => {
    const article = read(
      page(
        `<article><h1>The ferry sails again</h1><h2>The ferry sails again</h2>${story}</article>`,
      ),
    );
    expect(article.text.split("\n\n")).toEqual([...FERRY]);
  });

  test("a standfirst becomes the description", () => {
    const standfirst = "After nine days without a crossing, the islands are within reach again.";
    const article = read(
      page(
        `<article><h1>The ferry</h1><div class="sub-headline">${standfirst}</div>${story}</article>`,
      ),
    );
    expect(article.text.split("\n\n")).toEqual([...FERRY]);
    expect(article.description).toBe(standfirst);
  });

  test("a date and a name give the date and the author", () => {
    const article = read(
      page(`<div><h1>The ferry</h1><div>Ana Ruiz, 4 March 2024</div>${story}</div>`),
    );
    expect(article).toMatchObject({ publishedAt: "2024-03-04" });
    expect(article.text.split("\n\n")).toEqual([...FERRY]);
  });

  test("a heading right above the first paragraph heads it, where others like it follow", () => {
    const [first, second, third, fourth] = FERRY;
    const article = read(
      page(
        `<article><h1>The ferry</h1><h2>Monday</h2>${paragraphs([first, second])}<h2>Tuesday</h2>${paragraphs([third, fourth])}</article>`,
      ),
    );
    expect(article.text).toMatch(/^Monday\n\n/);
  });

  test("a list that a story opens with stays", () => {
    const years = Array.from(
      { length: 14 },
      (_, index) => `<p>${1960 + index} another year of repairs</p>`,
    );
    const article = read(page(`<article><h1>The ferry</h1>${years.join("")}${story}</article>`));
    expect(article.text).toContain("1960 another year of repairs");
  });
});

describe("what stands below the last sentence", () => {
  test("who contributed, and where it is from, are notes", () => {
    const article = read(
      page(
        `<article><h1>The ferry</h1>${story}<p>Tom Lee contributed to this report.</p><p>Source: Coast News Agency</p></article>`,
      ),
    );
    expect(article.text.split("\n\n")).toEqual([...FERRY]);
    expect(reasonFor(article, "Tom Lee contributed")).toBe("a note about the text, not the story");
  });

  test("an invitation to click is not the story", () => {
    const article = read(
      page(
        `<article><h1>The ferry</h1>${story}<p>Do you want to hear from the islands? <a href="/s">Sign up here</a></p></article>`,
      ),
    );
    expect(reasonFor(article, "Do you want to hear")).toBe("an invitation to subscribe");
  });
});

function storyWith(markup: string): Article {
  const [first, second, third, fourth] = FERRY;
  return read(
    page(
      `<article><h1>The ferry</h1>${paragraphs([first, second])}${markup}${paragraphs([third, fourth])}</article>`,
    ),
  );
}

const LINKED = '<a href="/pier">A pier for the price of a house</a>';

/** The paragraphs of a page. */
function storyIn(markup: string): string[] {
  return read(page(markup)).text.split("\n\n");
}

test("a box is not the half of a story that happens to begin with such a heading", () => {
  const [first, second, third, fourth] = FERRY;
  const half = `<div><h2>Related</h2><p>${LINKED}</p>${paragraphs([third, fourth])}</div>`;
  expect(storyIn(`<div>${paragraphs([first, second])}</div>${half}`)).toEqual([...FERRY]);
});

describe("what only looks like a pointer stays", () => {
  test("a linked heading with text under it", () => {
    expect(storyWith(`<h2>${LINKED}</h2><p>${FERRY[0]}</p>`).text).toContain(
      "A pier for the price of a house",
    );
  });

  test("a paragraph with a link in it", () => {
    const sentence = `The council once bought ${LINKED}, which it has paid for ever since.`;
    expect(storyWith(`<p>${sentence}</p>`).text).toContain(
      "The council once bought a pier".replace("a pier", "A pier"),
    );
  });

  test("a list of things that are no links", () => {
    expect(storyWith("<ul><li>bread</li><li>post</li><li>medicine</li></ul>").text).toContain(
      "bread\n\npost\n\nmedicine",
    );
  });

  test("a heading that is also a word of menus, over the story's own text", () => {
    expect(storyWith(`<h2>Popular</h2><p>${FERRY[0]}</p>`).text).toContain("Popular");
  });

  test("the links of a round-up, which is made of them", () => {
    const entries = Array.from(
      { length: 12 },
      (_, index) =>
        `<li><a href="/${index}">Harbour number ${index} opens again after the storm</a></li>`,
    );
    const story = storyIn(`<p>What we read this week, and liked.</p><ul>${entries.join("")}</ul>`);
    expect(story).toContain("Harbour number 7 opens again after the storm");
  });
});

const IMG = '<img src="https://x.example/pontoon.jpg" alt="A pontoon">';

test("a picture has the caption that stands under it", () => {
  const other = IMG.replace("pontoon.jpg", "quay.jpg");
  const { images } = storyWith(
    `<figure>${IMG}<figcaption>A pontoon</figcaption></figure>${other}<p>${FERRY[0]}</p>`,
  );
  expect(images.map(({ src, caption }) => [src, caption])).toEqual([
    ["https://x.example/pontoon.jpg", "A pontoon"],
    ["https://x.example/quay.jpg", undefined],
  ]);
});

test.each(
  Object.entries({
    "a quotation":
      "<figure><blockquote><p>I had given up on it, to be honest.</p></blockquote></figure>",
    "a table": "<figure><table><tr><td>Monday</td><td>9</td></tr></table></figure>",
  }),
)("%s in a figure is no caption", (_, markup) => {
  expect(storyWith(markup).captions).toEqual([]);
});

test("a bold line under a picture heads what follows", () => {
  const article = storyWith(`<p>${IMG}</p><p><b>A week without post</b></p>`);
  expect(article.captions).toEqual([]);
  expect(article.text).toContain("A week without post");
});

test("a gallery's story is in its captions", () => {
  const slides = [...FERRY, ...FERRY].map(
    (text, index) =>
      `<figure><img src="https://x.example/${index}.jpg"><figcaption>${text}</figcaption></figure>`,
  );
  const article = read(
    page(
      `<article><h1>In pictures</h1><p>The repair of the stage, day by day.</p>${slides.join("")}</article>`,
    ),
  );
  expect(article.text).toContain(FERRY[2]);
});

test("the figure between a headline and a story belongs to the story", () => {
  const figure = `<figure>${IMG}<figcaption>A pontoon is lowered</figcaption></figure>`;
  const article = read(
    page(
      `<article><header><h1>The ferry</h1>${figure}</header><div class="body">${paragraphs(FERRY)}</div></article>`,
    ),
  );
  expect(article.captions).toEqual([{ text: "A pontoon is lowered" }]);
  expect(article.images).toEqual([
    { src: "https://x.example/pontoon.jpg", alt: "A pontoon", caption: "A pontoon is lowered" },
  ]);
});

test.each([
  ["an icon", '<img src="https://x.example/i.png" class="icon">'],
  ["a face", '<img src="https://x.example/ana.jpg" class="avatar">'],
  ["a counter", '<img src="https://x.example/pixel/1.gif" width="1" height="1">'],
  ["a drawing", '<img src="https://x.example/arrow.svg">'],
  ["a picture in the address", '<img src="data:image/gif;base64,R0lGOD">'],
])("pictures that are the page's: %s is none of the story's", (_, markup) => {
  expect(storyWith(`<p>${markup}</p>`).images).toEqual([]);
});

test("a file's name says nothing of a picture", () => {
  const { images } = storyWith('<p><img src="https://x.example/a.jpg" alt="DSC_0412.JPG"></p>');
  expect(images[0]?.alt).toBe("");
});

test("a picture that is loaded late has its address", () => {
  const { images } = storyWith(
    '<p><img src="data:image/gif;base64,R0" data-src="https://x.example/late.jpg" alt="Late"></p>',
  );
  expect(images.map(({ src }) => src)).toEqual(["https://x.example/late.jpg"]);
});

test("a page saved with its pictures has them beside it", () => {
  const { images } = storyWith('<p><img src="ferry_files/pontoon.jpg" alt="A pontoon"></p>');
  expect(images.map(({ src }) => src)).toEqual(["ferry_files/pontoon.jpg"]);
});
