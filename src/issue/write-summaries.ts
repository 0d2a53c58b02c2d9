import { many } from "../platform/counted.ts";
import type { Article } from "../article/article.ts";
import type { Summary } from "../summary/summary.ts";
import { BroadsheetError } from "../errors.ts";
import { summarize } from "../summary/summarize.ts";
import type { Memory } from "./memory.ts";
import { readAhead } from "../platform/read-ahead.ts";
import type { BrokenArticle } from "../sources/sparing.ts";
import type { Reporter } from "../platform/reporter.ts";
import type { Config } from "../config/config.ts";
import { openModel, type Model } from "../summary/model/io/open-model.ts";
import type { Draft } from "../summary/model/draft.ts";
import type { IssueAdvice, StoryInBrief } from "../summary/model/issue-question.ts";
import type { Asked } from "../summary/model/question.ts";

interface WriteOptions {
  readonly reporter: Reporter;
  readonly memory?: Memory | undefined;
  /** How many a model is asked for at a time. */
  readonly atOnce?: number | undefined;
}

export interface Summaries {
  readonly summaries: ReadonlyMap<Article, Summary>;
  readonly broken: readonly BrokenArticle[];
}

/**
 * The summaries of some stories, and the stories of which none could be made. Where a writer has a model, how far it
 * has come is reported.
 * @throws BroadsheetError MODEL_…, where the writer is strict.
 */
export async function writeSummaries(
  stories: readonly Article[],
  writer: SummaryWriter,
  options: WriteOptions,
): Promise<Summaries> {
  const { memory } = options;
  if (writer.hasModel) return writeByModel(stories, writer, options);
  return extractsOf(stories, memory);
}

/** The same in the stories' own sentences. */
export async function extractsOf(stories: readonly Article[], memory?: Memory): Promise<Summaries> {
  return summariesBy(
    stories,
    1,
    async (article) => memory?.summaryOf(article) ?? summarize(article),
  );
}

async function writeByModel(
  stories: readonly Article[],
  writer: SummaryWriter,
  { reporter, atOnce = 1 }: WriteOptions,
): Promise<Summaries> {
  const progress = reporter.progress("Summarising", stories.length);
  try {
    const summaryOf = async (article: Article) =>
      writer.summaryOf(article).finally(() => progress.step());
    const written = await summariesBy(stories, atOnce, summaryOf);
    progress.close();
    await writer.close(reporter);
    return written;
  } finally {
    progress.close();
  }
}

async function summariesBy(
  stories: readonly Article[],
  atOnce: number,
  summaryOf: (article: Article) => Promise<Summary>,
): Promise<Summaries> {
  const summaries = new Map<Article, Summary>();
  const broken: BrokenArticle[] = [];
  const write = async (article: Article): Promise<void> => {
    try {
      summaries.set(article, await summaryOf(article));
    } catch (error) {
      if (error instanceof BroadsheetError) throw error;
      broken.push({ article, error });
    }
  };
  for await (const _ of readAhead(stories, atOnce, write));
  return { summaries, broken };
}

interface WriterOptions {
  /** Whether a model that fails is an error, and not a summary in the article's own sentences. */
  readonly strict?: true;
}

/**
 * Summarises one article after another: by the model that the config names, each summary checked against
 * its article, or in the article's own sentences. It knows in the end where the model was of no use.
 * The caller closes it.
 */
export class SummaryWriter {
  readonly #model: Model | undefined;
  readonly #isStrict: boolean;
  readonly #errors: BroadsheetError[] = [];
  readonly #unasked: string[] = [];
  #unadvised: string | undefined;
  #count = 0;
  #refused = 0;

  /** @throws BroadsheetError MODEL_UNCONFIGURED */
  constructor(config: Config, { strict }: WriterOptions = {}) {
    this.#model = openModel(config);
    this.#isStrict = strict === true;
  }

  /** Whether there is a model to wait for. */
  get hasModel(): boolean {
    return this.#model !== undefined;
  }

  /** @throws BroadsheetError MODEL_…, where strict. */
  async summaryOf(article: Article): Promise<Summary> {
    const extract = summarize(article);
    if (!this.#model) return extract;
    const drafted = await this.#model.draft(article);
    const { summaryFromDraft } = await import("../summary/model/summary-from-draft.ts");
    const summary = summaryFromDraft(article, extract, drafted);
    this.#count++;
    this.#takeNote(drafted, summary);
    return summary;
  }

  /**
   * What its model says of a whole issue; undefined where it says nothing of use. An issue is whole without it, so that
   * a failure is never an error.
   */
  async adviceOn(stories: readonly StoryInBrief[]): Promise<IssueAdvice | undefined> {
    const asked = await this.#model?.advise(stories);
    if (asked === undefined || "answer" in asked) return asked?.answer;
    this.#unadvised = "error" in asked ? asked.error.message : asked.unasked;
    return undefined;
  }

  /** Says in a line where the model failed, and in one each where it wasn't asked or not believed. */
  async close(reporter: Reporter): Promise<void> {
    await this.#model?.close();
    const [error] = this.#errors;
    const [unasked] = this.#unasked;
    // --quiet keeps no failure back; the build is whole all the same, so that it leaves with 0.
    if (error) reporter.warn(`${this.#share(this.#errors.length)}: ${error.message}`);
    // One line is enough for one cause.
    if (this.#unadvised !== undefined && this.#unadvised !== error?.message)
      reporter.warn(`The issue is not ordered by the model: ${this.#unadvised}`);
    if (unasked) reporter.note(`${this.#share(this.#unasked.length)}: ${unasked}`);
    if (this.#refused > 0)
      reporter.note(`${this.#share(this.#refused)}: what it wrote is not in the article`);
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
