import {
  type PageDocument,
  type PageElement,
  findElement,
  findElements,
  isElement,
  isText,
  type PageNode,
  isWithin,
} from "./page-dom.ts";
import { featuresOf } from "./block-features.ts";
import type { StoryClues } from "./page-measures.ts";
import { blocksIn, measurePlaces, type PageBlock, isProse, placesAround } from "./blocks.ts";
import { loadTrees, logOddsOf } from "../../platform/boosted-trees.ts";
import weights from "./story-weights.json" with { type: "json" };
import { createRequire } from "node:module";
import { oneLine, saysOneOf } from "../clean-text.ts";
import { once } from "../../platform/remembering.ts";

/** A block of a page, and whether it belongs to the story. */
export interface JudgedBlock {
  readonly block: PageBlock;
  /** The probability that it belongs to the story, from 0 to 1. */
  readonly chance: number;
  readonly isStory: boolean;
  /** The share of it that Readability chooses, from 0 to 1. */
  readonly taken: number;
}

const trees = once(() => loadTrees(weights));

/** Finds the story of a page among the blocks of its body. `copy` is the same page; it is changed. */
export function chooseStory(
  body: PageElement,
  copy: PageDocument,
  clues: StoryClues,
): JudgedBlock[] {
  const judge = trees();
  const page = blocksIn(body);
  measurePlaces(page);
  const choice = readabilityChoice(copy, page.blocks, body);
  const logOdds = featuresOf(page, choice, clues).map((row) => logOddsOf(judge, row));
  const isAnyLikely = logOdds.some((value) => value > 0);
  // Readability's choice is at least one coherent part of the page.
  const isStory =
    !isAnyLikely && choice.some(isTaken) ? Array.from(choice, isTaken) : decide(logOdds);
  return page.blocks.map((block, index): JudgedBlock => {
    return {
      block,
      chance: chanceOf(logOdds[index] ?? 0),
      isStory: isStory[index] ?? false,
      taken: choice[index] ?? 0,
    };
  });
}

/**
 * Selects the blocks that more likely belong to the story than not. Smoothing by neighbours, transitions (Viterbi) or the
 * best stretch gained nothing, because the features already include the neighbours. A threshold that maximises the expected
 * F1 lost .001 in English and .002 in other languages, by site.
 */
export function decide(logOdds: ArrayLike<number>): boolean[] {
  return Array.from(logOdds, (value) => value > 0);
}

function isTaken(share: number): boolean {
  return share > 0.5;
}

function chanceOf(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}

interface Module {
  readonly Readability: new (
    document: PageDocument,
    options: {
      readonly serializer: (content: PageElement) => PageElement;
      readonly keepClasses: boolean;
      readonly disableJSONLD: boolean;
      readonly charThreshold: number;
    },
  ) => { parse(): { readonly content: PageElement | null } | null };
}

/**
 * Returns the share of each block that Readability chooses, from 0 to 1. It changes the document, so everything else must
 * be read from it first. The blocks are those of `body`, which is the document's own or a copy.
 */
export function readabilityChoice(
  document: PageDocument,
  blocks: readonly PageBlock[],
  body: PageElement = document.body,
): Float64Array {
  const copies = body === document.body ? undefined : copiesOf(document.body, body);
  nameAuthor(document);
  const { Readability } = load();
  const reader = new Readability(document, {
    serializer: (content) => content,
    keepClasses: true,
    disableJSONLD: true,
    charThreshold: 300,
  });
  const content = reader.parse()?.content;
  if (!content) return new Float64Array(blocks.length);
  const nodes = new Set<PageNode>();
  for (const node of textIn(content)) nodes.add(copies?.get(node) ?? node);
  const byNode = Float64Array.from(blocks, (block) => shareIn(nodes, block));
  // After a first attempt that found too little, Readability works on a copy of the page.
  return byNode.some((share) => share > 0) ? byNode : byText(content, blocks);
}

