import { likelihood, loadTrees } from "../../platform/boosted-trees.ts";
import {
  AGAINST,
  type Against,
  type AlignedSource,
  type Alignment,
  alignmentOf,
  type Match,
  most,
} from "./alignment.ts";
import { relationOf } from "./english.ts";
import {
  isBearer,
  isWeighty,
  likenessOf,
  WEIGHTS,
  isHedge,
  isNegation,
  type Parsed,
  type Word,
} from "./propositions.ts";
import stored from "./misalignment-weights.json" with { type: "json" };

/** What speaks against a sentence most, where that can be told, and whether that is sure. */
export interface Misalignment {
  readonly against: Against | undefined;
  readonly isSure: boolean;
}

const NEARNESS = [
  "missing",
  "missingMost",
  "apart",
  "apartName",
  "apartVerb",
  "near",
  "nearNext",
] as const;
const EDITS = [
  "otherName",
  "otherNumber",
  "otherVerb",
  "otherPerson",
  "otherNoun",
  "turned",
  "inverted",
  "negationChanged",
  "hedgeDropped",
] as const;
/** What is learned from, in this order. */
const FEATURE_NAMES = [...AGAINST, ...NEARNESS, ...EDITS] as const;

/** How likely a sentence is false from which on it is doubted, and refused. */
const DOUBTFUL = 0.5;
const SURE = 0.75;

const trees = loadTrees(stored);

/** Why an English sentence (see `plainText`) is not shown to follow from a source; undefined where little speaks against it. */
export function misalignmentOf(sentence: string, source: AlignedSource): Misalignment | undefined {
  const alignment = alignmentOf(sentence, source);
  const chance = likelihood(trees, featuresOf(alignment));
  if (chance <= DOUBTFUL) return undefined;
  const against = mostAgainst(alignment);
  return { against, isSure: against !== undefined && chance > SURE };
}

/** The row of `FEATURE_NAMES`. */
export function featuresOf({ amounts, match }: Alignment): readonly number[] {
  const values = { ...amounts, ...nearnessOf(match), ...editsOf(match) };
  return FEATURE_NAMES.map((name) => values[name]);
}

/** From how much of it on each thing may be what is wrong, and surely is. */
const LIMITS = {
  number: [0.3, 0.5],
  date: [0.1, 0.3],
  name: [0.52, 0.7],
  deed: [0.33, 0.6],
  opposite: [0.33, 0.6],
  negation: [0.5, 0.7],
  hedge: [0.52, 0.75],
  swapped: [0.1, 0.5],
  another: [0.68, 0.9],
  title: [0.45, 0.85],
  figureElsewhere: [0.87, 0.95],
  placeElsewhere: [0.8, 0.97],
} as const satisfies Record<Against, readonly [possible: number, sure: number]>;

function mostAgainst({ amounts }: Alignment): Against | undefined {
  const excess = (against: Against) => {
    const [possible, sure] = LIMITS[against];
    return (amounts[against] - possible) / (sure - possible);
  };
  return AGAINST.filter((against) => excess(against) > 0).toSorted(
    (a, b) => excess(b) - excess(a),
  )[0];
}

/** How much of what the sentence before, and after, tells counts for this one. */
const BEFORE = 0.75;
const AFTER = 0.5;

/**
 * How near a sentence keeps to its source. By itself that says nothing about its truth. But what speaks against a
 * sentence weighs more where the rest of it stands in one place, as in a sentence with one thing changed, than
 * where it is told freely.
 */
function nearnessOf(match: Match): Readonly<Record<(typeof NEARNESS)[number], number>> {
  const { content, found, sentences } = match;
  const weights = content.map(({ kind }) => WEIGHTS[kind]);
  const total = weights.reduce((sum, weight) => sum + weight, 0) || 1;
  const anywhere = found.map((row) => most(row));
  const here = (at: number, index: number) => {
    const row = found[index] ?? new Float64Array();
    return Math.max(row[at] ?? 0, BEFORE * (row[at - 1] ?? 0), AFTER * (row[at + 1] ?? 0));
  };
  const sharesHere = sentences.map((_, at) => sum(weights, (index) => here(at, index)) / total);
  const ranked = [...sharesHere.keys()].toSorted(
    (a, b) => (sharesHere[b] ?? 0) - (sharesHere[a] ?? 0),
  );
  const [best = 0, next = 0] = ranked;
  const told = sum(weights, (index) => anywhere[index] ?? 0) / total;
  const apartOf = (isMeant: (word: Word) => boolean) =>
    most(
      content.map((word, index) =>
        isMeant(word) ? (anywhere[index] ?? 0) - here(best, index) : 0,
      ),
    );
  return {
    missing: 1 - told,
    missingMost: most(
      content.map(({ kind }, index) => (kind === "plain" ? 0 : 1 - (anywhere[index] ?? 0))),
    ),
    apart: told - (sharesHere[best] ?? 0),
    apartName: apartOf(({ kind }) => isProper(kind)),
    apartVerb: apartOf(({ kind }) => kind === "verb"),
    near: sharesHere[best] ?? 0,
    nearNext: sharesHere[next] ?? 0,
  };
}

/** A sentence of the source that has most of the words, and where it has each; -1 where it has not. */
interface Original {
  readonly share: number;
  readonly places: readonly number[];
  readonly sentence: Parsed;
}

/** So many sentences may be what was changed. */
const ORIGINALS = 3;
const LEAST_SHARE = 0.35;
/** How much less than the nearest another may share. */
const NEARLY_BEST = 0.15;
const IS_THERE = 0.6;

