import { describe, expect, it } from "vitest";
import { cpuSecondsOf } from "../cpu-time.ts";
import { codeOf, COPIED, paragraphsOf, read, STORY } from "./articles.ts";

const markdown = (body: string): ReturnType<typeof read> => read("markdown", body);

describe("text and HTML of Markdown", () => {
  it("the text has the words and none of the marks; the HTML says the same", () => {
    const article = markdown(
      'Dear **all**, see [the _site_](https://a.example/x?a=1&b=2 "t"), `code` and <b>bold</b>.\nSecond\nline.',
    );
    expect(article.text).toBe("Dear all, see the site, code and bold. Second line.");
    expect(article.html).toBe(
      '<p>Dear <strong>all</strong>, see <a href="https://a.example/x?a=1&amp;b=2">the <em>site</em></a>, <code>code</code> and <strong>bold</strong>. Second line.</p>',
    );
  });

  it("a list entry is a paragraph of the text, nested ones too", () => {
    const article = markdown("Bring:\n\n- a lamp\n- socks\n  - *dry* ones\n\n1. Come.\n2. Dig.");
    expect(paragraphsOf(article)).toEqual([
      "Bring:",
      "a lamp",
      "socks",
      "dry ones",
      "Come.",
      "Dig.",
    ]);
    expect(article.html).toContain(
      "<ul><li>a lamp</li><li>socks<ul><li><em>dry</em> ones</li></ul></li></ul>",
    );
    expect(article.html).toContain("<ol><li>Come.</li><li>Dig.</li></ol>");
  });

  it("headings are in the HTML, not in the text", () => {
    const article = markdown(
      `# Title\n\n${STORY}\n\n## What now\n\nThe county decides on Friday.\n\n# Later`,
    );
    expect(article.title).toBe("Title");
    expect(article.text).not.toContain("What now");
    expect(article.html).toContain("<h2>What now</h2>");
    expect(article.html).toContain("<h2>Later</h2>");
    expect(article.dropped).toEqual([
      { text: "What now\nLater", reason: "a heading, kept in the HTML" },
    ]);
    expect(article.html).not.toContain("Title");
  });

  it("code and tables are in the HTML, and in what was left out of the text", () => {
    const article = markdown(
      `${STORY}\n\n\`\`\`js\nlet {{ x }} = 1;\n\`\`\`\n\n| a | b |\n|---|---|\n| 1 | **2** |`,
    );
    expect(article.text).toBe(STORY);
    expect(article.dropped).toEqual([
      { text: "let {{ x }} = 1;", reason: "code, not story prose" },
      { text: "a | b\n1 | 2", reason: "a table" },
    ]);
    expect(article.html).toContain("<pre><code>let {{ x }} = 1;</code></pre>");
    expect(article.html).toContain("<td><strong>2</strong></td>");
  });

  it("quotations are story", () => {
    expect(markdown("> We are not\n> beaten.\n\nSo she said.").text).toBe(
      "We are not beaten.\n\nSo she said.",
    );
  });

  it("footnotes leave the text, their marks leave the sentence, the HTML has both", () => {
    const article = markdown(
      "It held[^1] again.\n\n[^1]: Since *1911*,\n    all told.\n\nThe end came.",
    );
    expect(article.text).toBe("It held again.\n\nThe end came.");
    expect(article.dropped).toEqual([{ text: "Since 1911, all told.", reason: "a footnote" }]);
    expect(article.html).toContain("held<sup>1</sup> again");
    expect(article.html).toContain("<sup>1</sup>Since <em>1911</em>, all told.");
  });

  it("a reference is its text, also where nobody says where it leads", () => {
    const article = markdown(
      "See [the report][r], [another one][lost] and [this][] too.\n\n[r]: https://a.example/r",
    );
    expect(article.text).toBe("See the report, another one and this too.");
    expect(article.html).toContain(
      '<a href="https://a.example/r">the report</a>, another one and this too',
    );
  });

  it("struck-out words are not story", () => {
    const article = markdown("The ~~old~~ new dike held, and H~2~O stayed out.");
    expect(article.text).toBe("The new dike held, and H~2~O stayed out.");
    expect(article.dropped).toEqual([{ text: "old", reason: "struck out" }]);
  });

  it("Chinese and Japanese line breaks leave no space, also around emphasis and links", () => {
    const article = markdown("今日は\n**晴れ**\nです。[リンク](https://a.example)\nの後。");
    expect(article.text).toBe("今日は晴れです。リンクの後。");
    expect(article.html).toBe(
      '<p>今日は<strong>晴れ</strong>です。<a href="https://a.example">リンク</a>の後。</p>',
    );
  });

  it("entities and escapes are characters", () => {
    expect(markdown("5 \\* 4 &lt; 21 &amp; caf&eacute;&nbsp;bar").text).toBe(
      "5 * 4 < 21 & café bar",
    );
  });
});

