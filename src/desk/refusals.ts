import type { Digest, Entry } from "../digest/digest.ts";
import { flatEntries } from "../digest/edits/flat-entries.ts";
import { unfaithfulness } from "../summary/faithfulness/faithfulness.ts";
import type { Refusal } from "../preview/page-data.ts";

/**
 * The sentences of a digest that stand nowhere in their articles and that a model would not have got away
 * with either. An editor may say more than the article does, and should know it.
 */
export function refusalsIn(digest: Digest): Refusal[] {
  return flatEntries(digest).flatMap((entry, story) => refusalsOf(entry, story));
}

function refusalsOf({ article, summary }: Entry, story: number): Refusal[] {
  const { gist, keyPoints, origin } = summary;
  // The author's own sentence answers for itself.
  const own = origin === "author" ? [] : [{ point: "g", sentence: gist }];
  const points = keyPoints.map((sentence, at) => ({ point: `k${at + 1}`, sentence }));
  return [...own, ...points].flatMap(({ point, sentence: { text, start } }) => {
    const fault = start === undefined ? unfaithfulness(text, article) : undefined;
    return fault ? [{ story, point, why: fault.message }] : [];
  });
}
