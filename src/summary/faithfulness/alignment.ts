import { relationOf } from "./english.ts";
import {
  isBearer,
  isSameName,
  likenessOf,
  matchOf,
  WEIGHTS,
  isHedge,
  isHedgedAt,
  isNegatedAt,
  isTitleOf,
  parse,
  type Parsed,
  type Proposition,
  type Word,
} from "./propositions.ts";

/** An English article as its sentences are aligned with. */
export interface AlignedSource {
  readonly sentences: readonly Parsed[];
  /** By each word that is written in it, where it stands. */
  readonly places: ReadonlyMap<string, readonly Place[]>;
}

interface Place {
  readonly sentence: number;
  readonly word: Word;
}

/** @param sentences see `plainText` */
export function alignedSource(sentences: readonly string[]): AlignedSource {
  const parsed = sentences.map(parse);
  const places = new Map<string, Place[]>();
  for (const [sentence, { words }] of parsed.entries()) {
    for (const word of words) {
      if (WEIGHTS[word.kind] === 0) continue;
      const known = places.get(word.lower);
      if (known) known.push({ sentence, word });
      else places.set(word.lower, [{ sentence, word }]);
    }
  }
  return { sentences: parsed, places };
}

/** What may speak against a sentence. */
export const AGAINST = [
  // The source tells what is around a number, day or name with another in its place.
  "number",
  "date",
  "name",
  "deed",
  // It has a word's opposite there.
  "opposite",
  "negation",
  "hedge",
  // It has the two sides of a verb the other way round.
  "swapped",
  // Somebody else is told to do this.
  "another",
  // It calls somebody else so, or nobody.
  "title",
  // It has the number, the day or the place, but of something else.
  "figureElsewhere",
  "placeElsewhere",
] as const;

export type Against = (typeof AGAINST)[number];

/** A sentence against a source: how well each sentence of the source has each of its words. */
export interface Match {
  readonly parsed: Parsed;
  /** The words that bear its sense. */
  readonly content: readonly Word[];
  /** By each of them, from 0 to 1 by each sentence of the source. */
  readonly found: readonly Float64Array[];
  readonly sentences: readonly Parsed[];
}

/** An English sentence (see `plainText`) held against a source. */
export interface Alignment {
  /** How much each thing speaks against it. */
  readonly amounts: Readonly<Record<Against, number>>;
  readonly match: Match;
}

export function alignmentOf(sentence: string, source: AlignedSource): Alignment {
  const aligner = new Aligner(parse(sentence), source);
  return { amounts: aligner.amounts(), match: aligner.match() };
}

/** Related enough that one word may stand for the other. */
const STANDS_FOR = 0.65;
/** How much of what the next sentence says counts for this one. */
const NEXT = 0.6;

class Aligner {
  readonly #parsed: Parsed;
  readonly #sentences: readonly Parsed[];
  readonly #content: readonly Word[];
  /** By each word of the sentence, how well each sentence of the source has it. */
  readonly #found: readonly Float64Array[];
  /** The same for opposites. */
  readonly #turned: readonly Float64Array[];
  /** By each word, how much of what is around it each sentence of the source has. */
  readonly #around: readonly Float64Array[];

  constructor(parsed: Parsed, { sentences, places }: AlignedSource) {
    this.#parsed = parsed;
    this.#sentences = sentences;
    this.#content = parsed.words.filter(({ kind }) => WEIGHTS[kind] > 0);
    const found: Float64Array[] = [];
    const turned: Float64Array[] = [];
    for (const word of this.#content) {
      const [has, opposes] = [
        new Float64Array(sentences.length),
        new Float64Array(sentences.length),
      ];
      for (const [other, all] of places) {
        const relation = likenessOf(word, other);
        if (relation === 0) continue;
        for (const { sentence } of all) {
          if (relation > 0) has[sentence] = Math.max(has[sentence]!, relation);
          else opposes[sentence] = 1;
        }
      }
      found.push(has);
      turned.push(opposes);
    }
    this.#found = found;
    this.#turned = turned;
    this.#around = this.#content.map((word) => this.#aroundOf(word));
  }

