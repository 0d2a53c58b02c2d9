import type { Caption, Image } from "../article.ts";
import { captionIn } from "./captions.ts";
import { elementsIn, type PageElement } from "./page-dom.ts";
import { fold } from "./same-title.ts";
import { toImage } from "./story-pictures.ts";
import { toStoryLines } from "./story-line.ts";
import { textBlocksIn } from "./text-blocks.ts";

/** A picture with its caption, as a page sets it. */
export interface Figure {
  readonly picture: Image | undefined;
  readonly caption: Caption;
  /** The caption as it is written. */
  readonly text: string;
}

/**
 * The figures in the part of a page that its headline is in. The one between a headline and a story
 * is often left out of the story, and belongs to it all the same.
 */
export function figuresOn(body: PageElement, base: string | undefined): Figure[] {
  const article = body.querySelector("h1") ? articleWithHeadline(body) : undefined;
  if (!article) return [];
  return [...article.querySelectorAll("figure")].flatMap((figure): Figure[] => {
    const lines = toStoryLines(textBlocksIn(figure));
    const captions = lines.flatMap((line) => (line.isLink ? [] : (captionIn(line) ?? [])));
    const [caption] = captions;
    if (!caption || lines.length > 3) return [];
    const credit = caption.credit ?? captions[1]?.credit;
    const full = { ...caption, ...(credit ? { credit } : {}) };
    return [{ picture: pictureIn(figure, full, base), caption: full, text: lines[0]?.text ?? "" }];
  });
}

/** Those figures whose captions are not among some texts. */
export function figuresBeside(figures: readonly Figure[], texts: readonly string[]): Figure[] {
  const told = new Set(texts.map(fold));
  return figures.filter(({ text }) => !told.has(fold(text)));
}

function articleWithHeadline(body: PageElement): PageElement | undefined {
  const parts = [...body.querySelectorAll("article"), ...body.querySelectorAll("main")];
  return parts.find((part) => part.querySelector("h1") !== null);
}

function pictureIn(
  figure: PageElement,
  { text, credit }: Caption,
  base: string | undefined,
): Image | undefined {
  for (const element of elementsIn(figure)) {
    const picture = element.localName === "img" ? toImage(element, base) : undefined;
    if (!picture) continue;
    return { ...picture, ...(text ? { caption: text } : {}), ...(credit ? { credit } : {}) };
  }
  return undefined;
}
