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

/** The blocks of a page and which of them are its story. */
export interface StoryChoice {
  readonly blocks: readonly JudgedBlock[];
  /** How sure it is that the story is these blocks, no more and no less: from 0 to 1. */
  readonly confidence: number;
}

export interface JudgedBlock {
  readonly block: PageBlock;
  /** That it is part of the story, from 0 to 1. */
  readonly chance: number;
  readonly isStory: boolean;
}

const trees = once(() => loadTrees(weights));

/** Finds the story of a page among the blocks of its body. `copy` is the same page, which is taken apart. */
export function chooseStory(body: PageElement, copy: PageDocument, clues: StoryClues): StoryChoice {
  const judge = trees();
  const page = blocksIn(body);
  measurePlaces(page);
  const choice = readabilityChoice(copy, page.blocks, body);
  const logOdds = featuresOf(page, choice, clues).map((row) => logOddsOf(judge, row));
  const isAnyLikely = logOdds.some((value) => value > 0);
  // Readability's choice is at least one coherent part of the page.
  const isStory =
    !isAnyLikely && choice.some(isTaken) ? Array.from(choice, isTaken) : decide(logOdds);
  const blocks = page.blocks.map((block, index): JudgedBlock => {
    return { block, chance: chanceOf(logOdds[index] ?? 0), isStory: isStory[index] ?? false };
  });
  return { blocks, confidence: confidenceOf(blocks, choice) };
}

/**
 * Which blocks are the story: those that are likelier to be than not. Smoothing along the page, by neighbours,
 * transitions (Viterbi) or the best stretch, gained nothing, as the features have the neighbours already; a threshold
 * that makes the foretold F1 largest lost .001 in English and .002 in other languages, by site.
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

/** How sure a choice is; below .5 it is to be doubted. */
function confidenceOf(blocks: readonly JudgedBlock[], choice: Float64Array): number {
  // In words: of the story, of what Readability takes too or either takes, by how far their chances are from one half, and
  // of the story as the chances foretell it.
  let [words, both, either, margin, right, hoped] = [0, 0, 0, 0, 0, 0];
  for (const [index, { block, chance, isStory }] of blocks.entries()) {
    const own = block.measure.words;
    const isChosen = isTaken(choice[index] ?? 0);
    hoped += chance * own;
    if (isStory) {
      words += own;
      right += chance * own;
    }
    if (!isStory && !isChosen) continue;
    either += own;
    if (isStory && isChosen) both += own;
    margin += own * Math.abs(2 * chance - 1);
  }
  if (either === 0 || words === 0) return 0;
  const expectedF1 = (2 * right) / (words + hoped);
  const length = Math.min(1, words / FEW_WORDS);
  return (expectedF1 * (margin / either) * (both / either)) ** EVEN * length;
}

const FEW_WORDS = 60;

// Puts one half where, out of fold, badly and well read pages part: at a product of .55.
const EVEN = Math.log(0.5) / Math.log(0.55);

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
 * How much of each block Readability takes for the story, from 0 to 1. It takes the document apart:
 * read from it first whatever else is needed of it. The blocks are those of `body`: its own or a copy.
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
  // After a first attempt that found too little, it reads a copy of the page.
  return byNode.some((share) => share > 0) ? byNode : byText(content, blocks);
}

const load = once((): Module => createRequire(import.meta.url)("@mozilla/readability"));

// Where a page's metadata names no author, Readability takes the first element that is called one
// out of the story, even in the middle of a sentence.
function nameAuthor(document: PageDocument): void {
  const author = document.createElement("meta");
  author.setAttribute("name", "author");
  author.setAttribute("content", "-");
  document.head.appendChild(author);
}

/** The text of a copy by that which it was made of. */
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

/** What a page says of itself, in so far as its blocks may repeat it. */
export interface PageClaims {
  readonly titles: readonly string[];
  /** The heading that shows its title. */
  readonly headline: PageElement | undefined;
  readonly isTitleSure: boolean;
}

interface Chosen {
  readonly chosen: ReadonlySet<PageBlock>;
  /** The heading over the story where the page does not declare its title for certain. */
  readonly title: PageBlock | undefined;
  /** The blocks of other compositions. */
  readonly others: ReadonlySet<PageBlock>;
}

/** The blocks that are the story by their chances, and by what the page's markup says of it as standards have it. */
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

/** The running text of the part that a page marks as its story, where next to none was chosen. */
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

// schema.org's articleBody, or the one article of a page.
function markedStory(blocks: readonly PageBlock[]): PageElement | undefined {
  let root = blocks[0]?.place;
  while (root?.parent) root = root.parent;
  const only = (isWanted: (element: PageElement) => boolean): PageElement | undefined => {
    const [element, second] = root ? findElements(root.element, isWanted, 2) : [];
    return second ? undefined : element;
  };
  return only(isStoryBody) ?? only(({ localName }) => localName === "article");
}

/** Whether a page says in microdata that an element is its story. */
export function isStoryBody(element: PageElement): boolean {
  return element.getAttribute("itemprop") === "articleBody";
}

function lengthOf(blocks: readonly PageBlock[]): number {
  return blocks.reduce((sum, { text }) => sum + text.length, 0);
}

/**
 * The blocks of `article` elements beside the one that holds the headline: each is a composition of its own (HTML
 * §4.3.4). Where the headline is in none, as on a live blog, all of them are the story.
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

/** The heading above a story's first sentence, if none of its kind heads a part of the story. */
function headingOver(story: readonly PageBlock[]): PageBlock | undefined {
  const first = story.findIndex(isProse);
  const heading = story
    .slice(0, Math.min(Math.max(first, 0), HIGHEST))
    .findLast(({ place }) => /^h[1-4]$/.test(place.name));
  const kind = heading?.place.name;
  const isOnly = story.filter(({ place }) => place.name === kind).length === 1;
  return isOnly ? heading : undefined;
}
