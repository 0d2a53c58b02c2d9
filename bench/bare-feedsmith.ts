/** feedsmith as one would use it without us, for the feed benchmark: `parse(bytes)`. */
import { parseFeed } from "feedsmith";

type Fields = Readonly<Record<string, unknown>>;

/** A feed in the fields that the benchmark asks for. */
export function parse(bytes: Uint8Array): Fields {
  const { feed, format } = parseFeed(new TextDecoder().decode(bytes));
  if (format === "atom") {
    return {
      title: feed.title?.value,
      link: feed.links?.[0]?.href,
      description: feed.subtitle?.value,
      items: (feed.entries ?? []).map(
        ({ id, title, links, summary, content, published, updated, authors }) => ({
          id,
          title: title?.value,
          link: links?.[0]?.href,
          text: summary?.value,
          content: content?.value,
          date: published ?? updated,
          author: authors?.[0]?.name,
        }),
      ),
    };
  }
  if (format === "json")
    return { title: feed.title, link: feed.home_page_url, items: feed.items ?? [] };
  const items: readonly RssItem[] = feed.items ?? [];
  return {
    title: feed.title,
    link: feed.link,
    description: feed.description,
    items: items.map(({ title, link, guid, description, content, pubDate, dc, authors }) => ({
      id: guid?.value,
      title,
      link,
      text: description,
      content: content?.encoded,
      date: pubDate ?? dc?.dates?.[0],
      author: authors?.[0]?.name ?? dc?.creators?.[0],
    })),
  };
}

interface RssItem {
  readonly title?: string;
  readonly link?: string;
  readonly guid?: { readonly value?: string };
  readonly description?: string;
  readonly content?: { readonly encoded?: string };
  readonly pubDate?: string;
  readonly dc?: { readonly dates?: string[]; readonly creators?: string[] };
  readonly authors?: { readonly name?: string }[];
}
