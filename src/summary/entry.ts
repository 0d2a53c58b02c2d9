import type { Article } from "../article/article.ts";
import type { Trees } from "../platform/boosted-trees.ts";
import { gistOf, type GistChoice } from "./gist.ts";
import { keyPointsOf, Told } from "./key-points.ts";
import type { EntryContext } from "./passages.ts";
import type { Sentence } from "./summary.ts";

/** The gist and the key points, chosen together: nothing stands in both. */
export interface EntryText {
  readonly gist: Sentence;
  /** How sure it is that the gist is the article's main point, 0 to 1. */
  readonly confidence: number;
  readonly keyPoints: readonly Sentence[];
  readonly origin: "author" | "extract";
  readonly why?: string;
}

/** The entry of an article in its own sentences. */
export function entryOf(context: EntryContext, gistWeights?: Trees): EntryText {
  const { article } = context;
  const choice = gistOf(context, gistWeights);
  return {
    gist: choice.sentence,
    confidence: choice.confidence,
    keyPoints: keyPointsOf(context, new Told(context, choice)),
    origin: choice.origin,
    ...whyOf(article, choice),
  };
}

function whyOf(article: Article, choice: GistChoice): { readonly why?: string } {
  const isLeftOut = choice.origin !== "author" && Boolean(article.description?.trim());
  const reasons = [
    ...(isLeftOut
      ? ["the author's description can't be read alone, or is about something else"]
      : []),
    ...(choice.why === undefined ? [] : [choice.why]),
  ];
  return reasons.length > 0 ? { why: reasons.join("; ") } : {};
}
