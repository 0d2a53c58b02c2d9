import { likelihood, loadTrees } from "../../platform/boosted-trees.ts";
import {
  isSameName,
  isTitleOf,
  likenessOf,
  parse,
  type Parsed,
  WEIGHTS,
  type Word,
} from "./claims.ts";
import { hasOtherOutcome, relationOf } from "./english.ts";
import stored from "./comparison-weights.json" with { type: "json" };

/** An English article, prepared for comparison with sentences. */
export interface ParsedSource {
  readonly sentences: readonly Parsed[];
  /** The places of each word. */
  readonly places: ReadonlyMap<string, readonly Place[]>;
}

interface Place {
  readonly at: number;
  readonly word: Word;
}

/** @param sentences see `plainText` */
export function parsedSource(sentences: readonly string[]): ParsedSource {
  const parsed = sentences.map(parse);
  const places = new Map<string, Place[]>();
  for (const [at, { words }] of parsed.entries()) {
    for (const word of words) {
      if (WEIGHTS[word.kind] === 0) continue;
      const key = `${word.lower} ${word.kind === "name" ? "name" : ""}`;
      const known = places.get(key);
      if (known) known.push({ at, word });
      else places.set(key, [{ at, word }]);
    }
  }
  return { sentences: parsed, places };
}

/** The features that can contradict a sentence. */
const AGAINST = [
  "opposite",
  "negation",
  "open",
  "all",
  "swapped",
  "title",
  "number",
  "day",
  "name",
] as const;

type Against = (typeof AGAINST)[number];

/** The contradicting features come first. */
const FAULTS = {
  opposite: ["opposite", "the article says the opposite here"],
  negation: ["negation", "a “not” was added or removed here"],
  open: ["hedge", "the article is not so certain here"],
  all: ["quantity", "the article says this only about some"],
  swapped: ["swapped", "in the article the roles are exchanged"],
  title: ["title", "the article gives no person of this name this title"],
  number: ["number", "the article has another number here"],
  day: ["date", "the article has another date here"],
  name: ["name", "the article has another name here"],
} as const satisfies Readonly<Record<Against, readonly [kind: string, message: string]>>;
const UNSHOWN = ["overlap", "no passage of the article supports this wording"] as const;

/** The other features of the trees: how closely the sentence follows the article, and which words may have been changed. */
const NEARNESS = ["missing", "missingMost", "near", "reckoned"] as const;

const FEATURES: readonly (Against | (typeof NEARNESS)[number])[] = [...AGAINST, ...NEARNESS];

/** The probabilities of being false from which a sentence is marked, and from which it is rejected. */
export const DOUBTFUL = 0.45;
const SURE = 0.8;
/** The least value of a contradicting feature for a contradiction. */
const CONTRADICTED = 0.45;
/** A place of the article that contains at least this share of a sentence has the same subject. */
const SAME = 0.6;

const trees = loadTrees(stored);

/** A contradiction of a sentence, or its lack of support. */
export interface Contradiction {
  readonly kind: (typeof FAULTS)[Against][0] | (typeof UNSHOWN)[0];
  readonly message: string;
  readonly isSure: boolean;
}

/**
 * Returns what contradicts an English sentence (see `plainText`), or that the source does not support it. Undefined if the
 * source supports it.
 */
export function contradictionOf(
  sentence: string,
  source: ParsedSource,
  reckoned: readonly number[],
): Contradiction | undefined {
  const amounts = new Comparison(parse(sentence), source, reckoned).amounts();
  const chance = likelihood(trees, featuresOf(amounts));
  if (chance <= DOUBTFUL) return undefined;
  const against = strongest(amounts);
  const [kind, message] = against ? FAULTS[against] : UNSHOWN;
  return { kind, message, isSure: isRefused(amounts, chance) };
}

