import { UNDECLARED } from "../declared.ts";
import { BroadsheetError } from "../../errors.ts";
import type { Article, Dropped, Image, Source, ReadOptions } from "../article.ts";
import { oneLine } from "../clean-text.ts";
import { composeArticle, unlessBroken } from "../compose-article.ts";
import { httpUrl, languageTag } from "../field-values.ts";
import { toLine } from "../feed/parsed-feed.ts";
import { readHtmlFragment } from "../fragment.ts";
import { judgeText } from "../reading.ts";
import { parseDate } from "../dates.ts";

export interface Post {
  readonly title: string;
  readonly html: string;
  readonly url?: string | undefined;
  readonly site?: string | undefined;
  readonly authors?: readonly string[];
  readonly date?: string | undefined;
  readonly description?: string | undefined;
  readonly tags?: readonly string[];
  readonly image?: Image | undefined;
  readonly language?: string | undefined;
  readonly isDraft: boolean;
  /** Why the post is not a story, whatever its HTML. */
  readonly notStory?: string | undefined;
}

/** Composes the posts of an export into articles. Posts without a story go to `dropped`. */
export function composePosts(posts: readonly Post[], source: Source, options: ReadOptions): Export {
  const articles: Article[] = [];
  const dropped: Dropped[] = [];
  for (const post of posts) {
    const compose = () => post.notStory ?? composePost(post, source, options);
    const composed = unlessBroken(post.title, options, compose);
    if (composed === undefined) continue;
    if (typeof composed === "string")
      dropped.push({ text: toLine({ value: post.title, is: "either" }), reason: composed });
    else articles.push(composed);
  }
  return { articles, dropped };
}

function composePost(post: Post, source: Source, options: ReadOptions): Article | string {
  const title = toLine({ value: post.title, is: "either" });
  const authors = post.authors ?? [];
  const fragment = readHtmlFragment(post.html, post.url, { title, authors });
  const declared = {
    ...UNDECLARED,
    title,
    authors,
    publishedAt: parseDate(post.date ?? "", "Z"),
    language: languageTag(post.language),
    url: httpUrl(post.url),
    site: post.site,
    description: toLine({ value: post.description ?? "", is: "either" }) || undefined,
    tags: [...new Set((post.tags ?? []).map(oneLine))].filter(Boolean),
    images: post.image ? [post.image] : [],
    isDraft: post.isDraft,
  };
  const { text, dropped } = fragment;
  const reading = judgeText({ text, title, description: declared.description });
  const [shown, lost] = splitImages(fragment.images.filter(({ src }) => src !== post.image?.src));
  try {
    return composeArticle(
      source,
      declared,
      { ...fragment, title: "", images: shown, dropped: [...dropped, ...lost], reading },
      options,
    );
  } catch (error) {
    if (error instanceof BroadsheetError && error.code === "CONTENT_NO_STORY")
      return "a post without text";
    throw error;
  }
}

// Exports contain no pictures, so a relative address can't be resolved.
function splitImages(images: readonly Image[]): [Image[], Dropped[]] {
  const lost = images.filter((image) => !isShown(image));
  return [
    images.filter(isShown),
    lost.map(({ src }) => ({ text: src, reason: "a picture that the export does not contain" })),
  ];
}

function isShown({ src }: Image): boolean {
  return /^https?:/i.test(src);
}

/** The contents of an export of a publishing platform. */
export interface Export {
  /** The posts in order. An unpublished post is a draft. */
  readonly articles: readonly Article[];
  /** Titles of posts without a story. */
  readonly dropped: readonly Dropped[];
}