const load = once((): Module => createRequire(import.meta.url)("@mozilla/readability"));

// If no author is in the metadata, Readability removes the first element with an author's label from the story, even inside
// a sentence.
function nameAuthor(document: PageDocument): void {
  const author = document.createElement("meta");
  author.setAttribute("name", "author");
  author.setAttribute("content", "-");
  document.head.appendChild(author);
}

/** Maps the text nodes of the original to those of its copy. */
function copiesOf(original: PageElement, copy: PageElement): Map<PageNode, PageNode> {
  const copies = textIn(copy);
  return new Map(
    textIn(original).flatMap((node, index): [PageNode, PageNode][] => {
      const own = copies[index];
      return own ? [[node, own]] : [];
    }),
  );
}

function textIn(parent: PageElement, nodes: PageNode[] = []): PageNode[] {
  for (let child = parent.firstChild; child; child = child.nextSibling) {
    if (isText(child)) nodes.push(child);
    else if (isElement(child)) textIn(child, nodes);
  }
  return nodes;
}

function shareIn(nodes: ReadonlySet<PageNode>, { nodes: own }: PageBlock): number {
  let all = 0;
  let taken = 0;
  for (const node of own) {
    const { length } = oneLine(node.textContent);
    all += length;
    if (nodes.has(node)) taken += length;
  }
  return all === 0 ? 0 : taken / all;
}

function byText(content: PageElement, blocks: readonly PageBlock[]): Float64Array {
  const taken = new Set(blocksIn(content).blocks.map(({ text }) => text));
  return Float64Array.from(blocks, ({ text }) => (taken.has(text) ? 1 : 0));
}

/** The metadata of a page that its blocks may repeat. */
export interface PageClaims {
  readonly titles: readonly string[];
  /** The heading with its title. */
  readonly headline: PageElement | undefined;
  readonly isTitleSure: boolean;
}

interface Chosen {
  readonly chosen: ReadonlySet<PageBlock>;
  /** The heading above the story, if the page does not clearly declare its title. */
  readonly title: PageBlock | undefined;
  /** The blocks of other articles on the page. */
  readonly others: ReadonlySet<PageBlock>;
}

/** Selects the story by the probabilities of blocks and by the page's standard markup. */
export function chosenAmong(judged: readonly JudgedBlock[], claims: PageClaims): Chosen {
  const blocks = judged.map(({ block }) => block);
  const likely = judged.filter(({ isStory }) => isStory).map(({ block }) => block);
  const others = otherArticles(blocks, claims.titles);
  const found = missedStory(blocks, new Set(likely)) ?? likely;
  const story = found.filter((block) => !others.has(block));
  const title = claims.isTitleSure ? undefined : headingOver(story);
  const chosen = title ? story.slice(story.indexOf(title)) : story;
  return { chosen: new Set(chosen), title, others };
}

const LEAST_CHARACTERS = 400;
const LEAST_SHARE = 0.3;
const LEAST_WORDS = 12;

/** Returns the running text of the part that is marked as the story, if almost none of it was chosen. */
function missedStory(
  blocks: readonly PageBlock[],
  chosen: ReadonlySet<PageBlock>,
): readonly PageBlock[] | undefined {
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
export function isStoryBody(element: PageElement): boolean {
  return element.getAttribute("itemprop") === "articleBody";
}

function lengthOf(blocks: readonly PageBlock[]): number {
  return blocks.reduce((sum, { text }) => sum + text.length, 0);
}

/**
 * Returns the blocks of `article` elements beside the one with the headline. Each is a composition of its own (HTML
 * §4.3.4). If the headline is in none, as on a live blog, all of them belong to the story.
 */
function otherArticles(blocks: readonly PageBlock[], titles: readonly string[]): Set<PageBlock> {
  const isTitle = saysOneOf(titles);
  const headline = blocks.find(({ place, text }) => /^h[1-3]$/.test(place.name) && isTitle(text));
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
