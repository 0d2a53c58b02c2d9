import { type Role, roleAtEdge } from "../block.ts";
import { saysOneOf } from "../clean-text.ts";
import {
  isHeading,
  isItem,
  isLink,
  isProse,
  labelAround,
  type PageBlock,
  type Place,
  placesAround,
} from "./blocks.ts";
import { captionIn } from "./captions.ts";
import { findElement, findElements, isWithin, type PageElement } from "./page-dom.ts";
import { headsOtherStories, reasonByMarkup, reasonByWords } from "./reasons.ts";

/** The metadata of a page that its blocks may repeat. */
export interface PageClaims {
  readonly titles: readonly string[];
  /** The heading with its title. */
  readonly headline: PageElement | undefined;
  readonly isTitleSure: boolean;
}

/** Evidence for and against a block as story: its words, its markup and its place. */
export interface Signs {
  readonly block: PageBlock;
  /** The role of a block that repeats the page's title or names its author, its date or a picture. */
  readonly role: Role | undefined;
  /** Why its words are boilerplate. */
  readonly byWords: string | undefined;
  /** Why the elements around it are outside the story. */
  readonly byMarkup: string | undefined;
  /** Whether it links to another story, or is in another article of the page. */
  readonly isOtherStory: boolean;
  /**
   * 1 for running text in the part that the page marks as its story, if the trees missed most of it; then -1 for all
   * other blocks. Always -1 in other articles.
   */
  readonly marked: -1 | 0 | 1;
}

/** The change of the log-odds by one sign. A probability of .95 falls below one half. */
export const WEIGHT = 3;
/** The weight of the page's own mark, in signs: no rule against a block outweighs it. */
const MARKED = 3;

/** The sum of a block's signs in log-odds. */
export function weightOf({ role, byWords, byMarkup, isOtherStory, marked }: Signs): number {
  const against = [role, byWords, byMarkup, isOtherStory || undefined];
  return WEIGHT * (MARKED * marked - against.filter((sign) => sign !== undefined).length);
}

/** The signs of each block. `isLikely`: whether the block is likely the story without them. */
export function signsOf(
  blocks: readonly PageBlock[],
  isLikely: readonly boolean[],
  claims: PageClaims,
): Signs[] {
  const likely = blocks.filter((_, index) => isLikely[index]);
  const pointers = isRoundUp(likely) ? [] : pointersAmong(blocks);
  const reasonFor = reasonsByMarkup(likely);
  const spotOf = spotsAmong(isLikely);
  const missed = missedStory(blocks, likely);
  const saysTitle = saysOneOf(claims.titles);
  const others = otherArticles(blocks, saysTitle);
  const heading = claims.isTitleSure ? undefined : headingOver(likely);
  const isTitle = (block: PageBlock): boolean =>
    block === heading ||
    saysTitle(block.text) ||
    (claims.headline !== undefined && isWithin(block.place.element, claims.headline));
  return blocks.map((block, index): Signs => {
    const byMarkup = reasonFor(block, isLikely[index] ?? false);
    return {
      block,
      role: roleOf(block, spotOf(index), byMarkup === undefined, isTitle),
      byWords: reasonByWords(block),
      byMarkup,
      isOtherStory: pointers[index] === true || others.has(block),
      marked: others.has(block) ? -1 : missed(block),
    };
  });
}

/** Titles and dates are searched in the first 8 likely blocks and the 8 blocks before them. */
const EARLY = 8;
/** Sign-offs are searched in the last 5 likely blocks and the 5 blocks after them. */
const LATE = 5;

/** The position of a block relative to the likely story: near its beginning, near its end, or inside. */
function spotsAmong(isLikely: readonly boolean[]) {
  const own = [...isLikely.keys()].filter((index) => isLikely[index]);
  const [first = 0] = own;
  const last = own.at(-1) ?? 0;
  const early = own[EARLY - 1] ?? last;
  const late = own.at(-LATE) ?? first;
  return (index: number) => ({
    isEarly: index >= first - EARLY && index <= early,
    isLate: index >= late && index <= last + LATE,
    isInside: index >= first && index <= last,
  });
}

function roleOf(
  block: PageBlock,
  { isEarly, isLate, isInside }: ReturnType<ReturnType<typeof spotsAmong>>,
  isUnlabelled: boolean,
  isTitle: (block: PageBlock) => boolean,
): Role | undefined {
  if (block.place.name === "pre") return undefined;
  const caption = isInside || (isEarly && isUnlabelled) ? captionIn(block) : undefined;
  if (caption) return { is: "caption", caption };
  if (isEarly && isTitle(block)) return { is: "title" };
  if (isEarly && isStandfirst(block)) return { is: "standfirst" };
  return isEarly || isLate ? roleAtEdge(block.text, block.measure.words) : undefined;
}

const STANDFIRST =
  / (?:stand ?first|sub ?titles?|sub ?headline|sub ?heading|sub ?head|sub ?hed|dek|deck|(?:article|story|post) (?:summary|subtitle|excerpt)|p summary|chapeau|chapo|catenaccio|copete|bajada|ingress|sottotitolo|occhiello|untertitel|subtitulo) /;

// Whether a block is a standfirst, the summary under a headline.
function isStandfirst(block: PageBlock): boolean {
  return block.measure.words < 70 && STANDFIRST.test(labelAround(block));
}

/** An element with at most this share of the page's prose can't be the whole story, so its labels count. */
const LITTLE = 0.3;

/**
 * Returns a function that gives the reason why a block is outside the story, by the labels of the elements around it.
 * For a likely block, only elements with little of the page's prose count: an element with more is the story or
 * contains it. For other blocks, only elements without a likely block count. The outermost element decides.
 */
