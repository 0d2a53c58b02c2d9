import { readFileSync } from "node:fs";
import type { StoredTrees } from "../../src/platform/boosted-trees.ts";
import {
  gistFeatures,
  linePassage,
  passageOf,
  type Passage,
} from "../../src/summary/gist-passages.ts";
import { itemsLine, itemsOf } from "../../src/summary/plans.ts";
import { termWeightsOf } from "../../src/summary/sentence-features.ts";
import type { Judgement } from "../../src/summary/judgement.ts";
import { lexiconOf } from "../../src/summary/language/lexicon.ts";
import type { EntryContext } from "../../src/summary/passages.ts";
import { binExamples, growTrees } from "../reading/boosting.ts";
import { hashOf } from "./examples.ts";
import type { Example } from "./judge.ts";
import path from "node:path";
import * as z from "zod";

const VERDICTS = ["good", "partly", "wrong"] as const;

const verdicts = z.object({
  set: z.string(),
  id: z.string(),
  gists: z.array(
    z.object({
      sentences: z.array(z.tuple([z.number(), z.number(), z.string()])),
      description: z.string().optional(),
      plan: z.enum(["news", "opinion", "post", "feature", "list"]).optional(),
      /** A hash of the author's name and verb before it. */
      lead: z.string().optional(),
      /** A hash of the items of a list, as one line. */
      line: z.string().optional(),
      verdict: z.enum(VERDICTS),
      /** The verdict of the second pass, if it is another. */
      again: z.enum(VERDICTS).optional(),
    }),
  ),
});

type Verdict = z.output<typeof verdicts>["gists"][number];

/** A passage that was judged as the gist of its article, with its features. */
export interface JudgedGist {
  readonly passage: Passage;
  readonly verdict: Verdict["verdict"];
  /** The share of the passes that call it good. */
  readonly good: number;
  readonly row: readonly number[];
}

let stored: ReadonlyMap<string, readonly Verdict[]> | undefined;

function readVerdicts(): ReadonlyMap<string, readonly Verdict[]> {
  const lines = readFileSync(path.join(import.meta.dirname, "gists.ndjson"), "utf8");
  const articles = lines.split("\n").filter(Boolean);
  return new Map(
    articles
      .map((line) => verdicts.parse(JSON.parse(line)))
      .map(({ set, id, gists }) => [`${set} ${id}`, gists]),
  );
}

/** The articles of which a gist was judged. */
export function articlesWithGists(): readonly Pick<z.output<typeof verdicts>, "set" | "id">[] {
  return [...(stored ??= readVerdicts()).keys()].map((key) => {
    const at = key.indexOf(" ");
    return { set: key.slice(0, at), id: key.slice(at + 1) };
  });
}

/** What an entry of an article would be composed from, where its sentences are judged so. */
export function contextOf(
  { article, document, genre }: Example,
  judgements: readonly Judgement[],
): EntryContext {
  const lexicon = lexiconOf(article.language);
  const termWeights = termWeightsOf(document.candidates);
  return { article, document, judgements, termWeights, lexicon, genre, keyPoints: 5 };
}

/** The judged gists of an article, of the kind that the program chooses from, whose sentences it still has. */
export function judgedGists(
  example: Example,
  judgements: readonly Judgement[],
): readonly JudgedGist[] {
  const { set, id } = example.label;
  const context = contextOf(example, judgements);
  const found = ((stored ??= readVerdicts()).get(`${set} ${id}`) ?? []).flatMap((judged) => {
    const passage = passageIn(judged, context);
    const { verdict, again = verdict } = judged;
    const good = (Number(verdict === "good") + Number(again === "good")) / 2;
    return passage ? [{ passage, verdict, good }] : [];
  });
  const rows = gistFeatures(
    context,
    found.map(({ passage }) => passage),
  );
  return found.map((judged, at) => Object.assign(judged, { row: rows[at] ?? [] }));
}

/** The verdict on the sentences at some places as the gist, by themselves and without a name before them. */
export function verdictOn(
  { label, document }: Example,
  places: readonly number[],
): Verdict["verdict"] | undefined {
  const ends = places.flatMap((place) => document.candidates[place]?.end ?? []).join(" ");
  const gists = (stored ??= readVerdicts()).get(`${label.set} ${label.id}`) ?? [];
  return gists.find(
    ({ sentences, lead }) =>
      sentences.length > 0 &&
      lead === undefined &&
      sentences.map(([, end]) => end).join(" ") === ends,
  )?.verdict;
}

function passageIn(
  { sentences, description, plan = "news", lead, line }: Verdict,
  context: EntryContext,
): Passage | undefined {
  const { document } = context;
  // How good authors' descriptions are is told by their rules.
  if (description !== undefined) return undefined;
  if (line !== undefined) {
    const items = itemsLine(itemsOf(context), context);
    return items && hashOf(items.text) === line ? linePassage(items) : undefined;
  }
  const candidates = sentences.flatMap(
    ([, end, hash]) =>
      document.candidates.find((it) => it.end === end && hashOf(it.text) === hash) ?? [],
  );
  const isRun = candidates.every(({ index }, at) => index === (candidates[0]?.index ?? 0) + at);
  if (candidates.length < sentences.length || !isRun) return undefined;
  // It was judged with or without a name before it, whatever the trees of this fold say of its genre.
  return { ...passageOf(candidates, context, plan), lead: lead ?? "" };
}

const GROWTH = {
  trees: 120,
  depth: 3,
  bins: 32,
  rate: 0.07,
  leafWeight: 4,
  damping: 10,
  featureShare: 0.3,
  rowShare: 0.6,
};

/** Trees that foretell whether a gist is good. The same gists give the same trees. */
export function trainGists(gists: readonly JudgedGist[]): StoredTrees {
  const labels = gists.map(({ good }) => good);
  const weights = labels.map(() => 1);
  const binned = binExamples({ rows: gists.map(({ row }) => row), labels, weights }, GROWTH.bins);
  return growTrees(binned, Int32Array.from(labels.keys()), GROWTH);
}
