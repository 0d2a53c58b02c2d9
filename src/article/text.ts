import type { Article, Source } from "./article.ts";
import { cleanText } from "./clean-text.ts";
import { composeArticle, type Body, type ReadOptions } from "./compose-article.ts";
import { readDeclared } from "./declared.ts";
import { toHtml } from "./paragraph-html.ts";
import { toBlocks } from "./plain-text/blocks.ts";
import { readStory } from "./plain-text/read-story.ts";

/**
 * The Article in a plain text: an article as saved or mailed, or a whole page copied as text.
 * @throws BroadsheetError CONTENT_NO_STORY
 */
export function readText(source: Source, options: ReadOptions): Article {
  const { declared, body } = readDeclared(cleanText(source.body));
  const read = declared.kind === "letter" ? readLetter(body) : readStory(body, declared);
  return composeArticle(source, declared, read, options);
}

function readLetter(body: string): Body {
  const paragraphs = toBlocks(body).map((block) => block.text);
  return {
    title: "",
    authors: [],
    images: [],
    captions: [],
    dropped: [],
    text: body.trim(),
    html: toHtml(paragraphs),
  };
}
