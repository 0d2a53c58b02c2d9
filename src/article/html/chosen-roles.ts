import { fold, isAmong, oneLine } from "../clean-text.ts";
import type { Place } from "../page/blocks.ts";
import type { PageElement } from "../page/page-dom.ts";
import type { JudgedBlock, StoryChoice } from "../page/choose-story.ts";
import {
  AROUND,
  dropped,
  HEADLINE,
  isByline,
  isDateLine,
  isStandfirst,
  keepGallery,
  OTHER_STORY,
  STORY,
  type Role,
} from "./block-roles.ts";
import { lostOpening } from "./lost-opening.ts";
import type { Metadata } from "./metadata/read-metadata.ts";
import { missedStory } from "./marked-story.ts";
import { captionIn, noticeIn } from "./notices.ts";
import { reasonByMarkup } from "./prune.ts";
import { isProse, toStoryLines, type StoryLine, type TextBlock } from "./text-blocks.ts";

/** A block and what it is. */
export interface Told {
  readonly block: TextBlock;
  readonly role: Role;
}

const EARLY = 8;
const LATE = 5;
// Below it, what the page calls a block counts for more than its chance.
const SURE = 0.7;

/** What a line may be for, by where it stands. */
interface Spot {
  readonly isChosen: boolean;
  /** Whether it stands where a story opens or closes, or close by. */
  readonly isEarly: boolean;
  readonly isLate: boolean;
  /** Whether it is between the story's first line and its last. */
  readonly isInside: boolean;
}

/**
 * The role of each block of a page whose story was chosen: captions, bylines and the like among the
 * story's blocks and close to them, and why each of the others is not the story.
 */
export function toldOf(
  body: PageElement,
  { blocks }: StoryChoice,
  { titles, descriptions, isTitleSure }: Metadata,
): Told[] {
  const lines = toStoryLines(blocks.map(toTextBlock));
  const page = lines.map(({ block }) => block);
  const likely = page.filter((_, index) => blocks[index]?.isStory);
  const chosen = new Set(missedStory(body, lines, new Set(likely)) ?? likely);
  for (const block of lostOpening([...chosen], page, descriptions)) chosen.add(block);
  const ofOthers = otherArticles(page, titles);
  for (const block of ofOthers) chosen.delete(block);
  const headline = isTitleSure
    ? undefined
    : headlineIn(lines.filter(({ block }) => chosen.has(block)));
  if (headline) for (const block of page.slice(0, lines.indexOf(headline))) chosen.delete(block);
  const withStory = placesOf(blocks.filter((_, index) => chosen.has(at(page, index))));
  const reasonOutside = reasonsOutside(withStory);
  const spotOf = spotsAmong(page, chosen);
  const folded = new Set(titles.map(fold));
  const isAnyLikely = blocks.some(({ chance }) => chance > 0.5);
  const placed = lines.map((line, index) => {
    const judged = at(blocks, index);
    const role = roleOf(line, spotOf(index), folded);
    if (role) return { line, role };
    if (line === headline) return { line, role: HEADLINE };
    const isUnsure = isAnyLikely && judged.chance < SURE;
    if (ofOthers.has(line.block)) return { line, role: OTHER_STORY };
    const reason = chosen.has(line.block)
      ? (noticeIn(line) ?? (isUnsure ? reasonAround(judged) : undefined))
      : (reasonOutside(judged.block.place) ?? noticeIn(line));
    if (reason !== undefined) return { line, role: dropped(reason) };
    return { line, role: chosen.has(line.block) ? STORY : AROUND };
  });
  return keepGallery(placed).map(({ line, role }) => ({ block: line.block, role }));
}

/**
 * The blocks of `article` elements beside the one that holds the headline: each is a composition of its own (HTML
 * §4.3.4). Where the headline is in none, as on a live blog, all of them are the story.
 */
