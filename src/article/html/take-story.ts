import type { Dropped } from "../article.ts";
import { toRoles } from "./block-roles.ts";
import type { BoundedMarkup } from "./bound-markup.ts";
import { figuresBeside, figuresOn, type Figure } from "./figures.ts";
import { findContent } from "./find-content.ts";
import type { Metadata } from "./metadata/read-metadata.ts";
import { lostOpening } from "./opening.ts";
import type { PageDocument, PageElement } from "./page-dom.ts";
import { prune } from "./prune.ts";
import type { Role } from "./roles.ts";
import { fold } from "./same-title.ts";
import { labelsOf } from "./story-line.ts";
import { textBlocksIn, type TextBlock } from "./text-blocks.ts";

/** A block and what it is. */
export interface Told {
  readonly block: TextBlock;
  readonly role: Role;
}

/** The story as it was found on a page, and what stood around it. */
export interface TakenStory {
  /** The element that holds it. */
  readonly content: PageElement;
  /** Its blocks, the recovered opening first. */
  readonly told: readonly Told[];
  /** The paragraphs of the opening that are not in `content`. */
  readonly opening: readonly TextBlock[];
  /** What was taken out before the story was looked for. */
  readonly pruned: readonly Dropped[];
  /** All blocks that were on the page then. */
  readonly page: readonly TextBlock[];
  /** The figures that stand with the story, but not in `content`. */
  readonly figures: readonly Figure[];
}

/**
 * Reads the story out of a document, which is not the same afterwards. `parse` makes documents like
 * it.
 */
export function takeStory(
  document: PageDocument,
  metadata: Metadata,
  { html, isFragment }: BoundedMarkup,
  parse: (html: string) => PageDocument,
): TakenStory {
  const pruned = prune(document.body);
  const page = textBlocksIn(document.body);
  // Readability takes the names off many an element.
  const labels = labelsOf(page);
  const figures = isFragment ? [] : figuresOn(document.body, metadata.base);
  const again = (): PageDocument => {
    const fresh = parse(html);
    prune(fresh.body);
    return fresh;
  };
  const content = isFragment ? document.body : findContent(document, again);
  const found = textBlocksIn(content);
  const opening = isFragment ? [] : lostOpening(found, page, metadata.descriptions);
  const blocks = [...opening, ...found];
  const authors = [...metadata.authors, ...metadata.shownAuthors];
  const titles = new Set(metadata.titles.map(fold));
  const roles = toRoles(blocks, { titles, authors, labels, isFragment });
  const told = blocks.flatMap((block, index): Told[] => {
    const role = roles[index];
    return role ? [{ block, role }] : [];
  });
  const texts = blocks.map(({ text }) => text);
  return { content, told, opening, pruned, page, figures: figuresBeside(figures, texts) };
}