function strongest(amounts: Amounts): Against | undefined {
  const [most] = AGAINST.toSorted((a, b) => amounts[b] - amounts[a]);
  return most !== undefined && amounts[most] >= CONTRADICTED ? most : undefined;
}

/**
 * Whether a sentence with this chance of being false contradicts the article. A sentence that is only more certain or more
 * general than the article does not.
 */
export function isRefused(amounts: Amounts, chance: number): boolean {
  const against = strongest(amounts);
  const isWider = against === undefined || against === "open" || against === "all";
  return chance > SURE && !isWider && amounts.reckoned === 0;
}

/**
 * Whether one place of the source contains the rest of the sentence with another number, day or name. Where no place does,
 * an unknown name counts as a contradiction too.
 */
export function hasRival(sentence: string, source: ParsedSource, isName: boolean): boolean {
  const { near, number, day, name } = amountsOf(sentence, source, []);
  return near < SAME ? isName : Math.max(number, day, name) >= CONTRADICTED;
}

export type Amounts = Readonly<Record<Against | (typeof NEARNESS)[number], number>>;

export function amountsOf(
  sentence: string,
  source: ParsedSource,
  reckoned: readonly number[],
): Amounts {
  return new Comparison(parse(sentence), source, reckoned).amounts();
}

export function featuresOf(amounts: Amounts): readonly number[] {
  return FEATURES.map((name) => amounts[name]);
}

/** The least likeness for one word to replace another. */
const STANDS_FOR = 0.65;
/** The weights of words that are in the sentence before and the sentence after. */
const BEFORE = 0.75;
const AFTER = 0.5;

/** A word of the source that can replace a word of the sentence, or is its opposite. */
interface Pair extends Place {
  readonly likeness: number;
}

class Comparison {
  readonly #line: Parsed;
  readonly #source: readonly Parsed[];
  /** The words that carry the meaning of the sentence. */
  readonly #content: readonly Word[];
  readonly #weights: readonly number[];
  readonly #isReckoned: boolean;
  readonly #pairs: readonly (readonly Pair[])[];
  /** For each word, how well each sentence of the source contains it, and the words around it. */
  readonly #found: readonly Float64Array[];
  readonly #around: readonly Float64Array[];

