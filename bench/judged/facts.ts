import { readFileSync } from "node:fs";
import path from "node:path";
import * as z from "zod";
import { loadTrees, type StoredTrees } from "../../src/platform/boosted-trees.ts";
import { readable } from "../../src/summary/candidate.ts";
import type { FactsContext } from "../../src/summary/fact-judgement.ts";
import { datedLinesOf, timelineOf } from "../../src/summary/facts/timeline.ts";
import { peopleIn, peopleToShow } from "../../src/summary/shown-people.ts";
import { pullQuoteOf, quotesIn } from "../../src/summary/pull-quote.ts";
import { entryOf } from "../../src/summary/summarize.ts";
import { entryContext, type EntryContext } from "../../src/summary/passages.ts";
import type { Article } from "../../src/article/article.ts";
import { binExamples, growTrees } from "../reading/boosting.ts";
import { judgedEntries } from "./entries.ts";
import { articlesOf, hashOf } from "./examples.ts";
import { foldsOf } from "./folds.ts";
import { contextOf } from "./gists.ts";
import type { Judged } from "./check.ts";

const FACT_KINDS = ["people", "timeline", "quotes"] as const;
type FactKind = (typeof FACT_KINDS)[number];
export type StoredFacts = Readonly<Record<FactKind, StoredTrees>>;

const span = z.tuple([z.number(), z.number()]);
const letters = z.object({ people: z.string(), timeline: z.string(), quotes: z.string() });

const labelled = z.object({
  set: z.string(),
  id: z.string(),
  group: z.string(),
  /** Hashes of names. */
  people: z.array(z.string()),
  /** The places of the sentences and of the words between the marks. */
  timeline: z.array(span),
  quotes: z.array(span),
  first: letters,
  second: letters.optional(),
});

type Label = z.output<typeof labelled>;

/** A fact with the share of letters that call it right and worth printing. */
interface JudgedFact {
  readonly kind: FactKind;
  readonly row: readonly number[];
  readonly right: number;
  /** The same, and more for the main person, who has to come first. */
  readonly worth: number;
}

interface FactsExample {
  readonly label: Label;
  readonly article: Article;
  readonly entry: EntryContext;
  readonly context: FactsContext;
  readonly facts: readonly JudgedFact[];
  /** All letters of a fact, by its kind and key. */
  readonly letters: ReadonlyMap<string, string>;
}

/** The articles with judged facts. Their sentences are judged by trees that never saw them. */
export function factsExamples(apart: readonly (readonly Judged[])[]): readonly FactsExample[] {
  const lines = readFileSync(path.join(import.meta.dirname, "facts.ndjson"), "utf8");
  const labels = lines
    .split("\n")
    .filter(Boolean)
    .map((line) => labelled.parse(JSON.parse(line)));
  const judged = new Map(
    apart.flat().map((one) => [`${one.example.label.set} ${one.example.label.id}`, one]),
  );
  // An article that was read again has another row.
  const byArticle = Map.groupBy(labels, ({ set, id }) => `${set} ${id}`);
  const first = [...byArticle.values()].flatMap(([label]) => label ?? []);
  return articlesOf(first).map(({ label, article }) => {
    const key = `${label.set} ${label.id}`;
    const own = judged.get(key);
    const entry = own ? contextOf(own.example, own.judgements) : entryContext(article, 5);
    return exampleOf(byArticle.get(key) ?? [], label, article, entry);
  });
}

function exampleOf(
  labels: readonly Label[],
  label: Label,
  article: Article,
  entry: EntryContext,
): FactsExample {
  const { gist, keyPoints } = entryOf(entry);
  const context: FactsContext = {
    ...entry,
    gist: gist.text,
    shown: [gist, ...keyPoints].map(({ text }) => text).join(" "),
  };
  const letters = lettersOf(labels);
  const document = { ...entry.document, candidates: entry.document.candidates.map(readable) };
  const facts = [
    ...peopleIn(article, entry.document, context).map(({ person, row }) => ({
      kind: "people" as const,
      key: hashOf(person.name),
      row,
    })),
    ...datedLinesOf(article, document, context).map(({ candidate, row }) => ({
      kind: "timeline" as const,
      key: String(candidate.end),
      row,
    })),
    ...quotesIn(article, entry.document, context).map(({ quote, row }) => ({
      kind: "quotes" as const,
      key: String(quote.start),
      row,
    })),
  ].flatMap(({ kind, key, row }) => {
    const own = letters.get(`${kind} ${key}`);
    return own === undefined
      ? []
      : [{ kind, row, right: rightnessOf(own), worth: worthOf(kind, own) }];
  });
  return { label, article, entry, context, facts, letters };
}

/** The share of letters that say "right and worth printing". `M` is the main person. */
function rightnessOf(letters: string): number {
  return letters.replace(/[^MR]/g, "").length / Math.max(1, letters.length);
}

/** What a person other than the main one counts. */
const OTHER_PERSON = 0.7;