function otherArticles(page: readonly TextBlock[], titles: readonly string[]): Set<TextBlock> {
  const folded = new Set(titles.map(fold));
  const headline = page.find(
    ({ element, text }) => /^h[1-3]$/.test(element.localName) && isAmong(text, folded),
  );
  const own = headline && outermostArticle(headline.element);
  if (!own) return new Set();
  return new Set(
    page.filter(({ element }) => {
      const article = outermostArticle(element);
      return article !== undefined && article !== own && article.querySelector("h1,h2,h3") !== null;
    }),
  );
}

function outermostArticle(element: PageElement): PageElement | undefined {
  let found: PageElement | undefined;
  for (let up: PageElement | null = element; up; up = up.parentElement) {
    if (up.localName === "article") found = up;
  }
  return found;
}

const HIGHEST = 3;

/** The heading above a story's first sentence, if none of its kind heads a part of the story. */
function headlineIn(story: readonly StoryLine[]): StoryLine | undefined {
  const first = story.findIndex(isProse);
  const heading = story.slice(0, Math.min(Math.max(first, 0), HIGHEST)).findLast(isHeading);
  const kind = heading?.block.element.localName;
  const isOnly = story.filter(({ block }) => block.element.localName === kind).length === 1;
  return isOnly ? heading : undefined;
}

function isHeading({ block }: StoryLine): boolean {
  return /^h[1-4]$/.test(block.element.localName);
}

function spotsAmong(
  page: readonly TextBlock[],
  chosen: ReadonlySet<TextBlock>,
): (index: number) => Spot {
  const own = page.flatMap((block, index) => (chosen.has(block) ? [index] : []));
  const [first = 0] = own;
  const last = own.at(-1) ?? 0;
  const early = own[EARLY - 1] ?? last;
  const late = own.at(-LATE) ?? first;
  return (index) => ({
    isChosen: chosen.has(at(page, index)),
    isEarly: index >= first - EARLY && index <= early,
    isLate: index >= late && index <= last + LATE,
    isInside: index >= first && index <= last,
  });
}

function at<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new RangeError(`nothing at ${index}`);
  return found;
}

function toTextBlock({ block }: JudgedBlock): TextBlock {
  const { text, nodes, place, linked, aside, bold, isUnderPicture } = block;
  return {
    text: oneLine(text),
    nodes,
    element: place.element,
    linked,
    aside,
    bold,
    isUnderPicture,
  };
}

function roleOf(line: StoryLine, spot: Spot, titles: ReadonlySet<string>): Role | undefined {
  if (spot.isChosen && line.block.element.localName === "pre") return { is: "code" };
  if (spot.isChosen || spot.isInside) {
    const caption = captionIn(line);
    if (caption) return { is: "caption", caption };
  }
  if (spot.isEarly && isAmong(line.text, titles)) return HEADLINE;
  if (spot.isEarly && isStandfirst(line)) return { is: "standfirst" };
  if (!spot.isEarly && !spot.isLate) return undefined;
  if (isDateLine(line.text)) return { is: "date" };
  return isByline(line) ? { is: "byline" } : undefined;
}

/**
 * Why a block is not the story, as far as the name of the outermost element around it says that has
 * nothing of the story inside.
 */
function reasonsOutside(withStory: ReadonlySet<Place>): (place: Place) => string | undefined {
  const known = new Map<Place, string | undefined>();
  const reasonFor = (place: Place): string | undefined => {
    if (withStory.has(place)) return undefined;
    if (known.has(place)) return known.get(place);
    const reason =
      (place.parent ? reasonFor(place.parent) : undefined) ?? reasonByMarkup(place.element);
    known.set(place, reason);
    return reason;
  };
  return reasonFor;
}

/** The same for a block that was chosen: of the elements with little else in them. */
function reasonAround({ block }: JudgedBlock): string | undefined {
  let reason: string | undefined;
  const most = block.measure.chars * 2;
  for (let at: Place | undefined = block.place; at && at.chars <= most; at = at.parent)
    reason = reasonByMarkup(at.element) ?? reason;
  return reason;
}

function placesOf(blocks: readonly JudgedBlock[]): Set<Place> {
  const places = new Set<Place>();
  for (const { block } of blocks)
    for (let at: Place | undefined = block.place; at && !places.has(at); at = at.parent)
      places.add(at);
  return places;
}
