import type { PageDocument, PageElement } from "./page-dom.ts";
import { findStory } from "./readability.ts";
import { fold } from "./same-title.ts";
import { isProse, toStoryLines } from "./story-line.ts";
import { textBlocksIn } from "./text-blocks.ts";

/**
 * The part of a page that holds its story. Where the page marks that part, and Readability found
 * something else, the page is believed. `again` gives the same document anew, for Readability
 * leaves nothing of the one that it reads.
 */
export function findContent(document: PageDocument, again: () => PageDocument): PageElement {
  const marked = markedStory(document);
  const paragraphs = marked ? paragraphsIn(marked) : [];
  const found = findStory(document);
  if (found && !misses(found, paragraphs)) return found;
  const fresh = again();
  return markedStory(fresh) ?? fresh.body;
}

// schema.org's articleBody, or the one article of a page.
function markedStory(document: PageDocument): PageElement | undefined {
  const [body, second] = document.querySelectorAll("[itemprop=articleBody]");
  if (body) return second ? undefined : body;
  const [article, other] = document.querySelectorAll("article");
  return other ? undefined : article;
}

function paragraphsIn(element: PageElement): string[] {
  return toStoryLines(textBlocksIn(element))
    .filter((line) => isProse(line) && line.words >= 12)
    .map(({ text }) => fold(text));
}

const LEAST_CHARACTERS = 400;
const LEAST_SHARE = 0.3;

function misses(found: PageElement, paragraphs: readonly string[]): boolean {
  const all = lengthOf(paragraphs);
  if (all < LEAST_CHARACTERS) return false;
  const story = fold(found.textContent);
  return (
    lengthOf(paragraphs.filter((text) => story.includes(text.slice(0, 60)))) < all * LEAST_SHARE
  );
}

function lengthOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length, 0);
}
