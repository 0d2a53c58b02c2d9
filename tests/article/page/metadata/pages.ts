import { boundMarkup } from "../../../../src/article/page/bound-markup.ts";
import {
  readMetadata,
  type Metadata,
} from "../../../../src/article/page/metadata/read-metadata.ts";
import { parsePage } from "../../../../src/article/page/page-dom.ts";

/** The metadata of a page with the given head and body. */
export function metadataOf(head: string, body = "", location = "page.html"): Metadata {
  const markup = `<!DOCTYPE html><html><head>${head}</head><body>${body}</body></html>`;
  const { html, jsonLd } = boundMarkup(markup);
  return readMetadata(parsePage(html), jsonLd, location);
}

export function jsonLd(thing: unknown): string {
  return `<script type="application/ld+json">${typeof thing === "string" ? thing : JSON.stringify(thing)}</script>`;
}
