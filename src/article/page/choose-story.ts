import {
  type PageDocument,
  type PageElement,
  isElement,
  isText,
  type PageNode,
} from "./page-dom.ts";
import { featuresOf } from "./block-features.ts";
import type { StoryClues } from "./page-measures.ts";
import { type PageClaims, type Signs, signsOf, WEIGHT, weightOf } from "./signs.ts";
import { blocksIn, measurePlaces, type PageBlock } from "./blocks.ts";
import { loadTrees, logOddsOf } from "../../platform/boosted-trees.ts";
import weights from "./story-weights.json" with { type: "json" };
import { createRequire } from "node:module";
import { oneLine } from "../clean-text.ts";
import { once } from "../../platform/remembering.ts";

export interface JudgedBlock {
  readonly block: PageBlock;
  /** The probability that it belongs to the story, from 0 to 1. */
  readonly chance: number;
  /** The same probability from the trees alone, without rules. */
  readonly chanceAlone: number;
  readonly isStory: boolean;
  /** The share of it that Readability chooses, from 0 to 1. */
  readonly taken: number;
  readonly signs: Signs;
}

const trees = once(() => loadTrees(weights));

/**
 * Finds the story of a page among the blocks of its body. `copy` is a second parse of the page, which Readability
 * changes. The trees give the log-odds of each block, and the signs of rules are added. The sum alone decides.
 */
export function chooseStory(
  body: PageElement,
  copy: PageDocument,
  metadata: StoryClues & PageClaims,
): JudgedBlock[] {
  const judge = trees();
  const page = blocksIn(body);
  measurePlaces(page);
  const taken = readabilityChoice(copy, page.blocks, body);
  const alone = featuresOf(page, taken, metadata).map((row) => logOddsOf(judge, row));
  return weigh(page.blocks, alone, likelyOnes(page.blocks, alone, taken), taken, metadata);
}

/** Finds the story of a fragment, in which every block may belong to it. */
export function chooseInFragment(body: PageElement, claims: PageClaims): JudgedBlock[] {
  const page = blocksIn(body);
  measurePlaces(page);
  const even = page.blocks.map(() => EVEN);
  const taken = Float64Array.from(even, () => 1);
  return weigh(page.blocks, even, even, taken, claims);
}

/** The log-odds of a block that is equally likely to be story or not. */
const EVEN = 0;

/**
 * The log-odds before the signs are added. The trees were trained on whole pages, so on a page of a few lines their
 * choice counts but not their certainty. If they choose nothing, Readability's choice counts, because it is one
 * coherent part of the page. If Readability chooses nothing either, all blocks count as even.
 */
function likelyOnes(
  blocks: readonly PageBlock[],
  alone: readonly number[],
  taken: Float64Array,
): readonly number[] {
  const isAnyLikely = alone.some((logOdds) => logOdds > EVEN);
  if (isAnyLikely && !isSmall(blocks)) return alone;
  const isAnyTaken = taken.some((share) => share > 0.5);
  return alone.map((logOdds, index) => {
    const isTaken = !isAnyTaken || (taken[index] ?? 0) > 0.5;
    return (isAnyLikely ? logOdds > EVEN : isTaken) ? EVEN : Math.min(logOdds, -WEIGHT);
  });
}

const FEW_BLOCKS = 8;
const FEW_WORDS = 120;

function isSmall(blocks: readonly PageBlock[]): boolean {
  const words = blocks.reduce((sum, { measure }) => sum + measure.words, 0);
  return blocks.length < FEW_BLOCKS || words < FEW_WORDS;
}

/**
 * Adds the signs. A block is story if that is more likely than not. Smoothing by neighbours, transitions (Viterbi) and the
 * best stretch gained nothing, because the features already include the neighbours. A threshold for the highest expected
 * F1 lost .001 in English and .002 in other languages, cross-validated by site.
 */
function weigh(
  blocks: readonly PageBlock[],
  alone: readonly number[],
  likely: readonly number[],
  taken: Float64Array,
  claims: PageClaims,
): JudgedBlock[] {
  const isLikely = likely.map((logOdds) => logOdds >= EVEN);
  return signsOf(blocks, isLikely, claims).map((own, index): JudgedBlock => {
    const chance = chanceOf((likely[index] ?? 0) + weightOf(own));
    return {
      block: own.block,
      chance,
      chanceAlone: chanceOf(alone[index] ?? 0),
      isStory: chance >= 0.5,
      taken: taken[index] ?? 0,
      signs: own,
    };
  });
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
