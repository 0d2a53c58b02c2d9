import type { Article, Source } from "./article.ts";
import { composeArticle, type ReadOptions } from "./compose-article.ts";
import { boundMarkup, type BoundedMarkup } from "./html/bound-markup.ts";
import { languageOf } from "./html/metadata/page-language.ts";
import { isGate, noStoryOn, refuseBinary, refuseHuge, tooMuchMarkup } from "./html/no-story.ts";
import { parsePage } from "./html/page-dom.ts";
import { readPage, type Page } from "./html/read-page.ts";
import { ownDescription } from "./own-description.ts";

/**
 * The Article in a web page, or in a piece of HTML as exports and feeds have them. Menus, bylines,
 * pointers to other stories and the like are in `dropped`, captions apart; `html` has text markup
 * only, `text` its paragraphs, headings and list entries. Never runs a script, never loads
 * anything.
 * @throws BroadsheetError CONTENT_NO_STORY for menus, empty pages, and pages that want JavaScript;
 * CONTENT_BINARY, CONTENT_TOO_LARGE
 */
export function readHtml(source: Source, options: ReadOptions = {}): Article {
  refuseBinary(source.body, source.location);
  const markup = boundMarkup(source.body.toWellFormed());
  refuseHuge(markup.weight, source.location);
  const page = readBounded(markup, source.location);
  const hasStory = page.hasProse && !isGate(page.text, page.allText);
  if (!hasStory) throw noStoryOn(source.location, page.allText, page.metadata.feed);
  return toArticle(source, page, options);
}

// Nesting and weight are bounded above; this is for what a parser makes of markup that nobody
// thought of.
function readBounded(markup: BoundedMarkup, location: string): Page {
  try {
    return readPage(markup, location, parsePage);
  } catch (error) {
    if (error instanceof RangeError) throw tooMuchMarkup(location, error);
    throw error;
  }
}

function toArticle(source: Source, page: Page, options: ReadOptions): Article {
  const { metadata, text } = page;
  const { url, site, tags } = metadata;
  const title = metadata.isTitleSure ? metadata.title : (page.heading ?? metadata.title);
  const descriptions = [...(page.standfirst ? [page.standfirst] : []), ...metadata.descriptions];
  const declared = {
    title,
    authors: metadata.authors,
    publishedAt: metadata.publishedAt,
    language: languageOf(text, metadata.language, options.language),
    url,
    site,
    description: ownDescription(descriptions, title ?? "", text),
    tags,
    images: [],
    kind: "story" as const,
    isDraft: false,
    dropped: [],
  };
  const body = {
    title: "",
    authors: metadata.shownAuthors.length > 0 ? metadata.shownAuthors : page.authors,
    publishedAt: metadata.shownAt ?? page.publishedAt,
    text,
    html: page.html,
    images: page.images,
    captions: page.captions,
    dropped: page.dropped,
  };
  return composeArticle(source, declared, body, options);
}
