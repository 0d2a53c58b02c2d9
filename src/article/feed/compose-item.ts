import type { Article } from "../article.ts";
import { boundArticle } from "../bound-article.ts";
import type { ReadOptions } from "../compose-article.ts";
import { detectLanguage } from "../detect-language.ts";
import { languageTag } from "../field-values.ts";
import { readHtmlFragment, type Fragment, leadsOn } from "../fragment.ts";
import { ownDescription } from "../own-description.ts";
import { parseDate } from "../dates.ts";
import { isWhole } from "./completeness.ts";
import { httpAddress } from "./addresses.ts";
import { toBodyHtml, toLine } from "./markup-text.ts";
import type { Markup, ParsedItem } from "./formats/parsed-feed.ts";
import { peopleIn } from "./people.ts";

/** What all items of a feed have from it. */
export interface FeedFrame {
  readonly title: string;
  readonly language?: string | undefined;
  /** What relative addresses in it are resolved against. */
  readonly base?: string | undefined;
  readonly location: string;
}

export interface ComposedItem {
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
