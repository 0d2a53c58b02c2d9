import type { Article } from "../../article/article.ts";
import { type Unfaithful, unfaithfulWords } from "./faithfulness.ts";

/** Places in an article's text. */
export type Passages = readonly { readonly start: number; readonly end: number }[];

/** What has to stand in the very sentences that are said again. A name may stand there as "she" or "the company". */
const OF_PASSAGES: ReadonlySet<Unfaithful["kind"]> = new Set(["number", "date", "quotation"]);

/**
 * What a sentence that its whole article may hold says beyond the passages of it that it is said to follow: a number, a
 * date or a quotation. Nothing shows then that they belong together.
 */
export function unfaithfulToPassages(
  sentence: string,
  article: Article,
  passages: Passages,
): Unfaithful | undefined {
  const text = passages.map(({ start, end }) => article.text.slice(start, end)).join("\n\n");
  const fault = unfaithfulWords(sentence, { ...article, text, captions: [] });
  if (!fault || !OF_PASSAGES.has(fault.kind)) return undefined;
  const message = fault.message
    .replace("the article has", "the sentences that it follows have")
    .replace("the article does", "the sentences that it follows do")
    .replace("the article", "the sentences that it follows");
  return { ...fault, message, isSure: false };
}
