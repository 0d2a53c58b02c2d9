import type { Role } from "./fetch-outcome.ts";

/** What can be asked for: a role, or a site's rules. */
export type Wanted = Role | "robots";

/** What each is asked for with (RFC 9110 §12.5.1); anything else is better than nothing. */
export const ACCEPT: Readonly<Record<Wanted, string>> = {
  page: "text/html, application/xhtml+xml, text/markdown;q=0.9, text/plain;q=0.8, */*;q=0.1",
  feed: "application/feed+json, application/atom+xml, application/rss+xml, application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, text/html;q=0.4, */*;q=0.1",
  picture:
    "image/jpeg, image/png, image/gif, image/webp;q=0.9, image/avif;q=0.8, image/*;q=0.7, */*;q=0.1",
  robots: "text/plain, */*;q=0.1",
};

/** What isn't text, or isn't a picture where one is wanted, in words: "is a PDF, not a page". */
export const NOUNS: Readonly<Record<Wanted, string>> = {
  page: "a page",
  feed: "a feed",
  picture: "a picture",
  robots: "a text",
};
