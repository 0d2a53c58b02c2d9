import { pictureAt } from "../feed/formats/item-picture.ts";
import type { Source } from "../article.ts";
import { list, text } from "../field-values.ts";
import type { Fields } from "../front-matter.ts";
import { composePosts, type Post } from "./compose-post.ts";
import { csvRows } from "./csv-rows.ts";
import type { Export, ExportOptions } from "./export.ts";

/**
 * The posts in a Beehiiv export, one CSV with the HTML in a column of its own.
 * @throws BroadsheetError CONTENT_UNSUPPORTED where the CSV cannot be read
 */
export function readBeehiivExport(source: Source, options: ExportOptions = {}): Export {
  return composePosts(csvRows(source).map(toPost), source, options);
}

function toPost(row: Fields): Post {
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

// HTML keeps its line breaks, which are all that code in it has.
function asIs(value: unknown): string {
  return typeof value === "string" ? value : "";
}
