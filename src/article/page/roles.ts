import { type BlockWithRole, boilerplate, CODE, type Role, roleAtEdge, STORY } from "../block.ts";
import { saysOneOf } from "../clean-text.ts";
import {
  type PageBlock,
  type Place,
  isHeading,
  isItem,
  isLink,
  isProse,
  labelAround,
  placesAround,
} from "./blocks.ts";
import { type JudgedBlock, chosenAmong, isStoryBody, type PageClaims } from "./choose-story.ts";
import { BOILERPLATE_REASONS } from "../boilerplate.ts";
import { reasonByMarkup, headsOtherStories, reasonByWords } from "./reasons.ts";
import { captionIn } from "./captions.ts";
import { findElement, isWithin } from "./page-dom.ts";

/** A block of a page with its role. */
export type PageBlockWithRole = BlockWithRole<PageBlock>;

const AROUND: Role = { is: "around" };
const OTHER_STORY = boilerplate(BOILERPLATE_REASONS.related);

// Below this probability, the label and the form of a block also count.
const SURE = 0.7;
/** The probability of a block that the trees did not judge. */
export const EVEN = 0.5;

/** A block before it has a role. */
interface Candidate {
  readonly block: PageBlock;
  readonly isChosen: boolean;
  readonly isUnsure: boolean;
}

/**
 * Assigns a role to each block, given the probability that it belongs to the story: captions, bylines and the like inside
 * and near the story, and a reason for each block outside it.
 */
export function toRoles(
  blocks: readonly JudgedBlock[],
  claims: PageClaims,
): readonly PageBlockWithRole[] {
  const { chosen, title, others } = chosenAmong(blocks, claims);
  const isAnyLikely = blocks.some(({ chance }) => chance >= EVEN);
  const isJudged = blocks.some(({ chance }) => chance !== EVEN);
  const candidates = blocks.map(({ block, chance }): Candidate => {
    return { block, isChosen: chosen.has(block), isUnsure: isAnyLikely && chance < SURE };
  });
  const spotOf = spotsAmong(candidates);
  const reasonOf = reasonsByMarkup(candidates);
  const saysTitle = saysOneOf(claims.titles);
  const isTitle = ({ text, place }: PageBlock): boolean =>
    saysTitle(text) || (claims.headline !== undefined && isWithin(place.element, claims.headline));
  const assigned = candidates.map((candidate, index): PageBlockWithRole => {
    const { block, isChosen } = candidate;
    const role = ownRole(block, spotOf(index), isTitle);
    if (role) return { block, role };
    if (block === title) return { block, role: { is: "title" } };
    if (others.has(block)) return { block, role: OTHER_STORY };
    const reason = isChosen
      ? (reasonByWords(block) ?? reasonOf(candidate))
      : (reasonOf(candidate) ?? reasonByWords(block));
    if (reason !== undefined) return { block, role: boilerplate(reason) };
    return { block, role: isChosen ? STORY : AROUND };
  });
  const shown = keepGallery(assigned);
  return isJudged ? shown : withPointers(shown);
}

const EARLY = 8;
const LATE = 5;

/** The position of a block relative to the story. */
interface Spot {
  readonly isChosen: boolean;
  /** Whether it is near the beginning or the end of the story. */
  readonly isEarly: boolean;
  readonly isLate: boolean;
  /** Whether it is between the story's first and last block. */
  readonly isInside: boolean;
}

function spotsAmong(candidates: readonly Candidate[]): (index: number) => Spot {
  const own = candidates.flatMap(({ isChosen }, index) => (isChosen ? [index] : []));
  const [first = 0] = own;
  const last = own.at(-1) ?? 0;
  const early = own[EARLY - 1] ?? last;
  const late = own.at(-LATE) ?? first;
  return (index) => ({
    isChosen: candidates[index]?.isChosen ?? false,
    isEarly: index >= first - EARLY && index <= early,
    isLate: index >= late && index <= last + LATE,
    isInside: index >= first && index <= last,
  });
}

function ownRole(
  block: PageBlock,
  spot: Spot,
  isTitle: (block: PageBlock) => boolean,
): Role | undefined {
  if (spot.isChosen && block.place.name === "pre") return { is: "markup", reason: CODE };
  if (spot.isChosen || spot.isInside) {
    const caption = captionIn(block);
    if (caption) return { is: "caption", caption };
  }
  if (spot.isEarly && isTitle(block)) return { is: "title" };
  if (spot.isEarly && isStandfirst(block)) return { is: "standfirst" };
  return spot.isEarly || spot.isLate ? roleAtEdge(block.text, block.measure.words) : undefined;
}

