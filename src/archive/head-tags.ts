import type { Site } from "./sent-issue.ts";
import { escapeHtml } from "../platform/references.ts";
import { CONTENT_SECURITY_POLICY } from "./look.ts";

interface PageFacts {
  readonly title: string;
  readonly description: string;
  /** The path below the site's address, such as `2026-W48/`. */
  readonly path: string;
  /** The relative path from the page to the site's address: `../`. */
  readonly root: string;
  /** The name of the newsletter. */
  readonly name: string;
  /** The time at which the issue was sent. Absent for other pages. */
  readonly sentAt?: Date | undefined;
  /** The address of a picture. */
  readonly image?: string | undefined;
}

/** A text in every file that `archive` writes. A file without it is not replaced. */
export const MARK = "made by broadsheet archive";

/** The tags in the head of a page, for browsers, search engines and link previews (https://ogp.me). */
export function headTags({ url }: Site, page: PageFacts): string {
  const { title, description, path, root, name, sentAt, image } = page;
  const address = `${url}/${path}`;
  const named = [
    ["name", "referrer", "no-referrer"],
    ["name", "generator", MARK],
    ["name", "description", description],
    ["property", "og:type", sentAt ? "article" : "website"],
    ["property", "og:site_name", name],
    ["property", "og:title", title],
    ["property", "og:description", description],
    ["property", "og:url", address],
    ["property", "og:image", image && `${url}/${image}`],
    ["property", "article:published_time", sentAt?.toISOString()],
    ["name", "twitter:card", image && "summary_large_image"],
  ] as const;
  return [
    `<meta charset="utf-8">`,
    `<meta http-equiv="Content-Security-Policy" content="${CONTENT_SECURITY_POLICY}">`,
    `<title>${escapeHtml(title)}</title>`,
    ...named.flatMap(([kind, key, value]) =>
      value ? [`<meta ${kind}="${key}" content="${escapeHtml(value)}">`] : [],
    ),
    `<link rel="canonical" href="${escapeHtml(address)}">`,
    feedLink("application/atom+xml", `${root}feed.xml`, name),
    feedLink("application/feed+json", `${root}feed.json`, name),
  ].join("\n");
}

function feedLink(type: string, href: string, title: string): string {
  return `<link rel="alternate" type="${type}" title="${escapeHtml(title)}" href="${href}">`;
}
