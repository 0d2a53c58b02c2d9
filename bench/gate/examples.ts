import { readFileSync } from "node:fs";
import path from "node:path";
import * as z from "zod";
import type { Article } from "../../src/article/article.ts";
import type { StoredTrees } from "../../src/platform/boosted-trees.ts";
import { alignmentOf } from "../../src/summary/faithfulness/alignment.ts";
import { evidenceOf, plainText } from "../../src/summary/faithfulness/evidence.ts";
import { unfaithfulWords } from "../../src/summary/faithfulness/faithfulness.ts";
import { featuresOf } from "../../src/summary/faithfulness/misalignment.ts";
import { splitSentences } from "../../src/summary/language/segments.ts";
import { bareArticle } from "../bare-article.ts";
import { corpora } from "../judged/examples.ts";
import { growForest } from "../training/boosting.ts";
import { randomFrom } from "../training/random.ts";
import { judgedSentences } from "./judged.ts";
import { plantedIn } from "./planted.ts";

/** A sentence about an article, and what is known of it. */
export interface GateExample {
  readonly id: string;
  /** Written for the purpose, one of the article's own, a human's about it, or one of these with one thing changed. */
  readonly from: "written" | "own" | "human" | "planted";
  readonly isTrue: boolean;
  readonly kind: string;
  /** Whether the words alone give it away: a number, a name or a quotation that the article does not have. */
  readonly isRefusedByWords: boolean;
  readonly features: readonly number[];
}

/** So many articles, which no written sentence is about. */
const ARTICLES = 120;
const HUMAN_SENTENCES = 3;
const PLANTED_SENTENCES = 4;

export function gateExamples(): readonly GateExample[] {
  const written = [...judgedSentences("a"), ...judgedSentences("c")].map(
    ({ id, isTrue, kind, sentence, article }) =>
      exampleOf(sentence, article, { id, isTrue, kind, from: "written" }),
  );
  const used = new Set(
    (["a", "b", "c", "d"] as const).flatMap((half) => judgedSentences(half).map(({ id }) => id)),
  );
  const others = trainingRows()
    .filter(({ id }) => !used.has(id))
    .slice(0, ARTICLES);
  return [...written, ...others.flatMap(otherExamples)];
}

const rowSchema = z.object({ id: z.string(), text: z.string(), reference: z.string() });
type Row = z.output<typeof rowSchema>;

function trainingRows(): readonly Row[] {
  return readFileSync(path.join(corpora, "summary/train.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => rowSchema.parse(JSON.parse(line)));
}

function otherExamples({ id, text, reference }: Row): readonly GateExample[] {
  const article = bareArticle({ id, text, language: "en" });
  const random = randomFrom(
    Array.from(id, (char) => char.codePointAt(0) ?? 0).reduce((sum, code) => sum + code, 0),
  );
  const choose = <T>(all: readonly T[]) => all[Math.floor(random() * all.length)];
  const human = statementsIn(reference).slice(0, HUMAN_SENTENCES);
  const own = [choose(statementsIn(text.slice(0, 4000)))].filter((found) => found !== undefined);
  const changes = [...human, ...own].flatMap((sentence) => plantedIn(sentence, text, choose));
  const kinds = [...new Set(changes.map(({ kind }) => kind))]
    .map((kind) => ({ kind, order: random() }))
    .toSorted((a, b) => a.order - b.order)
    .slice(0, PLANTED_SENTENCES);
  const planted = kinds.flatMap(
    ({ kind }) => choose(changes.filter((one) => one.kind === kind)) ?? [],
  );
  return [
    ...own.map((sentence) =>
      exampleOf(sentence, article, { id, from: "own", isTrue: true, kind: "own" }),
    ),
    ...human.map((sentence) =>
      exampleOf(sentence, article, { id, from: "human", isTrue: true, kind: "human" }),
    ),
    ...planted.map(({ kind, sentence }) =>
      exampleOf(sentence, article, { id, from: "planted", isTrue: false, kind }),
    ),
  ];
}

/** Whole sentences without quotations, of a length that entries have. */
function statementsIn(text: string): readonly string[] {
  return splitSentences(text, "en")
    .map(({ start, end }) => text.slice(start, end))
    .filter((sentence) => /^\p{Lu}[^"“”]{30,220}\.$/u.test(sentence));
}

function exampleOf(
  sentence: string,
  article: Article,
  known: Pick<GateExample, "id" | "from" | "isTrue" | "kind">,
): GateExample {
  const { aligned } = evidenceOf(article);
  return {
    ...known,
    isRefusedByWords: unfaithfulWords(sentence, article) !== undefined,
    features: aligned ? featuresOf(alignmentOf(plainText(sentence), aligned)) : [],
  };
}

/** Few rows, so few and small trees. */
const GROWTH = {
  trees: 150,
  depth: 3,
  rate: 0.08,
  leafRows: 15,
  damping: 5,
  featureShare: 0.5,
  rowShare: 0.7,
} as const;

/** What is written for the purpose counts so many times. */
const WRITTEN = 2;

export function trainGate(examples: readonly GateExample[]): StoredTrees {
  const rows = examples
    .filter(({ isRefusedByWords }) => !isRefusedByWords)
    .flatMap((example) =>
      Array.from({ length: example.from === "written" ? WRITTEN : 1 }, () => example),
    );
  return growForest(
    {
      features: rows.map(({ features }) => features),
      labels: rows.map(({ isTrue }) => (isTrue ? 0 : 1)),
    },
    GROWTH,
  );
}