function worthOf(kind: FactKind, letters: string): number {
  if (kind !== "people") return rightnessOf(letters);
  const main = letters.replace(/[^M]/g, "").length / letters.length;
  return main + OTHER_PERSON * (rightnessOf(letters) - main);
}

function lettersOf(labels: readonly Label[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const add = (key: string, letter = "") => found.set(key, (found.get(key) ?? "") + letter);
  for (const { people, timeline, quotes, first, second } of labels) {
    for (const pass of second ? [first, second] : [first]) {
      people.forEach((hash, at) => add(`people ${hash}`, pass.people[at]));
      timeline.forEach(([, end], at) => add(`timeline ${end}`, pass.timeline[at]));
      quotes.forEach(([start], at) => add(`quotes ${start}`, pass.quotes[at]));
    }
  }
  for (const entry of labels.slice(0, 1).flatMap(judgedEntries)) {
    for (const pass of [entry.first, ...(entry.second ? [entry.second] : [])]) {
      entry.people.forEach((hash, at) => add(`people ${hash}`, pass.people[at]));
      entry.timeline.forEach((place, at) => {
        if (place) add(`timeline ${place[1]}`, pass.timeline[at]);
      });
    }
  }
  return found;
}

const GROWTH = {
  trees: 60,
  depth: 2,
  bins: 24,
  rate: 0.08,
  leafWeight: 4,
  damping: 6,
  featureShare: 0.3,
  rowShare: 0.6,
};

export function trainFacts(examples: readonly FactsExample[], growth = GROWTH): StoredFacts {
  const grown = (kind: FactKind): StoredTrees => {
    const facts = examples.flatMap((one) => one.facts.filter((fact) => fact.kind === kind));
    const binned = binExamples(
      {
        rows: facts.map(({ row }) => row),
        labels: facts.map(({ worth }) => worth),
        weights: facts.map(() => 1),
      },
      growth.bins,
    );
    return growTrees(binned, Int32Array.from(facts.keys()), growth);
  };
  return { people: grown("people"), timeline: grown("timeline"), quotes: grown("quotes") };
}

/** Prints what an editor's letters say of the facts that are shown, each chosen by trees that never saw its source. */
export function checkFacts(
  all: readonly FactsExample[],
  isChecked: (example: FactsExample) => boolean = () => true,
): void {
  const examples = all.filter(isChecked);
  const shown = foldsOf(all).flatMap(({ seen, held }) => {
    const stored = trainFacts(seen);
    return held.filter(isChecked).map((example) => shownFacts(example, stored));
  });
  for (const kind of FACT_KINDS) {
    const letters = shown.flatMap((article) => article[kind]);
    const judged = letters.filter((own) => own !== "");
    const right = judged.reduce((sum, own) => sum + rightnessOf(own), 0);
    const known = examples.flatMap(({ facts }) => facts.filter((fact) => fact.kind === kind));
    const couldBe = known.reduce((sum, fact) => sum + fact.right, 0);
    console.log(
      `${kind.padEnd(8)} ${judged.length} shown (${letters.length - judged.length} more without letters), ` +
        `wrong or useless ${percent(1 - right / judged.length)}, right ${right.toFixed(0)} of ${couldBe.toFixed(0)} in ${known.length}`,
    );
  }
  const withMain = shown.filter(({ hasMain }) => hasMain).map(({ people }) => people);
  const listed = withMain.filter((people) => people.some(isMain)).length;
  const first = withMain.filter(([one = ""]) => isMain(one)).length;
  console.log(
    `main person in ${withMain.length} articles: missing ${percent(1 - listed / withMain.length)}, first ${percent(first / withMain.length)}`,
  );
}

function isMain(letters: string): boolean {
  return letters.includes("M");
}

/** The letters of the facts that are shown of an article; empty for one without letters. */
function shownFacts(
  { article, entry, context, letters }: FactsExample,
  stored: StoredFacts,
): Readonly<Record<FactKind, readonly string[]>> & { readonly hasMain: boolean } {
  const { document } = entry;
  const read = { ...document, candidates: document.candidates.map(readable) };
  const { gist, keyPoints } = entryOf(entry);
  const lettersOf = (key: string) => letters.get(key) ?? "";
  const people = peopleToShow(article, document, context, loadTrees(stored.people));
  const timeline = timelineOf(article, read, context, loadTrees(stored.timeline));
  const quote = pullQuoteOf(
    article,
    document,
    context,
    [gist, ...keyPoints],
    loadTrees(stored.quotes),
  );
  return {
    people: people.map(({ name }) => lettersOf(`people ${hashOf(name)}`)),
    timeline: timeline.map(({ sentence }) => lettersOf(`timeline ${sentence.end ?? 0}`)),
    quotes: quote ? [lettersOf(`quotes ${quote.start ?? 0}`)] : [],
    hasMain: [...letters.values()].some(isMain),
  };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
