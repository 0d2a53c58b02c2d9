import { findStoryThing } from "../../src/article/html/metadata/survey.ts";
import { boundMarkup } from "../../src/article/html/bound-markup.ts";
import { readMetadata } from "../../src/article/html/metadata/read-metadata.ts";
import { parsePage } from "../../src/article/html/page-dom.ts";
import { featuresOf } from "../../src/article/page/block-features.ts";
import { blocksIn, proseOf, weighPlaces, type BlockKind } from "../../src/article/page/blocks.ts";
import { readabilityChoice } from "../../src/article/page/readability-choice.ts";
import { REMADE, type Sample } from "./corpus.ts";
import { labelsOf } from "./labels.ts";

export interface JudgedBlock {
  readonly kind: BlockKind;
  readonly text: string;
  readonly chars: number;
  readonly words: number;
  readonly prose: number;
}

/** A page with the features of its blocks and what is true of them. */
export interface JudgedPage {
  readonly sample: Sample;
  /** "" or how the page was remade. */
  readonly form: string;
  readonly blocks: readonly JudgedBlock[];
  readonly choice: Float64Array;
  readonly rows: readonly Float64Array[];
  readonly labels: readonly (number | undefined)[];
}

export function judgePage(sample: Sample, form = ""): JudgedPage {
  const html = form === "" ? sample.html : (REMADE[form]?.(sample.html) ?? sample.html);
  const markup = boundMarkup(html.toWellFormed());
  const document = parsePage(markup.html);
  const metadata = readMetadata(document, markup.jsonLd, `${sample.id}.html`);
  const body = findStoryThing(markup.jsonLd)?.story?.["articleBody"];
  const page = blocksIn(document.body);
  weighPlaces(page);
  const choice = readabilityChoice(document, page.blocks);
  const rows = featuresOf(page, choice, {
    titles: metadata.titles,
    descriptions: metadata.descriptions,
    declaredBody: typeof body === "string" ? body : undefined,
  });
  // Without their places, which would hold the whole document.
  const blocks = page.blocks.map((block): JudgedBlock => {
    const { kind, text, measure } = block;
    return { kind, text, chars: measure.chars, words: measure.words, prose: proseOf(block) };
  });
  return { sample, form, blocks, choice, rows, labels: labelsOf(blocks, sample) };
}
