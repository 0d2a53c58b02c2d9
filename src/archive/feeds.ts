import { writeAtomFeed, writeJsonFeed } from "../article/feed/feedsmith.ts";
import { labelsFor } from "../email/labels.ts";
import { anchor, escapeHtml } from "../platform/references.ts";
import { MARK } from "./head-tags.ts";
import type { Site, SentIssue } from "./sent-issue.ts";

/** Feed readers keep older issues. */
const MOST_ISSUES = 20;

/** All issues, at least one, with the latest first. */
export type Issues = readonly [SentIssue, ...SentIssue[]];

/** The feed as Atom (RFC 4287), with the headlines and gists of each issue. */
export function atomFeed(issues: Issues, { url }: Site): string {
  const [{ publication, language, sentAt }] = issues;
  return writeAtomFeed({
    xml: { lang: language },
    id: `${url}/`,
    title: { value: publication.name },
    ...(publication.tagline && { subtitle: { value: publication.tagline } }),
    updated: sentAt,
    authors: [{ name: publication.name }],
    generator: { text: MARK },
    links: [
      { rel: "alternate", type: "text/html", href: `${url}/` },
      { rel: "self", type: "application/atom+xml", href: `${url}/feed.xml` },
    ],
    entries: issues.slice(0, MOST_ISSUES).map((issue) => ({
      id: `${url}/${issue.slot}/`,
      title: { value: issue.title },
      links: [{ rel: "alternate", type: "text/html", href: `${url}/${issue.slot}/` }],
      published: issue.sentAt,
      updated: issue.sentAt,
      summary: { value: issue.description },
      content: { type: "html", value: contentOf(issue, url) },
      xml: { lang: issue.language },
    })),
  });
}

/** The feed as JSON Feed (https://www.jsonfeed.org/version/1.1/). */
export function jsonFeed(issues: Issues, { url }: Site): string {
  const [{ publication, language }] = issues;
  return writeJsonFeed({
    title: publication.name,
    ...(publication.tagline && { description: publication.tagline }),
    home_page_url: `${url}/`,
    feed_url: `${url}/feed.json`,
    user_comment: MARK,
    language,
    authors: [{ name: publication.name }],
    items: issues.slice(0, MOST_ISSUES).map((issue) => ({
      id: `${url}/${issue.slot}/`,
      url: `${url}/${issue.slot}/`,
      title: issue.title,
      summary: issue.description,
      content_html: contentOf(issue, url),
      date_published: issue.sentAt,
      language: issue.language,
    })),
  });
}

function contentOf({ slot, description, stories, language }: SentIssue, site: string): string {
  const told = stories.map(({ title, gist, url }) => {
    const headline = url === undefined ? escapeHtml(title) : anchor(url, title);
    return `<h2>${headline}</h2>${gist === title ? "" : `<p>${escapeHtml(gist)}</p>`}`;
  });
  const more = anchor(`${site}/${slot}/`, labelsFor(language).archive.readIssue);
  return `<p>${escapeHtml(description)}</p>${told.join("")}<p>${more}</p>`;
}

/** The sitemap: the address of each page with the time of its last issue (https://www.sitemaps.org/protocol.html). */
export function sitemap(pages: ReadonlyMap<string, Date>, { url }: Site): string {
  const entries = Array.from(
    pages,
    ([path, at]) =>
      `<url><loc>${escapeHtml(`${url}/${path}`)}</loc><lastmod>${at.toISOString()}</lastmod></url>\n`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<!-- ${MARK} -->
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
${entries.join("")}</urlset>
`;
}
