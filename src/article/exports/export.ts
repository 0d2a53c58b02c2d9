import type { Article, Dropped } from "../article.ts";
import type { ReadOptions } from "../compose-article.ts";

/** What is in an export of a publishing platform. */
export interface Export {
  /** Its posts in their order; what was not published is a draft. */
  readonly articles: readonly Article[];
  /** Posts that hold no story, by their titles. */
  readonly dropped: readonly Dropped[];
}

export interface ExportOptions extends ReadOptions {
  /** The address of the publication, which no export holds: posts get their addresses from it. */
  readonly site?: string | undefined;
}
