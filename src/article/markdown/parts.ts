import type { Caption, Dropped, Image } from "../article.ts";
import type { Body } from "../compose-article.ts";
import { sanitiseHtml } from "../sanitise-html.ts";
import type { Declared } from "../declared.ts";
import { isNameLine, namesInByline } from "../byline.ts";
import { captionOf } from "../caption.ts";
import { countWords, endsSentence } from "../measure-text.ts";
import { isDateLine } from "../plain-text/roles.ts";
import { parseDate } from "../dates.ts";
import { CREDIT_ALONE, ORNAMENT, ROLE_REASONS } from "../role.ts";
import type { Passage } from "./passages.ts";

/** A passage and what it gives to the Article. */
export interface Part {
  readonly html: string;
  readonly story?: string;
  readonly title?: string;
  readonly authors?: readonly string[];
  readonly publishedAt?: string | undefined;
  readonly image?: Image;
  readonly caption?: Caption;
  readonly dropped?: Dropped;
}

type Paragraph = Extract<Passage, { is: "paragraph" }>;

/** What each passage of a Markdown body is: story, title, byline, caption, or none of these. */
export function toParts(passages: readonly Passage[], declared: Declared): Part[] {
  const title = titleIndex(passages);
  const paragraphs = passages.filter((passage) => passage.is === "paragraph");
  const edges = new Set([...paragraphs.slice(0, 3), ...paragraphs.slice(-2)]);
  const last = paragraphs.length > 1 ? paragraphs.at(-1) : undefined;
  return passages.map((passage, index): Part => {
    const before = passages[index - 1];
    if (passage.is === "markup") return { html: passage.html };
    if (passage.is === "image")
      return imagePart(passage.image, captionBelow(passages[index + 1], passage));
    if (passage.is === "caption") return { html: "", caption: passage.caption };
    if (passage.is === "aside") return { html: passage.html, dropped: passage.dropped };
    if (passage.is === "heading") return headingPart(passage, index === title, declared);
    const caption = captionBelow(passage, before);
    if (caption) return captionPart(passage, caption, before);
    if (passage.isTopLevel && edges.has(passage))
      return edgePart(passage, passage === last, declared);
    if (!/[\p{L}\p{N}]/u.test(passage.text)) return ornamentPart(passage);
    return { html: passage.html, story: passage.text };
  });
}

// The first heading of the first level, unless the story has begun before it: then it heads a section.
function titleIndex(passages: readonly Passage[]): number {
  const index = passages.findIndex((passage) => passage.is === "heading" && passage.level === 1);
  const hasBegun = passages
    .slice(0, Math.max(index, 0))
    .some(
      (passage) =>
        passage.is === "heading" || (passage.is === "paragraph" && countWords(passage.text) > 25),
    );
  return hasBegun ? -1 : index;
}

function headingPart(
  { html, text }: Extract<Passage, { is: "heading" }>,
  isTitle: boolean,
  declared: Declared,
): Part {
  if (isTitle && (declared.title === undefined || declared.title === text))
    return { html: "", title: text };
  // The page has one title; a heading of the first level inside the story is a section's.
  const section = { html: html.replace(/^<h1>/, "<h2>").replace(/<\/h1>$/, "</h2>") };
  // A letter's text is its Markdown, headings and all.
  if (text === "" || declared.kind === "letter") return section;
  return { ...section, dropped: { text, reason: "a heading, kept in the HTML" } };
}

function ornamentPart({ html, text }: Paragraph): Part {
  return { html, dropped: { text, reason: ORNAMENT } };
}

function imagePart(image: Image, below: Caption | undefined): Part {
  const caption = image.caption ?? below?.text;
  const credit = image.credit ?? below?.credit;
  const full = { ...image, ...(caption ? { caption } : {}), ...(credit ? { credit } : {}) };
  if (!image.caption || below) return { html: "", image: full };
  return { html: "", image: full, caption: { text: image.caption, ...(credit ? { credit } : {}) } };
}

// A line in italics right under a picture, a `figcaption`, or a line with a credit anywhere.
function captionBelow(
  passage: Passage | undefined,
  before: Passage | undefined,
): Caption | undefined {
  const isUnderImage = before?.is === "image";
  if (passage?.is === "caption") return isUnderImage ? passage.caption : undefined;
  if (passage?.is !== "paragraph" || !passage.isTopLevel || passage.text.length > 400)
    return undefined;
  const caption = captionOf(passage.text);
  if (caption) return caption;
  return isUnderImage && isEmphasis(passage) ? { text: passage.text } : undefined;
}

function isEmphasis({ html }: Paragraph): boolean {
  return /^<p><em>(?:(?!<\/?em>).)*<\/em><\/p>$/s.test(html);
}

function captionPart(passage: Paragraph, caption: Caption, before: Passage | undefined): Part {
  if (caption.text !== "") return { html: "", caption };
  if (before?.is === "image") return { html: "" };
  return {
    html: "",
    dropped: { text: passage.text, reason: CREDIT_ALONE },
  };
}

function edgePart(passage: Paragraph, isLast: boolean, declared: Declared): Part {
  const { text, html } = passage;
  const signed =
    isLast && !endsSentence(text) && isNameLine(text) ? [text.replace(/^[\s–—-]+/u, "")] : [];
  const authors = [...namesInByline(text), ...signed];
  if (authors.length > 0) {
    const isKept = declared.authors.length === 0 && authors.join(" ") === text;
    return {
      html: "",
      authors,
      ...(isKept ? {} : { dropped: { text, reason: ROLE_REASONS.byline } }),
    };
  }
  if (!isDateLine(text)) return { html, story: text };
  return { html: "", publishedAt: parseDate(text), dropped: { text, reason: ROLE_REASONS.date } };
}

/** What the parts of a body give together. */
export function toBody(parts: readonly Part[]): Body {
  const given = <Key extends keyof Part>(key: Key): NonNullable<Part[Key]>[] =>
    parts.map((part) => part[key]).filter((value) => value !== undefined && value !== null);
  return {
    title: given("title")[0] ?? "",
    authors: given("authors").flat(),
    publishedAt: given("publishedAt")[0],
    text: given("story").join("\n\n"),
    html: sanitiseHtml(given("html").join("")),
    images: given("image"),
    captions: given("caption"),
    dropped: given("dropped"),
  };
}
