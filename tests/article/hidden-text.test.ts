import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readHtmlFragment } from "../../src/article/fragment.ts";
import { lookAt, withoutHidden } from "../../src/article/hidden/hidden-text.ts";
import { read as readAs } from "./articles.ts";
import { rss, only } from "./feed/feeds.ts";
import { FERRY, page, paragraphs, read, reasonFor } from "./page/pages.ts";

const SECRET = "Order your pills at the harbour master's discount today.";

/** A way to hide the text of an element for each cause that is named. All ways are in hidden-variants.ts. */
const HIDING: readonly (readonly [attributes: string, cause: string])[] = [
  ['style="display:none"', "display: none"],
  ["hidden", "hidden"],
  ['style="visibility:hidden"', "visibility: hidden"],
  ['style="opacity:0"', "opacity: 0"],
  ['style="font-size:0"', "font-size: 0"],
  ['style="font-size:1px"', "font-size: 1px"],
  ['style="position:absolute;left:-9999px"', "off screen"],
  ['style="clip-path:inset(50%)"', "clipped to nothing"],
  ['style="height:0;overflow:hidden"', "no size"],
  ['style="zoom:0"', "no size"],
  ['style="color:transparent"', "transparent"],
  ['style="color:#fff"', "in the colour of its background"],
  ['class="sr-only"', "for screen readers"],
  ['class="a screen-reader-text"', "for screen readers"],
  ['class="visually-hidden"', "for screen readers"],
];

describe("text that cannot be seen is left out, and why", () => {
  test.each(HIDING)("<p %s>", (attributes, cause) => {
    const hidden = `<p ${attributes}>${SECRET}</p>`;
    const reason = `not shown on the page (${cause})`;
    const [first, second, ...rest] = FERRY;
    const story = `${paragraphs([first, second])}${hidden}${paragraphs(rest)}`;

    const article = read(page(`<main><h1>The ferry sails again</h1>${story}</main>`));
    expect(article.text.split("\n\n")).toEqual([...FERRY]);
    expect(article.html).not.toContain("pills");
    expect(reasonFor(article, SECRET)).toBe(reason);

    const item = rss(
      `<item><title>A</title><description><![CDATA[${story}]]></description></item>`,
    );
    expect(only(item).article.text.split("\n\n")).toEqual([...FERRY]);
    expect(reasonFor({ ...article, ...only(item).article }, SECRET)).toBe(reason);

    const markdown = readAs("markdown", `${FERRY.join("\n\n")}\n\n${hidden}\n`);
    expect(markdown.text.split("\n\n")).toEqual([...FERRY]);
    expect(markdown.html).not.toContain("pills");
    expect(reasonFor(markdown, SECRET)).toBe(reason);
  });

  test("inside a sentence, which goes on", () => {
    const html = `<p>The ferry <span style="font-size:0">never ${SECRET}</span>sails again on Thursday.</p>`;
    expect(readHtmlFragment(html)).toMatchObject({
      text: "The ferry sails again on Thursday.",
      html: "<p>The ferry sails again on Thursday.</p>",
      dropped: [{ text: `never ${SECRET}`, reason: "not shown on the page (font-size: 0)" }],
    });
    const [first] = FERRY;
    const body = `<main><h1>The ferry</h1>${html}${paragraphs(FERRY)}</main>`;
    expect(read(page(body)).text).toBe(
      ["The ferry sails again on Thursday.", first, ...FERRY.slice(1)].join("\n\n"),
    );
  });

  test("in Markdown's own paragraph", () => {
    const article = readAs(
      "markdown",
      `The *ferry* <span style="color:#fff">never {{ x }}</span>sails.`,
    );
    expect(article.text).toBe("The ferry sails.");
    expect(reasonFor(article, "never {{ x }}")).toBe(
      "not shown on the page (in the colour of its background)",
    );
  });

  test("in a headline and a description", () => {
    const hidden = '<span style="display:none">pills</span>';
    const own = "A ferry to the islands sails again after nine days of storm.";
    const item = rss(
      `<item><title><![CDATA[The ferry${hidden} sails]]></title><description><![CDATA[${own}${hidden}]]></description>
       <content:encoded><![CDATA[${paragraphs(FERRY)}]]></content:encoded></item>`,
    );
    expect(only(item).article).toMatchObject({ title: "The ferry sails", description: own });
    const heading = `<h1>The ferry${hidden} sails</h1>`;
    expect(read(page(`<main>${heading}${paragraphs(FERRY)}</main>`, "")).title).toBe(
      "The ferry sails",
    );
  });

  test("with its pictures where the whole element is not shown, with its words alone where only they are not", () => {
    const image = '<img src="https://p.example/a.jpg" alt="A">';
    const images = (attributes: string) =>
      readHtmlFragment(`<p>${FERRY[0]}</p><div ${attributes}>${image} ${SECRET}</div>`).images
        .length;
    expect(images('style="display:none"')).toBe(0);
    expect(images('style="font-size:0"')).toBe(1);
  });

  test("to the end of its element, where end tags are missing or in the wrong order", () => {
    const item = `<ul><li>One<li hidden>${SECRET}<li>Two</ul><p style="display:none">${SECRET}<p>Three</p>`;
    expect(readHtmlFragment(item).text).toBe("One\n\nTwo\n\nThree");
    expect(readHtmlFragment(item).html).toBe("<ul><li>One</li><li>Two</li></ul><p>Three</p>");
  });
});