describe("the title of Markdown", () => {
  it.each([
    ["# The *long* night", "The long night"],
    ["The long night\n===", "The long night"],
    ["![](a.jpg)\n\n# The long night", "The long night"],
    ["# Writing {{ name }} in <script>", "Writing {{ name }} in <script>"],
    ['# "Quotes" & <b>bold</b> 🌊', '"Quotes" & bold 🌊'],
  ])("%j", (heading, title) => {
    expect(markdown(`${heading}\n\n${STORY}`)).toMatchObject({ title, text: STORY });
  });

  it("is empty where the first heading comes late or is of a lower level", () => {
    expect(markdown(`## Part one\n\n${STORY}`).title).toBe("");
    const long = "The county decides on Friday. ".repeat(8);
    expect(markdown(`${long}\n\n# Late\n\n${STORY}`).title).toBe("");
  });

  it("declared wins; the same heading in the body is not said twice, another one stays", () => {
    expect(markdown(`---\ntitle: One\n---\n# One\n\n${STORY}`).html).not.toContain("One");
    expect(markdown(`---\ntitle: One\n---\n# Two\n\n${STORY}`)).toMatchObject({
      title: "One",
      html: expect.stringContaining("<h2>Two</h2>"),
      dropped: [{ text: "Two", reason: "a heading, kept in the HTML" }],
    });
  });
});

describe("pictures in Markdown", () => {
  it("carry alt, title as caption, and the credit in it", () => {
    const article = markdown(
      `${STORY}\n\n![A boat](boat.jpg "The boat at night. Photo: Ida Holm")`,
    );
    expect(article.images).toEqual([
      { src: "boat.jpg", alt: "A boat", caption: "The boat at night.", credit: "Ida Holm" },
    ]);
    expect(article.captions).toEqual([{ text: "The boat at night.", credit: "Ida Holm" }]);
    expect(article.html).not.toContain("img");
  });

  it.each(
    Object.entries({
      "![x](y.png)\n*Under the bridge.*": "Under the bridge.",
      "![x](y.png)\n\n_Under the bridge._": "Under the bridge.",
      '<figure><img src="y.png" alt="x"><figcaption>Under the bridge.</figcaption></figure>':
        "Under the bridge.",
    }),
  )("take the line in italics or the figcaption under them: %j", (picture, caption) => {
    const article = markdown(`${STORY}\n\n${picture}`);
    expect(article.images).toEqual([{ src: "y.png", alt: "x", caption }]);
    expect(article.captions).toEqual([{ text: caption }]);
    expect(article.text).toBe(STORY);
    expect(article.html).not.toContain(caption);
  });

  it("may have a space in their path", () => {
    const article = markdown(`${STORY}\n\n![A](<images/my photo.png>) ![B](images/b%20c.png)`);
    expect(article.images.map(({ src }) => src)).toEqual(["images/my photo.png", "images/b c.png"]);
  });

  it("from an address that mail cannot load are reported", () => {
    const article = markdown(`${STORY}\n\n![bad](javascript:alert(1)) ![t]({{ site.url }}/x.png)`);
    expect(article.images).toEqual([]);
    expect(article.dropped[0]?.text).toContain("bad");
    expect(article.dropped[0]?.text).toContain("{{ site.url }}");
  });

  it("alone are no story", () => {
    expect(codeOf(() => markdown("# Title\n\n![a](b.jpg)\n\n*Under it.*"))).toBe(
      "CONTENT_NO_STORY",
    );
  });
});

