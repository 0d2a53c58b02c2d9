import type { PageBlock, PageBlocks, Place } from "./blocks.ts";
import { LABEL_KINDS } from "./element-labels.ts";
import {
  at,
  groupOf,
  LONGEST_FOLDED,
  measurePage,
  type Page,
  type StoryClues,
} from "./page-measures.ts";

interface At {
  readonly page: Page;
  readonly block: PageBlock;
  readonly index: number;
  /** The block's place and the places around it, the innermost first. */
  readonly path: readonly Place[];
  readonly around: Surroundings;
}

/** The features of a place that all its blocks share. */
interface Surroundings {
  readonly path: readonly Place[];
  /** For each kind of label word, the innermost place with one. */
  readonly called: readonly (Place | undefined)[];
  /** For each kind of element, how many levels up the innermost one is. */
  readonly inside: readonly number[];
  /** The innermost place that contains both this one and the densest one, and its child that contains this one. */
  readonly common: Place | undefined;
  readonly branch: Place | undefined;
}

type Feature = (at: At) => number;

// Outside the range of every feature.
const NONE = -1;
const log = (value: number): number => Math.log2(1 + Math.max(0, value));
const share = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);

const TEXT: Readonly<Record<string, Feature>> = {
  chars: ({ block }) => log(block.measure.chars),
  words: ({ block }) => block.measure.words,
  linkDensity: ({ block }) => share(block.linked, block.measure.chars),
  links: ({ block }) => block.links,
  sentences: ({ block }) => block.measure.sentences,
  commas: ({ block }) => share(block.measure.commas, block.measure.words),
  capitals: ({ block }) => share(block.measure.capitals, block.measure.words),
  upperShare: ({ block }) => share(block.measure.capitals, block.measure.letters),
  digits: ({ block }) => share(block.measure.digits, block.measure.chars),
  signs: ({ block }) => share(block.measure.signs, block.measure.words),
  quotes: ({ block }) => block.measure.quotes,
  wordLength: ({ block }) => share(block.measure.letters, block.measure.words),
  sentenceLength: ({ block }) => share(block.measure.words, Math.max(1, block.measure.sentences)),
  endsSentence: ({ block }) => (block.measure.endsSentence ? 1 : 0),
  bold: ({ block }) => share(block.bold, block.measure.chars),
  aside: ({ block }) => share(block.aside, block.measure.chars),
  isUnderPicture: ({ block }) => (block.isUnderPicture ? 1 : 0),
  kind: ({ block }) => KINDS.indexOf(block.kind),
  headingLevel: ({ block }) => (block.kind === "heading" ? Number(block.place.name[1]) : 0),
  startsSmall: ({ block }) => (/^\p{Ll}/u.test(block.text) ? 1 : 0),
  startsQuote: ({ block }) => (/^["“”„«'‘]/u.test(block.text) ? 1 : 0),
  startsSign: ({ block }) => (/^[^\p{L}\p{N}\s"“”„«'‘]/u.test(block.text) ? 1 : 0),
  endsColon: ({ block }) => (/[:：]$/u.test(block.text) ? 1 : 0),
  hasMark: ({ block }) => (/©|\(c\)|®|™|@\w|https?:|www\./iu.test(block.text) ? 1 : 0),
  hasTime: ({ block }) => (/\b\d{1,2}[:.]\d{2}\b|\b(?:19|20)\d\d\b/u.test(block.text) ? 1 : 0),
  isAsk: ({ block }) => (/[?？]/u.test(block.text.slice(-3)) ? 1 : 0),
};

const KINDS = ["paragraph", "text", "quotation", "item", "row", "code", "heading", "caption"];

const POSITION: Readonly<Record<string, Feature>> = {
  index: ({ index }) => log(index),
  position: ({ index, page }) => share(index, page.blocks.length),
  charsBefore: ({ index, page }) => share(at(page.charsBefore, index), page.chars),
  proseBefore: ({ index, page }) => share(at(page.proseBefore, index), page.allProse),
  proseBeforeLog: ({ index, page }) => log(at(page.proseBefore, index)),
  proseAfterLog: ({ index, page }) => log(page.allProse - at(page.proseBefore, index)),
  sinceTitle: ({ index, page }) => (page.title < 0 ? -99 : clamp(index - page.title, 60)),
  proseSinceTitle: ({ index, page }) =>
    page.title < 0 || index < page.title
      ? NONE
      : log(at(page.proseBefore, index) - at(page.proseBefore, page.title)),
  fromDensestFirst: ({ index, page }) => clamp(index - page.densestFirst, 40),
  fromDensestLast: ({ index, page }) => clamp(index - page.densestLast, 40),
  depth: ({ block }) => block.place.depth,
};

const ELEMENTS = [
  ["nav"],
  ["header"],
  ["footer"],
  ["aside"],
  ["article"],
  ["main"],
  ["figure"],
  ["form"],
  ["table"],
  ["ul", "ol", "dl"],
  ["blockquote"],
  ["section"],
] as const;
const NOT_INSIDE = 30;

const MARKUP: Readonly<Record<string, Feature>> = {
  ...Object.fromEntries(
    ELEMENTS.map(([name], kind): [string, Feature] => [
      `in ${name}`,
      ({ around }) => around.inside[kind] ?? NOT_INSIDE,
    ]),
  ),
  articleProse: ({ path, page }) => {
    const article = path.find(({ name }) => name === "article");
    return article ? share(article.prose, page.allProse) : NONE;
  },
  sameShape: ({ path, page }) => alike(path[0], page),
  sameShape1: ({ path, page }) => alike(path[1], page),
  sameShape2: ({ path, page }) => alike(path[2], page),
  alikeProse: ({ path, page }) => alikeProse(path[0], page),
  alikeProse1: ({ path, page }) => alikeProse(path[1], page),
};

// The share of the page's running text in the innermost place with a label of each kind. A label around the whole
// page does not distinguish a block.
const LABELS: Readonly<Record<string, Feature>> = Object.fromEntries(
  LABEL_KINDS.map((kind, bit): [string, Feature] => [
    `called ${kind}`,
    ({ block, around, page }) => {
      if (block.labels & (1 << bit)) return NONE;
      const place = around.called[bit];
      return place ? share(place.prose, page.allProse) : 2;
    },
  ]),
);

const AROUND: Readonly<Record<string, Feature>> = {
  ...Object.fromEntries(
    [0, 1, 2, 3, 4].flatMap((level): [string, Feature][] => [
      [`links ${level}`, ({ path }) => share(path[level]?.linked ?? 0, path[level]?.chars ?? 0)],
      [`prose ${level}`, ({ path, page }) => share(path[level]?.prose ?? 0, page.allProse)],
      [`proseOf ${level}`, ({ path }) => share(path[level]?.prose ?? 0, path[level]?.chars ?? 0)],
      [`blocks ${level}`, ({ path }) => log(path[level]?.blocks ?? 0)],
      [`own ${level}`, ({ path, page }) => share(path[level]?.ownProse ?? 0, page.allProse)],
    ]),
  ),
  toDensest: ({ path, page }) => path.findIndex((place) => page.aroundDensest.has(place)),
  fromDensest: ({ around, page }) => page.densest.depth - (around.common?.depth ?? 0),
  densestProse: ({ around, page }) => share(around.common?.prose ?? 0, page.allProse),
  densestRatio: ({ around, page }) => share(page.densest.prose, around.common?.prose ?? 0),
  branchProse: ({ around: { branch }, page }) =>
    branch ? share(branch.prose, page.allProse) : NONE,
  branchLinks: ({ around: { branch } }) => (branch ? share(branch.linked, branch.chars) : NONE),
  branchBlocks: ({ around: { branch } }) => (branch ? log(branch.blocks) : NONE),
};

const AGREEMENT: Readonly<Record<string, Feature>> = {
  chosen: ({ index, page }) => at(page.choice, index),
  sinceChosen: ({ index, page }) =>
    page.firstChosen < 0 ? -99 : clamp(index - page.firstChosen, 40),
  untilChosen: ({ index, page }) =>
    page.lastChosen < 0 ? -99 : clamp(index - page.lastChosen, 40),
  chosenBefore: ({ index, page }) => share(at(page.chosenBefore, index), page.chosen),
  ...Object.fromEntries(
    [0, 1, 2, 3].map((level): [string, Feature] => [
      `chosen ${level}`,
      ({ path, page }) => {
        const place = path[level];
        return place ? share(page.chosenPlaces.get(place) ?? 0, place.chars) : NONE;
      },
    ]),
  ),
  pageChosen: ({ page }) => share(page.chosen, page.chars),
  pageProse: ({ page }) => log(page.allProse),
  pageBlocks: ({ page }) => log(page.blocks.length),
  pageDensest: ({ page }) => share(page.densest.prose, page.allProse),
  pageArticles: ({ page }) => page.articles,
};

const DECLARED: Readonly<Record<string, Feature>> = {
  titleShare: ({ index, page }) => titleShare(page, page.folded[index] ?? ""),
  inDescription: ({ index, page }) => {
    if (page.descriptions.length === 0) return NONE;
    const head = (page.folded[index] ?? "").slice(0, HEAD_CHARACTERS);
    if (head.length < 15) return 0;
    if (page.descriptions.some((description) => description.startsWith(head))) return 2;
    return page.descriptions.some((description) => description.includes(head)) ? 1 : 0;
  },
  inDeclared: ({ index, page }) => {
    if (page.declared === undefined) return NONE;
    const text = page.folded[index] ?? "";
    return text !== "" && page.declared.includes(` ${text.slice(0, 80)}`) ? 1 : 0;
  },
  repeats: ({ index, page }) => page.repeats.get(page.folded[index] ?? "") ?? 1,
};

const OWN = Object.entries({
  ...TEXT,
  ...POSITION,
  ...MARKUP,
  ...LABELS,
  ...AROUND,
  ...AGREEMENT,
  ...DECLARED,
});

/** The features of the blocks before and after that are added to each row. */
const NEAR = ["chars", "linkDensity", "endsSentence", "kind", "chosen", "bold", "sentences"];
const NEAR_COLUMNS = NEAR.map((name) => OWN.findIndex(([own]) => own === name));
const STEPS = [-2, -1, 1, 2];

export const FEATURE_NAMES: readonly string[] = [
  ...OWN.map(([name]) => name),
  ...STEPS.flatMap((step) => [...NEAR.map((name) => `${name} ${step}`), `shares place ${step}`]),
  ...[3, 8].flatMap((reach) => [
    `prose before ${reach}`,
    `prose after ${reach}`,
    `chosen near ${reach}`,
    `links near ${reach}`,
  ]),
];

/** Computes the features of each block, in the order of `FEATURE_NAMES`. */
export function featuresOf(
  page: PageBlocks,
  choice: Float64Array,
  clues: StoryClues,
): readonly Float64Array[] {
  const measures = measurePage(page, choice, clues);
  const surroundings = new Map<Place, Surroundings>();
  const rows = page.blocks.map((block, index) => {
    const row = new Float64Array(FEATURE_NAMES.length);
    const around = lookAround(block.place, measures, surroundings);
    const here = { page: measures, block, index, around, path: around.path };
    OWN.forEach(([, feature], column) => {
      row[column] = feature(here);
    });
    return row;
  });
  rows.forEach((row, index) => addNeighbours(row, index, rows, measures));
  return rows;
}

function lookAround(place: Place, page: Page, known: Map<Place, Surroundings>): Surroundings {
  const before = known.get(place);
  if (before) return before;
  const outer = place.parent ? lookAround(place.parent, page, known) : undefined;
  const path = [place, ...(outer?.path ?? [])];
  const isAroundDensest = page.aroundDensest.has(place);
  const found: Surroundings = {
    path,
    called: LABEL_KINDS.map((_, bit) => (place.labels & (1 << bit) ? place : outer?.called[bit])),
    inside: ELEMENTS.map((names, kind) => {
      if (names.some((name) => name === place.name)) return 0;
      return Math.min(NOT_INSIDE, (outer?.inside[kind] ?? NOT_INSIDE) + 1);
    }),
    common: isAroundDensest ? place : outer?.common,
    branch: isAroundDensest ? undefined : (outer?.branch ?? place),
  };
  known.set(place, found);
  return found;
}

function addNeighbours(
  row: Float64Array,
  index: number,
  rows: readonly Float64Array[],
  page: Page,
): void {
  let column = OWN.length;
  for (const step of STEPS) {
    const other = rows[index + step];
    for (const near of NEAR_COLUMNS) row[column++] = other?.[near] ?? NONE;
    row[column++] =
      page.blocks[index + step]?.place.parent === page.blocks[index]?.place.parent ? 1 : 0;
  }
  for (const reach of [3, 8]) {
    const first = Math.max(0, index - reach);
    const last = Math.min(rows.length - 1, index + reach);
    row[column++] = log(at(page.proseBefore, index) - at(page.proseBefore, first));
    row[column++] = log(
      at(page.proseBefore, last + 1) - at(page.proseBefore, index) - at(page.prose, index),
    );
    const chars = at(page.charsBefore, last + 1) - at(page.charsBefore, first);
    row[column++] = share(at(page.chosenBefore, last + 1) - at(page.chosenBefore, first), chars);
    row[column++] = 1 - share(at(page.proseBefore, last + 1) - at(page.proseBefore, first), chars);
  }
}

const HEAD_CHARACTERS = 60;

function titleShare({ titleWords }: Page, text: string): number {
  if (text.length >= LONGEST_FOLDED - 40) return NONE;
  const words = text.split(" ");
  return share(words.filter((word) => titleWords.has(word)).length, words.length);
}

function alike(place: Place | undefined, { byShape }: Page): number {
  return place?.parent ? groupOf(place, byShape).places.length : 0;
}

function alikeProse(place: Place | undefined, { byShape, allProse }: Page): number {
  if (!place?.parent) return 0;
  return share(groupOf(place, byShape).prose, allProse);
}

function clamp(value: number, most: number): number {
  return Math.max(-most, Math.min(most, value));
}
