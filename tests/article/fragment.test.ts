import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readHtmlFragment, isCutShort } from "../../src/article/fragment.ts";

const BASE = "https://paper.example/news/";
const textOf = (html: string): string => readHtmlFragment(html).text;

describe("the text of a fragment has its paragraphs", () => {
  it.each([
    ["paragraphs", "<p>One.</p><p>Two.</p>", "One.\n\nTwo."],
    ["divisions, however deep", "<div><div>One.</div><div>Two.</div></div>", "One.\n\nTwo."],
    ["two line breaks", "One.<br><br/>\n<br />Two.", "One.\n\nTwo."],
    ["one line break, which is a space", "One<br>and two.", "One and two."],
    ["a list, an entry each", "<ul><li>One</li><li>Two</li></ul>", "One\n\nTwo"],
    [
      "words that only tags keep apart",
      "<p>One</p>two<blockquote>three</blockquote>",
      "One\n\ntwo\n\nthree",
    ],
    ["entities and hard spaces", "<p>5&nbsp;&euro; &amp; more</p>", "5 € & more"],
    ["headings in the HTML only", "<h2>Head</h2><p>One.</p>", "One."],
  ])("%s", (_, html, text) => {
    expect(textOf(html)).toBe(text);
  });

  it("an ornament between two parts is a rule", () => {
    expect(readHtmlFragment("<p>One.</p><p>* * *</p><p>Two.</p>")).toMatchObject({
      html: "<p>One.</p><hr /><p>Two.</p>",
      text: "One.\n\nTwo.",
    });
  });
});

describe("tables", () => {
  it("of data stay, and are listed as no prose", () => {
    const table =
      "<table><tr><th>Year</th><th>Boats</th></tr><tr><td>2025</td><td>7</td></tr></table>";
    const fragment = readHtmlFragment(`<p>One.</p>${table}`);
    expect(fragment.html).toContain("<td>2025</td>");
    expect(fragment.text).toBe("One.");
    expect(fragment.dropped).toEqual([{ text: "Year | Boats\n2025 | 7", reason: "a table" }]);
  });

  it.each([
    ["of one column", "<table><tr><td>One.</td></tr><tr><td>Two.</td></tr></table>"],
    [
      "in tables",
      "<table><tr><td><table><tr><td>One.</td><td></td></tr></table></td><td><p>Two.</p></td></tr></table>",
    ],
    [
      "with headings and lists in them",
      "<table><tr><td><h2>Head</h2><p>One.</p></td><td><p>Two.</p></td></tr></table>",
    ],
  ])("for layout %s are the story", (_, table) => {
    expect(textOf(table)).toContain("One.");
    expect(textOf(table)).toContain("Two.");
  });
});

describe("pictures", () => {
  it("have absolute addresses, captions and credits", () => {
    const html =
      '<figure><img src="../a.jpg" alt="A cat"><figcaption>A cat sits. Photo: Ana Ruiz</figcaption></figure><p>One.</p>';
    const { images, captions, text } = readHtmlFragment(html, BASE);
    expect(images).toEqual([
      {
        src: "https://paper.example/a.jpg",
        alt: "A cat",
        caption: "A cat sits.",
        credit: "Ana Ruiz",
      },
    ]);
    expect(captions).toEqual([{ text: "A cat sits.", credit: "Ana Ruiz" }]);
    expect(text).toBe("One.");
  });

  it.each([
    ["https://pixel.example/b.gif?host=x&post=7"],
    ["https://feeds.example.com/~r/paper/~4/abc"],
    ["https://paper.example/_/stat?event=post.clientViewed"],
    ["https://paper.example/img/spacer.gif"],
  ])("that count readers are not pictures: %s", (src) => {
    expect(readHtmlFragment(`<p>One.</p><img src="${src}">`).images).toEqual([]);
  });

  it("on a server that is called statistics are", () => {
    expect(
      readHtmlFragment('<img src="https://stats.example.org/charts/boats.jpg">').images,
    ).toHaveLength(1);
  });
});

