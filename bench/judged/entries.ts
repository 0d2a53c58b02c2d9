import { readFileSync } from "node:fs";
import path from "node:path";
import * as z from "zod";
import {
  likelihood,
  loadTrees,
  type StoredTrees,
  type Trees,
} from "../../src/platform/boosted-trees.ts";
import { entryFeatures, LEAST_SENDABLE, type Printed } from "../../src/summary/entry-judgement.ts";
import { gistFeatures, passageOf } from "../../src/summary/gist-passages.ts";
import type { Judgement } from "../../src/summary/judgement.ts";
import { candidatesAt, type EntryContext } from "../../src/summary/passages.ts";
import { LEAST_SURE, type Sentence } from "../../src/summary/summary.ts";
import { binExamples, growTrees } from "../reading/boosting.ts";
import { randomFrom } from "../training/random.ts";
import { foldOf, groupOf } from "./folds.ts";
import { contextOf } from "./gists.ts";
import type { Example } from "./judge.ts";

const span = z.tuple([z.number(), z.number()]);
const verdict = z.object({
  gist: z.enum(["good", "partly", "wrong"]),
  lines: z.string(),
  people: z.string(),
  timeline: z.string(),
  quote: z.string(),
  main: z.boolean(),
  missing: z.boolean(),
  entry: z.enum(["send", "light", "rewrite"]),
});

const article = z.object({
  set: z.string(),
  id: z.string(),
  entries: z.array(
    z.object({
      by: z.string(),
      /** Null if the gist is the author's description. */
      gist: span.nullable(),
      lines: z.array(span.nullable()),
      /** Hashes of names. */
      people: z.array(z.string()),
      timeline: z.array(span.nullable()),
      first: verdict,
      second: verdict.optional(),
    }),
  ),
});

type Entry = z.output<typeof article>["entries"][number];
type Place = readonly [number, number] | null;

let stored: ReadonlyMap<string, readonly Entry[]> | undefined;

/** Returns the judged entries of an article. */
export function judgedEntries({ set, id }: { readonly set: string; readonly id: string }) {
  stored ??= new Map(
    readFileSync(path.join(import.meta.dirname, "entries.ndjson"), "utf8")
      .split("\n")
      .filter(Boolean)
      .map((line) => article.parse(JSON.parse(line)))
      .map((one) => [`${one.set} ${one.id}`, one.entries]),
  );
  return stored.get(`${set} ${id}`) ?? [];
}

/** The places of the lines of a judged entry in its article. */
export interface Places {
  readonly gist: Place;
  readonly lines: readonly Place[];
}

/** How often editors accept a description. */
const OF_DESCRIPTION = 0.7;

/** Returns a judged entry as it was printed, with the probability of its gist. */
export function printedOf(
  context: EntryContext,
  { gist: place, lines }: Places,
  gistWeights: Trees,
): Required<Printed> {
  const { article: own, document } = context;
  const at = (span: Place): Sentence => {
    const [first, ...others] = span
      ? candidatesAt(document, { text: "", start: span[0], end: span[1] })
      : [];
    if (!first) return { text: "" };
    const all = [first, ...others];
    return {
      text: all.map(({ text }) => text).join(" "),
      start: first.start,
      end: all.at(-1)?.end ?? first.end,
    };
  };
  const gist = at(place);
  const candidates = candidatesAt(document, gist);
  const [row = []] = gistFeatures(context, [passageOf(candidates, context)]);
  return {
    gist: candidates.length > 0 ? gist : { text: own.description ?? "" },
    keyPoints: lines.map(at),
    confidence: candidates.length > 0 ? likelihood(gistWeights, row) : OF_DESCRIPTION,
  };
}

/** A judged entry with its features. Each share is of the two editors. */
export interface JudgedEntry {
  readonly group: string;
  readonly fold: number;
  readonly row: readonly number[];
  readonly confidence: number;
  /** The share that sends it with at most a light edit. */
  readonly sent: number;
  /** The share that does not call its gist good. */
  readonly badGist: number;
}

export function judgedEntryRows(
  example: Example,
  judgements: readonly Judgement[],
  weights: { readonly gist: Trees; readonly lines: Trees },
): readonly JudgedEntry[] {
  const context = contextOf(example, judgements);
  return judgedEntries(example.label).map(({ first, second = first, ...places }) => {
    const printed = printedOf(context, places, weights.gist);
    const share = (isSo: (one: typeof first) => boolean) =>
      (Number(isSo(first)) + Number(isSo(second))) / 2;
    return {
      group: groupOf(example),
      fold: foldOf(example),
      row: entryFeatures(context, printed, weights.lines),
      confidence: printed.confidence,
      sent: share(({ entry }) => entry !== "rewrite"),
      badGist: share(({ gist }) => gist !== "good"),
    };
  });
}

