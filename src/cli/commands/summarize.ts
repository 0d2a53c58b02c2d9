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
  webFlags,
} from "../flags.ts";
import type { Explained } from "../explanation/explain-view.ts";
import type { WebFlags } from "../../sources/article-reader.ts";
import { reporterOn } from "../reporter.ts";
import type { Terminal } from "../terminal.ts";
import { type PageFlag, parsePageName } from "../self-contained-page.ts";

interface SummarizeFlags extends CommonFlags, ConfigFlag, WebFlags {
  readonly explain?: true;
  readonly html?: PageFlag;
}

export const summarize: Configure = (command, terminal) => {
  webFlags(configFlag(commonFlags(command)))
    .argument("<FILE|URL...>", "articles, pages, feeds, exports, folders of them, or - for stdin")
    .option("--explain", "show the article with its summary marked, and why it was chosen")
    .option("--html [FILE]", "the same as a page, into a file or to stdout", parsePageName)
    .addHelpText(
      "after",
      `
Where the config names a language model, its words are shown, as far as they are faithful to the article.

Examples:
  broadsheet summarize article.txt
  broadsheet summarize article.txt --json
  broadsheet summarize article.txt --explain
  broadsheet summarize article.txt --html why.html`,
    )
    .action(async (names: string[], flags: SummarizeFlags) => {
      refuseContradictions(flags);
      const { eachArticle } = await import("../each-article.ts");
      const { SummaryWriter } = await import("../../issue/write-summaries.ts");
      const isExplained = flags.explain || flags.html !== undefined;
      const explainer = isExplained ? await import("../explanation/explain-page.ts") : undefined;
      const { explainView } = await import("../explanation/explain-view.ts");
      const pages: Explained[] = [];
      let writer: InstanceType<typeof SummaryWriter> | undefined;
      await eachArticle(names, flags, terminal, async ({ article }, isFirst, config) => {
        writer ??= new SummaryWriter(config);
        const summary = await writer.summaryOf(article);
        const page = explainer?.explained(article, summary);
        if (page) pages.push(page);
        if (flags.json) terminal.printJson(summarised(article, summary, page));
        if (flags.json || flags.html) return;
        const view = page ? explainView(page, terminal) : summaryView(article, summary, terminal);
        terminal.print(`${isFirst ? "" : "\n"}${view}`);
      });
      if (flags.html) await explainer?.writeExplained(pages, flags.html, terminal);
      await writer?.close(reporterOn(terminal));
    });
};

function refuseContradictions({ json, html }: SummarizeFlags): void {
  if (!json || html !== true) return;
  throw new BroadsheetError("USAGE", "--json and --html without a file can't be had together", {
    fix: "leave one of them out",
  });
}

/** What `--json` prints of a summary: a contract. */
function summarised(
  { source, title }: Article,
  summary: Summary,
  page: Explained | undefined,
): object {
  return {
    source,
    title,
    ...summary,
    ...(page && { explanation: page.explanation }),
  };
}

function summaryView(
  article: Article,
  { gist, keyPoints, quote, minutes, why }: Summary,
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
  return parts.join("\n\n");
}
