import { pictureAt } from "./item-picture.ts";
import type { JsonAuthor, JsonFeed, JsonItem } from "./feedsmith.ts";
import { markup, type ParsedFeed, type ParsedItem } from "./parsed-feed.ts";

/** What a JSON Feed says, 1.0 and 1.1 (jsonfeed.org). */
export function fromJson(feed: JsonFeed): ParsedFeed {
  const authors = namesOf(feed.authors);
  return {
    title: markup(feed.title, "text"),
    link: feed.home_page_url,
    self: feed.feed_url,
    description: markup(feed.description, "text"),
    language: feed.language,
    items: (feed.items ?? []).map((item) => fromItem(item, authors)),
  };
}

function fromItem(item: JsonItem, feedAuthors: readonly string[]): ParsedItem {
  const authors = namesOf(item.authors);
  return {
    guid: item.id,
    title: markup(item.title, "either"),
    link: item.url ?? item.external_url,
    content: markup(item.content_html, "html") ?? markup(item.content_text, "text"),
    summary: markup(item.summary, "text"),
    date: item.date_published ?? item.date_modified,
    authors: authors.length > 0 ? authors : feedAuthors,
    tags: item.tags ?? [],
    image: pictureAt(item.image ?? item.banner_image),
    language: item.language,
  };
}

function namesOf(people: readonly JsonAuthor[] = []): string[] {
  return people.flatMap(({ name }) => name ?? []);
}
