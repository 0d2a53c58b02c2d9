import type { Caption, Image } from "../article.ts";
import {
  type BlockWithRole,
  boilerplate,
  isOrnament,
  ORNAMENT,
  type Role,
  roleAtEdge,
  STORY,
} from "../block.ts";
import { type Body, isAnotherTitle, toBody } from "../body.ts";
import { isNameLine } from "../byline.ts";
import { captionOf, withCaption } from "../caption.ts";
import type { Declared } from "../declared.ts";
import { sanitiseHtml } from "../sanitise-html.ts";
import type { Passage } from "./passages.ts";

/** Composes the passages of a Markdown body or a piece of HTML. */
export function passagesBody(passages: readonly Passage[], declared: Declared): Body {
  const roles = rolesOf(passages, declared);
  const blocks = passages.map((block, index) => ({ block, role: roles[index] ?? STORY }));
  const kept = blocks.filter(({ role }) => role.is === "story" || role.is === "markup");
  return {
    ...toBody(blocks, declared),
    html: sanitiseHtml(kept.map(({ block }) => block.html).join("")),
    images: blocks.flatMap((one, index) => pictureIn(one, blocks[index + 1])),
  };
}

function rolesOf(passages: readonly Passage[], declared: Declared): Role[] {
  const title = titleIndex(passages, declared);
  const paragraphs = passages.filter(isParagraph);
  const edges = new Set([...paragraphs.slice(0, 3), ...paragraphs.slice(-2)]);
  const last = paragraphs.length > 1 ? paragraphs.at(-1) : undefined;
  return passages.map((passage, index): Role => {
    const { kind, text, measure, reason, caption, html } = passage;
    const before = passages[index - 1];
    if (reason !== undefined) return html === "" ? boilerplate(reason) : { is: "markup", reason };
    if (kind === "heading") return index === title ? { is: "title" } : section(text, declared);
    if (kind === "picture" && captionUnder(passages[index + 1], passage)) return { is: "markup" };
    if (caption) return { is: "caption", caption };
    if (!isParagraph(passage)) return { is: "markup" };
    const own = captionUnder(passage, before);
    if (own) return { is: "caption", caption: own };
    if (isOrnament(text)) return { is: "markup", reason: ORNAMENT };
    if (kind !== "paragraph" || !edges.has(passage)) return STORY;
    const isSigned = passage === last && !measure.endsSentence && isNameLine(text);
    return isSigned ? { is: "byline" } : (roleAtEdge(text, measure.words) ?? STORY);
  });
}

function isParagraph({ kind, reason }: Passage): boolean {
  return reason === undefined && (kind === "paragraph" || kind === "item" || kind === "quotation");
}

// The title is the first heading of level 1, unless the story has begun before it.
function titleIndex(passages: readonly Passage[], declared: Declared): number {
  const index = passages.findIndex(({ level }) => level === 1);
  const title = passages[index];
  const hasBegun = passages
    .slice(0, Math.max(index, 0))
    .some((one) => one.kind === "heading" || (isParagraph(one) && one.measure.words > 25));
  return !title || hasBegun || isAnotherTitle(title.text, declared) ? -1 : index;
}

// A letter's text is its Markdown with headings, so its headings are not dropped.
function section(text: string, { kind }: Declared): Role {
  if (text === "" || kind === "letter") return { is: "markup" };
  return { is: "markup", reason: "a heading, kept in the HTML" };
}

const LONGEST_CAPTION = 400;

// A line in italics under a picture, a `figcaption` under one, or any line with a credit.
function captionUnder(
  passage: Passage | undefined,
  before: Passage | undefined,
): Caption | undefined {
  const isUnderPicture = before?.kind === "picture";
  if (passage?.kind === "caption") return isUnderPicture ? passage.caption : undefined;
  if (passage?.kind !== "paragraph" || passage.text.length > LONGEST_CAPTION) return undefined;
  const { text, html } = passage;
  const isEmphasis = /^<p><em>(?:(?!<\/?em>).)*<\/em><\/p>$/s.test(html);
  return captionOf(text) ?? (isUnderPicture && isEmphasis ? { text } : undefined);
}

/** The picture of a passage, with the caption under it. */
function pictureIn(
  { block: { image } }: BlockWithRole<Passage>,
  next: BlockWithRole<Passage> | undefined,
): Image[] {
  if (!image) return [];
  const isUnder = next?.role.is === "caption" && next.block.kind !== "picture";
  const below = isUnder && next.role.is === "caption" ? next.role.caption : undefined;
  const { caption: text = below?.text ?? "", credit = below?.credit } = image;
  return [withCaption(image, { text, credit })];
}
