import { expect, it } from "vitest";
import { sniffFormat } from "../../src/article/sniff-format.ts";

it.each([
  ["story.md", "Plain words.", "markdown"],
  ["STORY.MARKDOWN", "Plain words.", "markdown"],
  ["story.txt", "# not a heading here\n\n**not bold**", "text"],
  ["https://paper.example/story.md?raw=1#top", "Plain words.", "markdown"],
  ["story.txt", "<!DOCTYPE html>\n<html><body>", "html"],
  ["-", "\ufeff\n<html lang=en>", "html"],
  ["feed.txt", '<?xml version="1.0"?>\n<rss version="2.0">', "feed"],
  ["feed.xml", "<!-- made by hand --><feed xmlns='http://www.w3.org/2005/Atom'>", "feed"],
  ["feed.json", '{ "version": "https://jsonfeed.org/version/1.1" }', "feed"],
  ["-", "# A heading\n\nSee [this](https://a.example).", "markdown"],
  ["-", "He said > she said, and #1 was it. 2 * 3 * 4.", "text"],
  ["notes", "> quoted mail\n\nA plain answer.", "text"],
])("%s with %j is %s", (location, text, format) => {
  expect(sniffFormat(text, location)).toBe(format);
});
