import type { Article, Source, Caption, Dropped } from "../article.ts";
import { cleanText } from "../clean-text.ts";
import {
  composeArticle,
  type Body,
  type ReadOptions,
  takeEndlessWords,
} from "../compose-article.ts";
import { readDeclared, type Declared } from "../declared.ts";
import { toHtml } from "../sanitise-html.ts";
import { toBlocks, type Block } from "./blocks.ts";
import { findDate } from "../dates.ts";
import { namesInByline } from "../byline.ts";
import { countWords } from "../measure-text.ts";
import { reasonOf, type Role, STORY } from "../role.ts";
import { toRoles } from "./roles.ts";

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

/** The story in a cleaned plain text, and all that stands around it. */
export function readStory(body: string, declared: Declared): Body {
  const { text, dropped } = takeEndlessWords(body);
  const blocks = toBlocks(text);
  const roles = toRoles(blocks).map((role, index) =>
    role.is === "title" && isAnotherTitle(blocks[index]?.text ?? "", declared) ? STORY : role,
  );
  const pick = (is: Role["is"]): string[] =>
    blocks.filter((_, index) => roles[index]?.is === is).map((block) => block.text);
  const [title = ""] = pick("title");
  const captions = captionsOf(blocks, roles);
  const paragraphs = storyOf(pick("story"), captions.length > 0);
  return {
    title,
    authors: [...new Set(pick("byline").flatMap(authorsIn))],
    publishedAt: [...pick("date"), ...pick("byline")]
      .map((line) => findDate(line)?.iso)
      .find(Boolean),
    text: paragraphs.join("\n\n"),
    html: toHtml(paragraphs),
    images: [],
    captions,
    dropped: [...droppedOf(blocks, roles, declared), ...dropped],
  };
}

// Under a declared title, another headline-shaped line is the first of the story.
function isAnotherTitle(line: string, { title }: Declared): boolean {
  return title !== undefined && lettersOf(title) !== lettersOf(line);
}

function lettersOf(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{M}\p{N}]+/gu, "");
}

function isKept(byline: string, declared: Declared): boolean {
  return declared.authors.length === 0 && authorsIn(byline).join(" ") === byline;
}

// Under captions, a lone headline is all that is left of a story that is not there.
function storyOf(paragraphs: readonly string[], hasCaptions: boolean): readonly string[] {
  const isHeadlineOnly =
    hasCaptions && paragraphs.length === 1 && countWords(paragraphs[0] ?? "") < 12;
  return isHeadlineOnly ? [] : paragraphs;
}

function authorsIn(line: string): string[] {
  const names = namesInByline(line);
  return names.length > 0 ? names : [line.replace(/^[\s–—-]+/u, "")];
}

function captionsOf(blocks: readonly Block[], roles: readonly Role[]): Caption[] {
  return roles.flatMap((role, index): Caption[] => {
    if (role.is !== "caption") return [];
    const above = roles[index - 1]?.is === "captioned" ? blocks[index - 1]?.text : undefined;
    const text = role.caption.text || above;
    return text ? [{ ...role.caption, text }] : [];
  });
}

function droppedOf(
  blocks: readonly Block[],
  roles: readonly Role[],
  declared: Declared,
): Dropped[] {
  return roles.flatMap((role, index): Dropped[] => {
    const text = blocks[index]?.text ?? "";
    const reason = whyDropped(role, text, roles[index - 1], declared);
    return text === "" || reason === undefined ? [] : [{ text, reason }];
  });
}

// What Article has no field for, or keeps less of than the line said.
function whyDropped(
  role: Role,
  text: string,
  before: Role | undefined,
  declared: Declared,
): string | undefined {
  if (role.is === "title") return declared.title === undefined ? undefined : "the title again";
  if (role.is === "byline" && isKept(text, declared)) return undefined;
  if (role.is === "caption" && before?.is === "captioned") return undefined;
  return reasonOf(role);
}
