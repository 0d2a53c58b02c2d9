import type { PageDocument, PageElement } from "./page-dom.ts";
import { featuresOf, type StoryClues } from "./block-features.ts";
import { blocksIn, weighPlaces, type Block } from "./blocks.ts";
import { loadTrees, logOddsOf, type Trees } from "../../platform/boosted-trees.ts";
import { readabilityChoice } from "./readability-choice.ts";
import weights from "./story-weights.json" with { type: "json" };

/** The blocks of a page and which of them are its story. */
export interface StoryChoice {
  readonly blocks: readonly JudgedBlock[];
  /** How sure it is that the story is these blocks, no more and no less: from 0 to 1. */
  readonly confidence: number;
}

export interface JudgedBlock {
  readonly block: Block;
  /** That it is part of the story, from 0 to 1. */
  readonly chance: number;
  readonly isStory: boolean;
}

let trees: Trees | undefined;

/**
 * Finds the story of a page among its blocks. The document must come from `boundMarkup`, and is taken apart;
 * `body`, a copy of its body or that itself, keeps its texts and text nodes.
 */
export function chooseStory(
  body: PageElement,
  document: PageDocument,
  clues: StoryClues,
): StoryChoice {
  trees ??= loadTrees(weights);
  const judge = trees;
  const page = blocksIn(body);
  weighPlaces(page);
  const choice = readabilityChoice(document, page.blocks, body);
  const logOdds = featuresOf(page, choice, clues).map((row) => logOddsOf(judge, row));
  const isAnyLikely = logOdds.some((value) => value > 0);
  // What Readability takes hangs together at least.
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
