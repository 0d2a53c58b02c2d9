import { BroadsheetError } from "../errors.ts";
import type { Article, Source, SourceFormat } from "./article.ts";
import type { ReadOptions } from "./compose-article.ts";
import { isEmpty, MAX_ARTICLE_BYTES, tooLarge } from "./decode-text.ts";
import { readMarkdown } from "./markdown.ts";
import { readText } from "./text.ts";

export type { ReadOptions };

type Reader = (source: Source, options: ReadOptions) => Article;

// One reader a file. HTML and feeds have no reader yet; theirs go in here.
const READERS: Readonly<Record<SourceFormat, Reader>> = {
  text: readText,
  markdown: readMarkdown,
  html: unsupported,
  feed: unsupported,
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

function unsupported(source: Source): never {
  const what = source.format === "html" ? "a web page (HTML)" : "a feed";
  throw new BroadsheetError(
    "CONTENT_UNSUPPORTED",
    `${source.location} is ${what}, which cannot be read yet`,
    {
      where: { file: source.location },
      fix: "save the article as plain text or Markdown",
    },
  );
}
