import type { Article } from "../../../src/article/article.ts";
import {
  refuseUnreadable,
  sourceOf,
  standardMarkdown,
} from "../../../src/article/decode-source.ts";
import { readDocument } from "../../../src/article/documents/read-document.ts";
import { readArticle } from "../../../src/article/read-articles.ts";

/** The article in a file of these bytes, which embeds no other. */
export async function readBytes(bytes: Uint8Array, name: string): Promise<Article> {
  const source = await standardMarkdown(await sourceOf(bytes, name), async () => "");
  if (source.format !== "document") return readArticle(source);
  refuseUnreadable(source);
  return readDocument(source, {});
}