const sheet = (media: string) => `<style ${media}>.c1{display:none}</style>`;

function body(attributes: string): string {
  return `<main><h1>The ferry</h1>${paragraphs(FERRY)}<p ${attributes}>${SECRET}</p></main>`;
}

function dropped(css: string, attributes: string, head = "") {
  return reasonFor(
    read(page(body(attributes), `<title>The ferry</title>${head}<style>${css}</style>`)),
    SECRET,
  );
}

describe("a style sheet in the page", () => {
  test("hides what it says, unless a script may show it; no script shows text without a size", () => {
    expect(dropped(".c1{display:none}", 'class="c1"')).toBe(
      "not shown on the page (display: none)",
    );
    const script = "<script>show()</script>";
    expect(dropped(".c1{display:none}", 'class="c1"', script)).toBeUndefined();
    expect(dropped(".c1{font-size:0}", 'class="c1"', script)).toBeDefined();
  });

  test("what is said of all elements of a name is no colour to go by", () => {
    expect(dropped("p{color:#fff}", "")).toBeUndefined();
    expect(dropped("p{color:#222}", "")).toBeUndefined();
  });

  test("and goes by a size of nothing where all that is said of its elements is relative to it", () => {
    const css = "*{font:inherit}p,span{font-size:100%}.c1{font-size:0}";
    expect(dropped(css, 'class="c1"')).toBe("not shown on the page (font-size: 0)");
  });

  test("a sheet for print, for browsers without scripts, in a comment or in a template is not read", () => {
    expect(dropped("", 'class="c1"', sheet('media="print"'))).toBeUndefined();
    for (const [start, end] of [
      ["<noscript>", "</noscript>"],
      ["<noscript><style>b{}</style>", "</noscript>"],
      ["<!--", "-->"],
      ["<template>", "</template>"],
    ])
      expect(dropped("", 'class="c1"', `${start}${sheet("")}${end}`), start).toBeUndefined();
    expect(dropped("", 'class="c1"', sheet('media="screen"'))).toBeDefined();
  });
});

function scripted(css: string): string {
  return `<title>The ferry</title><script>show()</script><style>${css}</style>`;
}

describe("what cannot be decided", () => {
  const markup = `<p class="c1">${FERRY[1]}</p>`;
  const reading = (css: string) => {
    const story = `<main><h1>The ferry</h1>${paragraphs([FERRY[0], ...FERRY.slice(2)])}${markup}</main>`;
    return read(page(story, scripted(css)));
  };

  test("stays, and counts against the verdict", () => {
    const doubted = reading(".c1{display:none}");
    expect(doubted.text).toContain(FERRY[1]);
    expect(doubted.reading?.doubts).toContain("the page may not show a part of it");
    expect(doubted.reading?.doubtful).toBe(true);
    expect(reading(".c1{color:#333}").reading?.doubtful).toBe(false);
  });

  test("is no matter where the style says nothing of the story", () => {
    expect(reading(".c2{display:none}").reading?.doubts).toEqual([]);
  });
});

