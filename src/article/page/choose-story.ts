import type { PageDocument, PageElement } from "./page-dom.ts";
import { featuresOf, type StoryClues } from "./block-features.ts";
import { blocksIn, proseOf, weighPlaces, type Block } from "./blocks.ts";
import { loadTrees, logOddsOf, type Trees } from "./boosted-trees.ts";
import { readabilityChoice } from "./readability-choice.ts";
import weights from "./story-weights.json" with { type: "json" };

/** The blocks of a page and which of them are its story. */
export interface StoryChoice {
  readonly blocks: readonly JudgedBlock[];
  /** How sure it is that the story is these blocks, no more and no less: from 0 to 1. */
  readonly confidence: number;
  readonly evidence: ChoiceEvidence;
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
  const evidence = evidenceOf(
    blocks.map(({ block, ...judged }, index) => ({
      ...judged,
      words: block.measure.words,
      prose: proseOf(block),
      choice: choice[index] ?? 0,
    })),
  );
  return { blocks, confidence: confidenceOf(evidence), evidence };
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

export function chanceOf(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}

/** What speaks for a choice, each from 0 to 1. */
export interface ChoiceEvidence {
  /** Words that both we and Readability take, of those that either takes. */
  readonly agreement: number;
  /** How far the chances are from one half, on average over the words that either takes. */
  readonly margin: number;
  /** How much of the page's running text the story is. */
  readonly proseShare: number;
  /** The part of the story that is expected to be right: F1 as the chances foretell it. */
  readonly expected: number;
  readonly words: number;
}

export interface WeighedBlock {
  readonly words: number;
  readonly prose: number;
  readonly chance: number;
  readonly isStory: boolean;
  readonly choice: number;
}

export function evidenceOf(blocks: readonly WeighedBlock[]): ChoiceEvidence {
  let [both, either, margin, prose, allProse, words, right, hoped] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (const block of blocks) {
    const { isStory } = block;
    const isChosen = isTaken(block.choice);
    allProse += block.prose;
    hoped += block.chance * block.words;
    if (isStory) {
      prose += block.prose;
      words += block.words;
      right += block.chance * block.words;
    }
    if (!isStory && !isChosen) continue;
    either += block.words;
    if (isStory && isChosen) both += block.words;
    margin += block.words * Math.abs(2 * block.chance - 1);
  }
  return {
    agreement: either > 0 ? both / either : 0,
    margin: either > 0 ? margin / either : 0,
    proseShare: allProse > 0 ? prose / allProse : 0,
    expected: words + hoped > 0 ? (2 * right) / (words + hoped) : 0,
    words,
  };
}

/** How sure a choice is; below .5 it is to be doubted. */
export function confidenceOf({ agreement, margin, expected, words }: ChoiceEvidence): number {
  const length = Math.min(1, words / FEW_WORDS);
  return (expected * margin * agreement) ** EVEN * length;
}

const FEW_WORDS = 60;

// Puts one half where, out of fold, badly and well read pages part: at a product of .55.
const EVEN = Math.log(0.5) / Math.log(0.55);
