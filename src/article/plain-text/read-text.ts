import type { Article, Source } from "../article.ts";
import { blocksThatAre } from "../block.ts";
import { type Body, isAnotherTitle, toBody } from "../body.ts";
import { composeArticle, type ReadOptions, takeEndlessWords } from "../compose-article.ts";
import { readDeclared, type Declared } from "../declared.ts";
import { toHtml } from "../sanitise-html.ts";
import { STORY } from "../role.ts";
import { toBlocks } from "./blocks.ts";
import { withRoles } from "./roles.ts";

/**
 * The Article in a plain text: an article as saved or mailed, or a whole page copied as text.
 * @throws BroadsheetError CONTENT_NO_STORY
 */
export function readText(source: Source, options: ReadOptions): Article {
  const { declared, body } = readDeclared(source);
  const read = declared.kind === "letter" ? readLetter(body) : readStory(body, declared);
  return composeArticle(source, declared, read, options);
}

function readLetter(body: string): Body {
  const paragraphs = toBlocks(body).map(({ text }) => text);
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

/** The story in a cleaned plain text, and all that stands around it. */
export function readStory(text: string, declared: Declared): Body {
  const cut = takeEndlessWords(text);
  // Under a declared title, another headline-shaped line is the first of the story.
  const blocks = withRoles(toBlocks(cut.text)).map(({ block, role }) => ({
    block,
    role: role.is === "title" && isAnotherTitle(block.text, declared) ? STORY : role,
  }));
  const body = toBody(blocks, declared);
  const story = blocksThatAre("story", blocks);
  // Under captions, a lone headline is all that is left of a story that is not there.
  const isHeadline =
    body.captions.length > 0 && story.length === 1 && (story[0]?.measure.words ?? 0) < 12;
  return {
    ...body,
    ...(isHeadline && { text: "" }),
    html: isHeadline ? "" : toHtml(story.map((block) => block.text)),
    images: [],
    dropped: [...body.dropped, ...cut.dropped],
  };
}
