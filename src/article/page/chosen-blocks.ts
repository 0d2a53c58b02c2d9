import { fold, isAmong } from "../clean-text.ts";
import { type Block, isHeading, isProse } from "./blocks.ts";
import type { JudgedBlock } from "./choose-story.ts";
import { isWithin, type PageElement } from "./page-dom.ts";

/** What a page says of itself, in so far as its blocks may repeat it. */
export interface Known {
  readonly titles: readonly string[];
  readonly isTitleSure: boolean;
  readonly descriptions: readonly string[];
  readonly authors: readonly string[];
  /** Whether there is nothing around the story. */
  readonly isFragment: boolean;
}

interface Chosen {
  readonly chosen: ReadonlySet<Block>;
  /** The heading over the story where the page does not declare its title for certain. */
  readonly title: Block | undefined;
  /** The blocks of other compositions. */
  readonly others: ReadonlySet<Block>;
}

/** The blocks that are the story by their chances, and by what the page's markup says of it as standards have it. */
export function chosenAmong(judged: readonly JudgedBlock[], known: Known): Chosen {
  const blocks = judged.map(({ block }) => block);
  const likely = judged.filter(({ isStory }) => isStory).map(({ block }) => block);
  const others = otherArticles(blocks, known.titles);
  const found = missedStory(blocks, new Set(likely)) ?? likely;
  const story = [...lostOpening(found, blocks, known.descriptions), ...found].filter(
    (block) => !others.has(block),
  );
  const title = known.isTitleSure ? undefined : headingOver(story);
  const chosen = title ? story.slice(story.indexOf(title)) : story;
  return { chosen: new Set(chosen), title, others };
}

const LEAST_CHARACTERS = 400;
const LEAST_SHARE = 0.3;
const LEAST_WORDS = 12;

/** The running text of the part that a page marks as its story, where next to none was chosen. */
function missedStory(
  blocks: readonly Block[],
  chosen: ReadonlySet<Block>,
): readonly Block[] | undefined {
  const marked = markedStory(blocks);
  if (!marked) return undefined;
  const own = blocks.filter(
    (block) =>
      isProse(block) && block.measure.words >= LEAST_WORDS && isWithin(block.place.element, marked),
  );
  const all = lengthOf(own);
  const taken = lengthOf(own.filter((block) => chosen.has(block)));
  return all >= LEAST_CHARACTERS && taken < all * LEAST_SHARE ? own : undefined;
}

// schema.org's articleBody, or the one article of a page.
function markedStory(blocks: readonly Block[]): PageElement | undefined {
  let root = blocks[0]?.place;
  while (root?.parent) root = root.parent;
  const only = (selector: string): PageElement | undefined => {
    const [element, second] = root?.element.querySelectorAll(selector) ?? [];
    return second ? undefined : element;
  };
  return only("[itemprop=articleBody]") ?? only("article");
}

function lengthOf(blocks: readonly Block[]): number {
  return blocks.reduce((sum, { text }) => sum + text.length, 0);
}

// How much of a description has to be found in a text: systems cut them off anywhere after that.
const BEGINNING = 50;
const MOST_BETWEEN = 6;

/**
 * The paragraphs of an opening that are not among what was found: a description that a system cut from the story's
 * first words shows where it begins. One that is all of a block is a standfirst, written to stand above the story.
 */
function lostOpening(
  found: readonly Block[],
  blocks: readonly Block[],
  descriptions: readonly string[],
): readonly Block[] {
  const opening = found.find(isProse);
  const first = opening ? blocks.indexOf(opening) : 0;
  const above = blocks.slice(Math.max(first - MOST_BETWEEN, 0), first);
  const beginnings = descriptions.map(fold).filter(({ length }) => length >= BEGINNING);
  const isCutFrom = (text: string): boolean =>
    beginnings.some((words) => text.length > words.length + 20 && text.startsWith(words));
  const start = above.findIndex((block) => isProse(block) && isCutFrom(fold(block.text)));
  return start === -1
    ? []
    : above.slice(start).filter((block) => isProse(block) && !isHeading(block));
}

/**
 * The blocks of `article` elements beside the one that holds the headline: each is a composition of its own (HTML
 * §4.3.4). Where the headline is in none, as on a live blog, all of them are the story.
 */
function otherArticles(blocks: readonly Block[], titles: readonly string[]): Set<Block> {
  const folded = new Set(titles.map(fold));
  const headline = blocks.find(
    ({ place, text }) => /^h[1-3]$/.test(place.name) && isAmong(text, folded),
  );
  const own = headline && outermostArticle(headline);
  if (!own) return new Set();
  return new Set(
    blocks.filter((block) => {
      const article = outermostArticle(block);
      return article !== undefined && article !== own && article.querySelector("h1,h2,h3") !== null;
    }),
  );
}

function outermostArticle({ place }: Block): PageElement | undefined {
  let found: PageElement | undefined;
  for (let at: Block["place"] | undefined = place; at; at = at.parent)
    if (at.name === "article") found = at.element;
  return found;
}

const HIGHEST = 3;

/** The heading above a story's first sentence, if none of its kind heads a part of the story. */
function headingOver(story: readonly Block[]): Block | undefined {
  const first = story.findIndex(isProse);
  const heading = story
    .slice(0, Math.min(Math.max(first, 0), HIGHEST))
    .findLast(({ place }) => /^h[1-4]$/.test(place.name));
  const kind = heading?.place.name;
  const isOnly = story.filter(({ place }) => place.name === kind).length === 1;
  return isOnly ? heading : undefined;
}
