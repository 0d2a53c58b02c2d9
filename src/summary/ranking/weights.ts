import type { Forest } from "./forest.ts";

/** What training found: three sets of trees, and what their answers count when sentences are chosen. */
export interface Weights {
  /** Features of a term → whether a human summary uses it. */
  readonly terms: Forest;
  /** Features of two words side by side → whether a human summary has them so. */
  readonly pairs: Forest;
  /** Features of a sentence → how much speaks for it. */
  readonly sentences: Forest;
  /** Of what the trees say of a sentence. */
  readonly sentence: number;
  /** Of each word: below 0. */
  readonly word: number;
  readonly term: number;
  readonly pair: number;
  /** Of the title as a whole. */
  readonly title: number;
}
