import { likelihood, loadTrees, type StoredTrees } from "../../../platform/boosted-trees.ts";
import { once } from "../../../platform/remembering.ts";
import type { Image } from "../../article.ts";
import weights from "./field-weights.json" with { type: "json" };

/** The places in which a page gives a value of one of its fields. */
const PLACES = [
  "json-ld",
  "open graph",
  "twitter",
  "meta",
  "template",
  "microdata",
  "element",
  "by the headline",
  "above the story",
  "address",
  "note",
  "last change",
] as const;
export type Place = (typeof PLACES)[number];

/** A value that a page gives for one of its fields. */
export interface Offer<Value> {
  readonly value: Value;
  readonly place: Place;
  /** The value as folded words. Offers with the same words agree. */
  readonly words: string;
  /** The features that only this field has. */
  readonly traits: readonly number[];
}

/** All values that a page gives for its fields. */
export interface FieldOffers {
  readonly title: readonly Offer<string>[];
  readonly authors: readonly Offer<readonly string[]>[];
  readonly date: readonly Offer<string>[];
  readonly picture: readonly Offer<Image>[];
}
export type FieldName = keyof FieldOffers;

interface Choice<Value> {
  /** Undefined if its chance is below the field's limit. */
  readonly value: Value | undefined;
  /** The chance that it is right, from 0 to 1. */
  readonly chance: number;
}

const load = once(() => {
  const stored: Readonly<Record<FieldName, StoredTrees & { limit: number }>> = weights;
  const loaded = Object.entries(stored).map(
    ([name, trees]) => [name, { trees: loadTrees(trees), limit: trees.limit }] as const,
  );
  return new Map(loaded);
});

/** Chooses among all values that a page gives for a field. */
export function chooseField<Value>(
  field: FieldName,
  offers: readonly Offer<Value>[],
): Choice<Value> {
  const known = load().get(field);
  let best: Choice<Value> = { value: undefined, chance: 0 };
  for (const { value, row } of rowsOf(offers)) {
    const chance = known ? likelihood(known.trees, row) : 0;
    if (chance > best.chance) best = { value, chance };
  }
  const isTaken = best.chance >= (known?.limit ?? 1);
  return { value: isTaken ? best.value : undefined, chance: Math.round(best.chance * 100) / 100 };
}

const MOST_GROUPS = 40;
const SHOWN: ReadonlySet<Place> = new Set(["by the headline", "above the story"]);

/** Returns the distinct values of some offers, each with its features. The first offer of a value stands for it. */
export function rowsOf<Value>(
  offers: readonly Offer<Value>[],
): { readonly value: Value; readonly row: readonly number[] }[] {
  const groups = [...Map.groupBy(offers, ({ words }) => words)].slice(0, MOST_GROUPS);
  const known = groups.flatMap(([words, own]) => {
    const places = new Set(own.map(({ place }) => place));
    const isShown = [...places].every((place) => SHOWN.has(place));
    return own[0]
      ? [{ ...own[0], times: own.length, places, isShown, set: new Set(words.split(" ")) }]
      : [];
  });
  return known.map((one, index) => {
    const { value, words, set, places, times, traits } = one;
    const agreement = [false, true].flatMap((isShown) => {
      const others = known.filter((other) => other !== one && other.isShown === isShown);
      return [
        Math.max(0, ...others.map((other) => shareOf(set, other.set))),
        Math.max(0, ...others.map((other) => shareOf(other.set, set))),
        others.filter((other) => other.words.includes(words)).length,
        others.filter((other) => words.includes(other.words)).length,
      ];
    });
    const rival = Math.max(0, ...known.map((other) => (other === one ? 0 : other.places.size)));
    const shape = [index, known.length, times, places.size, rival, set.size, words.length];
    const where = PLACES.map((place) => Number(places.has(place)));
    return { value, row: [...shape, ...agreement, ...where, ...traits] };
  });
}

/** Returns the share of one text's words that are in another. */
function shareOf(some: ReadonlySet<string>, others: ReadonlySet<string>): number {
  return [...some].filter((word) => others.has(word)).length / some.size;
}