function reasonsByMarkup(
  likely: readonly PageBlock[],
): (block: PageBlock, isLikely: boolean) => string | undefined {
  const withStory = new Set(likely.flatMap(({ place }) => placesAround(place)));
  const known = new Map<Place, string | undefined>();
  const reasonFor = (place: Place): string | undefined => {
    if (!known.has(place)) known.set(place, reasonByMarkup(place));
    return known.get(place);
  };
  return ({ place }, isLikely) => {
    const path = placesAround(place);
    const most = (path.at(-1)?.prose ?? 0) * LITTLE;
    const isApart = (at: Place): boolean =>
      isLikely ? at.prose <= most && !holdsHeadline(at) : !withStory.has(at);
    return path
      .filter(isApart)
      .map(reasonFor)
      .findLast((reason) => reason !== undefined);
  };
}

function holdsHeadline({ element }: Place): boolean {
  return findElement(element, (at) => at.localName === "h1" || isStoryBody(at)) !== undefined;
}

/** Finds the links to other stories: blocks that are a link, lists of them, and their headings. */
function pointersAmong(blocks: readonly PageBlock[]): boolean[] {
  let isUnder = false;
  const points = blocks.map((block, index) => {
    const next = blocks[index + 1];
    isUnder &&= isLink(block) || (isItem(block) && block.linked > 0);
    if (headsOtherStories(block.text) && pointsAway(next)) isUnder = true;
    return isUnder || isPointer(block, next);
  });
  return points.map((own, index) => {
    const block = blocks[index];
    return own || (points[index + 1] === true && block !== undefined && isLabel(block));
  });
}

/** Whether a story consists of links, like a weekly round-up. */
function isRoundUp(story: readonly PageBlock[]): boolean {
  return lengthOf(story.filter(isLink)) > lengthOf(story) * 0.4;
}

function pointsAway(next: PageBlock | undefined): boolean {
  return next === undefined || next.linked > 0 || isHeading(next);
}

// A linked heading with text below is a heading of the story.
function isPointer(block: PageBlock, next: PageBlock | undefined): boolean {
  if (!isLink(block) || block.measure.words < 3) return false;
  return !isHeading(block) || isItem(block) || next === undefined || isLink(next);
}

function isLabel(block: PageBlock): boolean {
  return block.measure.words <= 4 && (isHeading(block) || /[:：]$/.test(block.text));
}

/** A part is missed if its running text has this length and the likely blocks have less than this share of it. */
const LEAST_CHARACTERS = 400;
const LEAST_SHARE = 0.3;
/** Shorter blocks may be menus or labels. */
const LEAST_WORDS = 12;

/** Finds the running text of the part that the page marks as its story, if almost none of it is likely. */
function missedStory(
  blocks: readonly PageBlock[],
  likely: readonly PageBlock[],
): (block: PageBlock) => Signs["marked"] {
  const marked = markedStory(blocks);
  const isOwn = (block: PageBlock): boolean =>
    marked !== undefined &&
    isProse(block) &&
    block.measure.words >= LEAST_WORDS &&
    isWithin(block.place.element, marked);
  const all = lengthOf(blocks.filter(isOwn));
  const isMissed = all >= LEAST_CHARACTERS && lengthOf(likely.filter(isOwn)) < all * LEAST_SHARE;
  return (block) => (isMissed ? (isOwn(block) ? 1 : -1) : 0);
}

function lengthOf(blocks: readonly PageBlock[]): number {
  return blocks.reduce((sum, { text }) => sum + text.length, 0);
}

// Returns the element that schema.org's articleBody marks, or the only `article` element.
function markedStory(blocks: readonly PageBlock[]): PageElement | undefined {
  let root = blocks[0]?.place;
  while (root?.parent) root = root.parent;
  const only = (isWanted: (element: PageElement) => boolean): PageElement | undefined => {
    const [element, second] = root ? findElements(root.element, isWanted, 2) : [];
    return second ? undefined : element;
  };
  return only(isStoryBody) ?? only(({ localName }) => localName === "article");
}

/** Whether microdata mark an element as the story. */
function isStoryBody(element: PageElement): boolean {
  return element.getAttribute("itemprop") === "articleBody";
}

const HIGHEST = 3;

/** Returns the heading above a story's first sentence, if no other heading of the story has the same level. */
function headingOver(story: readonly PageBlock[]): PageBlock | undefined {
  const first = story.findIndex(isProse);
  const heading = story
    .slice(0, Math.min(Math.max(first, 0), HIGHEST))
    .findLast(({ place }) => /^h[1-4]$/.test(place.name));
  const kind = heading?.place.name;
  const isOnly = story.filter(({ place }) => place.name === kind).length === 1;
  return isOnly ? heading : undefined;
}

/**
 * Returns the blocks of `article` elements beside the one with the headline. Each is a composition of its own (HTML
 * §4.3.4). If the headline is in none, as on a live blog, all of them belong to the story.
 */
function otherArticles(
  blocks: readonly PageBlock[],
  saysTitle: (line: string) => boolean,
): Set<PageBlock> {
  const headline = blocks.find(({ place, text }) => /^h[1-3]$/.test(place.name) && saysTitle(text));
  const own = headline && outermostArticle(headline);
  if (!own) return new Set();
  const byArticle = Map.groupBy(blocks, outermostArticle);
  return new Set(
    [...byArticle].flatMap(([article, inside]) =>
      article && article !== own && findElement(article, isHeadline) ? inside : [],
    ),
  );
}

function isHeadline({ localName }: PageElement): boolean {
  return /^h[1-3]$/.test(localName);
}

function outermostArticle({ place }: PageBlock): PageElement | undefined {
  return placesAround(place).findLast(({ name }) => name === "article")?.element;
}
