import type { Article } from "../../article/article.ts";
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
import type { WebFlags } from "../read-each.ts";
import type { Terminal } from "../terminal.ts";

interface SummarizeFlags extends CommonFlags, ConfigFlag, WebFlags {
  readonly sentences?: number;
  readonly words?: number;
}

export const summarize: Configure = (command, terminal) => {
  webFlags(configFlag(commonFlags(command)))
    .argument("<FILE|URL...>", "articles, pages, feeds, exports, folders of them, or - for stdin")
    .option("--sentences <N>", "the best N sentences beside", parseCount("--sentences"))
    .option("--words <N>", "the best sentences of N words in all beside", parseCount("--words"))
    .addHelpText(
      "after",
      `
Where the config names a language model, its words are shown, as far as they are faithful to the article.

Examples:
  broadsheet summarize article.txt
  broadsheet summarize article.txt --sentences 3 --json`,
    )
    .action(async (names: string[], flags: SummarizeFlags) => {
      const { eachArticle } = await import("../each-article.ts");
      const { SummaryWriter } = await import("../summary-writer.ts");
      const { selectSentences } = await import("../../summary/select-sentences.ts");
      const isLimited = flags.sentences !== undefined || flags.words !== undefined;
      let writer: InstanceType<typeof SummaryWriter> | undefined;
      await eachArticle(names, flags, terminal, async ({ article }, isFirst, config) => {
        writer ??= new SummaryWriter(config);
        const summary = await writer.summaryOf(article);
        const sentences = isLimited ? selectSentences(article, flags) : undefined;
        if (flags.json) terminal.printJson(summarised(article, summary, sentences));
        else
          terminal.print(
            `${isFirst ? "" : "\n"}${summaryView(article, summary, sentences, terminal)}`,
          );
      });
      await writer?.close(terminal);
    });
};

/** What `--json` prints of a summary: a contract. */
function summarised(
  { source, title }: Article,
  summary: Summary,
  sentences: readonly Sentence[] | undefined,
): object {
  const chosen = sentences?.map(({ text, start, end }) => ({ text, start, end }));
  return { source, title, ...summary, ...(chosen && { sentences: chosen }) };
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
