import type { Article } from "../article/article.ts";
import { unfaithfulness, unfaithfulToPassages } from "./faithfulness/faithfulness.ts";
import type { Summary } from "./summary.ts";

/** A sentence that stands nowhere in its article, and that nothing shows to be said there. */
export interface OwnWords {
  /** g for the gist, k1 for the first key point. */
  readonly point: string;
  readonly text: string;
  /** In a sentence's words, without a full stop. */
  readonly why: string;
}

/**
 * The sentences of a summary that a model wrote, or an editor, and that its article doesn't surely say: a model would
 * not have got away with some of them, and the others are its own words.
 */
export function ownWords(
  article: Article,
  { gist, keyPoints, origin }: Summary,
): readonly OwnWords[] {
  // The author's own sentence answers for itself.
  const first = origin === "author" ? [] : [{ point: "g", sentence: gist }];
  const points = keyPoints.map((sentence, at) => ({ point: `k${at + 1}`, sentence }));
  return [...first, ...points].flatMap(({ point, sentence: { text, start, sources = [] } }) => {
    if (start !== undefined) return [];
    const fault =
      unfaithfulness(text, article) ??
      (sources.length > 0 ? unfaithfulToPassages(text, article, sources) : undefined);
    return fault ? [{ point, text, why: fault.message }] : [];
  });
}