  /** Words that stand near count more: a sentence may tell two things. */
  #aroundOf(word: Word): Float64Array {
    const weights = this.#content.map((other) =>
      other === word ? 0 : WEIGHTS[other.kind] / (1 + Math.abs(other.index - word.index) / 4),
    );
    const total = weights.reduce((sum, weight) => sum + weight, 0) || 1;
    const around = new Float64Array(this.#sentences.length);
    for (let at = 0; at < around.length; at++) {
      for (const [index, weight] of weights.entries()) {
        if (weight === 0) continue;
        const row = this.#found[index]!;
        around[at] =
          around[at]! +
          (weight / total) *
            Math.max(row[at]!, NEXT * (row[at - 1] ?? 0), NEXT * (row[at + 1] ?? 0));
      }
    }
    return around;
  }

  match(): Match {
    return {
      parsed: this.#parsed,
      content: this.#content,
      found: this.#found,
      sentences: this.#sentences,
    };
  }

  amounts(): Readonly<Record<Against, number>> {
    const propositions = this.#parsed.propositions.map((one) => this.#rate(one));
    const { words } = this.#parsed;
    const first = words.find(({ kind }) => kind === "verb")?.index ?? 0;
    const before = ({ index }: Word) => words[index - 1]?.lower ?? "";
    return {
      number: this.#rivalOf(({ kind }) => kind === "number"),
      date: this.#rivalOf(({ kind }) => kind === "day"),
      name: this.#rivalOf(({ kind }) => kind === "name"),
      deed: this.#rivalOf(
        (word) => word.kind === "name" && word.index < first && !DEPENDS.test(before(word)),
      ),
      opposite: this.#oppositeOf(),
      negation: this.#negationTurned(),
      hedge: this.#hedgeLost(),
      swapped: most(propositions.map(({ swapped }) => swapped)),
      another: most(propositions.map(({ another }) => another)),
      title: most(this.#roles().map((support) => 1 - support)),
      figureElsewhere: this.#elsewhere(({ kind }) => kind === "number" || kind === "day"),
      placeElsewhere: this.#elsewhere((word) => word.kind === "name" && PLACES.test(before(word))),
    };
  }

  /** How much of what is around a word here is around it in the source, at best. */
  #supportOf(index: number): number {
    const [found, around] = [this.#found[index]!, this.#around[index]!];
    let best = 0;
    for (let at = 0; at < found.length; at++)
      best = Math.max(best, this.#has(index, at) * around[at]!);
    return best;
  }

  /** What the sentence before says may be meant here by a pronoun or left out. */
  #has(index: number, at: number): number {
    const found = this.#found[index]!;
    const { kind } = this.#content[index]!;
    if (kind === "name") return Math.max(found[at]!, this.#mayPointBack(at) * (found[at - 1] ?? 0));
    const near = kind === "day" ? 0.85 : NEXT;
    return Math.max(found[at]!, near * (found[at - 1] ?? 0), NEXT * (found[at + 1] ?? 0));
  }

  /** How likely a sentence is about somebody whom the one before names: it has a pronoun, and nobody's name before its verb. */
  #mayPointBack(at: number): number {
    const words = this.#sentences[at]?.words ?? [];
    const verb = words.find(({ kind }) => kind === "verb")?.index ?? 0;
    const head = words.filter(({ index }) => index <= verb);
    if (head.some(({ kind }) => kind === "name")) return 0.3;
    return words.some(({ kind }) => kind === "pronoun") ? 0.85 : NEXT;
  }

  #rivalOf(isMeant: (word: Word) => boolean): number {
    let margin = 0;
    for (const [index, word] of this.#content.entries()) {
      if (!isMeant(word)) continue;
      let rival = 0;
      for (let at = 0; at < this.#sentences.length; at++) {
        if (this.#has(index, at) > 0.4) continue;
        const hasOther = this.#sentences[at]!.words.some((other) => this.#isRival(word, other));
        rival = Math.max(rival, this.#around[index]![at]! * (hasOther ? 1 : 0.6));
      }
      margin = Math.max(margin, rival - this.#supportOf(index));
    }
    return margin;
  }

  /** Whether a word could stand in the place of another, and is not in the sentence. */
  #isRival(word: Word, other: Word): boolean {
    if (other.kind !== word.kind) return false;
    if (word.kind === "day" && formOf(word.lower) !== formOf(other.lower)) return false;
    return !this.#content.some((own) => likenessOf(own, other.lower) > 0.5);
  }

  #oppositeOf(): number {
    let margin = 0;
    for (const [index, { kind }] of this.#content.entries()) {
      if (kind === "name" || kind === "number" || kind === "day") continue;
      for (let at = 0; at < this.#sentences.length; at++) {
        if (this.#turned[index]![at] === 0 || this.#isTurnedHere(index)) continue;
        // Where the word stands beside its opposite, both may be told.
        if (this.#found[index]![at]! >= 0.9) continue;
        margin = Math.max(margin, this.#around[index]![at]! - 0.8 * this.#supportOf(index));
      }
    }
    return margin;
  }

  /** "From a poor port to a rich city" has both sides. */
  #isTurnedHere(index: number): boolean {
    const word = this.#content[index]!;
    return this.#content.some(
      (other) => other.kind !== "name" && relationOf(word.lower, other.lower) < 0,
    );
  }

  /** Compares the places of a word in the source by whether it is as here, or not. */
  #compare(index: number, isAsHere: (sentence: Parsed, word: Word) => boolean): number {
    const word = this.#content[index]!;
    let [same, other] = [0, 0];
    for (let at = 0; at < this.#sentences.length; at++) {
      if (this.#found[index]![at]! < STANDS_FOR) continue;
      const sentence = this.#sentences[at]!;
      for (const place of sentence.words) {
        if (WEIGHTS[place.kind] === 0 || likenessOf(word, place.lower) < STANDS_FOR) continue;
        const around = this.#around[index]![at]!;
        if (isAsHere(sentence, place)) same = Math.max(same, around);
        else other = Math.max(other, around);
      }
    }
    return other === 0 ? 0 : other - same;
  }

  #negationTurned(): number {
    const { words } = this.#parsed;
    const values = this.#content.map((word, index) => {
      if (word.kind !== "verb" && word.kind !== "noun") return 0;
      const here = isNegatedAt(words, word.index, "not");
      const margin = this.#compare(index, ({ words: others }, place) => {
        const there = isNegatedAt(others, place.index, here ? "any" : "not");
        return here === there || (!here && isNegatedAt(words, word.index, "any") && there);
      });
      return word.kind === "verb" ? margin : 0.7 * margin;
    });
    return most(values);
  }

  #hedgeLost(): number {
    const { words, isHedged, isReserved } = this.#parsed;
    if (isHedged || words.some(({ lower }) => isHedge(lower))) return 0;
    const values = this.#content.map((word, index) => {
      if (word.kind === "name" || word.kind === "plain") return 0;
      const margin = this.#compare(
        index,
        (sentence, place) => !isHedgedAt(sentence.words, place.index),
      );
      return word.kind === "verb" ? margin : 0.8 * margin;
    });
    return most(values) * (isReserved ? 0.5 : 1);
  }

  #rate(one: Proposition) {
    let [straight, crossed, own, others] = [0, 0, 0, 0];
    const [subject, object] = [one.subject.filter(isBearer), one.object.filter(isBearer)];
    const names = one.subject.filter(({ kind }) => kind === "name" || kind === "person");
    for (const [at, { propositions }] of this.#sentences.entries()) {
      for (const other of propositions) {
        if (relationOf(one.verb.lower, other.verb.lower) < STANDS_FOR) continue;
        const before = this.#before(at);
        const subjects = matchOf(one.subject, other.subject, before);
        const objects = matchOf(one.object, other.object, []);
        if (subject.length > 0 && object.length > 0) {
          const near = 0.3 + 0.7 * this.#aroundOfWord(one.verb, at);
          straight = Math.max(straight, near * Math.min(subjects, objects));
          crossed = Math.max(
            crossed,
            near *
              Math.min(matchOf(subject, other.object, []), matchOf(object, other.subject, before)),
          );
        }
        const rest = 0.5 * objects + 0.5 * this.#aroundOfWord(one.verb, at);
        if (subjects > 0.3) own = Math.max(own, rest);
        else if (
          names.length > 0 &&
          other.subject.some(({ kind }) => kind === "name" || kind === "person")
        )
          others = Math.max(others, rest);
      }
    }
    return { swapped: Math.max(0, crossed - straight), another: Math.max(0, others - own) };
  }

  #aroundOfWord(word: Word, at: number): number {
    return this.#around[this.#content.indexOf(word)]?.[at] ?? 0;
  }

  /** Whom a pronoun in a sentence of the source may stand for. */
  #before(at: number): readonly Word[] {
    return [at - 1, at - 2].flatMap(
      (index) =>
        this.#sentences[index]?.words.filter(({ kind }) => kind === "name" || kind === "person") ??
        [],
    );
  }

  /** What somebody is said to be, and how near their name the source has it. */
  #roles() {
    const { words } = this.#parsed;
    return words.flatMap((word) => {
      if (word.kind !== "person") return [];
      const name = words.find((other) => other.kind === "name" && isTitleOf(word, other, words));
      return name ? [this.#roleOf(word, name)] : [];
    });
  }

  #roleOf(role: Word, name: Word): number {
    let support = 0;
    for (const [at, { words }] of this.#sentences.entries()) {
      const names = words.filter(({ lower }) => isSameName(name.lower, lower));
      for (const word of words) {
        if (WEIGHTS[word.kind] === 0 || word.kind === "number") continue;
        const relation = most(word.lower.split(" ").map((part) => relationOf(role.lower, part)));
        if (relation < 0.4) continue;
        const distance = Math.min(99, ...names.map(({ index }) => Math.abs(index - word.index)));
        const isNext = [at - 1, at + 1].some((next) =>
          this.#sentences[next]?.words.some(({ lower }) => isSameName(name.lower, lower)),
        );
        const near = distance <= 6 ? 1 : distance < 99 ? 0.6 : isNext ? 0.5 : 0.2;
        support = Math.max(support, relation * near);
      }
    }
    return support;
  }

  #elsewhere(isMeant: (word: Word) => boolean): number {
    return most(
      this.#content.map((word, index) => (isMeant(word) ? 1 - this.#supportOf(index) : 0)),
    );
  }
}

/** A name after one of these is not who does it. */
const DEPENDS = /^(?:for|of|in|to|from|by|at|on|than|with|and|before|after|about)$/;
/** A name after one of these may be where. */
const PLACES = /^(?:in|at|on|of|from|to|near|the|for|off)$/;

function formOf(word: string): string {
  if (/^\d{4}$/.test(word)) return "year";
  return word.endsWith("day") ? "weekday" : "month";
}

/** The most of some values, or 0. */
export function most(values: readonly number[] | Float64Array): number {
  let best = 0;
  for (const value of values) if (value > best) best = value;
  return best;
}
