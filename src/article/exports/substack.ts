import type { Source } from "../article.ts";
import { text, truth } from "../field-values.ts";
import type { Fields } from "../front-matter.ts";
import { composePosts, type Post } from "./compose-post.ts";
import { csvRows } from "./csv-rows.ts";
import type { Export, ExportOptions } from "./export.ts";

/**
 * The posts in a Substack export: `posts.csv`, and the HTML of `posts/<post_id>.html` by those file names.
 * Pages and threads are not among them.
 * @throws BroadsheetError CONTENT_UNSUPPORTED where the CSV cannot be read
 */
export function readSubstackExport(
  posts: Source,
  bodies: ReadonlyMap<string, string>,
  options: ExportOptions = {},
): Export {
  const rows = csvRows(posts);
  return composePosts(
    rows.map((row) => toPost(row, bodies, options.site)),
    posts,
    options,
  );
}

/** The names of the files in `posts/` that a `posts.csv` speaks of. */
export function substackFiles(posts: Source): string[] {
  return csvRows(posts).flatMap((row) => fileOf(row) ?? []);
}

// The id of a post becomes the name of a file that is opened, so it may hold no way out of the folder.
function fileOf(row: Fields): string | undefined {
  const id = text(row.get("post_id")) ?? "";
  return /^[\w-]+(?:\.[\w-]+)*$/.test(id) ? `${id}.html` : undefined;
}

const NOT_STORIES: ReadonlyMap<string, string> = new Map([
  ["page", "a page, not a post"],
  ["thread", "a discussion thread, not a post"],
]);

function toPost(row: Fields, bodies: ReadonlyMap<string, string>, site: string | undefined): Post {
  const html = bodies.get(fileOf(row) ?? "");
  // "123401.plain-text": the number, and the end of the post's address.
  const slug = /^\d+\.(.+)$/.exec(text(row.get("post_id")) ?? "")?.[1];
  const missing = html === undefined ? "a post whose HTML is not in the posts folder" : undefined;
  return {
    title: text(row.get("title")) ?? "",
    html: html ?? "",
    url:
      site === undefined || slug === undefined ? undefined : `${site.replace(/\/$/, "")}/p/${slug}`,
    date: text(row.get("post_date")) ?? text(row.get("email_sent_at")),
    description: text(row.get("subtitle")),
    isDraft: truth(row.get("is_published")) !== true,
    notStory: NOT_STORIES.get(text(row.get("type")) ?? "") ?? missing,
  };
}
