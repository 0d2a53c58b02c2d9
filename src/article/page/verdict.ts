import { OF_TEXT } from "../article.ts";
import { countWords } from "../measure-text.ts";
import {
  loadTrees,
  logOddsOf,
  type StoredTrees,
  type Trees,
} from "../../platform/boosted-trees.ts";
import { once } from "../../platform/remembering.ts";
import { type SeenPage, type SeenText, textFeatures, verdictFeatures } from "./verdict-features.ts";
import textWeights from "./text-verdict-weights.json" with { type: "json" };
import pageWeights from "./verdict-weights.json" with { type: "json" };

/** How well the printed text probably matches its story. */
export interface Prediction {
  /** The expected F1 of the printed text, from 0 to 1. */
  readonly f1: number;
  /** Why an editor should look at it. Undefined if it is probably right. */
  readonly doubt: string | undefined;
}

interface Verdict {
  readonly trees: Trees;
  /** The log-odds below which a text is doubted. */
  readonly limit: number;
  /** Points from log-odds to F1. */
  readonly curve: readonly (readonly number[])[];
  /** The median of each feature among well read texts. */
  readonly typical: readonly number[];
}

const ofPages = once(() => toVerdict(pageWeights));
const ofTexts = once(() => toVerdict(textWeights));

function toVerdict({ trees, ...rest }: Omit<Verdict, "trees"> & { trees: StoredTrees }): Verdict {
  return { trees: loadTrees(trees), ...rest };
}

/** Predicts the F1 of a page's printed text. The trees were trained on pages and on artificial misreadings. */
export function predictPage(page: SeenPage): Prediction {
  return predictWith(ofPages(), Object.entries(verdictFeatures(page)));
}

/** Texts with fewer words give too little evidence for a doubt. */
export const FEWEST_WORDS = 100;

/** Predicts the F1 of a text without a page, by trees trained on stories with artificial damage. */
export function predictText(text: SeenText): Prediction {
  if (countWords(text.text) < FEWEST_WORDS) return { f1: 1, doubt: undefined };
  return predictWith(ofTexts(), Object.entries(textFeatures(text)));
}

type Features = readonly (readonly [string, number])[];

function predictWith(verdict: Verdict, features: Features): Prediction {
  const { trees, limit, curve } = verdict;
  const logOdds = logOddsOf(
    trees,
    features.map(([, value]) => value),
  );
  return {
    f1: f1At(logOdds, curve),
    doubt: logOdds < limit ? mainDoubt(verdict, features, logOdds) : undefined,
  };
}

/** Interpolates between the points of a curve from log-odds to F1. */
function f1At(logOdds: number, curve: readonly (readonly number[])[]): number {
  const next = curve.findIndex(([at = 0]) => at >= logOdds);
  const [toX = 0, toY = 0] = curve.at(next) ?? [];
  const [fromX = 0, fromY = 0] = curve[next - 1] ?? [];
  if (next <= 0) return toY;
  return fromY + ((toY - fromY) * (logOdds - fromX)) / (toX - fromX);
}

/** Each doubt with the features that express it. */
const DOUBTS: readonly (readonly [string, RegExp])[] = [
  [OF_TEXT.damaged, /^(?:damaged|garbled)$/],
  [
    OF_TEXT.end,
    /^(?:open|cutOff|endsOpen|endsDots|openTail|openLong|lastWords|proseNext|proseAfter|takenAfter|kinAfter|chanceLast)$/,
  ],
  [
    OF_TEXT.beginning,
    /^(?:titleGap|titleAfter|titleAt|titleBlocks|proseBefore|takenBefore|kinBefore|first|chanceFirst)/,
  ],
  [
    OF_TEXT.second,
    /^(?:cohesion|breakAt|headed|secondHeadline|topHeadings|articles|articleShare|repeatedTerms)/,
  ],
  [OF_TEXT.alike, /^(?:list|otherList|comments)/],
  [OF_TEXT.shape, /^(?:wordsInBlock|short|headings|items|captions|years|code|headingsPrinted)/],
  [OF_TEXT.topic, /^(?:titleFound|titleIn|titleElsewhere|described|declared)/],
  [OF_TEXT.left, /^(?:proseShare|wordShare|gap|kinInside|lost|nearlyLost|expectedRecall)/],
];

/** The doubt whose features lower the predicted F1 most, compared with typical values of well read pages. */
function mainDoubt({ trees, typical }: Verdict, features: Features, own: number): string {
  let [main, most]: [string, number] = [OF_TEXT.unsure, own];
  for (const [doubt, names] of DOUBTS) {
    const mended = features.map(([name, value], at) =>
      names.test(name) ? (typical[at] ?? value) : value,
    );
    const logOdds = logOddsOf(trees, mended);
    if (logOdds > most) [main, most] = [doubt, logOdds];
  }
  return main;
}
