import { atomFeed, jsonFeed, sitemap } from "./feeds.ts";
import type { Site, SentIssues } from "./sent-issue.ts";
import { issuePage } from "./issue-page.ts";
import { frontPage, yearOf, yearPage } from "./list-pages.ts";

/** A file of the site. */
export interface ArchiveFile {
  /** The media type. */
  readonly type: string;
  readonly content: string | Uint8Array;
}

/** Makes a file. Undefined if its issue or picture is gone. */
type Make = () => ArchiveFile | undefined | Promise<ArchiveFile | undefined>;

/**
 * The site of the sent issues: its files by their names, such as `2026-W48/index.html`. Each file is made when it is needed.
 * The static folder and the server show exactly these files. A page comes after the files that it links to. The same issues
 * give the same bytes.
 */
export async function archiveOf(sent: SentIssues, site: Site): Promise<ReadonlyMap<string, Make>> {
  const { issues } = await sent.list();
  const files = new Map<string, Make>();
  for (const [at, issue] of issues.entries()) {
    const { slot } = issue;
    for (const name of issue.pictures) {
      files.set(`${slot}/images/${name}`, async () => {
        const picture = await sent.picture(slot, name);
        return picture && { type: picture.contentType, content: picture.content };
      });
    }
    files.set(`${slot}/index.html`, async () => {
      const email = await sent.email(slot);
      const around = { previous: issues[at + 1], next: issues[at - 1] };
      return email && text("text/html", issuePage(issue, email, { ...site, ...around }));
    });
  }
  const years = Map.groupBy(issues, yearOf);
  for (const year of years.keys())
    files.set(`${year}/index.html`, () => text("text/html", yearPage(year, issues, site)));
  files.set("index.html", () => text("text/html", frontPage(issues, site)));
  const [latest, ...others] = issues;
  if (!latest) return files;
  const all = [latest, ...others] as const;
  const pages = new Map([
    ["", latest.sentAt] as const,
    ...[...years].map(([year, [first = latest]]) => [`${year}/`, first.sentAt] as const),
    ...issues.map(({ slot, sentAt }) => [`${slot}/`, sentAt] as const),
  ]);
  return files
    .set("feed.xml", () => text("application/atom+xml", atomFeed(all, site)))
    .set("feed.json", () => text("application/feed+json", jsonFeed(all, site)))
    .set("sitemap.xml", () => text("application/xml", sitemap(pages, site)));
}

function text(type: string, content: string): ArchiveFile {
  return { type: `${type}; charset=utf-8`, content };
}
