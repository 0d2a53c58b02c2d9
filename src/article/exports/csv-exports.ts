import type { ReadOptions, Source } from "../article.ts";
import { text, truth, list } from "../field-values.ts";
import type { Fields } from "../front-matter.ts";
import { composePosts, type Post, type Export } from "./compose-post.ts";
import { pictureAt } from "../feed/parsed-feed.ts";
import { createRequire } from "node:module";
import type * as CsvParse from "csv-parse/sync";
import { refusal } from "../refusal.ts";

/**
 * Reads a Substack export: `posts.csv`, and the HTML in `posts/<post_id>.html`, by file name. Pages and threads are
 * left out.
 * @throws BroadsheetError CONTENT_UNSUPPORTED if the CSV cannot be read
 */
export function readSubstackExport(
  posts: Source,
  bodies: ReadonlyMap<string, string>,
  options: ReadOptions = {},
): Export {
  const all = csvRows(posts).map((row) => toSubstackPost(row, bodies));
  return composePosts(all, posts, options);
}

/** The names of the files in `posts/` that a `posts.csv` lists. */
export function substackFiles(posts: Source): string[] {
  return csvRows(posts).flatMap((row) => fileOf(row) ?? []);
}

// The id of a post becomes a file name, so it must not lead out of the folder.
function fileOf(row: Fields): string | undefined {
  const id = text(row.get("post_id")) ?? "";
  return /^[\w-]+(?:\.[\w-]+)*$/.test(id) ? `${id}.html` : undefined;
}

const NOT_STORIES: ReadonlyMap<string, string> = new Map([
  ["page", "a page, not a post"],
  ["thread", "a discussion thread, not a post"],
]);

function toSubstackPost(row: Fields, bodies: ReadonlyMap<string, string>): Post {
  const html = bodies.get(fileOf(row) ?? "");
  const missing = html === undefined ? "a post whose HTML is not in the posts folder" : undefined;
  return {
    title: text(row.get("title")) ?? "",
    html: html ?? "",
    date: text(row.get("post_date")) ?? text(row.get("email_sent_at")),
    description: text(row.get("subtitle")),
    isDraft: truth(row.get("is_published")) !== true,
    notStory: NOT_STORIES.get(text(row.get("type")) ?? "") ?? missing,
  };
}

/**
 * Reads a Beehiiv export: one CSV with a column of HTML.
 * @throws BroadsheetError CONTENT_UNSUPPORTED if the CSV cannot be read
 */
export function readBeehiivExport(source: Source, options: ReadOptions = {}): Export {
  return composePosts(csvRows(source).map(toBeehiivPost), source, options);
}

function toBeehiivPost(row: Fields): Post {
  const image = pictureAt(text(row.get("thumbnail_url")));
  return {
    title: text(row.get("web_title")) ?? text(row.get("title")) ?? "",
    html: asIs(row.get("content_html")),
    url: text(row.get("url")),
    authors: list(row.get("authors")) ?? [],
    date: text(row.get("published_at")) ?? text(row.get("created_at")),
    description: text(row.get("web_subtitle")),
    tags: list(row.get("content_tags")) ?? [],
    image: image && /^https?:/i.test(image.src) ? image : undefined,
    isDraft: !/^(?:confirmed|published|sent)$/i.test(text(row.get("status")) ?? "confirmed"),
  };
}

// HTML keeps its line breaks, because code in it depends on them.
function asIs(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/**
 * The rows of a CSV file (RFC 4180), by the lower-case names in its first line. The first line also decides between
 * comma, semicolon and tab.
 * @throws BroadsheetError CONTENT_UNSUPPORTED, with the line, if a quote is never closed
 */
export function csvRows({ body, location }: Source): Fields[] {
  const { parse }: typeof CsvParse = createRequire(import.meta.url)("csv-parse/sync");
  try {
    const [names = [], ...cells]: string[][] = parse(body, {
      bom: true,
      delimiter: delimiterOf(body),
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
    });
    const keys = names.map((name) => name.trim().toLowerCase());
    return cells.map((row) => new Map(keys.map((key, index) => [key, row[index] ?? ""])));
  } catch (cause) {
    throw brokenCsv(location, cause);
  }
}

function delimiterOf(body: string): string {
  const [header = ""] = body.split(/\r?\n|\r/, 1);
  const counts = [",", ";", "\t"].map((mark) => ({ mark, count: header.split(mark).length }));
  return counts.sort((a, b) => b.count - a.count)[0]?.mark ?? ",";
}

function brokenCsv(location: string, cause: unknown) {
  const hasLine = cause instanceof Error && "lines" in cause && typeof cause.lines === "number";
  const line = hasLine ? Number(cause.lines) : undefined;
  const reason = cause instanceof Error ? cause.message : String(cause);
  const fix = "export it again, and do not edit it in a spreadsheet";
  return refusal(location, `is not a readable CSV file: ${reason}`, fix, { line, cause });
}
