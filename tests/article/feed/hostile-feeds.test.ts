import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readFeed } from "../../../src/article/feed.ts";
import { BroadsheetError } from "../../../src/errors.ts";
import { LOCATION, atom, failure, only, read, rss, titles } from "./feeds.ts";
import { anyText } from "../../any-text.ts";

// What takes time with the square of its input takes minutes here, and a test has thirty seconds.
describe("a feed without bounds is read in bounds", () => {
  it.each(
    Object.entries({
      "in a description": rss(
        `<item><title>A</title><description>${"<b>".repeat(20_000)}x${"</b>".repeat(20_000)}</description></item><item><title>B</title></item>`,
      ),
      "in a description in CDATA": rss(
        `<item><title>A</title><description><![CDATA[${"<div>".repeat(20_000)}x]]></description></item><item><title>B</title></item>`,
      ),
      "in an element nobody knows": rss(
        `${"<x>".repeat(20_000)}${"</x>".repeat(20_000)}<item><title>A</title></item><item><title>B</title></item>`,
      ),
      "in XHTML": atom(
        `<entry><title>A</title><content type="xhtml">${"<div>".repeat(20_000)}x${"</div>".repeat(20_000)}</content></entry><entry><title>B</title></entry>`,
      ),
    }),
  )("20,000 levels %s", (_, body) => {
    expect(titles(read(body))).toEqual(["A", "B"]);
  });

  it.each(["(", "a", "[", "@"])("an author of 300,000 times %s", (piece) => {
    const name = piece.repeat(300_000);
    const pieces = `<![CDATA[${piece.repeat(900)}]]>`.repeat(300);
    const people = `<author>${name}</author><dc:creator>${pieces}</dc:creator>`;
    expect(titles(read(rss(`<item><title>A</title>${people}</item>`, people)))).toEqual(["A"]);
  });

  it("an RDF list of contents that names 20,000 items", () => {
    const numbers = Array.from({ length: 20_000 }, (_, index) => index);
    const items = read(
      `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel><title>T</title><items><rdf:Seq>
       ${numbers.map((n) => `<rdf:li rdf:resource="u${n}"/>`).join("")}</rdf:Seq></items></channel>
       ${numbers.map((n) => `<item rdf:about="u${n}"><title>${n}</title></item>`).join("")}</rdf:RDF>`,
    );
    expect(items).toHaveLength(1000);
  });

  // Each of these takes minutes where something looks through the rest of the text again for each of them.
  it.each([
    ["<!--"],
    ["<"],
    ['<a b="'],
    ["<!DOCTYPE [>"],
    ["<?x "],
    ["<![CDATA["],
    ["</a>"],
    ["<a>"],
    ["<item>"],
    ["&"],
    ["<title>"],
  ])("100,000 times %s", (piece) => {
    readsOrRefuses(`<rss version="2.0"><channel>${piece.repeat(100_000)}`);
    const content = piece.replace("]]>", "").repeat(10_000);
    const item = `<item><title>A</title><description><![CDATA[${content}]]></description></item>`;
    expect(titles(read(rss(item)))).toEqual(["A"]);
  });
});

describe("what is no feed is refused, and the message says what it is", () => {
  it.each([
    ["nothing", "  \n", "CONTENT_EMPTY", /has no text/],
    [
      "a web page",
      "<!doctype html><html><body><p>Hello</p></body></html>",
      "CONTENT_UNSUPPORTED",
      /is a web page, not a feed/,
    ],
    [
      "a page whose script writes a feed",
      "<html><script>document.write('<rss><channel>')</script></html>",
      "CONTENT_UNSUPPORTED",
      /is a web page/,
    ],
    [
      "JSON of something else",
      '{"name":"package","version":"1.0.0"}',
      "CONTENT_UNSUPPORTED",
      /is JSON, but not a JSON Feed/,
    ],
    [
      "JSON cut before its first item",
      '{"version":"https://jsonfeed.org/version/1","items":[{"id',
      "CONTENT_UNSUPPORTED",
      /JSON/,
    ],
    ["plain text", "Dear readers,", "CONTENT_UNSUPPORTED", /is not a feed/],
    [
      "XML of something else",
      "<?xml version='1.0'?><urlset><url/></urlset>",
      "CONTENT_UNSUPPORTED",
      /is not a feed/,
    ],
  ])("%s", (_, body, code, message) => {
    const error = failure(() => read(body));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(error.message).toContain(LOCATION);
    expect(error.fix).toBeTruthy();
  });
});

const readsOrRefuses = (body: string): void => {
  try {
    const items = readFeed({ format: "feed", location: "f.xml", body });
    for (const { article } of items) {
      expect(article.id).toMatch(/^[\da-f]{16}$/);
      expect(`${article.title}${article.text}`.isWellFormed()).toBe(true);
      expect(article.html).not.toMatch(/<script|\son\w+=|javascript:/i);
    }
  } catch (error) {
    if (!(error instanceof BroadsheetError)) throw error;
  }
};

