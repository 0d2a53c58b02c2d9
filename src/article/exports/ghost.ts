import type { Image, ReadOptions, Source } from "../article.ts";
import { toLine } from "../feed/parsed-feed.ts";
import { text, truth } from "../field-values.ts";
import { entriesOf, isRecord, type Fields } from "../front-matter.ts";
import { refusal } from "../refusal.ts";
import { toHtml } from "../sanitise-html.ts";
import { toBlocks } from "../plain-text/blocks.ts";
import { composePosts, type Post, type Export } from "./compose-post.ts";
import { parseJson } from "../../platform/attempt.ts";

/**
 * Reads a Ghost export (the JSON of Settings → Export). Pages are left out.
 * @throws BroadsheetError CONTENT_UNSUPPORTED for JSON that is not a Ghost export
 */
export function readGhostExport(source: Source, options: ReadOptions = {}): Export {
  const tables = tablesOf(source);
  const settings = new Map(
    tables("settings").map((row) => [text(row.get("key")), text(row.get("value"))]),
  );
  const shared = {
    site: settings.get("title"),
    language: settings.get("locale") ?? settings.get("lang"),
  };
  const meta = new Map(tables("posts_meta").map((row) => [text(row.get("post_id")), row]));
  const authors = linked(tables("posts_authors"), "author_id", tables("users"));
  const tags = linked(tables("posts_tags"), "tag_id", tables("tags"));
  const toPost = (post: Fields): Post => {
    const id = text(post.get("id")) ?? "";
    return {
      ...shared,
      ...storyOf(post),
      authors: authors(id),
      // "#name" is an internal tag of Ghost.
      tags: tags(id).filter((tag) => !tag.startsWith("#")),
      image: pictureOf(post, meta.get(id)),
    };
  };
  return composePosts(tables("posts").map(toPost), source, options);
}

type Tables = (name: string) => Fields[];

function tablesOf({ body, location }: Source): Tables {
  const [database] = listIn(parseJson(body.replace(/^\ufeff/, "")), "db");
  const data = isRecord(database) ? new Map(entriesOf(database)).get("data") : undefined;
  if (listIn(data, "posts").length === 0)
    throw refusal(
      location,
      "is JSON, but not a Ghost export with posts",
      "in Ghost, open Settings, Import/Export, and export the content",
    );
  return (name) =>
    listIn(data, name)
      .filter(isRecord)
      .map((row) => new Map(entriesOf(row)));
}

function listIn(value: unknown, key: string): unknown[] {
  const list = isRecord(value) ? new Map(entriesOf(value)).get(key) : undefined;
  return Array.isArray(list) ? (list as unknown[]) : [];
}

function storyOf(post: Fields): Omit<Post, "authors" | "tags" | "image"> {
  const isPage = text(post.get("type")) === "page" || truth(post.get("page")) === true;
  const status = text(post.get("status")) ?? "published";
  return {
    title: text(post.get("title")) ?? "",
    html: bodyOf(post),
    url: text(post.get("canonical_url")),
    date: text(post.get("published_at")) ?? text(post.get("created_at")),
    description: text(post.get("custom_excerpt")),
    isDraft: status !== "published" && status !== "sent",
    ...(isPage ? { notStory: "a page, not a post" } : {}),
  };
}

// Ghost stores a placeholder for the address of its own site, which no export has.
function bodyOf(post: Fields): string {
  const { html, plaintext } = Object.fromEntries(post);
  if (typeof html === "string" && html.trim() !== "") return html.replaceAll("__GHOST_URL__", "");
  return typeof plaintext === "string"
    ? toHtml(toBlocks(plaintext).map((block) => block.text))
    : "";
}

function pictureOf(post: Fields, meta: Fields | undefined): Image | undefined {
  const src = text(post.get("feature_image")) ?? text(post.get("image")) ?? "";
  if (!/^https?:\/\//i.test(src)) return undefined;
  const detail = (name: string): string =>
    toLine({ value: text(meta?.get(name)) ?? "", is: "either" });
  const caption = detail("feature_image_caption");
  return { src, alt: detail("feature_image_alt"), ...(caption === "" ? {} : { caption }) };
}

/** Returns the names that a join table links to the id of a post, in the table's order. */
function linked(
  joins: readonly Fields[],
  key: string,
  rows: readonly Fields[],
): (post: string) => string[] {
  const names = new Map(rows.map((row) => [text(row.get("id")), text(row.get("name"))]));
  const byPost = Map.groupBy(joins, (join) => text(join.get("post_id")) ?? "");
  return (post) =>
    [...(byPost.get(post) ?? [])]
      .sort((a, b) => orderOf(a) - orderOf(b))
      .flatMap((join) => names.get(text(join.get(key))) ?? []);
}

function orderOf(join: Fields): number {
  return Number(text(join.get("sort_order")) ?? 0);
}
