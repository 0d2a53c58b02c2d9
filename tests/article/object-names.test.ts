import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Article, Source, SourceFormat } from "../../src/article/article.ts";
import { readArticles } from "../../src/article/read-articles.ts";
import { digestSchema } from "../../src/digest/digest.ts";
import { parseDigest } from "../../src/digest/digest-json.ts";
import { roundUp } from "../fixtures.ts";
import { STORY } from "./articles.ts";

/** Names that every object has, or that parsers take for dangerous. */
const NAMES = [...Object.getOwnPropertyNames(Object.prototype), "prototype", "then"];
/** A name that nothing has. */
const PLAIN = "unheard-of";
const named = fc.constantFrom(...NAMES);

type Shape = (name: string) => string;

const json =
  (place: "feed" | "item" | "author"): Shape =>
  (name) => {
    const extra = (at: string) => (at === place ? `"${name}": { "a": 1 }, ` : "");
    const author = `{ ${extra("author")}"name": "Ida Holm" }`;
    const first = `{ ${extra("item")}"id": "1", "title": "One", "content_text": ${JSON.stringify(STORY)}, "authors": [${author}] }`;
    const second = `{ "id": "2", "title": "Two", "content_text": "The ferry sails." }`;
    return `{ "version": "https://jsonfeed.org/version/1.1", ${extra("feed")}"title": "F", "items": [${first}, ${second}] }`;
  };

const rss =
  (place: "root" | "channel" | "item" | "attribute"): Shape =>
  (name) => {
    const element = (at: string) => (at === place ? `<${name} a="1">x</${name}>` : "");
    const attribute = place === "attribute" ? ` ${name}="x"` : "";
    return `<rss version="2.0">${element("root")}<channel>${element("channel")}<title>F</title><item${attribute}><title>One</title><guid${attribute}>1</guid>${element("item")}<description>${STORY}</description></item><item><title>Two</title></item></channel></rss>`;
  };

const atom: Shape = (name) =>
  `<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title><${name}/><entry><id>1</id><${name}>x</${name}><title>One</title><content>${STORY}</content></entry><entry><id>2</id><title>Two</title></entry></feed>`;

const ghost: Shape = (name) =>
  JSON.stringify({
    db: [
      {
        meta: { version: "5.80.0" },
        data: {
          posts: [{ title: "One", html: `<p>${STORY}</p>`, status: "published", NAME: "x" }],
        },
      },
    ],
  }).replaceAll('"NAME"', JSON.stringify(name));

const beehiiv: Shape = (name) =>
  `id,web_title,status,url,content_html,created_at,${name}\n1,One,confirmed,https://h.example/p/one,<p>${STORY.replaceAll("\n", " ")}</p>,2026-06-01,x\n`;

const yaml: Shape = (name) => `---\ntitle: One\n${name}: x\nkicker: Water\n---\n${STORY}\n`;
const toml: Shape = (name) =>
  `+++\ntitle = "One"\n"${name}" = "x"\nkicker = "Water"\n+++\n${STORY}\n`;
const fields: Shape = (name) =>
  `;;;\n{"title": "One", "${name}": "x", "kicker": "Water"}\n;;;\n${STORY}\n`;
const linked: Shape = (name) =>
  `<!doctype html><title>One</title><script type="application/ld+json">{"@type":"NewsArticle","${name}":"x","headline":"One","author":{"${name}":1,"name":"Ida Holm"}}</script><article><h1>One</h1>${STORY.split(
    "\n\n",
  )
    .map((text) => `<p>${text}</p>`)
    .join("")}</article>`;

function articlesIn(format: SourceFormat, location: string, body: string): Partial<Article>[] {
  const source: Source = { format, location, body };
  // What was left out names the key.
  return readArticles(source).items.map(({ article }) => {
    const { dropped: _, ...rest } = article;
    return rest;
  });
}

describe("a key with a name that every object has changes no article", () => {
  test.each<[string, SourceFormat, Shape]>([
    ["a JSON Feed", "feed", json("feed")],
    ["an item of a JSON Feed", "feed", json("item")],
    ["an author of a JSON Feed", "feed", json("author")],
    ["RSS", "feed", rss("root")],
    ["a channel of RSS", "feed", rss("channel")],
    ["an item of RSS", "feed", rss("item")],
    ["an attribute of RSS", "feed", rss("attribute")],
    ["Atom", "feed", atom],
    ["a namespace of Atom", "feed", (name) => atom(`media:${name}`)],
    ["an export of Ghost", "export", ghost],
    ["a column of an export of Beehiiv", "export", beehiiv],
    ["YAML", "markdown", yaml],
    ["TOML", "markdown", toml],
    ["front matter in JSON", "markdown", fields],
    ["JSON-LD of a page", "html", linked],
  ])("in %s", (_where, format, shape) => {
    const location = format === "markdown" ? "story.md" : "https://h.example/source";
    const usual = articlesIn(format, location, shape(PLAIN));
    expect(usual.map(({ title }) => title).slice(0, 1)).toEqual(["One"]);
    fc.assert(
      fc.property(named, (name) => {
        expect(articlesIn(format, location, shape(name))).toEqual(usual);
      }),
    );
  });
});

test("such a key in digest.json is refused as any other unknown one", () => {
  const text = JSON.stringify(digestSchema.parse(roundUp(1)));
  fc.assert(
    fc.property(named, fc.boolean(), (name, isDeep) => {
      const key = JSON.stringify(name);
      const changed = isDeep
        ? text.replace('"article":{', `"article":{${key}:"x",`)
        : text.replace("{", `{${key}:"x",`);
      const at = isDeep ? "sections.0.entries.0.article." : "";
      expect(() => parseDigest(changed, "digest.json")).toThrow(`${at}${name} is not a field`);
    }),
  );
});
