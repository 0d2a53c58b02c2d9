import { describe, expect, it } from "vitest";
import { atom, only, read, rss, titles } from "./feeds.ts";

const ITEMS =
  "<item><title>A</title><description>First.</description></item><item><title>B</title></item>";

describe("a broken feed is read as it was meant", () => {
  it.each([
    [
      "a blank line and a notice before it",
      `\n\n<b>Warning</b>: headers already sent in /var/www/x.php\n${rss(ITEMS)}`,
    ],
    ["a byte order mark before it, twice", `\ufeff\ufeff${rss(ITEMS)}`],
    ["a page's tail after it", `${rss(ITEMS)}<script>track()</script></body></html>`],
    ["a page around it", `<!DOCTYPE html><html><body>${rss(ITEMS)}</body></html>`],
    [
      "a style sheet and comments before it",
      rss(ITEMS).replace(
        "<rss",
        '<?xml-stylesheet href="a.xsl"?><!-- <rss> --><!-- made by hand --><rss',
      ),
    ],
    [
      "a document type",
      rss(ITEMS).replace(
        "<rss",
        '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://dtd.example/rss.dtd"><rss',
      ),
    ],
    ["a comment that nobody closed", rss(ITEMS).replace("<item>", "<!-- here they come <item>")],
    ["no namespace declarations", rss(ITEMS).replaceAll(/ xmlns:\w+="[^"]*"/g, "")],
    [
      "a tag closed twice",
      rss(ITEMS).replace("</title><description>", "</title></title><description>"),
    ],
    ["a tag that nothing opened", rss(ITEMS).replace("<item>", "</p><item>")],
    ["an item that nobody closed", rss(ITEMS).replace("</description></item>", "</description>")],
    ["tags in capitals here and not there", rss(ITEMS).replace("<description>", "<DESCRIPTION>")],
    ["control characters", rss(ITEMS).replace("First.", "Fi\u0000r\u0008s\u001bt\uffff.")],
    [
      "another feed in a comment's place",
      rss(`<!-- ${atom("<entry><title>X</title></entry>")} -->${ITEMS}`),
    ],
    [
      "the name of another format in its text",
      rss(ITEMS).replace(
        "<channel>",
        "<channel><description><![CDATA[not a <feed> nor <rdf:RDF>]]></description>",
      ),
    ],
  ])("%s", (_, body) => {
    const items = read(body);
    expect(titles(items)).toEqual(["A", "B"]);
    expect(items[0]?.article.text).toBe("First.");
  });

  it.each([
    ["a bare ampersand", "Salt & Sons", "Salt & Sons"],
    ["a query in a sentence", "see ?a=1&b=2&copy=3", "see ?a=1&b=2&copy=3"],
    ["a name of HTML that XML does not know", "5&nbsp;&euro; &mdash; caf&eacute;", "5 € — café"],
    ["an entity that nobody declared", "&harbour; news", "&harbour; news"],
    ["a bare less-than sign", "1 < 2 and a<b", "1 < 2 and a<b"],
    ["half a surrogate pair", "a\ud83d b", "a� b"],
    ["the number of half a surrogate pair, and of NUL", "a&#xD83D; b&#0;", "a� b�"],
    ["numbers that mean windows-1252", "&#147;so&#148;", "“so”"],
  ])("%s in a text", (_, written, text) => {
    expect(only(rss(`<item><title>${written}</title></item>`)).article.title).toBe(text);
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
