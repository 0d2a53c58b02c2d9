import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readHtmlFragment } from "../../src/article/fragment.ts";
import { sanitiseHtml } from "../../src/article/sanitise-html.ts";

const BASE = "https://paper.example/news/";
const textOf = (html: string): string => readHtmlFragment(html).text;

describe("the text of a fragment has its paragraphs", () => {
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

  it.each(
    Object.entries({
      "of one column": "<table><tr><td>One.</td></tr><tr><td>Two.</td></tr></table>",
      "in tables":
        "<table><tr><td><table><tr><td>One.</td><td></td></tr></table></td><td><p>Two.</p></td></tr></table>",
      "with headings and lists in them":
        "<table><tr><td><h2>Head</h2><p>One.</p></td><td><p>Two.</p></td></tr></table>",
    }),
  )("for layout %s are the story", (_, table) => {
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

describe("lines of fields that the feed gives", () => {
  const known = {
    title: "Ferry returns",
    authors: ["Ida Holm"],
    others: ["The Harbour Paper", "boats", "quays", "https://paper.example/a", undefined],
  };
  const story = ["One came.", "Two left.", "Three stayed.", "Four slept."];
  const textWith = (...lines: readonly string[]): string =>
    readHtmlFragment(lines.map((line) => `<p>${line}</p>`).join(""), BASE, known).text;

  it.each([
    "12:30 PM",
    "Fri, 03 May 2024 10:12:00 +0000",
    "Subscribe: Apple | Spotify | RSS",
    "Abonnieren: RSS",
    "#boats #quays",
    "#boats, #Röst",
    "boats, quays",
    "The Harbour Paper",
    "FERRY RETURNS - The Harbour Paper",
    "by Ida Holm on The Harbour Paper",
    "Source: The Harbour Paper",
    "Link: https://paper.example/a",
  ])("are left out at the beginning and at the end: %s", (line) => {
    expect(textWith(line, ...story)).toBe(story.join("\n\n"));
    expect(textWith(...story, line)).toBe(story.join("\n\n"));
    const html = [...story, line].map((text) => `<p>${text}</p>`).join("");
    expect(readHtmlFragment(html, BASE, known).dropped).toContainEqual({
      text: line,
      reason: expect.any(String),
    });
  });

  it.each([
    "The Harbour Paper asked.",
    "Final score: 21:17",
    "Ferry returns to Røst",
    "Room 12",
    "Take #2",
    "Steamboats",
  ])("are not lines that say more: %s", (line) => {
    expect(textWith(...story, line)).toBe([...story, line].join("\n\n"));
  });

  it("stay in the middle of a story, and where they are all that there is", () => {
    const middle = ["One came.", "Two left.", "boats", ...story];
    expect(textWith(...middle)).toBe(middle.join("\n\n"));
    expect(textWith("Ferry returns")).toBe("Ferry returns");
    expect(textWith("#boats #quays")).toBe("#boats #quays");
  });
});

describe("whatever the HTML is", () => {
  const pieces = fc.constantFrom(
    ..."<p> </p> <div> <table> <tr> <td> </td> </table> <a~href='javascript:alert(1)'> </a> <img~src=x~onerror=alert(1)> <script> </script> <style> <svg> <math> <figure> <figcaption> <iframe~src='x'> <b> </b> <br> <h1> <pre> <li> <!-- --> <![CDATA[ ]]> <div~class='sharedaddy'> word & &lt; < > \" ' <a~href='java script:alert(1)'> <a~href='//a.example'> <svg/onload= <iframe~srcdoc= &lt;script&gt; <math><mi~xlink:href=javascript:1>"
      .split(" ")
      .map((piece) => piece.replaceAll("~", " ")),
  );

  it("the result is safe and well-formed", () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        const { html, text } = readHtmlFragment(parts.join(""), BASE);
        // The last step is safe by itself, whatever those before it have left.
        const last = sanitiseHtml(parts.join(""));
        for (const tag of [html, last].flatMap((made) => made.match(/<[^>]*>/g) ?? [])) {
          expect(tag).toMatch(
            /^<(?:\/?(?:p|h[2-6]|ul|ol|li|blockquote|pre|code|em|strong|del|sup|sub|table|thead|tbody|tr|th|td)|\/?a|a href="(?:https?:|mailto:)[^"]*"|[bh]r \/)>$/,
          );
        }
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
