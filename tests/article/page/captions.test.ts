import { describe, expect, test } from "vitest";
import type { Article } from "../../../src/article/article.ts";
import { FERRY, page, paragraphs, read } from "./pages.ts";

function withPicture(markup: string): Article {
  const [first, second, third, fourth] = FERRY;
  return read(
    page(
      `<article><h1>The ferry</h1>${paragraphs([first, second])}${markup}${paragraphs([third, fourth])}</article>`,
    ),
  );
}

const IMG = '<img src="https://x.example/pontoon.jpg" alt="A pontoon">';

describe("a caption with its credit is kept apart from the story", () => {
  test.each([
    [
      `<figure>${IMG}<figcaption>A pontoon. (Eva Roth/Reuters)</figcaption></figure>`,
      { text: "A pontoon.", credit: "Eva Roth/Reuters" },
    ],
    [
      `<figure>${IMG}<figcaption>A pontoon is lowered</figcaption></figure>`,
      { text: "A pontoon is lowered" },
    ],
    [
      `<figure>${IMG}<figcaption><span>Media caption, </span>A pontoon is lowered</figcaption></figure>`,
      { text: "A pontoon is lowered" },
    ],
    [
      `<figure>${IMG}<figcaption>Image caption A pontoon is lowered</figcaption></figure>`,
      { text: "A pontoon is lowered" },
    ],
    [
      `<div class="wp-caption">${IMG}<p class="wp-caption-text">A pontoon is lowered</p></div>`,
      { text: "A pontoon is lowered" },
    ],
    [
      `<figure>${IMG}<p>A pontoon is lowered into the harbour.</p></figure>`,
      { text: "A pontoon is lowered into the harbour." },
    ],
    [
      `<p>${IMG}</p><p><em>A pontoon is lowered into the harbour.</em></p>`,
      { text: "A pontoon is lowered into the harbour." },
    ],
    [
      `<p>${IMG}</p><p>A pontoon is lowered. (Coast Trust/Eva Roth)</p>`,
      { text: "A pontoon is lowered. (Coast Trust/Eva Roth)" },
    ],
    [
      `<div class="inline-image">${IMG}<p>A pontoon is lowered.</p></div>`,
      { text: "A pontoon is lowered." },
    ],
    [
      `<figure>${IMG}<figcaption>2 of 5 A pontoon is lowered</figcaption></figure>`,
      { text: "A pontoon is lowered" },
    ],
    ["<p>Photo: Eva Roth / Coast Agency</p>", undefined],
  ])("%s", (markup, caption) => {
    const article = withPicture(markup);
    expect(article.text.split("\n\n")).toEqual([...FERRY]);
    expect(article.captions).toEqual(caption ? [caption] : []);
  });
});

test("a picture has the caption that stands under it", () => {
  const other = IMG.replace("pontoon.jpg", "quay.jpg");
  const { images } = withPicture(
    `<figure>${IMG}<figcaption>A pontoon</figcaption></figure>${other}<p>${FERRY[0]}</p>`,
  );
  expect(images.map(({ src, caption }) => [src, caption])).toEqual([
    ["https://x.example/pontoon.jpg", "A pontoon"],
    ["https://x.example/quay.jpg", undefined],
  ]);
});

test.each([
  [
    "a quotation",
    "<figure><blockquote><p>I had given up on it, to be honest.</p></blockquote></figure>",
  ],
  ["a table", "<figure><table><tr><td>Monday</td><td>9</td></tr></table></figure>"],
])("%s in a figure is no caption", (_, markup) => {
  expect(withPicture(markup).captions).toEqual([]);
});

test("a bold line under a picture heads what follows", () => {
  const article = withPicture(`<p>${IMG}</p><p><b>A week without post</b></p>`);
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

describe("pictures that are the page's", () => {
  test.each([
    ["an icon", '<img src="https://x.example/i.png" class="icon">'],
    ["a face", '<img src="https://x.example/ana.jpg" class="avatar">'],
    ["a counter", '<img src="https://x.example/pixel/1.gif" width="1" height="1">'],
    ["a drawing", '<img src="https://x.example/arrow.svg">'],
    ["a picture in the address", '<img src="data:image/gif;base64,R0lGOD">'],
  ])("%s is none of the story's", (_, markup) => {
    expect(withPicture(`<p>${markup}</p>`).images).toEqual([]);
  });
});

test("a file's name says nothing of a picture", () => {
  const { images } = withPicture('<p><img src="https://x.example/a.jpg" alt="DSC_0412.JPG"></p>');
  expect(images[0]?.alt).toBe("");
});

test("a picture that is loaded late has its address", () => {
  const { images } = withPicture(
    '<p><img src="data:image/gif;base64,R0" data-src="https://x.example/late.jpg" alt="Late"></p>',
  );
  expect(images.map(({ src }) => src)).toEqual(["https://x.example/late.jpg"]);
});

test("a page saved with its pictures has them beside it", () => {
  const { images } = withPicture('<p><img src="ferry_files/pontoon.jpg" alt="A pontoon"></p>');
  expect(images.map(({ src }) => src)).toEqual(["ferry_files/pontoon.jpg"]);
});
