import senses from "../../src/summary/faithfulness/english-senses.json" with { type: "json" };
import { isPersonNoun, lemmasOf, verbness } from "../../src/summary/faithfulness/english.ts";
import { nameRunsIn } from "../../src/summary/faithfulness/source-names.ts";
import { randomFrom } from "../training/random.ts";

/** A falsehood that was made of a true sentence by one change. */
export interface Planted {
  readonly kind: string;
  readonly sentence: string;
}

type Change = (sentence: string, text: string, pick: <T>(all: readonly T[]) => T | undefined) => string | undefined;

const OPPOSITES = new Map<string, readonly string[]>();
for (const pair of senses.opposite) {
  const [one = [], other = []] = pair.split(" : ").map((side) => side.split(" "));
  for (const word of one) OPPOSITES.set(word, other);
  for (const word of other) OPPOSITES.set(word, one);
}
const PEOPLE = "teacher nurse lawyer actor singer doctor judge driver engineer coach player mayor governor senator president minister farmer writer chef pilot soldier student director manager reporter owner spokesman professor officer".split(" ");
const DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(" ");
const MONTHS = "January February March April May June July August September October November December".split(" ");

const CHANGES: Readonly<Record<string, Change>> = {
  "opposite-verb": (sentence, _, pick) => {
    const words = [...sentence.matchAll(/(?<=[\p{L},] )\p{Ll}{3,}/gu)].filter(([word]) => verbness(word) > 0 && lemmasOf(word).some((lemma) => OPPOSITES.has(lemma)));
    const chosen = pick(words);
    const lemma = chosen && lemmasOf(chosen[0]).find((one) => OPPOSITES.has(one));
    const other = lemma === undefined ? undefined : pick(OPPOSITES.get(lemma) ?? []);
    if (!chosen || other === undefined) return undefined;
    return sentence.slice(0, chosen.index) + inflected(other, chosen[0]) + sentence.slice(chosen.index + chosen[0].length);
  },
  "swapped-roles": (sentence) => {
    const runs = nameRunsIn(sentence);
    const [first, last] = [runs[0], runs.at(-1)];
    if (!first || !last || first === last || sentence.slice(first.start + first.text.length, last.start).split(" ").length < 3) return undefined;
    if (/[,;:]/.test(sentence.slice(first.start, last.start))) return undefined;
    return sentence.slice(0, first.start) + last.text + sentence.slice(first.start + first.text.length, last.start) + first.text + sentence.slice(last.start + last.text.length);
  },
  "anothers-deed": (sentence, text, pick) => {
    const run = nameRunsIn(sentence)[0];
    if (!run || run.start > 30) return undefined;
    const others = nameRunsIn(text).filter(({ words, isFirst }) => words.length === 2 && !isFirst && !words.some(({ key }) => sentence.toLowerCase().includes(key)));
    const other = pick(others);
    return other && sentence.slice(0, run.start) + other.text + sentence.slice(run.start + run.text.length);
  },
  place: (sentence, text, pick) => {
    const pattern = /(?<=\b(?:in|at|from|to|near) )\p{Lu}\p{L}+(?: \p{Lu}\p{L}+)*/gu;
    const chosen = pick([...sentence.matchAll(pattern)].filter(([name]) => !DAYS.includes(name) && !MONTHS.includes(name)));
    const other = chosen && pick([...text.matchAll(pattern)].map(([name]) => name).filter((name) => !sentence.includes(name) && !DAYS.includes(name) && !MONTHS.includes(name)));
    return chosen && other && sentence.slice(0, chosen.index) + other + sentence.slice(chosen.index + chosen[0].length);
  },
  number: (sentence, text, pick) => {
    const chosen = pick([...sentence.matchAll(/(?<![\d.,])\d{1,3}(?:,\d{3})*(?![\d.,]*\d)/g)]);
    if (!chosen) return undefined;
    const others = [...text.matchAll(/(?<![\d.,])\d{1,3}(?:,\d{3})*(?![\d.,]*\d)/g)].map(([number]) => number).filter((number) => !sentence.includes(number));
    const other = pick(others);
    return other && sentence.slice(0, chosen.index) + other + sentence.slice(chosen.index + chosen[0].length);
  },
  date: (sentence, text, pick) => {
    const found = /\b(?:[A-Z][a-z]+day|January|February|March|April|June|July|August|September|October|November|December|(?:19|20)\d\d)\b/.exec(sentence);
    if (!found) return undefined;
    const all = DAYS.includes(found[0]) ? DAYS : MONTHS.includes(found[0]) ? MONTHS : (text.match(/\b(?:19|20)\d\d\b/g) ?? []);
    const inText = all.filter((day) => day !== found[0] && text.includes(day) && !sentence.includes(day));
    const other = pick(inText.length > 0 ? inText : all.filter((day) => day !== found[0]));
    return other && sentence.replace(found[0], other);
  },
  negation: (sentence) => {
    if (/\b(?:not|never)\b|n't/.test(sentence)) return sentence.replace(/ (?:not|never)\b|n't/, "");
    const made = sentence.replace(/\b(is|was|has|will|are|were|have|can|could)\b/, "$1 not");
    if (made !== sentence) return made;
    return undefined;
  },
  "lost-hedge": (sentence) => {
    const made = sentence
      .replace(/\b(?:may|might|could) have been\b/, "was")
      .replace(/\b(?:may|might|could) be\b/, "is")
      .replace(/\b(?:may|might|could)\b/, "will")
      .replace(/ (?:allegedly|reportedly|likely|possibly)\b/, "")
      .replace(/\b(is|was|are) (?:believed|thought|expected|alleged|accused|suspected|likely) (?:to be|of being|of|to)\b/, "$1");
    return made === sentence ? undefined : made;
  },
  title: (sentence, text, pick) => {
    const chosen = pick([...sentence.matchAll(/\p{Ll}{4,}/gu)].filter(([word]) => isPersonNoun(word) && lemmasOf(word).length === 1 && PEOPLE.includes(word)));
    const others = PEOPLE.filter((word) => word !== chosen?.[0]);
    const near = others.filter((word) => text.includes(` ${word}`));
    const other = pick(near.length > 0 && near.length % 2 === 0 ? near : others);
    return chosen && other && sentence.slice(0, chosen.index) + other + sentence.slice(chosen.index + chosen[0].length);
  },
  order: (sentence) => {
    const parts = /^(.{15,}) (after|before) (.{15,}?)([.]?)$/.exec(sentence);
    if (!parts) return undefined;
    const [, first = "", joint = "", second = "", stop = ""] = parts;
    return `${first} ${joint === "after" ? "before" : "after"} ${second}${stop}`;
  },
};