  constructor(line: Parsed, { sentences, places }: ParsedSource, reckoned: readonly number[]) {
    this.#line = line;
    this.#source = sentences;
    // A calculated number is not in the source.
    this.#content = line.words.filter(
      ({ kind, lower }) =>
        WEIGHTS[kind] > 0 && !(kind === "number" && reckoned.includes(Number(lower.slice(1)))),
    );
    this.#isReckoned = reckoned.length > 0;
    this.#weights = this.#content.map(({ kind }) => WEIGHTS[kind]);
    this.#pairs = this.#content.map((word) =>
      [...places.values()].flatMap((all) => {
        const likeness = all[0] ? likenessOf(word, all[0].word) : 0;
        return likeness === 0 ? [] : all.map((place) => ({ ...place, likeness }));
      }),
    );
    this.#found = this.#pairs.map((pairs) => {
      const row = new Float64Array(sentences.length);
      for (const { at, likeness } of pairs) row[at] = Math.max(row[at]!, likeness);
      return row;
    });
    this.#around = this.#content.map((word) => this.#aroundOf(word));
  }

  /** Nearby words have more weight, because a sentence may make two statements. */
  #aroundOf(word: Word): Float64Array {
    const weights = this.#content.map((other, index) =>
      other === word ? 0 : this.#weights[index]! / (1 + Math.abs(other.index - word.index) / 4),
    );
    const total = sum(weights, (weight) => weight) || 1;
    return Float64Array.from(
      this.#source,
      (_, at) =>
        sum(weights, (weight, index) =>
          weight === 0 ? 0 : weight * this.#has(index, at, 0.6, 0.6),
        ) / total,
    );
  }

  #has(index: number, at: number, before = BEFORE, after = AFTER): number {
    const row = this.#found[index]!;
    return Math.max(row[at]!, before * (row[at - 1] ?? 0), after * (row[at + 1] ?? 0));
  }

  amounts(): Amounts {
    return {
      ...this.#polarity(),
      ...this.#nearness(),
      swapped: this.#swapped(),
      open: this.#open(),
      all: this.#all(),
      reckoned: this.#isReckoned ? 1 : 0,
      title: most(this.#titles()),
      number: this.#rival(({ kind }) => kind === "number"),
      day: this.#rival(({ kind }) => kind === "day"),
      name: this.#rival(({ kind }) => kind === "name"),
    };
  }

  /**
   * Returns how many surrounding words the source shares with the sentence: where the word is used in the same way, and
   * where it is used in another way.
   */
  #places(index: number, isAsHere: (pair: Pair) => boolean | undefined): readonly [number, number] {
    let [same, other] = [0, 0];
    for (const pair of this.#pairs[index]!) {
      if (Math.abs(pair.likeness) < STANDS_FOR) continue;
      const isSame = isAsHere(pair);
      const around = this.#around[index]![pair.at]! * Math.abs(pair.likeness);
      if (isSame === true) same = Math.max(same, around);
      if (isSame === false) other = Math.max(other, around);
    }
    return [same, other];
  }

  /** Finds an opposite, or a "not" that was added or removed. Both together cancel each other out. */
  #polarity(): Pick<Amounts, "opposite" | "negation"> {
    let [opposite, negation] = [this.#otherOutcome(), 0];
    for (const [index, word] of this.#content.entries()) {
      if (isProper(word) || word.kind === "plain" || this.#hasBothSides(word)) continue;
      const isTurned = this.#line.isTurned[word.index] === true;
      const isAlike = (pair: Pair) => pair.likeness > 0 === (isTurned === this.#isTurnedAt(pair));
      const [same, otherwise] = this.#places(index, isAlike);
      const [, inOpposite] = this.#places(index, (pair) =>
        pair.likeness < 0 ? isAlike(pair) : undefined,
      );
      opposite = Math.max(opposite, inOpposite - 0.8 * same);
      if (inOpposite < otherwise) negation = Math.max(negation, otherwise - same);
    }
    return { opposite, negation };
  }

  #isTurnedAt({ at, word }: Pair): boolean {
    return this.#source[at]!.isTurned[word.index] === true;
  }

  /** Returns how similar the sentence is to one that claims another outcome. */
  #otherOutcome(): number {
    const { outcomes } = this.#line;
    if (outcomes.size === 0) return 0;
    const shares = this.#source.map((_, at) => this.#shareAt(at));
    const same = this.#source.map(({ outcomes: others }, at) =>
      [...outcomes].some(([row, claimed]) => [...claimed].some((one) => others.get(row)?.has(one)))
        ? shares[at]!
        : 0,
    );
    const other = this.#source.map(({ outcomes: others }, at) =>
      hasOtherOutcome(outcomes, others) ? shares[at]! : 0,
    );
    return most(other) - most(same);
  }

  /** Returns the share of the sentence's words in one sentence of the source and its neighbours. */
  #shareAt(at: number): number {
    const total = sum(this.#weights, (weight) => weight) || 1;
    return sum(this.#weights, (weight, index) => weight * this.#has(index, at)) / total;
  }

  /** Whether the sentence contains both a word and its opposite: "From a poor port to a rich city". */
  #hasBothSides(word: Word): boolean {
    return this.#content.some(
      (other) => other.kind !== "name" && relationOf(word.lower, other.lower) < 0,
    );
  }

  /** Returns how much more certain the sentence is than the source. */
  #open(): number {
    return most(
      this.#content.map((word, index) => {
        if (word.kind === "name" || word.kind === "plain") return 0;
        const here = this.#line.openness[word.index] ?? 0;
        const [same, other] = this.#places(index, ({ likeness, at, word: there }) =>
          likeness < 0 ? undefined : (this.#source[at]!.openness[there.index] ?? 0) <= here,
        );
        return (other - same) * (word.kind === "verb" ? 1 : 0.8);
      }),
    );
  }

  /** Returns how similar a sentence about all of a group is to one about a part of it. */
  #all(): number {
    return most(
      this.#content.map((word, index) => {
        if (this.#line.isOfAll[word.claim] !== true) return 0;
        const [same, other] = this.#places(index, ({ at }) =>
          this.#source[at]!.isOfAll.includes(true),
        );
        return other - same;
      }),
    );
  }

  /** Returns how well the source supports a word together with the words around it. */
  #support(index: number): number {
    return most(this.#source.map((_, at) => this.#inPlace(index, at) * this.#around[index]![at]!));
  }

  /** The sentence before may name the person that "she" refers to. */
  #inPlace(index: number, at: number): number {
    const { kind } = this.#content[index]!;
    if (kind !== "name") return this.#has(index, at, kind === "day" ? 0.85 : 0.6, 0.6);
    const words = this.#source[at]!.words;
    const verb = words.find((word) => word.kind === "verb")?.index ?? 0;
    const isNamed = words.some((word) => word.index <= verb && word.kind === "name");
    const hasPronoun = words.some((word) => word.kind === "pronoun");
    return this.#has(index, at, isNamed ? 0.3 : hasPronoun ? 0.85 : 0.6, 0);
  }

  /** Returns how much better the source supports the rest of the sentence with another word of the same kind. */
  #rival(isMeant: (word: Word) => boolean): number {
    return most(
      this.#content.map((word, index) => {
        if (!isMeant(word)) return 0;
        const rivals = this.#source.map(({ words }, at) => {
          if (this.#inPlace(index, at) > 0.4) return 0;
          const hasOther = words.some((other) => this.#isRival(word, other));
          return this.#around[index]![at]! * (hasOther ? 1 : 0.6);
        });
        return most(rivals) - this.#support(index);
      }),
    );
  }

  /** Whether a word could take the place of another and is not in the sentence. */
  #isRival(word: Word, other: Word): boolean {
    if (other.kind !== word.kind) return false;
    if (word.kind === "day" && formOf(word.lower) !== formOf(other.lower)) return false;
    return !this.#content.some((own) => likenessOf(own, other) > 0.5);
  }

  /** Returns how much better the source supports a claim with agent and object exchanged. */
  #swapped(): number {
    return most(
      this.#line.deeds.map(({ verb, doers, others }) => {
        const [left, right] = [sideOf(doers), sideOf(others)];
        if (left.length === 0 || right.length === 0) return 0;
        const index = this.#content.indexOf(verb);
        let [straight, crossed] = [0, 0];
        for (const [at, { deeds }] of this.#source.entries()) {
          const near = 0.3 + 0.7 * (this.#around[index]?.[at] ?? 0);
          const before = this.#peopleBefore(at);
          for (const deed of deeds) {
            if (relationOf(verb.lower, deed.verb.lower) < STANDS_FOR) continue;
            const shareAs = (one: readonly Word[], other: readonly Word[]) =>
              near * Math.min(shareOf(one, deed.doers, before), shareOf(other, deed.others, []));
            straight = Math.max(straight, shareAs(left, right));
            crossed = Math.max(crossed, shareAs(right, left));
          }
        }
        return crossed - straight;
      }),
    );
  }

  /** Returns the people that a pronoun in a sentence of the source may refer to. */
  #peopleBefore(at: number): readonly Word[] {
    return [at - 1, at - 2].flatMap((index) =>
      (this.#source[index]?.words ?? []).filter(({ kind }) => kind === "name" || kind === "person"),
    );
  }

  /** Returns for each role in the sentence how little the source supports it for that person. */
  #titles(): readonly number[] {
    const { words } = this.#line;
    return words.flatMap((role) => {
      if (role.kind !== "person") return [];
      const name = words.find((word) => word.kind === "name" && isTitleOf(role, word, words));
      return name ? [1 - this.#titleSupport(role, name)] : [];
    });
  }

  #titleSupport(role: Word, name: Word): number {
    const isNamed = (at: number) =>
      this.#source[at]?.words.some(({ lower }) => isSameName(name.lower, lower)) === true;
    return most(
      this.#source.flatMap(({ words }, at) => {
        const names = words.filter(({ lower }) => isSameName(name.lower, lower));
        const isNext = isNamed(at - 1) || isNamed(at + 1);
        return words.map((word) => {
          if (WEIGHTS[word.kind] === 0 || word.kind === "number") return 0;
          const relation = most(word.lower.split(" ").map((part) => relationOf(role.lower, part)));
          const distance = Math.min(99, ...names.map(({ index }) => Math.abs(index - word.index)));
          const near = distance <= 6 ? 1 : distance < 99 ? 0.6 : isNext ? 0.5 : 0.2;
          return relation < 0.4 ? 0 : relation * near;
        });
      }),
    );
  }

  /**
   * Returns how closely the sentence follows the source. This alone says nothing about its truth. But a contradiction
   * counts more if one place of the source contains the rest of the sentence.
   */
  #nearness(): Omit<Amounts, Against | "reckoned"> {
    const total = sum(this.#weights, (weight) => weight) || 1;
    const anywhere = this.#found.map((row) => most(row));
    const shares = this.#source.map((_, at) => this.#shareAt(at));
    const foundShare = sum(this.#weights, (weight, index) => weight * anywhere[index]!) / total;
    return {
      missing: 1 - foundShare,
      missingMost: most(
        this.#content.map(({ kind }, index) => (kind === "plain" ? 0 : 1 - anywhere[index]!)),
      ),
      near: most(shares),
    };
  }
}

