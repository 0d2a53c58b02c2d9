import { createHash } from "node:crypto";
import type { Article } from "../article/article.ts";
import { Kept } from "../platform/kept.ts";
import type { Loaded } from "./pictures/io/load-pictures.ts";
import { summarize } from "../summary/summarize.ts";
import type { Summary } from "../summary/summary.ts";
import type { ReadOutcome, Unfinished } from "../sources/article-reader.ts";

/**
 * What building an issue again need not do again: articles whose files are as they were, their summaries
 * and their pictures.
 */
export class Memory {
  /** By the file or the address that stands for them. */
  readonly readings = new Kept<(ReadOutcome | Unfinished)[]>();
  readonly pages = new Kept<ReadOutcome>();
  readonly pictures = new Kept<Loaded>();
  readonly #summaries = new Map<string, Summary>();

  /** The web may have changed unnoticed. */
  forget(): void {
    for (const kept of [this.readings, this.pages, this.pictures]) kept.forget();
  }

  /** Summaries follow from what an article says, so the same words have the same one. */
  summaryOf({ images: _images, html: _html, ...article }: Article): Summary {
    const key = createHash("sha256").update(JSON.stringify(article)).digest("hex");
    const found = this.#summaries.get(key) ?? summarize({ ...article, images: [], html: "" });
    this.#summaries.set(key, found);
    return found;
  }
}
