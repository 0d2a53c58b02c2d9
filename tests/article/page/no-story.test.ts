import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { boundMarkup } from "../../../src/article/page/bound-markup.ts";
import { BroadsheetError } from "../../../src/errors.ts";
import { FERRY, page, paragraphs, read } from "./pages.ts";

function refusalOf(body: string): BroadsheetError {
  try {
    read(body);
  } catch (error) {
    if (error instanceof BroadsheetError) return error;
    throw error;
  }
  throw new Error("it was read");
}

const LINKS = Array.from(
  { length: 40 },
  (_, index) => `<li><a href="/${index}">The name of another page</a></li>`,
);

describe("a page without a story is refused in words that say why", () => {
  test.each(
    Object.entries({
      "behind JavaScript": page(
        '<noscript>You need to enable JavaScript to run this app.</noscript><div id="root"></div>',
      ),
      "behind JavaScript, in German": page(
        "<p>Bitte aktivieren Sie JavaScript, um diese Seite zu sehen.</p>",
      ),
      "behind JavaScript, with a notice beside it": page(
        "<noscript>Please enable JavaScript to view this page.</noscript><p>We value your privacy, and so do our partners.</p>",
      ),
    }),
  )("%s", (_, body) => {
    expect(refusalOf(body)).toMatchObject({
      code: "CONTENT_NO_STORY",
      message: "page.html shows its story only to browsers that run JavaScript",
      fix: expect.stringContaining("save the page"),
    });
  });

  test("that asks whether its reader is human", () => {
    const body = page(
      "<h1>Just a moment...</h1><p>Checking your browser before accessing the site.</p>",
    );
    expect(refusalOf(body)).toMatchObject({
      code: "CONTENT_NO_STORY",
      message: "page.html checks that its reader is human, and is not the story",
    });
  });

  test("of menus only", () => {
    const body = page(`<nav><ul>${LINKS.join("")}</ul></nav><div><ul>${LINKS.join("")}</ul></div>`);
    expect(refusalOf(body)).toMatchObject({
      code: "CONTENT_NO_STORY",
      message: "page.html is a page of links and menus, with no story in it",
      fix: "give the address of one story",
    });
  });

  test("of nothing", () => {
    expect(refusalOf(page("<div></div>"))).toMatchObject({
      code: "CONTENT_NO_STORY",
      message: "page.html has no text in it",
    });
  });

  test("with more markup than any article", () => {
    expect(refusalOf(page("<p>word</p>".repeat(35_000)))).toMatchObject({
      code: "CONTENT_TOO_LARGE",
      message: "page.html has more markup than any article",
    });
  });
});

test("a story that writes of JavaScript is a story", () => {
  const body = page(
    `<article><h1>Without it</h1><p>Some of our readers have turned off scripts, and ask of us that a page can be read on a train without a signal and that they never have to enable JavaScript.</p>${paragraphs(FERRY)}${paragraphs(FERRY)}</article>`,
  );
  expect(read(body).text).toContain("never have to enable JavaScript");
});

test("a page on which a notice asks for JavaScript beside the story is read without the notice", () => {
  const article = read(
    page(
      `<article><h1>Pictures</h1>${paragraphs(FERRY)}<p>This slideshow requires JavaScript.</p></article>`,
    ),
  );
  expect(article.text).not.toContain("slideshow");
  expect(article.dropped).toContainEqual({
    text: "This slideshow requires JavaScript.",
    reason: "a control of the page",
  });
});