describe("characters that nobody sees leave every text and title", () => {
  const TAGS = [0x73, 0x65, 0x63].map((sign) => String.fromCodePoint(0xe0000 + sign));
  const stuffed = `The${TAGS.join("")}\u3164 fer\u200dry\u2062\u{E01EF}`;

  test("in a page, a feed and Markdown", () => {
    const heading = `<h1>${stuffed} sails</h1>`;
    const article = read(
      page(`<main>${heading}<p>${stuffed}: ${FERRY[0]}</p>${paragraphs(FERRY)}</main>`, ""),
    );
    expect(article.title).toBe("The ferry sails");
    expect(article.text.split("\n\n")[0]).toBe(`The ferry: ${FERRY[0]}`);
    const item = rss(
      `<item><title>${stuffed}</title><description>${stuffed} sails again.</description></item>`,
    );
    expect(only(item).article).toMatchObject({
      title: "The ferry",
      text: "The ferry sails again.",
    });
    const markdown = readAs("markdown", `# ${stuffed}\n\n*${stuffed}* sails again.`);
    expect(markdown).toMatchObject({ title: "The ferry", text: "The ferry sails again." });
  });

  test("and those stay that make other characters", () => {
    const text = "🏴󠁧󠁢󠁥󠁮󠁧󠁿 👩‍👩‍👧 1️⃣ ❤️ می‌خواهم क्‍ष 葛\u{E0100}城";
    expect(readAs("markdown", `*Signs*: ${text}.`).text).toBe(`Signs: ${text}.`);
  });
});

describe("what is seen stays", () => {
  test.each(
    Object.entries({
      "white on a picture":
        '<div style="background:url(a.jpg)"><p style="color:#fff">SEEN</p></div>',
      "white on a background that a class may give":
        '<div class="wp-block-cover"><p style="color:#fff">SEEN</p></div>',
      "an entrance": '<p style="opacity:0;transform:translateY(20px);transition:all 1s">SEEN</p>',
      "an entrance by a script": '<p data-aos="fade-up" style="opacity:0">SEEN</p>',
    }),
  )("%s", (_, markup) => {
    expect(
      withoutHidden(`<p>Another paragraph, which is longer than the first.</p>${markup}`).dropped,
    ).toEqual([]);
  });

  test.each(
    Object.entries({
      "the whole article until a script has run": (story: string) =>
        `<article style="visibility:hidden">${story}</article>`,
      "the body": (story: string) => `<div style="opacity:0"><main>${story}</main></div>`,
      "each paragraph": (story: string) => story.replaceAll("<p>", '<p style="opacity:0">'),
      "the rest of a story behind a button": (story: string) =>
        `<article><p>${FERRY[0]}</p><div hidden>${story}</div></article>`,
      "the whole story beside the screen until a script has run": (story: string) =>
        `<style>.c{position:absolute;left:-9999px}</style><div class="c"><main>${story}</main></div><p>Loading</p>`,
      "everything there is": (story: string) => `<div style="display:none">${story}</div>`,
    }),
  )("%s", (_, hide) => {
    const body = hide(paragraphs(FERRY));
    for (const paragraph of FERRY) {
      expect(read(page(`<h1>The ferry sails again</h1>${body}`)).text).toContain(paragraph);
      expect(readHtmlFragment(body).text).toContain(paragraph);
    }
  });

  test("a body that is shown by a script, and the white page of a dark theme", () => {
    const body = `<h1>The ferry</h1>${paragraphs(FERRY)}`;
    for (const attributes of [
      'style="opacity:0"',
      'style="visibility:hidden"',
      'class="dark" style="color:#fff"',
    ]) {
      const html = page(body).replace("<body>", `<body ${attributes}>`);
      expect(read(html).text.split("\n\n")).toEqual([...FERRY]);
    }
  });

  test("what a page says of its story in hidden elements is still its date and its author", () => {
    const meta = `<div style="display:none"><span itemprop="author">Ana Ruiz</span><time itemprop="datePublished" datetime="2024-03-04">x</time></div>`;
    const article = read(
      page(`<main itemscope><h1>The ferry</h1>${meta}${paragraphs(FERRY)}</main>`),
    );
    expect(article).toMatchObject({ authors: ["Ana Ruiz"], publishedAt: "2024-03-04" });
    expect(article.text.split("\n\n")).toEqual([...FERRY]);
  });
});

