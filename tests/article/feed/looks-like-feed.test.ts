import { describe, expect, it } from "vitest";
import { looksLikeFeed } from "../../../src/article/sniff-format.ts";
import { atom, rss } from "./feeds.ts";

describe("a feed is told by how it begins", () => {
  it.each([
    ["RSS", rss("")],
    ["Atom", atom("")],
    ["RDF", '<rdf:RDF xmlns:rdf="x">'],
    ["CDF", '<CHANNEL HREF="x">'],
    ["a prefix", '<r:rss xmlns:r="x">'],
    ["a byte order mark and blank lines", `\ufeff\n\n${rss("")}`],
    [
      "style sheets, comments and a document type",
      `<?xml version="1.0"?><?xml-stylesheet href="a"?><!-- <html> --><!DOCTYPE rss SYSTEM "x">\n<rss>`,
    ],
    ["JSON Feed", '{ "title": "T", "version": "https://jsonfeed.org/version/1.1" }'],
  ])("%s", (_, body) => {
    expect(looksLikeFeed(body)).toBe(true);
  });

  it.each([
    ["a page", "<!doctype html><html>"],
    ["another XML", '<?xml version="1.0"?><urlset>'],
    ["another JSON", '{"version":"1.0.0"}'],
    ["a text about feeds", "An <rss> element starts a feed."],
    ["nothing", ""],
  ])("but not %s", (_, body) => {
    expect(looksLikeFeed(body)).toBe(false);
  });
});
