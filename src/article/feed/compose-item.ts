import type { Article } from "../article.ts";
import { boundArticle, type ReadOptions } from "../compose-article.ts";
import { detectLanguage } from "../detect-language.ts";
import { httpAddress, languageTag, names } from "../field-values.ts";
import { readHtmlFragment, type Fragment, leadsOn, isCutShort } from "../fragment.ts";
import { ownDescription } from "../own-description.ts";
import { parseDate } from "../dates.ts";
import { toBodyHtml, toLine, type Markup, type ParsedItem } from "./parsed-feed.ts";
import { countWords } from "../plain-text/prose.ts";
import { oneLine } from "../clean-text.ts";

/** What all items of a feed have from it. */
export interface FeedFrame {
  readonly title: string;
  readonly language?: string | undefined;
  /** What relative addresses in it are resolved against. */
  readonly base?: string | undefined;
  readonly location: string;
}

interface ComposedItem {
  readonly article: Omit<Article, "id">;
  readonly isComplete: boolean;
}

/** An item as an Article, all but its id, and whether the feed told the whole story. */
export function composeItem(item: ParsedItem, feed: FeedFrame, options: ReadOptions): ComposedItem {
  const known = { title: toLine(item.title), authors: peopleIn(item.authors) };
  const told = longerOf(item.content, item.summary);
  const base = within(feed.base, item.base);
  const contentBase = within(base, item.contentBase);
  const fragment = readHtmlFragment(told ? toBodyHtml(told) : "", contentBase, known);
  const { html, text, captions, dropped } = fragment;
  const url = httpAddress(item.link, base);
  const publishedAt = parseDate(item.date ?? "", "Z");
  const summary = told === item.summary ? "" : toLine(item.summary);
  const description = ownDescription([summary], known.title, text);
  return {
    article: boundArticle<ComposedItem["article"]>({
      title: known.title,
      ...(url === undefined ? {} : { url }),
      ...(feed.title === "" ? {} : { site: feed.title }),
      authors: known.authors.length > 0 ? known.authors : fragment.authors,
      ...(publishedAt === undefined ? {} : { publishedAt }),
      language: languageOf(
        item.language ?? feed.language,
        `${known.title}\n${text}`,
        options.language,
      ),
      tags: tagsOf(item.tags),
      ...(description === undefined ? {} : { description }),
      kind: "story",
      html,
      text,
      images: picturesOf(item, fragment, contentBase),
      captions,
      dropped,
      source: feed.location,
    }),
    isComplete: isWhole({ text, isContent: told === item.content, sendsOn: dropped.some(leadsOn) }),
  };
}

function within(outer: string | undefined, inner: string | undefined): string | undefined {
  return httpAddress(inner, outer) ?? outer;
}

// Some feeds have the story in the description and a teaser in the content.
function longerOf(content: Markup | undefined, summary: Markup | undefined): Markup | undefined {
  if (!content || !summary) return content ?? summary;
  return summary.value.length > content.value.length * 2 ? summary : content;
}

// Blogging programs declare English for whoever has not told them better. The script betrays them.
function languageOf(declared: string | undefined, text: string, usual: string | undefined): string {
  const tag = languageTag(declared);
  const told = detectLanguage(text, tag ?? usual);
  return tag !== undefined && scriptOf(tag) === scriptOf(told) ? tag : told;
}

function scriptOf(tag: string): string | undefined {
  return new Intl.Locale(tag).maximize().script;
}

const NO_TAG =
  /^(?:uncategori[sz]ed|allgemein|non class[ée]|sin categor[íi]a|senza categoria|geen categorie|без рубрики|未分类|未分類)$/i;

function tagsOf(written: readonly string[]): string[] {
  const tags = written.map((tag) => toLine({ value: tag, is: "either" }));
  return [...new Set(tags)].filter((tag) => tag !== "" && tag.length <= 80 && !NO_TAG.test(tag));
}

function picturesOf(
  { image }: ParsedItem,
  { images }: Fragment,
  base: string | undefined,
): Article["images"] {
  const src = httpAddress(image?.src, base);
  if (!image || src === undefined || images.length > 0) return images;
  return [{ ...image, src }];
}

// Under these many words, an element meant for a whole story has a link and a line, and one meant for a
// summary may hold a summary.
const FEWEST_IN_CONTENT = 40;
const FEWEST_IN_SUMMARY = 150;

interface Told {
  readonly text: string;
  /** Whether it is in the element that its format has for the whole story. */
  readonly isContent: boolean;
  /** Whether something in it sends the reader on to the rest. */
  readonly sendsOn: boolean;
}

/** Whether a feed told the whole story, so that its page need not be fetched. */
function isWhole({ text, isContent, sendsOn }: Told): boolean {
  if (sendsOn || isCutShort(text)) return false;
  return countWords(text) >= (isContent ? FEWEST_IN_CONTENT : FEWEST_IN_SUMMARY);
}

/** An address in a longer one is looked for again and again. */
const LONGEST_AUTHOR = 1000;

/** The names of people in what feeds give as authors; mail addresses, which are nobody's byline, left out. */
function peopleIn(authors: readonly string[]): string[] {
  const people = authors.flatMap(
    (author) =>
      names(withoutAddress(toLine({ value: author.slice(0, LONGEST_AUTHOR), is: "either" }))) ?? [],
  );
  return [...new Set(people.map(withoutPlace))];
}

// "Ana Ruiz in Lisbon"
function withoutPlace(name: string): string {
  return name.replace(/^(\p{Lu}\S+(?:\s\S+){1,3})\s+in\s+\p{Lu}[\p{L} -]{1,40}$/u, "$1");
}

// "ana@example.org (Ana Ruiz)", "Ana Ruiz <ana@example.org>", "Ana Ruiz (ana@example.org)", "ana@example.org"
function withoutAddress(author: string): string {
  const named = /^\S+@\S+\s+\(([^()]+)\)$/.exec(author)?.[1];
  return oneLine(
    (named ?? author).replace(
      /[<([]?(?:mailto:)?[^\s<>()[\]@]+@[^\s<>()[\]@]+\.[^\s<>()[\]@]+[>)\]]?/g,
      " ",
    ),
  );
}
