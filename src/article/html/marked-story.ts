import { isWithin, type PageElement } from "../page/page-dom.ts";
import { isProse, type StoryLine, type TextBlock } from "./text-blocks.ts";

const LEAST_CHARACTERS = 400;
const LEAST_SHARE = 0.3;
const LEAST_WORDS = 12;

/**
 * The running text of the part that a page marks as its story, where next to nothing of it was
 * chosen; undefined otherwise.
 */
export function missedStory(
  body: PageElement,
  lines: readonly StoryLine[],
  chosen: ReadonlySet<TextBlock>,
): TextBlock[] | undefined {
  const marked = markedStory(body);
  if (!marked) return undefined;
  const own = lines
    .filter((line) => isProse(line) && line.words >= LEAST_WORDS)
    .map(({ block }) => block)
    .filter(({ element }) => isWithin(element, marked));
  const all = lengthOf(own);
  const taken = lengthOf(own.filter((block) => chosen.has(block)));
  return all >= LEAST_CHARACTERS && taken < all * LEAST_SHARE ? own : undefined;
}

// schema.org's articleBody, or the one article of a page.
function markedStory(body: PageElement): PageElement | undefined {
  const [marked, second] = body.querySelectorAll("[itemprop=articleBody]");
  if (marked) return second ? undefined : marked;
  const [article, other] = body.querySelectorAll("article");
  return other ? undefined : article;
}

function lengthOf(blocks: readonly TextBlock[]): number {
  return blocks.reduce((sum, { text }) => sum + text.length, 0);
}