function formOf(word: string): string {
  if (/^\d{4}$/.test(word)) return "year";
  return word.endsWith("day") ? "weekday" : "month";
}

const isProper = ({ kind }: Word) => kind === "name" || kind === "number" || kind === "day";
const isThing = ({ kind }: Word) => kind === "noun" || kind === "person";
const isBearer = (word: Word) => word.kind === "name" || isThing(word);

/** Returns the names among the words, or the people and things if there are no names. "Over the lamp oil" is no side of a lawsuit. */
function sideOf(words: readonly Word[]): readonly Word[] {
  const names = words.filter(({ kind }) => kind === "name");
  return names.length > 0 ? names : words.filter(isBearer);
}

/** Returns the share of words that others contain. A pronoun among the others may refer to the words before. */
function shareOf(words: readonly Word[], others: readonly Word[], before: readonly Word[]): number {
  const bearing = words.filter(({ kind }) => WEIGHTS[kind] > 0);
  if (bearing.length === 0) return 0.5;
  const mayPoint = others.length === 0 || others.some(({ kind }) => kind === "pronoun");
  const bestOf = (word: Word) => {
    const best = most(
      others.map((other) => (WEIGHTS[other.kind] > 0 ? likenessOf(word, other) : 0)),
    );
    const isMeant = best < 0.6 && mayPoint && before.some((other) => likenessOf(word, other) > 0.6);
    return isMeant ? 0.6 : best;
  };
  const total = bearing.reduce((all, { kind }) => all + WEIGHTS[kind], 0);
  return bearing.reduce((all, word) => all + WEIGHTS[word.kind] * bestOf(word), 0) / total;
}

function most(values: readonly number[] | Float64Array): number {
  let best = 0;
  for (const value of values) if (value > best) best = value;
  return best;
}

function sum(values: readonly number[], rate: (value: number, index: number) => number): number {
  return values.reduce((total, value, index) => total + rate(value, index), 0);
}
