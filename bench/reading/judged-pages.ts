import { boundMarkup } from "../../src/article/page/bound-markup.ts";
import { readMetadata } from "../../src/article/page/metadata/read-metadata.ts";
import { parsePage } from "../../src/article/page/page-dom.ts";
import { featuresOf } from "../../src/article/page/block-features.ts";
import type { StoryClues } from "../../src/article/page/page-measures.ts";
import {
  blocksIn,
  proseOf,
  measurePlaces,
  type PageBlock,
  type PageBlocks,
} from "../../src/article/page/blocks.ts";
import type { BlockKind } from "../../src/article/block.ts";
import { readabilityChoice } from "../../src/article/page/choose-story.ts";
import type { Sample } from "./corpus.ts";
import { remade } from "./forms.ts";
import { labelsOf } from "./labels.ts";

interface JudgedBlock {
  readonly kind: BlockKind;
  readonly text: string;
  readonly chars: number;
  readonly words: number;
  readonly prose: number;
}

/** A page with the features and labels of its blocks. */
export interface JudgedPage {
  readonly sample: Sample;
  /** The form of the page, "" if unchanged (see `remade`). */
  readonly form: string;
  readonly blocks: readonly JudgedBlock[];
  readonly choice: Float64Array;
  readonly rows: readonly Float64Array[];
  readonly labels: readonly (number | undefined)[];
}

/** Reads a page in several forms (see `remade`). */
export function judgePage(sample: Sample, forms: readonly string[] = [""]): JudgedPage[] {
  return forms.map((form) => {
    const page = readPage(remade(sample.html, form), sample.id);
    const blocks = page.blocks.blocks.map(withoutPlace);
    const { choice } = page;
    const rows = featuresOf(page.blocks, choice, page.clues);
    return { sample, form, blocks, choice, rows, labels: labelsOf(blocks, sample) };
  });
}

interface ReadPage {
  readonly blocks: PageBlocks;
  readonly choice: Float64Array;
  readonly clues: StoryClues;
}

function readPage(html: string, id: string): ReadPage {
  const markup = boundMarkup(html.toWellFormed());
  const document = parsePage(markup.html);
  const metadata = readMetadata(document, markup.jsonLd, `${id}.html`);
  const blocks = blocksIn(document.body);
  measurePlaces(blocks);
  const choice = readabilityChoice(document, blocks.blocks);
  const clues = {
    titles: metadata.titles,
    descriptions: metadata.descriptions,
    declaredBody: metadata.declaredBody,
  };
  return { blocks, choice, clues };
}

// A place would keep the whole document in memory.
function withoutPlace(block: PageBlock): JudgedBlock {
  const { kind, text, measure } = block;
  return { kind, text, chars: measure.chars, words: measure.words, prose: proseOf(block) };
}
