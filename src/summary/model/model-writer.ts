import { many } from "../../platform/text.ts";
import type { Article } from "../../article/article.ts";
import type { BroadsheetError } from "../../errors.ts";
import type { Reporter } from "../../platform/reporter.ts";
import type { Draft } from "./draft.ts";
import { type Model, type ModelConfig, openModel } from "./io/open-model.ts";
import type { IssueAdvice, StoryInBrief } from "./issue-question.ts";
import type { Asked } from "./question.ts";
import { summaryFromDraft } from "./summary-from-draft.ts";
import { summarize } from "../summarize.ts";
import type { Summary } from "../summary.ts";

export interface WriterOptions {
  /** Whether a failure of the model is an error. Otherwise the summary consists of the article's own sentences. */
  readonly strict?: true;
}

/**
 * Summarises articles with a model and checks each summary against its article. At the end it reports the articles for
 * which the model was not used. The caller closes it.
 */
export class ModelWriter {
  readonly #model: Model;
  readonly #isStrict: boolean;
  readonly #errors: BroadsheetError[] = [];
  readonly #unasked: string[] = [];
  #unadvised: string | undefined;
  #count = 0;
  #refused = 0;

  /**
   * Undefined if the config names no model.
   * @throws BroadsheetError MODEL_UNCONFIGURED
   */
  static open(config: ModelConfig, options: WriterOptions): ModelWriter | undefined {
    const model = openModel(config);
    return model && new ModelWriter(model, options);
  }

  private constructor(model: Model, { strict }: WriterOptions) {
    this.#model = model;
    this.#isStrict = strict === true;
  }

  /** @throws BroadsheetError MODEL_…, if strict. */
  async summaryOf(article: Article): Promise<Summary> {
    const extract = summarize(article);
    const drafted = await this.#model.draft(article);
    const summary = summaryFromDraft(article, extract, drafted);
    this.#count++;
    this.#takeNote(drafted, summary);
    return summary;
  }

  /**
   * Asks the model to order a whole issue. Undefined if there is no useful answer. A failure is never an error, because the
   * issue is complete without advice.
   */
  async adviceOn(stories: readonly StoryInBrief[]): Promise<IssueAdvice | undefined> {
    const asked = await this.#model.advise(stories);
    if ("answer" in asked) return asked.answer;
    this.#unadvised = "error" in asked ? asked.error.message : asked.unasked;
    return undefined;
  }

  /** Reports failures of the model, articles that were not asked, and rejected answers, in one line each. */
  async close(reporter: Reporter): Promise<void> {
    await this.#model.close();
    const [error] = this.#errors;
    const [unasked] = this.#unasked;
    // --quiet does not hide failures. The exit code stays 0, because the build is complete.
    if (error) reporter.warn(`${this.#share(this.#errors.length)}: ${error.message}`);
    // One line is enough for the same cause.
    if (this.#unadvised !== undefined && this.#unadvised !== error?.message)
      reporter.warn(`The issue is not ordered by the model: ${this.#unadvised}`);
    if (unasked) reporter.note(`${this.#share(this.#unasked.length)}: ${unasked}`);
    if (this.#refused > 0)
      reporter.note(`${this.#share(this.#refused)}: its sentences are not in the article`);
  }

  #takeNote(drafted: Asked<Draft>, { origin }: Summary): void {
    if ("error" in drafted) {
      if (this.#isStrict) throw drafted.error;
      this.#errors.push(drafted.error);
    } else if ("unasked" in drafted) this.#unasked.push(drafted.unasked);
    else if (origin === "extract") this.#refused++;
  }

  #share(count: number): string {
    return `${count} of ${many(this.#count, "summary", "summaries")} without the model`;
  }
}
