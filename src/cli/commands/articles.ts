import { many } from "../../platform/text.ts";
import { type Article, doubtText, isDoubtful, type ReadItem } from "../../article/article.ts";
import {
  configFlags,
  type ConfigFlags,
  contradiction,
  JSON_AND_PAGE,
  type Configure,
  type PageFlag,
  parsePageName,
  webFlags,
} from "../flags.ts";
import { type WebFlags, readNamed } from "../../sources/article-reader.ts";
import type { Paint, Terminal } from "../terminal.ts";
import {
  bylineOf,
  type Explained,
  explainView,
  hung,
  paragraphOf,
  paragraphsView,
} from "../article-view.ts";
import { isOnTheWeb, readSource } from "../../sources/io/read-sources.ts";
import { BroadsheetError, errorAt } from "../../errors.ts";
import type { Sentence, Summary } from "../../summary/summary.ts";
import { reporterOn } from "../reporter.ts";
import type { Config } from "../../config/config.ts";
import { openProject } from "../../config/io/load-config.ts";

const extract: Configure = (command, terminal) => {
  webFlags(configFlags(command))
    .argument(
      "<FILE|URL...>",
      'articles, documents, pages, feeds, exports, folders of them, or "-" for standard input',
    )
    .addHelpText(
      "after",
      `
Examples:
  broadsheet extract article.txt
  broadsheet extract content --json
  broadsheet extract report.docx minutes.pdf
  broadsheet extract https://paper.example/feed.xml --json
  broadsheet extract feeds.opml --json    the feeds in it, unfetched
  pbpaste | broadsheet extract -`,
    )
    .action(async (names: string[], flags: ConfigFlags & WebFlags) => {
      const lists = await listedFeeds(names, terminal);
      for (const list of lists.values())
        if (flags.json) terminal.printJson(list);
        else terminal.print(list.feeds.map(({ title, url }) => `${title}  ${url}`).join("\n"));
      const others = names.filter((name) => !lists.has(name));
      await eachArticle(others, flags, terminal, (item, isFirst) => {
        const { article } = item;
        if (flags.json) terminal.printJson(extracted(item));
        else terminal.print(`${isFirst ? "" : "\n"}${extractView(article, terminal.paint)}`);
      });
    });
};

interface FeedList {
  readonly source: string;
  readonly feeds: readonly { readonly title: string; readonly url: string; group?: string }[];
}

/** The feeds listed in those of the files that are OPML. They are not fetched. */
async function listedFeeds(names: readonly string[], { cwd }: Terminal) {
  const lists = new Map<string, FeedList>();
  for (const name of names.filter((one) => /\.(?:opml|xml)$/i.test(one) && !isOnTheWeb(one))) {
    const source = await readSource({ name }, cwd).catch(() => undefined);
    if (source?.format !== "opml") continue;
    const { feedsIn } = await import("../../article/read-articles.ts");
    const feeds = feedsIn(source).map(({ title, url, groups }) => {
      return groups.length > 0 ? { title, url, group: groups.join(" / ") } : { title, url };
    });
    lists.set(name, { source: name, feeds });
  }
  return lists;
}

/** The output of `--json` for an article. Its form is a contract, whatever else an Article contains. */
function extracted({ article, feed }: ReadItem): object {
  const { id, source, title, authors, publishedAt, language, url, site } = article;
  const { text, captions, images, dropped, reading } = article;
  const [lead] = images;
  const line = {
    source,
    title,
    authors,
    publishedAt,
    language,
    url,
    site,
    ...(lead && { image: { url: lead.src, ...(lead.alt !== "" && { alt: lead.alt }) } }),
    text,
    captions,
    images,
    dropped,
    reading,
  };
  return feed === undefined ? line : { ...line, id, feed };
}

function extractView(article: Article, paint: Paint): string {
  const { title, text, captions, dropped, source, reading } = article;
  const parts = [
    [
      paint("bold", title || `(no title) ${source}`),
      paint("dim", bylineOf(article)),
      ...(reading && isDoubtful(reading) ? [paint("look", `Doubted: ${doubtText(reading)}`)] : []),
    ].join("\n"),
    paragraphsView(text, paint),
  ];
  if (captions.length > 0) {
    const lines = captions.map(
      ({ text, credit }) => `  ${text}${credit ? paint("dim", `   ${credit}`) : ""}`,
    );
    parts.push([paint("bold", "Captions"), ...lines].join("\n"));
  }
  if (dropped.length > 0) {
    const lines = dropped.map(
      ({ text, reason }) => `  ${text.replaceAll("\n", "\n  ")}   ${paint("dim", reason)}`,
    );
    parts.push([paint("bold", "Left out"), ...lines].join("\n"));
  }
  return parts.join("\n\n");
}

interface SummarizeFlags extends ConfigFlags, WebFlags {
  readonly explain?: true;
  readonly html?: PageFlag;
}

const summarize: Configure = (command, terminal) => {
  webFlags(configFlags(command))
    .argument(
      "<FILE|URL...>",
      'articles, documents, pages, feeds, exports, folders of them, or "-" for standard input',
    )
    .option("--explain", "show the article with its summary marked, and why it was chosen")
    .option("--html [FILE]", "the same as a page, into a file or to stdout", parsePageName)
    .addHelpText(
      "after",
      `
If the config names a language model, its words are shown, as far as the article supports them.

Examples:
  broadsheet summarize article.txt
  broadsheet summarize article.txt --json
  broadsheet summarize article.txt --explain
  broadsheet summarize article.txt --html why.html`,
    )
    .action(async (names: string[], flags: SummarizeFlags) => {
      if (flags.json && flags.html === true) throw contradiction(JSON_AND_PAGE);
      // The writer is not loaded for `extract`, which needs no summary.
      const { openWriter } = await import("../../issue/open-build.ts");
      const { summarize } = await import("../../summary/summarize.ts");
      const isExplained = flags.explain || flags.html !== undefined;
      const explainer = isExplained ? await import("../explain-page.ts") : undefined;
      const pages: Explained[] = [];
      let writer: Awaited<ReturnType<typeof openWriter>>;
      await eachArticle(names, flags, terminal, async ({ article }, isFirst, config) => {
        if (isFirst) writer = await openWriter(config);
        const summary = writer ? await writer.summaryOf(article) : summarize(article);
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

/** The output of `--json` for a summary. Its form is a contract. */
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
    paint("dim", `     ${many(minutes, "minute")} to read in full`),
  ];
  if (why) parts.push(paint("dim", `     ${why}`));
  return parts.join("\n\n");
}

/**
 * Shows each article of some names in turn. An article that can't be read, or whose display crashes, is reported, and the
 * next ones are still shown.
 */
async function eachArticle(
  names: readonly string[],
  flags: ConfigFlags & WebFlags,
  terminal: Terminal,
  show: (item: ReadItem, isFirst: boolean, config: Config) => void | Promise<void>,
): Promise<void> {
  const config = await openProject(flags, terminal);
  const reporter = reporterOn(terminal);
  let isFirst = true;
  for await (const reading of readNamed(names, { cwd: terminal.cwd, config, flags, reporter })) {
    if ("error" in reading) {
      terminal.report(reading.error);
      continue;
    }
    if (reading.incomplete) terminal.report(reading.incomplete);
    try {
      await show(reading.item, isFirst, config);
    } catch (error) {
      if (error instanceof BroadsheetError) throw error;
      terminal.report(errorAt(reading.item.article.source, error));
    }
    isFirst = false;
  }
}

export const commands = { extract, summarize };