const STANDFIRST =
  / (?:stand ?first|sub ?titles?|sub ?headline|sub ?heading|sub ?head|sub ?hed|dek|deck|(?:article|story|post) (?:summary|subtitle|excerpt)|p summary|chapeau|chapo|catenaccio|copete|bajada|ingress|sottotitolo|occhiello|untertitel|subtitulo) /;

// Whether a block is a standfirst, the summary under a headline. It is the story's description and not its first paragraph.
function isStandfirst(block: PageBlock): boolean {
  return block.measure.words < 70 && STANDFIRST.test(labelAround(block));
}

/**
 * Returns the reason, by the labels of the elements around it, why a block is not the story. For an uncertain chosen block,
 * only elements with little of the story count; for others, only elements with none of it. The outermost element decides.
 */
function reasonsByMarkup(
  candidates: readonly Candidate[],
): (candidate: Candidate) => string | undefined {
  const withStory = new Set<Place>();
  for (const { block, isChosen } of candidates)
    if (isChosen) for (const place of placesAround(block.place)) withStory.add(place);
  const known = new Map<Place, string | undefined>();
  const reasonFor = (place: Place): string | undefined => {
    if (known.has(place)) return known.get(place);
    const outer = place.parent ? reasonFor(place.parent) : undefined;
    const reason = withStory.has(place) ? undefined : (outer ?? reasonByMarkup(place));
    known.set(place, reason);
    return reason;
  };
  return ({ block, isChosen, isUnsure }) => {
    if (!isChosen) return reasonFor(block.place);
    return isUnsure ? reasonAround(block) : undefined;
  };
}

const LITTLE = 0.3;

// An element with a large share of the page's prose is the story or contains it, whatever its label is.
function reasonAround({ place }: PageBlock): string | undefined {
  const path = placesAround(place);
  const most = (path.at(-1)?.prose ?? 0) * LITTLE;
  const small = path.filter((at) => at.prose <= most && !holdsHeadline(at));
  return small.map(reasonByMarkup).findLast((reason) => reason !== undefined);
}

function holdsHeadline({ element }: Place): boolean {
  return findElement(element, (at) => at.localName === "h1" || isStoryBody(at)) !== undefined;
}

/** Makes the captions of a gallery its story, if most words are captions. */
function keepGallery(assigned: readonly PageBlockWithRole[]): readonly PageBlockWithRole[] {
  const wordsOf = (kind: Role["is"]): number =>
    countWords(assigned.filter(({ role }) => role.is === kind).map(({ block }) => block));
  if (wordsOf("caption") < wordsOf("story") * 1.5) return assigned;
  return assigned.map(({ block, role }) => ({
    block,
    role: role.is === "caption" && isProse(block) ? STORY : role,
  }));
}

function countWords(blocks: readonly PageBlock[]): number {
  return blocks.reduce((sum, { measure }) => sum + measure.words, 0);
}

/** Finds the links to other stories: blocks that are a link, lists of them, and their headings. */
function withPointers(assigned: readonly PageBlockWithRole[]): readonly PageBlockWithRole[] {
  const story = assigned.filter(({ role }) => role === STORY).map(({ block }) => block);
  if (isRoundUp(story)) return assigned;
  let isUnder = false;
  const marked = assigned.map((one, index): PageBlockWithRole => {
    const { block } = one;
    const next = assigned[index + 1]?.block;
    isUnder &&= isLink(block) || (isItem(block) && block.linked > 0);
    if (one.role.is !== "story" && one.role !== AROUND) return one;
    if (headsOtherStories(block.text) && pointsAway(next)) isUnder = true;
    return isUnder || isPointer(block, next) ? { block, role: OTHER_STORY } : one;
  });
  return marked.map((one, index) => {
    const isOver = marked[index + 1]?.role === OTHER_STORY && isLabel(one.block);
    return isOver && one.role.is === "story" ? { block: one.block, role: OTHER_STORY } : one;
  });
}

/** Whether a story consists of links, like a weekly round-up. Then they stay. */
function isRoundUp(story: readonly PageBlock[]): boolean {
  return countWords(story.filter(isLink)) > countWords(story) * 0.4;
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
