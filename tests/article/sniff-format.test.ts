import { describe, expect, it } from "vitest";
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
  ["feed", '{ "title": "T", "version": "https://jsonfeed.org/version/1.1" }', "feed"],
  ["feed", '<rdf:RDF xmlns:rdf="x">', "feed"],
  ["feed", '<CHANNEL HREF="x">', "feed"],
  ["feed", '<r:rss xmlns:r="x">', "feed"],
  ["feed", "\ufeff\n\n<rss>", "feed"],
  ["feed", '<?xml version="1.0"?><?xml-stylesheet href="a"?><!-- <html> -->\n<rss>', "feed"],
  ["feed", '<!DOCTYPE rss SYSTEM "x">\n<rss>', "feed"],
  ["-", "An <rss> element starts a feed.", "text"],
  ["page.xml", '<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><body>', "html"],
  ["-", "{sic} is what an editor writes where a writer's slip is kept.", "text"],
  ["-", "[1] is how this note begins, and it is no list.", "text"],
  ["-", "# A heading\n\nSee [this](https://a.example).", "markdown"],
  ["-", "He said > she said, and #1 was it. 2 * 3 * 4.", "text"],
  ["notes", "> quoted mail\n\nA plain answer.", "text"],
])("%s with %j is %s", (location, text, format) => {
  expect(sniffFormat(text, location)).toBe(format);
});

describe("what holds no article is refused under the name of a feed or an export", () => {
  it.each([
    ["notes.json", "not json {", /^notes\.json is neither a JSON Feed nor an export from Ghost/],
    ["package.json", '{ "name": "harbour" }', /neither a JSON Feed nor/],
    ["version.json", '{ "version": "1.0.0" }', /neither a JSON Feed nor/],
    ["words.json", "Plain words, which any file may hold.", /neither a JSON Feed nor/],
    ["-", '[{ "title": "Tide tables" }]', /neither a JSON Feed nor/],
    ["https://paper.example/api?page=1", '{"posts": []}', /neither a JSON Feed nor/],
    ["tides.csv", "day,high water\nMonday,6:12", /export neither from Substack nor from Beehiiv/],
    ["garbage.xml", "not xml <", /neither RSS nor Atom nor a page/],
    ["settings.xml", "<settings><width>3</width></settings>", /neither RSS nor Atom nor a page/],
  ])("%s with %j", (location, text, message) => {
    expect(() => sniffFormat(text, location)).toThrow(
      expect.objectContaining({
        code: "CONTENT_UNSUPPORTED",
        message: expect.stringMatching(message),
        fix: expect.stringMatching(/^take it out, or (?:fetch|export) it once more/),
        where: { file: location },
      }),
    );
  });
});
