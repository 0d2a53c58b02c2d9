import { fold } from "../clean-text.ts";
import { proseOf, type PageBlock, type PageBlocks, type Place, placesAround } from "./blocks.ts";

/** The metadata that help to find the story. */
export interface StoryClues {
  readonly titles: readonly string[];
  readonly descriptions: readonly string[];
  /** The `articleBody` of its JSON-LD. */
  readonly declaredBody?: string | undefined;
}

/** The measures of a page that the features of its blocks use. */
export interface Page {
  readonly blocks: readonly PageBlock[];
  /** The share of each block that Readability chooses. */
  readonly choice: Float64Array;
  readonly prose: Float64Array;
  /** Sums of all blocks before each block. */
  readonly charsBefore: Float64Array;
  readonly proseBefore: Float64Array;
  readonly chosenBefore: Float64Array;
  readonly chars: number;
  readonly allProse: number;
  readonly chosen: number;
  readonly chosenPlaces: ReadonlyMap<Place, number>;
  readonly firstChosen: number;
  readonly lastChosen: number;
  /** The place with the most running text of its own, and the places around it. */
  readonly densest: Place;
  readonly aroundDensest: ReadonlySet<Place>;
  readonly densestFirst: number;
  readonly densestLast: number;
  readonly byShape: Groups;
  readonly title: number;
  readonly folded: readonly string[];
  readonly repeats: ReadonlyMap<string, number>;
  readonly titleWords: ReadonlySet<string>;
  readonly descriptions: readonly string[];
  readonly declared: string | undefined;
  readonly articles: number;
}

/** The number of characters of a block that are compared with titles and descriptions. */
export const LONGEST_FOLDED = 240;

export function measurePage(
  { blocks, root }: PageBlocks,
  choice: Float64Array,
  clues: StoryClues,
): Page {
  const prose = Float64Array.from(blocks, proseOf);
  const chosenPlaces = new Map<Place, number>();
  const chosenChars = blocks.map(({ measure, place }, index) => {
    const chars = measure.chars * at(choice, index);
    if (chars > 0)
      for (const up of placesAround(place))
        chosenPlaces.set(up, (chosenPlaces.get(up) ?? 0) + chars);
    return chars;
  });
  const densest = densestOf(root);
  const aroundDensest = new Set(placesAround(densest));
  const inDensest = blocks.map(({ place }) => place === densest || place.parent === densest);
  const folded = blocks.map(({ text }) => fold(text.slice(0, LONGEST_FOLDED)));
  const titles = new Set(clues.titles.map(fold));
  const charsBefore = sums(blocks.map(({ measure }) => measure.chars));
  const proseBefore = sums(prose);
  const chosenBefore = sums(chosenChars);
  const repeats = new Map<string, number>();
  for (const text of folded) repeats.set(text, (repeats.get(text) ?? 0) + 1);
  return {
    blocks,
    choice,
    prose,
    charsBefore,
    proseBefore,
    chosenBefore,
    chars: at(charsBefore, blocks.length),
    allProse: at(proseBefore, blocks.length),
    chosen: at(chosenBefore, blocks.length),
    chosenPlaces,
    firstChosen: choice.findIndex((part) => part > 0.5),
    lastChosen: choice.findLastIndex((part) => part > 0.5),
    densest,
    aroundDensest,
    densestFirst: inDensest.indexOf(true),
    densestLast: inDensest.lastIndexOf(true),
    byShape: new Map(),
    title: titleAt(blocks, folded, titles),
    folded,
    repeats,
    titleWords: new Set([...titles].flatMap((title) => title.split(" "))),
    descriptions: clues.descriptions.map(fold),
    declared: clues.declaredBody === undefined ? undefined : ` ${fold(clues.declaredBody)}`,
    articles: count(root, (place) => place.name === "article"),
  };
}

function titleAt(
  blocks: readonly PageBlock[],
  folded: readonly string[],
  titles: ReadonlySet<string>,
): number {
  const isTitle = (index: number): boolean => titles.has(folded[index] ?? "");
  const heading = blocks.findIndex(({ kind }, index) => kind === "heading" && isTitle(index));
  if (heading >= 0) return heading;
  const top = blocks.findIndex(({ place }) => place.name === "h1");
  return top >= 0 ? top : blocks.findIndex((_, index) => isTitle(index));
}

function densestOf(root: Place): Place {
  let densest = root;
  const look = (place: Place): void => {
    if (place.ownProse > densest.ownProse) densest = place;
    place.children.forEach(look);
  };
  look(root);
  // A single paragraph is not meaningful, but its parent is.
  return densest.name === "p" && densest.parent ? densest.parent : densest;
}

/** Siblings of the same shape. */
interface Group {
  readonly places: Place[];
  prose: number;
}

type Groups = Map<Place, ReadonlyMap<string, Group>>;

const NO_GROUP: Group = { places: [], prose: 0 };

// Returns the siblings of the same shape. They are grouped once for each parent, because comparing each item with all
// others takes minutes in a list of ten thousand.
export function groupOf(place: Place, known: Groups): Group {
  const { parent } = place;
  if (!parent) return NO_GROUP;
  const groups = known.get(parent) ?? groupsAmong(parent.children);
  known.set(parent, groups);
  return groups.get(place.shape) ?? NO_GROUP;
}

function groupsAmong(places: readonly Place[]): ReadonlyMap<string, Group> {
  const groups = new Map<string, Group>();
  for (const place of places) {
    const group = groups.get(place.shape) ?? { places: [], prose: 0 };
    groups.set(place.shape, group);
    group.places.push(place);
    group.prose += place.prose;
  }
  return groups;
}

function count(root: Place, is: (place: Place) => boolean): number {
  return (is(root) ? 1 : 0) + root.children.reduce((sum, child) => sum + count(child, is), 0);
}

function sums(values: ArrayLike<number>): Float64Array {
  const before = new Float64Array(values.length + 1);
  for (let index = 0; index < values.length; index++)
    before[index + 1] = at(before, index) + (values[index] ?? 0);
  return before;
}

/** Returns a value of a list of numbers, or 0 outside it. */
export function at(values: ArrayLike<number>, index: number): number {
  return values[index] ?? 0;
}
