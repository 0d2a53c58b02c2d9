import type { Article } from "../../article/article.ts";
import { doubtText, isDoubtful } from "../../article/reading.ts";
import type { ReadItem } from "../../article/compose-article.ts";
import {
  type CommonFlags,
  commonFlags,
  configFlag,
  type ConfigFlag,
  type Configure,
  webFlags,
} from "../flags.ts";
import type { WebFlags } from "../../sources/article-reader.ts";
import type { Paint } from "../terminal.ts";
import { bylineOf, paragraphsView } from "../article-view.ts";

export const extract: Configure = (command, terminal) => {
  webFlags(configFlag(commonFlags(command)))
    .argument("<FILE|URL...>", "articles, pages, feeds, exports, folders of them, or - for stdin")
    .addHelpText(
      "after",
      `
Examples:
  broadsheet extract article.txt
  broadsheet extract content --json
  broadsheet extract https://paper.example/feed.xml --json
  pbpaste | broadsheet extract -`,
    )
    .action(async (names: string[], flags: CommonFlags & ConfigFlag & WebFlags) => {
      const { eachArticle } = await import("../each-article.ts");
      await eachArticle(names, flags, terminal, (item, isFirst) => {
        const { article } = item;
        if (flags.json) terminal.printJson(extracted(item));
        else terminal.print(`${isFirst ? "" : "\n"}${extractView(article, terminal.paint)}`);
      });
    });
};

/** What `--json` prints of an article: a contract, whatever an Article holds beside it. */
function extracted({ article, feed }: ReadItem): object {
  const { id, source, title, authors, publishedAt, language, url, site } = article;
  const { text, captions, images, dropped, reading } = article;
  const [lead] = images;
  const told = {
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
  return feed === undefined ? told : { ...told, id, feed };
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