function inflected(lemma: string, like: string): string {
  const silent = lemma.endsWith("e");
  if (like.endsWith("ing")) return `${silent ? lemma.slice(0, -1) : lemma}ing`;
  if (like.endsWith("s") && !like.endsWith("ss")) return /(?:s|sh|ch|x)$/.test(lemma) ? `${lemma}es` : lemma.endsWith("y") && !/[aeo]y$/.test(lemma) ? `${lemma.slice(0, -1)}ies` : `${lemma}s`;
  if (lemmasOf(like).includes(like) && lemmasOf(like).length === 1) return lemma;
  return silent ? `${lemma}d` : lemma.endsWith("y") && !/[aeo]y$/.test(lemma) ? `${lemma.slice(0, -1)}ied` : `${lemma}ed`;
}

/** The falsehoods that can be made of a sentence about a text, one of a kind. */
export function plantedIn(sentence: string, text: string, seed: number): readonly Planted[] {
  const random = randomFrom(seed);
  const pick = <T>(all: readonly T[]): T | undefined => all[Math.floor(random() * all.length)];
  return Object.entries(CHANGES).flatMap(([kind, change]) => {
    const made = change(sentence, text, pick);
    return made === undefined || made === sentence ? [] : [{ kind, sentence: made }];
  });
}
