import { BroadsheetError } from "../errors.ts";
import type { Article, Source, SourceFormat } from "./article.ts";
import type { ReadOptions } from "./compose-article.ts";
import { isEmpty, MAX_ARTICLE_BYTES, tooLarge } from "./decode-text.ts";
import { readHtml } from "./html.ts";
import { readMarkdown } from "./markdown.ts";
import { readText } from "./text.ts";

export type { ReadOptions };

type Reader = (source: Source, options: ReadOptions) => Article;

// One reader a file. What holds several articles is read by `readArticles`.
const READERS: Readonly<Record<SourceFormat, Reader>> = {
  text: readText,
  markdown: readMarkdown,
  html: readHtml,
  feed: refuseSeveral,
  export: refuseSeveral,
};

/**
 * The Article in a source: its paragraphs as clean text and as sanitised HTML, with title, authors,
 * captions and language, and a list of what was left out and why. The same source gives the same Article.
 * @throws BroadsheetError CONTENT_EMPTY, CONTENT_TOO_LARGE, CONTENT_NO_STORY, CONTENT_UNSUPPORTED
 */
export function readArticle(source: Source, options: ReadOptions = {}): Article {
  const bytes = Buffer.byteLength(source.body);
  if (bytes > MAX_ARTICLE_BYTES) throw tooLarge(source.location, bytes);
  if (!/[^\s\p{Cc}\p{Cf}]/u.test(source.body)) throw isEmpty(source.location);
  return READERS[source.format](source, options);
}

function refuseSeveral(source: Source): never {
  const what = source.format === "feed" ? "a feed" : "an export";
  throw new BroadsheetError(
    "CONTENT_UNSUPPORTED",
    `${source.location} is ${what}, which holds several articles`,
    {
      where: { file: source.location },
      fix: "read it with readArticles, or on the command line",
    },
  );
}
