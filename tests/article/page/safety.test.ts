import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Article } from "../../../src/article/article.ts";
import { readHtml } from "../../../src/article/page.ts";
import { BroadsheetError } from "../../../src/errors.ts";
import { FERRY, page, paragraphs, read } from "./pages.ts";

const NAMES =
  "p div span a b i em h1 h2 li ul table tr td figure figcaption img br pre section article aside nav header footer form script style svg title meta link html body noscript template iframe time dl dt object video x-y o:p plaintext".split(
    " ",
  );
const ATTRIBUTES = [
  'class="article-body"',
  'class="related"',
  "id=comments",
  'href="javascript:alert(1)"',
  'href=" JaVaScRiPt:alert(1)"',
  'href="data:text/html,<script>alert(1)</script>"',
  'href="https://x.example/"',
  'href="http://[bad"',
  'onclick="alert(1)"',
  "onerror=alert(1)",
  'src="x.jpg"',
  'style="display:none"',
  "itemprop=author",
  'itemprop="datePublished" datetime="2020-01-01"',
  'property="og:title" content="<script>alert(1)</script>"',
  "lang=zz",
  "hidden",
  'type="application/ld+json"',
  "shadowrootmode=open",
];
const TEXTS = [
  FERRY[0],
  FERRY[1],
  "x",
  "&lt;script&gt;alert(1)&lt;/script&gt;",
  "&#0;",
  "<",
  "\0",
  "\ud800",
  "By Ana Ruiz",
  "3 May 2020",
  "Read more",
  '{"@type":"Article","headline":{"a":1},"author":[[{"name":{}}]]}',
  "Photo: Ana Ruiz",
  "مرحبا بالعالم، هذا نص قصير.",
  "汉字没有空格。",
  '"',
  "'",
  "<!--",
  "-->",
  "]]>",
];

const name = fc.constantFrom(...NAMES);
const piece = fc.oneof(
  fc
    .tuple(name, fc.constantFrom("", ...ATTRIBUTES))
    .map(([tag, attribute]) => `<${tag} ${attribute}>`),
  name.map((tag) => `</${tag}>`),
  fc.constantFrom(...TEXTS),
  fc.string({ maxLength: 20 }),
);
const soup = fc.tuple(fc.boolean(), fc.array(piece, { maxLength: 60 })).map(([isPage, pieces]) => {
  const body = pieces.join("");
  return isPage ? page(body) : body;
});

function readOrRefuse(body: string): Article | undefined {
  try {
    return readHtml({ format: "html", location: "soup.html", body }, {});
  } catch (error) {
    if (error instanceof BroadsheetError) return undefined;
    throw error;
  }
}

test("any markup is read or refused; what is read is well-formed, a line a paragraph, and the same twice", () => {
  let read = 0;
  fc.assert(
    fc.property(soup, (body) => {
      const article = readOrRefuse(body);
      if (!article) return;
      read++;
      expect(article.text.isWellFormed()).toBe(true);
      expect(article.text).not.toMatch(/\n{3}|^\s|\s$|[^\n]\n[^\n]/);
      expect(article.title).not.toMatch(/[\n\0]/);
      expect(readOrRefuse(body)).toEqual(article);
    }),
  );
  expect(read).toBeGreaterThan(10);
});

test("no markup leaves a script, a style, a handler or a javascript: link in the HTML", () => {
  fc.assert(
    fc.property(soup, (body) => {
      const html = readOrRefuse(`${paragraphs(FERRY)}${body}${paragraphs(FERRY)}`)?.html ?? "";
      const tags = html.match(/<[^>]*>/g) ?? [];
      for (const tag of tags) {
        expect(tag).toMatch(
          /^<(?:\/?(?:p|h[2-6]|ul|ol|li|blockquote|pre|code|em|strong|del|sup|sub|table|thead|tbody|tr|th|td)|\/a|a href="(?:https?:|mailto:)[^"]*"|[bh]r \/)>$/,
        );
      }
    }),
  );
});

test.each([
  ["a script", "<script>alert(1)</script>"],
  ["a handler", '<p onclick="alert(1)">The quay is open again on Monday.</p>'],
  [
    "a link to a script",
    '<p>The quay is open, <a href="java&#10;script:alert(1)">they say</a>, again.</p>',
  ],
  ["a frame", '<iframe src="https://x.example/"></iframe>'],
  ["a form", "<form action=/x><button>Go</button></form>"],
  ["a style", "<style>p { color: red }</style>"],
])("%s is not in the HTML", (_, markup) => {
  const { html } = read(
    page(`<article>${paragraphs(FERRY)}${markup}${paragraphs(FERRY)}</article>`),
  );
  expect(html).not.toMatch(/alert|<iframe|<form|<button|<style|onclick/);
});

test("a title with markup in it is text", () => {
  const head =
    '<title>x</title><meta property="og:title" content="&lt;b&gt;Rain&lt;/b&gt; &amp;amp; wind">';
  expect(read(page(`<article>${paragraphs(FERRY)}</article>`, head)).title).toBe("Rain & wind");
});

test("the parser is loaded with the first page, not with the reader", () => {
  const reader = fileURLToPath(new URL("../../../src/article/page.ts", import.meta.url));
  const script = `
    import { createRequire } from "node:module";
    await import(${JSON.stringify(reader)});
    const { cache } = createRequire(import.meta.url);
    console.log(Object.keys(cache).filter((file) => /readability|sanitize-html|entities/.test(file)).length);`;
  const out = execFileSync(process.execPath, ["--input-type=module", "-e", script], {
    encoding: "utf8",
  });
  expect(out.trim()).toBe("0");
});