/** What would have been changed, were the sentence a changed one of the source: by how much of it that one has. */
function editsOf(match: Match): Readonly<Record<(typeof EDITS)[number], number>> {
  const originals = originalsOf(match);
  const by = (rate: (original: Original) => number) =>
    most(originals.map((original) => original.share * rate(original)));
  const other = (isMeant: (kind: Word["kind"]) => boolean) =>
    by((original) => replacedIn(match, original, isMeant));
  return {
    otherName: other((kind) => kind === "name"),
    otherNumber: other((kind) => kind === "number" || kind === "day"),
    otherVerb: other((kind) => kind === "verb"),
    otherPerson: other((kind) => kind === "person"),
    otherNoun: other((kind) => kind === "noun"),
    turned: by((original) => (hasOpposite(match, original) ? 1 : 0)),
    inverted: by((original) => (isInverted(match, original) ? 1 : 0)),
    negationChanged: by((original) =>
      Math.min(1, Math.abs(surplus(match, original, ({ lower }) => isNegation(lower)))),
    ),
    hedgeDropped: by((original) =>
      Math.min(
        1,
        Math.max(
          0,
          surplus(match, original, ({ lower }) => isHedge(lower)),
        ),
      ),
    ),
  };
}

function originalsOf({ content, found, sentences }: Match): readonly Original[] {
  const weights = content.map(({ kind }) => WEIGHTS[kind]);
  const total = weights.reduce((sum, weight) => sum + weight, 0) || 1;
  const nearest = sentences
    .map((sentence, at) => ({
      sentence,
      share: sum(weights, (index) => atLeast(found[index]?.[at] ?? 0)) / total,
    }))
    .toSorted((a, b) => b.share - a.share)
    .slice(0, ORIGINALS);
  const least = Math.max(LEAST_SHARE, (nearest[0]?.share ?? 0) - NEARLY_BEST);
  return nearest
    .filter(({ share }) => share >= least)
    .map(({ sentence, share }) => ({
      sentence,
      share,
      places: content.map((word) => placeOf(word, sentence)),
    }));
}

function placeOf(word: Word, { words }: Parsed): number {
  let [place, best] = [-1, IS_THERE];
  for (const other of words) {
    if (!isWeighty(other)) continue;
    const likeness = likenessOf(word, other.lower);
    if (likeness >= best && (likeness > best || place === -1)) {
      [place, best] = [other.index, likeness];
    }
  }
  return place;
}

function atLeast(likeness: number): number {
  return likeness >= IS_THERE ? likeness : 0;
}

/** How near to its neighbours' places a word of the same kind stands that the sentence has not. */
function replacedIn(
  { content }: Match,
  { places, sentence }: Original,
  isMeant: (kind: Word["kind"]) => boolean,
): number {
  const own = new Set(places);
  return most(
    content.map((word, index) => {
      if (places[index] !== -1 || !isMeant(word.kind)) return 0;
      const beside = [
        places.slice(0, index).findLast((place) => place >= 0),
        places.slice(index + 1).find((place) => place >= 0),
      ].filter((place) => place !== undefined);
      const rivals = sentence.words.filter(
        (rival) => !own.has(rival.index) && isOfKind(rival.kind, word.kind),
      );
      return most(
        rivals.map((rival) => {
          const distance = Math.min(99, ...beside.map((place) => Math.abs(rival.index - place)));
          return distance <= 2 ? 1 : distance <= 4 ? 0.8 : 0.5;
        }),
      );
    }),
  );
}

function hasOpposite({ content }: Match, { places, sentence }: Original): boolean {
  return content.some(
    (word, index) =>
      places[index] === -1 &&
      !isProper(word.kind) &&
      sentence.words.some(
        (other) =>
          isWeighty(other) && !isProper(other.kind) && relationOf(word.lower, other.lower) < 0,
      ),
  );
}

/** Whether those before and after a verb stand the other way round, and neither verb is passive, or both are. */
function isInverted({ content, parsed }: Match, { places, sentence }: Original): boolean {
  let [straight, crossed] = [0, 0];
  for (const [left, first] of content.entries()) {
    const from = places[left] ?? -1;
    if (from === -1 || !isBearer(first)) continue;
    let hasVerb = false;
    for (let right = left + 1; right < content.length; right++) {
      const to = places[right] ?? -1;
      const second = content[right];
      if (!second || to === -1) continue;
      if (second.kind === "verb") hasVerb = true;
      else if (hasVerb && isBearer(second)) {
        if (to > from) straight++;
        if (to < from) crossed++;
      }
    }
  }
  return hasAgent(parsed) === hasAgent(sentence) ? crossed > straight : straight > crossed;
}

function hasAgent({ propositions }: Parsed): boolean {
  return propositions.some(({ isPassive, subject }) => isPassive && subject.length > 0);
}

/** How many more words of a sort the original has around what it shares. */
function surplus(
  { parsed }: Match,
  { places, sentence }: Original,
  isMeant: (word: Word) => boolean,
): number {
  const shared = places.filter((place) => place >= 0);
  const [from, to] = [Math.min(...shared) - 4, Math.max(...shared) + 3];
  const there = sentence.words.filter(({ index }) => index >= from && index <= to);
  return there.filter(isMeant).length - parsed.words.filter(isMeant).length;
}

const isProper = (kind: Word["kind"]) => kind === "name" || kind === "number" || kind === "day";
const isThing = (kind: Word["kind"]) => kind === "noun" || kind === "person";

function isOfKind(kind: Word["kind"], other: Word["kind"]): boolean {
  return kind === other || (isThing(kind) && isThing(other));
}

function sum(weights: readonly number[], rate: (index: number) => number): number {
  return weights.reduce((total, weight, index) => total + weight * rate(index), 0);
}