describe("markup that is made to be slow is read or refused in bounded time", () => {
  const story = paragraphs(FERRY);
  test.each(
    Object.entries({
      "20,000 levels of div": `${"<div>".repeat(20_000)}${story}${"</div>".repeat(20_000)}`,
      "60,000 unclosed tags": `${"<b>".repeat(60_000)}${story}`,
      "tags that end in the wrong order": `${"<b><div></b>".repeat(15_000)}${story}`,
      "nested tables": `${"<table><tr><td>".repeat(20_000)}${story}`,
      "a tag that never ends": `${story}<a ${"x ".repeat(200_000)}`,
      "an open quote": `${story}<a href="${"x".repeat(1_000_000)}`,
      "brackets in JSON-LD": `<script type="application/ld+json">${"[".repeat(500_000)}</script>${story}`,
      "a title of bars": `<title>${"a | ".repeat(100_000)}</title>${story}`,
      "a heading of 60,000 words": `<h1>${"word ".repeat(60_000)}</h1>${story}`,
      "labels of a thousand words": `${`<div class="${"related ".repeat(1000)}">x</div>`.repeat(150)}${story}`,
      "NUL bytes": `${"\0".repeat(200_000)}${story}`,
      "half a million signs": `<p>${"<".repeat(500_000)}</p>${story}`,
      "half a million entities": `<p>${"&amp;".repeat(500_000)}</p>${story}`,
      "lone surrogates": `<p>${"\ud800".repeat(100_000)}</p>${story}`,
    }),
  )("%s", (_, body) => {
    expect(read(page(body)).text).toContain(FERRY[1]);
  });

  test.each(
    Object.entries({
      "100,000 entries": `<ul>${"<li>x".repeat(100_000)}</ul>`,
      "9 MB of words": `<p>${"word word ".repeat(900_000)}</p>`,
      "paragraphs in a hundred levels": `${"<div>".repeat(100)}${"<p>a, b, c, d, e</p>".repeat(15_000)}`,
    }),
  )("%s are refused", (_, body) => {
    expect(refusalOf(page(body)).code).toBe("CONTENT_TOO_LARGE");
  });
});

const withHead = (head: string): string | undefined =>
  refusalOf(page(`<ul>${LINKS.join("")}</ul>`, `<base href="https://a.example/">${head}`)).fix;

describe("a page of links that names its feed says where it is", () => {
  test.each([
    ['<link rel="alternate" type="application/rss+xml" href="/feed.xml">', "/feed.xml"],
    ['<link href=https://a.example/atom TYPE="Application/Atom+XML" rel="Alternate">', "/atom"],
  ])("%s", (head, end) => {
    expect(withHead(head)).toMatch(new RegExp(`or that of its feed: https://[^ ]*${end}$`));
  });

  test.each([
    '<link rel="alternate" hreflang="de" href="/de">',
    '<link rel="stylesheet" type="text/css" href="/a.css">',
    '<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">',
  ])("and not of %s", (head) => {
    expect(withHead(head)).toBe("give the address of one story");
  });
});

const story = paragraphs(FERRY);
const MARKS = ["。", "’", "\u200d", "…", "- ", "“", "|", "·", "/"];

// Each of these took a minute where a pattern looked at all marks again for each of them.
test.each(MARKS)("a paragraph, a heading, a byline and a caption of 30,000 times %j", (mark) => {
  const run = `${mark.repeat(30_000)}a`;
  const body = `<article><h1>The ferry ${run}</h1><div class="byline">By ${run}</div><time class="date">${run}</time>
    <p>${run} word.</p>${story}<figure><img src="a.jpg" alt="${run}"><figcaption>${run}</figcaption></figure></article>`;
  expect(read(page(body)).text).toContain(FERRY[3]);
});

test("JSON-LD of blanks", () => {
  const thing = `{"@type":"NewsArticle",${" ".repeat(150_000)}"headline":"The ferry sails again"}`;
  const head = `<script type="application/ld+json">${thing}</script>`;
  expect(read(page(`<article>${story}</article>`, head)).title).toBe("The ferry sails again");
});

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

test.each(
  Object.entries({
    "<p>one<p>two": "<p>one</p><p>two</p>",
    "<ul><li>a<li>b</ul>c": "<ul><li>a</li><li>b</li></ul>c",
    "<table><tr><td>a<td>b<tr><td>c</table>":
      "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>",
    "<dl><dt>a<dd>b<dt>c</dl>": "<dl><dt>a</dt><dd>b</dd><dt>c</dt></dl>",
    "<p>one<div>two</div>": "<p>one</p><div>two</div>",
  }),
)("end tags that were left out: %s is read as browsers read it", (markup, expected) => {
  expect(bodyOf(markup)).toBe(expected);
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
