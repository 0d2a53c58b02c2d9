import { readFileSync } from "node:fs";
import path from "node:path";
import * as z from "zod";
import type { Article } from "../../src/article/article.ts";
import type { StoredTrees } from "../../src/platform/boosted-trees.ts";
import { type Amounts, amountsOf, featuresOf } from "../../src/summary/faithfulness/comparison.ts";
import { evidenceOf, plainText } from "../../src/summary/faithfulness/evidence.ts";
import { reckonedIn, unfaithfulWords } from "../../src/summary/faithfulness/faithfulness.ts";
import { splitSentences } from "../../src/summary/language/segments.ts";
import { bareArticle } from "../bare-article.ts";
import { corpora } from "../judged/examples.ts";
import { growForest } from "../training/boosting.ts";
import { randomFrom } from "../training/random.ts";
import { claimedSentences, judgedSentences } from "./judged.ts";
import { plantedIn } from "./planted.ts";

/** A sentence about an article, and what is known of it. */
export interface GateExample {
  readonly id: string;
  /** Written for the purpose, one of the article's own, a human's about it, or one of these with one thing changed. */
  readonly from: "claims" | "written" | "own" | "human" | "planted" | "alien";
  readonly isTrue: boolean;
  readonly kind: string;
  readonly part?: string;
  /** What the words alone give away, as a number, a name or a quotation that the article does not have: surely, or maybe. */
  readonly byWords: "refused" | "marked" | undefined;
  readonly amounts: Amounts | undefined;
  readonly features: readonly number[];
  readonly sentence: string;
}

/** So many articles, which no written sentence is about. */
const ARTICLES = 120;
const HUMAN_SENTENCES = 3;
const PLANTED_SENTENCES = 4;

export function gateExamples(): readonly GateExample[] {
  const written = (["a", "b", "c", "d"] as const)
    .flatMap(judgedSentences)
    .map(({ id, isTrue, kind, sentence, article, half }) =>
      exampleOf(sentence, article, { id, isTrue, kind, from: "written", part: half }),
    );
  const claims = claimedSentences("open").map(({ id, isTrue, kind, sentence, article }) =>
    exampleOf(sentence, article, { id, isTrue, kind, from: "claims" }),
  );
  const used = new Set(
    (["a", "b", "c", "d"] as const).flatMap((half) => judgedSentences(half).map(({ id }) => id)),
  );
  const others = trainingRows()
    .filter(({ id }) => !used.has(id))
    .slice(0, ARTICLES);
  return [...claims, ...written, ...others.flatMap(otherExamples)];
}

const rowSchema = z.object({ id: z.string(), text: z.string(), reference: z.string() });
type Row = z.output<typeof rowSchema>;

function trainingRows(): readonly Row[] {
  return readFileSync(path.join(corpora, "summary/train.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => rowSchema.parse(JSON.parse(line)));
}

function otherExamples(
  { id, text, reference }: Row,
  at: number,
  all: readonly Row[],
): readonly GateExample[] {
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
    ...[...own, ...trimmedOf(text)].map((sentence) =>
      exampleOf(sentence, article, { id, from: "own", isTrue: true, kind: "own" }),
    ),
    ...human.map((sentence) =>
      exampleOf(sentence, article, { id, from: "human", isTrue: true, kind: "human" }),
    ),
    ...statementsIn(all[(at + 1) % all.length]?.reference ?? "")
      .slice(0, 1)
      .map((sentence) =>
        exampleOf(sentence, article, { id, from: "alien", isTrue: false, kind: "alien" }),
      ),
    ...planted.map(({ kind, sentence }) =>
      exampleOf(sentence, article, { id, from: "planted", isTrue: false, kind }),
    ),
  ];
}

/** Sentences of an article without a part that they are as true without. */
function trimmedOf(text: string): readonly string[] {
  return statementsIn(text.slice(0, 6000))
    .map((sentence, at) =>
      (at % 2 === 0 ? sentence : sentence.replace(/,? (?:and|but|while|before|after) .*\.$/u, "."))
        .replace(/, (?:who|which|whose|where|a|an|the)\b[^,]+,/u, "")
        .replace(/,? (?:on|late on|early on|last) (?:\p{Lu}\p{Ll}+day|week|month|year)\b/u, "")
        .replace(/^(?:But|And|However,|Meanwhile,|In addition,) (\p{L})/u, (_, first: string) =>
          first.toUpperCase(),
        ),
    )
    .filter((sentence) => sentence.length > 40 && !text.includes(sentence))
    .slice(0, 4);
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
  known: Pick<GateExample, "id" | "from" | "isTrue" | "kind" | "part">,
): GateExample {
  const evidence = evidenceOf(article);
  const plain = plainText(sentence);
  const fault = unfaithfulWords(sentence, article);
  const { parsed } = evidence;
  const amounts = parsed && amountsOf(plain, parsed, reckonedIn(plain, evidence));
  return {
    ...known,
    sentence,
    byWords: fault && (fault.isSure ? "refused" : "marked"),
    amounts,
    features: amounts ? featuresOf(amounts) : [],
  };
}

/** Few rows, so few and small trees. */
const GROWTH = {
  trees: 80,
  depth: 3,
  rate: 0.08,
  leafRows: 15,
  damping: 5,
  featureShare: 0.5,
  rowShare: 0.7,
} as const;

/** How many times an example counts, once where it is not listed. */
const WEIGHTS = new Map<GateExample["from"], number>([
  ["claims", 6],
  ["written", 3],
  ["own", 2],
]);

export function trainGate(examples: readonly GateExample[]): StoredTrees {
  const rows = examples
    .filter(({ byWords }) => byWords === undefined)
    .flatMap((example) => Array.from({ length: WEIGHTS.get(example.from) ?? 1 }, () => example));
  return growForest(
    {
      features: rows.map(({ features }) => features),
      labels: rows.map(({ isTrue }) => (isTrue ? 0 : 1)),
    },
    GROWTH,
  );
}