const GROWTH = {
  trees: 60,
  depth: 2,
  bins: 32,
  rate: 0.08,
  leafWeight: 6,
  damping: 10,
  featureShare: 0.3,
  rowShare: 0.6,
};

/** Trees that predict whether an editor sends an entry with at most a light edit. The same entries give the same trees. */
export function trainEntries(entries: readonly JudgedEntry[]): StoredTrees {
  const binned = binExamples(
    {
      rows: entries.map(({ row }) => row),
      labels: entries.map(({ sent }) => sent),
      weights: entries.map(() => 1),
    },
    GROWTH.bins,
  );
  return growTrees(binned, Int32Array.from(entries.keys()), GROWTH);
}

/** A missed failure costs as much as this number of needless questions. */
const COST_OF_MISSED = 2;

/** Prints what the question about an entry costs, cross-validated by source, beside the question about its gist alone. */
export function checkEntries(entries: readonly JudgedEntry[]): void {
  const folds = [...new Set(entries.map(({ fold }) => fold))];
  const trees = new Map(
    folds.map((fold) => [
      fold,
      loadTrees(trainEntries(entries.filter((one) => one.fold !== fold))),
    ]),
  );
  const asked = entries.map((entry) => {
    const own = trees.get(entry.fold);
    const sendable = own ? likelihood(own, entry.row) : 0;
    return { entry, sendable, isAsked: sendable < LEAST_SENDABLE };
  });
  const before = entries.map((entry) => ({ entry, isAsked: entry.confidence < LEAST_SURE }));
  console.log(`entries  asked by the gist alone: ${costs(before)}`);
  console.log(`entries  asked by the whole entry: ${costs(asked)}`);
  const [low, high] = intervalOf(
    entries.map(({ group }, at) => {
      const [now, then] = [asked[at], before[at]];
      return { group, value: now && then ? costOf(now) - costOf(then) : 0 };
    }),
  );
  console.log(`entries  difference in cost [${low.toFixed(3)}, ${high.toFixed(3)}]`);
  for (const [from, to] of STEPS) {
    const inside = asked.filter(({ sendable }) => sendable >= from && sendable < to);
    const sent = inside.reduce((sum, { entry }) => sum + entry.sent, 0) / inside.length;
    console.log(`entries  sendable from ${from}: ${inside.length}, sent ${percent(sent)}`);
  }
}

const STEPS = [
  [0, 0.5],
  [0.5, 2 / 3],
  [2 / 3, 0.75],
  [0.75, 0.85],
  [0.85, 1.01],
] as const;

interface Asked {
  readonly entry: JudgedEntry;
  readonly isAsked: boolean;
}

function costOf({ entry, isAsked }: Asked): number {
  return isAsked ? entry.sent : COST_OF_MISSED * (1 - entry.sent);
}

function failures({ sent }: JudgedEntry): number {
  return 1 - sent;
}

function costs(all: readonly Asked[]): string {
  const sum = (among: readonly Asked[], of: (entry: JudgedEntry) => number) =>
    among.reduce((total, { entry }) => total + of(entry), 0);
  const out = all.filter(({ isAsked }) => isAsked);
  const rest = all.filter(({ isAsked }) => !isAsked);
  const cost = all.reduce((total, one) => total + costOf(one), 0) / all.length;
  return (
    `cost ${cost.toFixed(3)}, asked ${percent(out.length / all.length)}, ` +
    `rewrites caught ${percent(sum(out, failures) / sum(all, failures))}, ` +
    `bad gists caught ${percent(sum(out, ({ badGist }) => badGist) / sum(all, ({ badGist }) => badGist))}, ` +
    `the rest sent ${percent(sum(rest, ({ sent }) => sent) / rest.length)}`
  );
}

const DRAWS = 1000;

/** The 95 % interval of a mean, drawn by source. */
function intervalOf(
  values: readonly { readonly group: string; readonly value: number }[],
): readonly [number, number] {
  const groups = [...Map.groupBy(values, ({ group }) => group).values()];
  const random = randomFrom(groups.length);
  const means = Array.from({ length: DRAWS }, () => {
    const drawn = groups.flatMap(() => groups[Math.floor(random() * groups.length)] ?? []);
    return drawn.reduce((sum, { value }) => sum + value, 0) / drawn.length;
  }).toSorted((a, b) => a - b);
  return [means[Math.floor(DRAWS * 0.025)] ?? 0, means[Math.floor(DRAWS * 0.975)] ?? 0];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
