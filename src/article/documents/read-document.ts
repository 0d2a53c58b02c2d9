import { BroadsheetError } from "../../errors.ts";
import { type Article, type ReadOptions, type Source } from "../article.ts";
import { isSameTitle, oneLine } from "../clean-text.ts";
import { composeArticle } from "../compose-article.ts";
import { UNDECLARED } from "../declared.ts";
import { readHtmlFragment } from "../fragment.ts";
import { textOf } from "../markup/tokens.ts";
import { readHtml } from "../page.ts";
import { readText } from "../plain-text/read-text.ts";
import { endsSentence, countWords } from "../measure-text.ts";

/**
 * Reads the Article in a document that was converted to HTML or text.
 * @throws BroadsheetError CONTENT_NO_STORY
 */
export function readDocument(source: Source, options: ReadOptions): Article {
  const { form } = source.document ?? {};
  return form === undefined ? readWhole(source, options) : readMailed(source, form, options);
}

/** Reads a document that holds only the story, its title, byline and notes. */
function readWhole(source: Source, options: ReadOptions): Article {
  const { document: said = {} } = source;
  const styled = takeStyled(source.body);
  const { title, html } = takeTitle(styled.html, said.title);
  const fragment = readHtmlFragment(html, undefined, { title, authors: styled.authors });
  const named = [styled.authors, fragment.authors, said.authors ?? []];
  const declared = {
    ...UNDECLARED,
    title,
    authors: named.find(({ length }) => length > 0) ?? [],
    publishedAt: said.publishedAt,
    description: styled.description,
    dropped: said.dropped ?? [],
  };
  const body = { ...fragment, title: "", ...(said.reading && { reading: said.reading }) };
  return composeArticle(source, declared, body, options);
}

/** Reads a mail. Title, sender and date come from its header, which is more reliable than its text. */
function readMailed(source: Source, form: "text" | "page", options: ReadOptions): Article {
  const { title = "", authors = [], publishedAt } = source.document ?? {};
  const inner = form === "text" ? readText(source, options) : readMailPage(source, options);
  // The dropped text of a mail may identify its recipient.
  const dropped: Article["dropped"] = [];
  const names = inner.authors.length > 0 ? inner.authors : authors;
  return {
    ...inner,
    dropped,
    title: title || inner.title,
    authors: names,
    ...(publishedAt && { publishedAt }),
  };
}

/** Personal mails are a few paragraphs without a page around them, so the page reader is only for mails with tables. */
function readMailPage(source: Source, options: ReadOptions): Article {
  if (!/<table\b/i.test(source.body)) return readWhole(source, options);
  try {
    return readHtml(source, options);
  } catch (error) {
    if (error instanceof BroadsheetError && error.code === "CONTENT_NO_STORY")
      return readWhole(source, options);
    throw error;
  }
}

/** Takes out the lines above the story that a style marks as author or subtitle. */
function takeStyled(html: string) {
  const authors: string[] = [];
  let description: string | undefined;
  const rest = html.replace(
    /<p class="(author|subtitle)">([^]*?)<\/p>/g,
    (_all, style: string, inside: string) => {
      const text = oneLine(textOf(inside));
      if (style === "author" && text !== "") authors.push(text.replace(/^by\s+/i, ""));
      else if (text !== "") description ??= text;
      return "";
    },
  );
  return { html: rest, authors, description };
}

const BLOCK = /<(h[1-6]|p|li|td|figcaption)\b([^>]*)>([^]*?)<\/\1>/g;
const TOP_CHARACTERS = 20_000;
const MOST_BLOCKS = 8;
const SHORT_WORDS = 20;
const SHORT_CHARACTERS = 200;

/** Splits a document into its title and the rest of its HTML. */
function takeTitle(html: string, declared = "") {
  const found = [...html.slice(0, TOP_CHARACTERS).matchAll(BLOCK)].slice(0, MOST_BLOCKS);
  const blocks = found
    .map(([all, name = "", attributes = "", inside = ""]) => {
      return { all, name, attributes, text: oneLine(textOf(inside)) };
    })
    .filter(({ text }) => text !== "");
  const [first, second] = blocks;
  const shown =
    blocks.find(({ attributes }) => attributes.includes('"title"')) ??
    (first && isTitle(first, second) ? first : undefined) ??
    blocks.find(({ text }) => declared !== "" && isSameTitle(text, declared));
  return {
    title: shown?.text || declared || undefined,
    html: shown ? html.replace(shown.all, "") : html,
  };
}

interface TopBlock {
  readonly name: string;
  readonly text: string;
}

/** Whether a first block is a heading, or a short line above a sentence. */
function isTitle({ name, text }: TopBlock, next: TopBlock | undefined): boolean {
  if (/^h[1-3]$/.test(name)) return true;
  const isShort = text.length <= SHORT_CHARACTERS && countWords(text) <= SHORT_WORDS;
  return (
    name === "p" &&
    isShort &&
    !/[.:,;。…]["”’»]?$/u.test(text) &&
    next !== undefined &&
    (endsSentence(next.text) || next.text.length < SHORT_CHARACTERS)
  );
}