describe("nothing but a BroadsheetError is ever thrown", () => {
  const pieces = fc.constantFrom(
    ..."<rss> <feed> <rdf:RDF> <channel> <item> <entry> </item> </entry> <title> </title> <description> <content:encoded> </description> <link href='x'/> <![CDATA[ ]]> <!-- --> <!DOCTYPE <?xml & &amp; &#0; &#x110000; < > ' \" = / { } [ ] , : \"items\" \"title\" \"version\" https://jsonfeed.org/version/1 xmlns='http://www.w3.org/2005/Atom' xml:base='http://[' <guid> </guid> <pubDate> Mon, 99 __proto__ <constructor> \u0000 \ud800 \ufeff".split(
      " ",
    ),
    " ",
    "\n",
  );

  it("whatever pieces of feeds are put together", () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => readsOrRefuses(parts.join(""))),
    );
  });

  it("whatever is in an item", () => {
    const text = fc.oneof(
      anyText(),
      fc.array(pieces, { maxLength: 20 }).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(text, text, (a, b) =>
        readsOrRefuses(rss(`<item><title>${a}</title><description>${b}</description></item>`)),
      ),
    );
    fc.assert(
      fc.property(fc.json(), (json) =>
        readsOrRefuses(
          `{"version":"https://jsonfeed.org/version/1.1","title":"T","items":${json}}`,
        ),
      ),
    );
  });

  it("wherever a feed is cut", () => {
    const body = rss(
      "<item><title>A &amp; B</title><description><![CDATA[<p>x</p>]]></description></item>",
    );
    fc.assert(
      fc.property(fc.nat(body.length), fc.nat(body.length), (from, to) =>
        readsOrRefuses(body.slice(Math.min(from, to), Math.max(from, to))),
      ),
    );
  });
});

const ITEMS =
  "<item><title>A</title><description>First.</description></item><item><title>B</title></item>";

describe("a broken feed is read as it was meant", () => {
  it.each(
    Object.entries({
      "a blank line and a notice before it": `\n\n<b>Warning</b>: headers already sent in /var/www/x.php\n${rss(ITEMS)}`,
      "a byte order mark before it, twice": `\ufeff\ufeff${rss(ITEMS)}`,
      "a page's tail after it": `${rss(ITEMS)}<script>track()</script></body></html>`,
      "a page around it": `<!DOCTYPE html><html><body>${rss(ITEMS)}</body></html>`,
      "a style sheet and comments before it": rss(ITEMS).replace(
        "<rss",
        '<?xml-stylesheet href="a.xsl"?><!-- <rss> --><!-- made by hand --><rss',
      ),
      "a document type": rss(ITEMS).replace(
        "<rss",
        '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://dtd.example/rss.dtd"><rss',
      ),
      "a comment that nobody closed": rss(ITEMS).replace("<item>", "<!-- here they come <item>"),
      "no namespace declarations": rss(ITEMS).replaceAll(/ xmlns:\w+="[^"]*"/g, ""),
      "a tag closed twice": rss(ITEMS).replace(
        "</title><description>",
        "</title></title><description>",
      ),
      "a tag that nothing opened": rss(ITEMS).replace("<item>", "</p><item>"),
      "an item that nobody closed": rss(ITEMS).replace("</description></item>", "</description>"),
      "tags in capitals here and not there": rss(ITEMS).replace("<description>", "<DESCRIPTION>"),
      "control characters": rss(ITEMS).replace("First.", "Fi\u0000r\u0008s\u001bt\uffff."),
      "another feed in a comment's place": rss(
        `<!-- ${atom("<entry><title>X</title></entry>")} -->${ITEMS}`,
      ),
      "the name of another format in its text": rss(ITEMS).replace(
        "<channel>",
        "<channel><description><![CDATA[not a <feed> nor <rdf:RDF>]]></description>",
      ),
    }),
  )("%s", (_, body) => {
    const items = read(body);
    expect(titles(items)).toEqual(["A", "B"]);
    expect(items[0]?.article.text).toBe("First.");
  });

  it("an ampersand in an address", () => {
    expect(only(rss("<item><link>https://paper.example/?a=1&b=2</link></item>")).link).toBe(
      "https://paper.example/?a=1&b=2",
    );
  });

  it("HTML that nobody escaped", () => {
    const { article } = only(
      rss(
        '<item><description><p>One<br>and two.</p><p>A <a href="/x">link</a>.<img src="/a.jpg"></description></item>',
      ),
    );
    expect(article.text).toBe("One and two.\n\nA link.");
    expect(article.images[0]?.src).toBe("https://paper.example/a.jpg");
  });
});

describe("of a feed cut in the middle the whole items before the cut are read", () => {
  const whole = rss(
    `${ITEMS}<item><title>C</title><description><![CDATA[<p>${"word ".repeat(20)}</p>]]></description></item>`,
  );
  const start = whole.indexOf("<title>C");

  it("wherever it is cut", () => {
    for (let cut = start; cut < whole.indexOf("</item></channel>"); cut++) {
      expect(titles(read(whole.slice(0, cut))), whole.slice(cut - 20, cut)).toEqual(["A", "B"]);
    }
    expect(titles(read(whole.slice(0, whole.indexOf("</channel>"))))).toEqual(["A", "B", "C"]);
  });

  it("in Atom", () => {
    const feed = atom(
      "<entry><title>A</title></entry><entry><title>B</title><content type='html'>half a st",
    );
    expect(titles(read(feed.slice(0, feed.indexOf("</feed>"))))).toEqual(["A"]);
  });

  it("in JSON, whatever brackets are in its texts", () => {
    const json = JSON.stringify({
      version: "https://jsonfeed.org/version/1.1",
      title: "T",
      items: [
        { id: "1", title: 'A {[" \\', authors: [{ name: "Ana Ruiz" }] },
        { id: "2", title: "B" },
      ],
    });
    const [from, to] = [json.indexOf('"id":"2"'), json.lastIndexOf("}]")];
    for (let cut = from; cut < to; cut++)
      expect(titles(read(json.slice(0, cut))), json.slice(0, cut)).toEqual(['A {[" \\']);
  });
});
