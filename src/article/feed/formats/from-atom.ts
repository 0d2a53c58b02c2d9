import type { AtomEntry, AtomFeed, AtomLink, AtomPerson, AtomText } from "./feedsmith.ts";
import { itemPicture } from "./item-picture.ts";
import { markup, type Markup, type ParsedFeed, type ParsedItem } from "./parsed-feed.ts";

/** What an Atom feed says, 1.0 (RFC 4287) and 0.3. */
export function fromAtom(feed: AtomFeed): ParsedFeed {
  const authors = namesOf(feed.authors);
  return {
    title: textOf(feed.title),
    link: alternate(feed.links),
    self: feed.links?.find(({ rel }) => rel === "self")?.href,
    description: textOf(feed.subtitle),
    language: feed.xml?.lang,
    base: feed.xml?.base,
    items: (feed.entries ?? []).map((entry) => fromEntry(entry, authors)),
  };
}

function fromEntry(entry: AtomEntry, feedAuthors: readonly string[]): ParsedItem {
  const { content, media, dc } = entry;
  // RFC 4287 §4.2.1: an entry without authors has those of its source, else those of the feed.
  const authors = [
    namesOf(entry.authors),
    dc?.creators ?? [],
    namesOf(entry.source?.authors),
    feedAuthors,
  ];
  const summary = textOf(entry.summary) ?? mediaDescription(entry);
  return {
    guid: entry.id,
    title: textOf(entry.title) ?? markup(dc?.titles?.[0] ?? media?.title?.value, "either"),
    link:
      alternate(entry.links) ?? (/^https?:/i.test(content?.src ?? "") ? content?.src : undefined),
    content: markup(
      content?.value,
      kindOf(content?.type) === "text" ? "either" : kindOf(content?.type),
    ),
    summary,
    date: entry.published ?? dc?.dates?.[0] ?? entry.updated,
    authors: authors.find((names) => names.length > 0) ?? [],
    tags: (entry.categories ?? []).flatMap(({ label, term }) => label ?? term ?? []),
    image: itemPicture(
      media,
      (entry.links ?? []).filter(({ rel }) => rel === "enclosure").map(enclosed),
    ),
    language: content?.xml?.lang ?? entry.xml?.lang,
    base: entry.xml?.base,
    contentBase: content?.xml?.base,
  };
}

function mediaDescription({ media }: AtomEntry): Markup | undefined {
  return markup(media?.description?.value ?? media?.groups?.[0]?.description?.value, "either");
}

function enclosed({ href, type }: AtomLink): { url?: string; type?: string } {
  return { ...(href === undefined ? {} : { url: href }), ...(type === undefined ? {} : { type }) };
}

// The page for readers: "alternate", which is also what a link without a relation is, and of several the HTML.
function alternate(links: readonly AtomLink[] = []): string | undefined {
  const pages = links.filter(
    ({ rel }) => rel === undefined || /^alternate$|\/alternate$/i.test(rel),
  );
  const page = pages.find(({ type = "text/html" }) => /html/i.test(type)) ?? pages[0];
  return page?.href;
}

function namesOf(people: readonly AtomPerson[] = []): string[] {
  return people.flatMap(({ name, email }) => name ?? email ?? []);
}

function textOf(text: AtomText | undefined): Markup | undefined {
  return markup(text?.value, kindOf(text?.type));
}

// Atom 0.3 has media types. Where none is given, plain text is meant, and HTML is often written.
function kindOf(type: string | undefined): Markup["is"] {
  if (type === undefined) return "either";
  return /html|xml/i.test(type) ? "html" : "text";
}
