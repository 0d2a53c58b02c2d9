import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { boundMarkup } from "../../../src/article/page/bound-markup.ts";

/** What is written into the body for some markup. */
function bodyOf(markup: string): string {
  return /<body[^>]*>(.*)<\/body><\/html>$/s.exec(boundMarkup(markup).html)?.[1] ?? "";
}

/** How deep well-formed markup nests; undefined where it is not well-formed. */
function depthOf(html: string): number | undefined {
  const open: string[] = [];
  let deepest = 0;
  for (const [, slash, name = "", closed] of html.matchAll(/<(\/?)([a-z][^\s/>]*)[^>]*?(\/?)>/g)) {
    if (slash === "/") {
      if (open.pop() !== name) return undefined;
    } else if (closed === "") open.push(name);
    deepest = Math.max(deepest, open.length);
  }
  return open.length === 0 ? deepest : undefined;
}

describe("end tags that were left out", () => {
  test.each([
    ["<p>one<p>two", "<p>one</p><p>two</p>"],
    ["<ul><li>a<li>b</ul>c", "<ul><li>a</li><li>b</li></ul>c"],
    [
      "<table><tr><td>a<td>b<tr><td>c</table>",
      "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>",
    ],
    ["<dl><dt>a<dd>b<dt>c</dl>", "<dl><dt>a</dt><dd>b</dd><dt>c</dt></dl>"],
    ["<p>one<div>two</div>", "<p>one</p><div>two</div>"],
  ])("%s is read as browsers read it", (markup, expected) => {
    expect(bodyOf(markup)).toBe(expected);
  });
});

describe("end tags in the wrong order", () => {
  test("an end tag inside a cell does not close what is around the table", () => {
    expect(bodyOf("<div><table><tr><td>a</div>b</td></tr></table>c</div>")).toBe(
      "<div><table><tr><td>ab</td></tr></table>c</div>",
    );
  });

  test("a block goes on where a link inside it ends", () => {
    expect(bodyOf('<a href="/x"><div>a</a>b</div>')).toBe(
      '<a href="/x"><div>a</div></a><div>b</div>',
    );
  });

  test("an end tag without its start tag is nothing", () => {
    expect(bodyOf("a</section>b</p>c")).toBe("abc");
  });
});

test("scripts, styles, drawings and templates go, with their inside", () => {
  const markup =
    "<p>a</p><script>if (a < b) document.write('<p>x</p>')</script><style>p{}</style>" +
    "<svg><text>label</text></svg><template><p>later</p></template><p>b</p>";
  expect(bodyOf(markup).replaceAll(" ", "")).toBe("<p>a</p><p>b</p>");
});

test("a declarative shadow root is shown, so it stays", () => {
  expect(
    bodyOf('<x-story><template shadowrootmode="open"><p>a</p></template></x-story>'),
  ).toContain("<p>a</p>");
});

test("JSON-LD is kept apart", () => {
  const { jsonLd } = boundMarkup('<script type="application/ld+json">{"a":"</p>"}</script>');
  expect(jsonLd).toEqual(['{"a":"</p>"}']);
});

test("comments are left out, closed or not", () => {
  expect(bodyOf("a<!-- b -->c<!-->d<!-- e <p>f</p>")).toBe("acd");
});

test("what describes the page is moved to its head, wherever it stands", () => {
  const { html } = boundMarkup(
    "<p>a</p><title>T & <b>U</title><meta name=author content='Ana Ruiz'>",
  );
  expect(html).toContain("<head><title>T &amp; &lt;b></title>".replace("</title>", "U</title>"));
  expect(html).toContain('<meta name="author" content="Ana Ruiz"/>');
});

test("a tag cannot be put together from what is left out", () => {
  expect(bodyOf("<<!-- x -->script>alert(1)</script>")).not.toContain("<script");
});

test("a tag that the file ends in is left out", () => {
  expect(bodyOf('<p>a</p><a href="')).toBe("<p>a</p>");
});

test("an attribute cannot hide tags from us that a parser would see", () => {
  expect(bodyOf(`<div ="><p>a</p><div =">b`)).not.toMatch(/<p>a<\/p>.*<p>/s);
  expect(depthOf(boundMarkup(`<div ="${"<div>".repeat(1000)}">a`).html)).toBeLessThan(140);
});

test("handlers and styles go; a style that hides becomes an attribute that says so", () => {
  expect(bodyOf('a<p style="display: none" onclick="x()" class=a>b</p>')).toBe(
    'a<p hidden="not shown on the page (display: none)" class="a">b</p>',
  );
});

test("code keeps its blanks", () => {
  expect(bodyOf("<pre><b>a</b>\n  <i>b</i></pre>")).toBe("<pre><b>a</b>\n  <i>b</i></pre>");
});

test("20,000 levels become no deeper than pages are, and keep their text", () => {
  const { html } = boundMarkup(`${"<div>".repeat(20_000)}deep${"</div>".repeat(20_000)}`);
  expect(depthOf(html)).toBeLessThan(140);
  expect(html).toContain("deep");
});

// Work that grows with the square of these would take longer than a test may.
test("60,000 tags are bounded in no time, whatever they are", () => {
  for (const markup of ["<b><div></b>", "<a><p></a>", "<table><td>", "<p><b>", "<", "&", "<!--"]) {
    const { html, cost } = boundMarkup(markup.repeat(20_000));
    expect(html.startsWith("<!DOCTYPE html>")).toBe(true);
    expect(cost).toBeGreaterThanOrEqual(0);
  }
});

test("what is deep, and what is long, weighs more than its elements", () => {
  const flat = boundMarkup("<p>word</p>".repeat(1000)).cost;
  const deep = boundMarkup(`${"<div>".repeat(100)}${"<p>word</p>".repeat(1000)}`).cost;
  const long = boundMarkup(`<p>${"word ".repeat(200_000)}</p>`).cost;
  expect(flat).toBeGreaterThanOrEqual(1000);
  expect(flat).toBeLessThan(1100);
  expect(deep).toBeGreaterThan(flat * 2);
  expect(long).toBeGreaterThan(2000);
});

const TAGS = "p div span a b li ul td tr table h2 br img script title pre x-y o:p".split(" ");
const tag = fc.constantFrom(...TAGS);
const piece = fc.oneof(
  tag.map((name) => `<${name}>`),
  tag.map((name) => `</${name}>`),
  tag.map((name) => `<${name} class="x" href='y' data-a>`),
  fc.constantFrom("<!--", "-->", "<", ">", '"', "'", "=", "<![CDATA[", "]]>", "<?x", "\0", "&"),
  fc.string({ maxLength: 12 }),
);

test("any markup becomes one well-formed document of bounded depth", () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      expect(depthOf(boundMarkup(pieces.join("")).html)).toBeLessThan(140);
    }),
  );
});

test("words outside of scripts, comments and drawings are kept", () => {
  const word = fc.constantFrom("harbour", "ferry", "quay");
  const simple = fc.oneof(
    fc
      .constantFrom("p", "div", "b", "li", "td", "a", "span")
      .chain((name) => fc.constantFrom(`<${name}>`, `</${name}>`)),
    word,
  );
  fc.assert(
    fc.property(fc.array(simple, { maxLength: 40 }), (pieces) => {
      const words = pieces.filter((text) => !text.startsWith("<")).join("");
      expect(bodyOf(pieces.join("")).replace(/<[^>]*>|\s/g, "")).toBe(words);
    }),
  );
});