describe("what is not the story", () => {
  it("is left out and listed: embeds, cards, buttons, sharing lines", () => {
    const html = `<p>One.</p><iframe width="5" src="https://video.example/7"></iframe>
      <figure class="kg-card kg-bookmark-card"><a href="/b"><div>Another <b>story</b></div></a></figure>
      <p class="button-wrapper" data-attrs='{"url":"x"}'><a href="/s">Join up</a></p>
      <div class="a sharedaddy b"><div><ul><li>Mail</li></ul></div></div>
      <p>Share this</p><p>Two.</p>`;
    const { text, dropped } = readHtmlFragment(html);
    expect(text).toBe("One.\n\nTwo.");
    expect(dropped.map((entry) => entry.text).sort()).toEqual(
      ["Another story", "Join up", "Mail", "Share this", "https://video.example/7"].sort(),
    );
    expect(dropped.every(({ reason }) => reason !== "")).toBe(true);
  });

  it("does not include a line like one in the middle of a story", () => {
    const line = "Back to the harbour, where it began.";
    expect(
      textOf(`<p>One.</p><p>Two.</p><p>${line}</p><p>Three.</p><p>Four.</p><p>Five.</p>`),
    ).toContain(line);
  });

  it("includes the title and the byline that are known already", () => {
    const known = { title: "Ferry returns", authors: ["Ana Ruiz"] };
    const { text, html } = readHtmlFragment(
      "<h1>Ferry returns</h1><p>By Ana Ruiz</p><p>One.</p>",
      BASE,
      known,
    );
    expect([text, html]).toEqual(["One.", "<p>One.</p>"]);
    expect(readHtmlFragment("<p>By Ana Ruiz</p><p>One.</p>").authors).toEqual(["Ana Ruiz"]);
  });
});

describe("a text that breaks off", () => {
  it.each([
    "The council met […]",
    "The council met [...]",
    "The council met…",
    "The council met...",
    "It met (more…)",
    "It met. Read more",
    "It met. Weiterlesen »",
    "It met. Lire la suite",
  ])("%s", (text) => {
    expect(isCutShort(text)).toBe(true);
  });

  it.each([
    "The council met.",
    "Those who read more live longer.",
    "Wait… what? It met.",
    "She said she would read more.",
  ])("but not: %s", (text) => {
    expect(isCutShort(text)).toBe(false);
  });
});

describe("whatever the HTML is", () => {
  const pieces = fc.constantFrom(
    ..."<p> </p> <div> <table> <tr> <td> </td> </table> <a~href='javascript:alert(1)'> </a> <img~src=x~onerror=alert(1)> <script> </script> <style> <svg> <math> <figure> <figcaption> <iframe~src='x'> <b> </b> <br> <h1> <pre> <li> <!-- --> <![CDATA[ ]]> <div~class='sharedaddy'> word & &lt; < > \" '"
      .split(" ")
      .map((piece) => piece.replaceAll("~", " ")),
  );

  it("the result is safe and well-formed", () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        const { html, text } = readHtmlFragment(parts.join(""), BASE);
        expect(html).not.toMatch(/<(?:script|style|svg|iframe|img|div)\b|\son\w+\s*=|javascript:/i);
        expect(text.isWellFormed()).toBe(true);
        expect(text).not.toMatch(/\n{3}|^\s|\s$/);
      }),
    );
  });

  it.each([
    "<div>",
    "<b>",
    "<table><tr><td>",
    "<blockquote>",
    "<ul><li>",
    "<",
    "&",
    "<iframe ",
    '<div class="sharedaddy">',
    '<a x="',
    "<br>",
    "<p>x",
  ])("10,000 times %s, before the test is out of time", (piece) => {
    expect(readHtmlFragment(`${piece.repeat(10_000)}x`).html).not.toMatch(/<(?:div|iframe)/);
  });
});