describe("what is no Markdown for readers", () => {
  it("template tags are left out and reported, and what they stand around stays", () => {
    const article = markdown(
      "Hello {{ user.name }}, {% if a %}yes{% endif %} and [here]({{ url }}).\n\n{% include x.md %}\n[r]: https://a.example\n\nEnd {: .lead}",
    );
    expect(article.text).toBe("Hello , yes and here.\n\nEnd");
    expect(article.dropped.map(({ text }) => text)).toEqual([
      "{{ user.name }}\n{% if a %}\n{% endif %}\n{{ url }}\n{% include x.md %}\n{: .lead}",
    ]);
  });

  it("a template's block of code is left out as a whole", () => {
    const article = markdown(`${STORY}\n\n{% highlight ruby %}\nputs 1\n{% endhighlight %}`);
    expect(article.text).toBe(STORY);
    expect(article.dropped[0]?.text).toContain("puts 1");
  });

  it("scripts, forms, drawings and comments are left out and reported", () => {
    const parts = [
      "<script>alert(1)</script>",
      "<form>Sign <input> up</form>",
      "<svg><text>hi</text></svg>",
    ];
    const article = markdown(`${STORY}\n\n${parts.join("\n\n")}\n\n<!-- more -->`);
    expect(article.text).toBe(STORY);
    expect(article.html).not.toMatch(/script|form|svg|more|hi/);
    expect(article.dropped).toEqual([
      { text: parts.join("\n"), reason: "an element that mail cannot show" },
      { text: "<!-- more -->", reason: "a comment" },
    ]);
  });

  it("code may have the marks of a comment in it", () => {
    const code = "graph TD\n%% a diagram %%";
    const article = markdown(`Write \`%%x%%\` for one.\n\n\`\`\`mermaid\n${code}\n\`\`\`\n`);
    expect(article.text).toBe("Write %%x%% for one.");
    expect(article.dropped).toEqual([{ text: code, reason: "code, not story prose" }]);
  });

  it("a comment below a block of code is left out", () => {
    const article = markdown(
      "```\n%%\n```\n\n`%%` The ferry sails. %%Ask `Tom` now%%\n\n~~~~\n%% ~~~\n~~~~\n%%x%%\n",
    );
    expect(article.text).toBe("%% The ferry sails.");
    expect(article.dropped.filter(({ reason }) => reason === "a comment")).toEqual([
      { text: "%%Ask `Tom` now%%", reason: "a comment" },
      { text: "%%x%%", reason: "a comment" },
    ]);
  });

  it("a letter has no comments either, and the rest of it as it was written", () => {
    const article = markdown(
      "---\nkind: letter\n---\n\nDear *all*, %%too warm?%%hello. <!-- x -->\n\nWrite `%%x%%`.\n",
    );
    expect(article.text).toBe("Dear *all*, hello. \n\nWrite `%%x%%`.");
    expect(article.dropped).toEqual([{ text: "%%too warm?%%\n<!-- x -->", reason: "a comment" }]);
  });

  it("thousands of marks are read in time linear in their number", () => {
    const seconds = cpuSecondsOf(() => {
      for (const piece of ["%%\n\n", "%% ", "x%%", "<!-- ", "```\n%%\n", "` %%\n"])
        markdown(`${STORY}\n\n${piece.repeat(5000)}`);
    });
    expect(seconds).toBeLessThan(10);
  });

  it("an element that is never closed swallows nothing", () => {
    const article = markdown(`Why <script> is bad.\n\n<!-- lost\n\n${STORY}`);
    expect(article.text).toBe(`Why <script> is bad.\n\n<!-- lost\n\n${STORY}`);
    expect(article.html).toContain("Why &lt;script&gt; is bad.");
  });

  it("blocks of HTML are paragraphs, never glued together", () => {
    const article = markdown(
      '<div class="x">One.<p>Two.</p>Three.</div>\n\n<details open><summary>Four</summary>Five.</details>',
    );
    expect(paragraphsOf(article)).toEqual(["One.", "Two.", "Three.", "Four", "Five."]);
  });

  it("code shows the tags that it is about", () => {
    expect(markdown("Write `{{ name }}` or `<b>`.").text).toBe("Write {{ name }} or <b>.");
  });
});

it("links: lead to http, https and mailto; relative ones to the article's own site; others nowhere", () => {
  const links =
    "[a](https://a.example/) [b](/b) [c](javascript:alert(1)) [d](#d) [e](mailto:e@a.example) [f](data:text/html,x)";
  expect(markdown(links).html).toBe(
    '<p><a href="https://a.example/">a</a> b c d <a href="mailto:e@a.example">e</a> f</p>',
  );
  expect(markdown(`---\nurl: https://paper.example/story/\n---\n${links}`).html).toContain(
    '<a href="https://paper.example/b">b</a> c d',
  );
});

describe("a letter", () => {
  it("keeps its Markdown, without the heading that became its title", () => {
    const article = markdown(
      "---\nkind: letter\n---\n# From the quay\n\nDear **readers**,\n\n- one\n- two\n\n*Ida*",
    );
    expect(article).toMatchObject({
      kind: "letter",
      title: "From the quay",
      text: "Dear **readers**,\n\n- one\n- two\n\n*Ida*",
    });
    expect(article.html).toContain("<strong>readers</strong>");
  });

  it("has its other headings in its text, so none of them is left out", () => {
    const article = markdown(`---\nkind: letter\ntitle: One\n---\n## Two\n\n${STORY}`);
    expect(article).toMatchObject({ text: `## Two\n\n${STORY}`, dropped: [] });
  });
});

it("a letter without a mark of Markdown is as it is written", () => {
  const letter = "Dear readers,\n\nleave a reply if you like.\n\nShare\n\nIda Holm";
  expect(markdown(`---\nkind: letter\n---\n${letter}`)).toMatchObject({ text: letter, title: "" });
});

it("bylines in Markdown: are read at the top and at the end", () => {
  expect(markdown(`# T\n\n*By Ida Holm*\n\n${STORY}`)).toMatchObject({
    authors: ["Ida Holm"],
    text: STORY,
  });
  expect(markdown(`# T\n\n${STORY}\n\nIda Holm`)).toMatchObject({
    authors: ["Ida Holm"],
    text: STORY,
  });
});

it("an article copied into a Markdown file without any Markdown is read as a plain text", () => {
  const article = markdown(COPIED);
  expect(article).toEqual({ ...read("text", COPIED), source: article.source });
  expect(article.authors).toEqual(["Mara Lindqvist"]);
});

it("quotations nested ten thousand deep are read as plain text", () => {
  const article = markdown(`${"> ".repeat(10_000)}deep\n\n${STORY}`);
  expect(article.text).toContain(STORY);
});
