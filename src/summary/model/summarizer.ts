import type { Article } from "../../article/article.ts";
import type { BroadsheetError } from "../../errors.ts";

/** What a language model says of an article, unchecked. */
export interface Draft {
  readonly gist: string;
  readonly keyPoints: readonly string[];
}

/**
 * What came of asking for a draft: the draft; or that there was no wish to ask, and why not; or an error,
 * which is of the model's making and never of the article's.
 */
export type Drafted =
  { readonly draft: Draft } | { readonly unasked: string } | { readonly error: BroadsheetError };

/** Whoever drafts summaries. Asking costs time and money, so each article is asked for once. */
export interface Summarizer {
  draft(article: Article): Promise<Drafted>;
}