describe("comments in the margin of a Google document", () => {
  const TEXT = `<p class="c1"><span>The ferry sails again.</span><sup><a href="#cmnt1" id="cmnt_ref1">[a]</a></sup><span> Nobody was hurt.</span></p>`;
  const COMMENT = `<div class="c2"><p class="c3"><a href="#cmnt_ref1" id="cmnt1">[a]</a><span class="c4">Who says so?</span></p><p class="c3"><span>Ask Tom.</span></p></div>`;

  test("are left out, with their marks, in a page and in a fragment", () => {
    const body = `${TEXT}${paragraphs(FERRY)}${COMMENT}`;
    for (const read of [readHtmlFragment(body), readPage(`<style>.c1{}</style>`, body)]) {
      expect(read.text).toBe(["The ferry sails again. Nobody was hurt.", ...FERRY].join("\n\n"));
      expect(read.html).not.toMatch(/cmnt|\[a\]|Ask Tom/);
      const comments = read.dropped.filter(({ reason }) => reason === "a comment");
      expect(comments.map(({ text }) => text).join(" ")).toMatch(
        /\[a\].*Who says so\?\s*Ask Tom\./s,
      );
    }
  });

  test("but not a story that only begins with such a link, nor a footnote", () => {
    const footnote = `<p>One.<sup><a href="#ftnt1">[1]</a></sup></p><div><p><a href="#ftnt_ref1" id="ftnt1">[1]</a> Two.</p></div>`;
    expect(readHtmlFragment(footnote).text).toContain("Two.");
    expect(
      readHtmlFragment(`<div><p>Three.</p><p>Four <a href="#cmnt_ref1">[a]</a></p></div>`).text,
    ).toContain("Three.");
  });
});

function readPage(head: string, body: string) {
  return read(
    page(`<h1>The ferry sails again</h1>${body}`, `<title>The ferry sails again</title>${head}`),
  );
}

describe("the reading of a character (furigana) is not glued to it", () => {
  const RUBY =
    "<ruby>渡船<rp>(</rp><rt>とせん</rt><rp>)</rp></ruby>が<ruby>再開<rt>さいかい</ruby>した。";

  test("in a page, a feed, a title and Markdown", () => {
    const body = `<p>${RUBY}港は静かだ。</p>${"<p>港務局は星期一宣布了這一消息、工程師たちは新しい桟橋を置いた。次の船を待つ人が並んでいる。</p>".repeat(4)}`;
    const article = read(page(`<main><h1>${RUBY}</h1>${body}</main>`, ""));
    expect(article.title).toBe("渡船が再開した。");
    expect(article.text).toMatch(/^渡船が再開した。港は静かだ。/);
    expect(article.html).not.toContain("とせん");
    const item = rss(
      `<item><title><![CDATA[${RUBY}]]></title><description><![CDATA[${body}]]></description></item>`,
    );
    expect(only(item).article.title).toBe("渡船が再開した。");
    expect(only(item).article.text).toMatch(/^渡船が再開した。港は静かだ。/);
    const markdown = readAs("markdown", `${RUBY}港は静かだ。\n`);
    expect(markdown.text).toBe("渡船が再開した。港は静かだ。");
    expect(reasonFor(markdown, "とせん")).toBe("the reading of a character");
  });
});

describe("hostile markup", () => {
  // What takes time that grows with the square of the length doesn't end within a test's limit.
  test("is read in time linear in its length", () => {
    const n = 400_000;
    for (const piece of [
      '<div style="display:none">',
      '<p style="font-size:0">x',
      "<style>",
      "<style>/*",
      "<style>.a{</style>",
      `<style>${".a{".repeat(n / 10)}</style><p class=a>`,
      `<style>${"@media screen{b{top:0}".repeat(n / 25)}</style><p class=a>`,
      `<style>${"p,".repeat(n / 4)}p{${"top:0;".repeat(n / 12)}}</style><p>x`,
      `<style>${"p[(".repeat(n / 4)}{top:0}</style><p>x`,
      '<a href="#cmnt_ref1">',
      "<ruby><rt>",
      '<b style="color:#fff"><div>',
    ]) {
      const found = lookAt(piece.repeat(Math.ceil(n / piece.length))).hidden;
      expect(Array.isArray(found)).toBe(true);
    }
  });

  test("property: only whole stretches are taken out, and all the rest is as it was", () => {
    const pieces = fc.constantFrom(
      "<p>",
      "</p>",
      '<p style="display:none">',
      '<span style="font-size:0">',
      "</span>",
      "<div hidden>",
      "</div>",
      "<rt>",
      "word ",
      "A long paragraph that somebody may want to read to its end.",
      "<",
      "<!--",
      "-->",
      "<style>.a{display:none}</style>",
      '<b class="a">',
      '<a href="#cmnt_ref1">',
    );
    fc.assert(
      fc.property(fc.array(pieces), (list) => {
        const html = list.join("");
        let from = 0;
        let rest = "";
        for (const { start, end } of lookAt(html).hidden) {
          expect(start).toBeGreaterThanOrEqual(from);
          expect(end).toBeGreaterThan(start);
          rest += html.slice(from, start);
          from = end;
        }
        expect(from).toBeLessThanOrEqual(html.length);
        expect(withoutHidden(html).html).toBe(rest + html.slice(from));
      }),
    );
  });
});
