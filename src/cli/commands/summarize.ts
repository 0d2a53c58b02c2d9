import type { Article } from "../../article/article.ts";
import { BroadsheetError } from "../../errors.ts";
import type { Sentence, Summary } from "../../summary/summary.ts";
import { bylineOf, hung, paragraphOf } from "../article-view.ts";
import {
  type CommonFlags,
  commonFlags,
  configFlag,
  type ConfigFlag,
  type Configure,
  parseCount,
  webFlags,
} from "../flags.ts";
import type { Explained } from "../explanation/explain-page.ts";
import type { WebFlags } from "../article-reader.ts";
import type { Terminal } from "../terminal.ts";
import { type PageFlag, parsePageName } from "../write-page-to.ts";

interface SummarizeFlags extends CommonFlags, ConfigFlag, WebFlags {
  readonly sentences?: number;
  readonly words?: number;
  readonly explain?: true;
  readonly html?: PageFlag;
}

export const summarize: Configure = (command, terminal) => {
  webFlags(configFlag(commonFlags(command)))
    .argument("<FILE|URL...>", "articles, pages, feeds, exports, folders of them, or - for stdin")
    .option(
      "--sentences <N>",
      "a running text of at most N sentences beside",
      parseCount("--sentences"),
    )
    .option("--words <N>", "a running text of at most N words beside", parseCount("--words"))
    .option("--explain", "show the article with its summary marked, and why it was chosen")
    .option("--html [FILE]", "the same as a page, into a file or to stdout", parsePageName)
    .addHelpText(
      "after",
      `
Where the config names a language model, its words are shown, as far as they are faithful to the article.

Examples:
  broadsheet summarize article.txt
  broadsheet summarize article.txt --sentences 3 --json
  broadsheet summarize article.txt --explain
  broadsheet summarize article.txt --html why.html`,
    )
    .action(async (names: string[], flags: SummarizeFlags) => {
      refuseContradictions(flags);
      const { eachArticle } = await import("../each-article.ts");
      const { SummaryWriter } = await import("../summary-writer.ts");
      const { selectSentences } = await import("../../summary/select-sentences.ts");
      const isLimited = flags.sentences !== undefined || flags.words !== undefined;
      const isExplained = flags.explain || flags.html !== undefined;
      const explainer = isExplained ? await import("../explanation/explainer.ts") : undefined;
      const { explainView } = await import("../explanation/explain-view.ts");
      const pages: Explained[] = [];
      let writer: InstanceType<typeof SummaryWriter> | undefined;
      await eachArticle(names, flags, terminal, async ({ article }, isFirst, config) => {
        writer ??= new SummaryWriter(config);
        const summary = await writer.summaryOf(article);
        const sentences = isLimited ? selectSentences(article, flags) : undefined;
        const page = explainer?.explained(article, summary);
        if (page) pages.push(page);
        if (flags.json) terminal.printJson(summarised(article, summary, sentences, page));
        if (flags.json || flags.html) return;
        const view = page
          ? explainView(page, terminal)
          : summaryView(article, summary, sentences, terminal);
        terminal.print(`${isFirst ? "" : "\n"}${view}`);
      });
      if (flags.html) await explainer?.writeExplained(pages, flags.html, terminal);
      await writer?.close(terminal);
    });
};

function refuseContradictions({ json, html, explain, sentences, words }: SummarizeFlags): void {
  const isLimited = sentences !== undefined || words !== undefined;
  const both =
    (json && html === true && "--json and --html without a file") ||
    (isLimited && (explain || html) && !json && "--sentences or --words, and --explain or --html");
  if (!both) return;
  throw new BroadsheetError("USAGE", `${both} can't be had together`, {
    fix: "leave one of them out",
  });
}

/** What `--json` prints of a summary: a contract. */
function summarised(
  { source, title }: Article,
  summary: Summary,
  sentences: readonly Sentence[] | undefined,
  page: Explained | undefined,
): object {
  const chosen = sentences?.map(({ text, start, end }) => ({ text, start, end }));
  return {
    source,
    title,
    ...summary,
    ...(chosen && { sentences: chosen }),
    ...(page && { explanation: page.explanation }),
  };
}

function summaryView(
  article: Article,
  { gist, keyPoints, quote, minutes, why }: Summary,
  sentences: readonly Sentence[] | undefined,
  { paint, isUtf8 }: Terminal,
): string {
  const said = (label: string, sentence: Sentence) => {
    const paragraph = paragraphOf(sentence, article.text);
    const place = paragraph && paint("dim", `  ${isUtf8 ? "¶" : "paragraph "}${paragraph}`);
    return hung(label, sentence.text) + place;
  };
  const parts = [
    [paint("bold", article.title || article.source), paint("dim", bylineOf(article))].join("\n"),
    said("   ", gist),
    ...keyPoints.map((point, index) => said(String(index + 1).padStart(3), point)),
    ...(quote ? [said("   ", { ...quote, text: `${quote.text} (${quote.speaker})` })] : []),
    paint("dim", `     ${minutes} ${minutes === 1 ? "minute" : "minutes"} to read in full`),
  ];
  if (why) parts.push(paint("dim", `     ${why}`));
  if (sentences) {
    parts.push(
      paint("bold", "The best sentences"),
      ...sentences.map((sentence) => said("  -", sentence)),
    );
  }
  return parts.join("\n\n");
}
