import { JSDOM } from "jsdom";
import { describe, expect, test } from "vitest";
import type { ModuleSettings } from "../../src/digest/modules.ts";
import { type Digest } from "../../src/digest/digest.ts";
import { parseDigest } from "../../src/digest/digest-json.ts";
import { article, digestOf, entry } from "../fixtures.ts";
import { render } from "../render.ts";

const PICTURE = { src: "images/mill.png", alt: "A mill", widthPx: 1040, heightPx: 640 };
const QUOTE = { text: "I have stopped arguing.", speaker: "Ottilie Brand" };
const LOAVES = { value: "340", what: "loaves from every tide" };
const MODULES = {
  sponsor: { name: "Halyard", title: "Rope", url: "https://rope.example/", link: "See the rope" },
  feedback: "https://a.example/{answer}",
  subscribe: "https://a.example/subscribe",
  closing: "Back on Thursday.",
} satisfies ModuleSettings;

function issue(
  count: number,
  { pictures = true, ...more }: Parameters<typeof digestOf>[1] & { pictures?: boolean } = {},
): Digest {
  const stories = Array.from({ length: count }, (_, at) =>
    entry(
      {
        title: `Story number ${at + 1} of the week`,
        url: `https://paper.example/${at + 1}`,
        images: pictures ? [PICTURE] : [],
        text: "She bakes 340 loaves. “I have stopped arguing.” ".repeat(20),
      },
      at === 0 ? { quote: QUOTE, figures: [LOAVES] } : {},
    ),
  );
  return digestOf(stories, { sections: "none", ...more });
}

async function rendered(digest: Digest, name = "digest") {
  const { html, text } = await render(digest, name);
  return { html, text, document: new JSDOM(html).window.document };
}

describe("the page of a digest", () => {
  test.each([
    [1, 20],
    [5, 32],
    [10, 44],
    [30, 85],
  ])("of %i stories, from ten on with all modules, has %i KB at most", async (count, most) => {
    const { html } = await rendered(issue(count, { modules: count > 5 ? MODULES : {} }));
    expect(Buffer.byteLength(html)).toBeLessThanOrEqual(most * 1000);
  });

  test("shows pictures by weight, each a link to its story", async () => {
    const { document } = await rendered(issue(8));
    expect([...document.images].map(({ width }) => width)).toEqual([520, 236, 236, 136, 136]);
    const links = [...document.images].map((image) => image.closest("a")?.getAttribute("href"));
    expect(links).toEqual([1, 2, 3, 4, 5].map((at) => `https://paper.example/${at}`));
  });

  test("numbers what is in the contents, and links to where it stands", async () => {
    const { document, text } = await rendered(issue(8));
    const links = [...document.querySelectorAll<HTMLAnchorElement>("a[href^='#']")];
    expect(links.map(({ textContent }) => textContent)).toHaveLength(5);
    for (const link of links)
      expect(document.getElementsByName(link.hash.slice(1))).toHaveLength(1);
    expect(text).toContain("1. Story number 1 of the week (4 min)");
    expect(document.body.textContent).toContain("In brief (3)");
  });

  test("has no contents of three stories, nor where they are switched off", async () => {
    for (const digest of [issue(3), issue(8, { modules: { contents: false } })])
      expect((await rendered(digest)).html).not.toContain("In this issue");
  });

  test("says what its modules say, in both parts and in this order", async () => {
    const { document, text } = await rendered(issue(8, { modules: MODULES }));
    const words = [
      "The number",
      "Advertisement, paid for by Halyard",
      "In brief",
      "I have stopped arguing.",
      "Back on Thursday.",
      "Was this issue worth your time?",
      "Forwarded to you?",
    ];
    // The contents name what is in brief, too.
    for (const part of [document.body.textContent, text].map((part) => part.replace(/\s+/g, " "))) {
      const places = words.map((said) => part.lastIndexOf(said));
      expect(places).toEqual(places.toSorted((a, b) => a - b));
      expect(places).not.toContain(-1);
    }
    const urls = [
      "https://rope.example/",
      ...["yes", "no"].map((answer) => MODULES.feedback.replace("{answer}", answer)),
      MODULES.subscribe,
    ];
    for (const url of urls) {
      expect(document.querySelector(`a[href="${url}"]`)).not.toBeNull();
      expect(text).toContain(url);
    }
    expect(document.querySelector("a[rel=sponsored]")?.textContent).toBe("See the rope");
  });

  test("marks an advertisement in the reader's language", async () => {
    const { document, text } = await rendered(issue(4, { modules: MODULES, language: "de" }));
    expect(document.body.textContent).toContain("Anzeige, bezahlt von Halyard");
    expect(text).toContain("Anzeige, bezahlt von Halyard");
  });

  test("sets a quote below a lead that has no picture", async () => {
    const { text } = await rendered(issue(4, { pictures: false }));
    expect(text.indexOf("I have stopped arguing.")).toBeLessThan(
      text.lastIndexOf("Story number 2"),
    );
  });

  test("quotes no story that is hidden", async () => {
    const json = JSON.stringify(issue(4)).replace('"entries":[{', '"entries":[{"hidden":true,');
    const { html } = await rendered(parseDigest(json, "digest.json"));
    expect(html).not.toContain("stopped arguing");
    expect(html).not.toContain("The number");
  });

  test("has no heading over a single story, and none that says there are more", async () => {
    for (const count of [2, 4, 6, 7]) {
      const { html } = await rendered(issue(count));
      expect(html).not.toContain("More stories");
      expect(html.includes(">In brief<")).toBe(count === 7);
    }
  });
});

function letter(text: string) {
  return article({ kind: "letter", title: "", text });
}

async function order(text: string) {
  const { document } = await rendered(issue(5, { letter: letter(text) }), "letter");
  return [...document.querySelectorAll("h2, .t-letter")].map(({ tagName, textContent }) =>
    tagName === "H2" ? textContent.replace(/\D+/g, "") : textContent.replaceAll("\u00A0", " "),
  );
}

describe("a letter", () => {
  test("has a story after the paragraph that links to it, by headline, its beginning or its number", async () => {
    const text =
      "One\n\nSee [[story: Story number 3 of the week]].\n\nTwo [[story: 2 | the second]].\n\nEnd";
    expect(await order(text)).toEqual(
      "One|See Story number 3 of the week.|3|Two the second.|2|End|1|4|5".split("|"),
    );
  });

  test("has a story after the paragraph that names it, once", async () => {
    const text = "I read story number 4 of the week.\n\nStory number 4 of the week again.";
    expect(await order(text)).toEqual(
      "I read story number 4 of the week.|4|Story number 4 of the week again.|1|2|3|5".split("|"),
    );
  });

  test("sets three stories beside its prose, and the others below", async () => {
    const text = [1, 2, 3, 4].map((at) => `[[story: ${at}]]`).join("\n\n");
    expect((await order(text)).slice(-3)).toEqual([expect.stringContaining("4"), "4", "5"]);
  });

  test("leaves what no story answers to as its words", async () => {
    const { document, text } = await rendered(
      issue(2, { letter: letter("See [[story: Nobody's]] <b>now</b>.") }),
      "letter",
    );
    expect(document.querySelector(".t-letter")?.textContent).toBe("See Nobody's <b>now</b>.");
    expect(text).toContain("See Nobody's <b>now</b>.");
  });
});

test("an inset of a letter shows of a very long line its beginning", async () => {
  const line = `The mill turns again after nine years, ${"and so do its neighbours up the river, ".repeat(5)}says its owner.`;
  const story = entry({ url: "https://paper.example/1" }, { gist: { text: line } });
  const letter = article({ kind: "letter", title: "", text: "See [[story: 1]]." });
  const { document, text } = await rendered(digestOf([story], { letter }), "letter");
  const shown = document.querySelector(".t-inset-text")?.textContent ?? "";
  expect(shown.length).toBeLessThan(145);
  expect(line.startsWith(shown.replace(" …", ""))).toBe(true);
  expect(text.replace(/\s+/g, " ")).toContain(line);
});

describe("a brief", () => {
  test("says that it explains one story where it has no other", async () => {
    const says = "One story, explained";
    expect((await rendered(issue(1), "brief")).html).toContain(says);
    expect((await rendered(issue(2), "brief")).html).not.toContain(says);
  });

  test("names a source where there is one: a time to read is none", async () => {
    const headings = async (over: Parameters<typeof entry>[0]) => {
      const { document } = await rendered(digestOf([entry(over)]), "brief");
      return [...document.querySelectorAll("h2")].map(({ textContent }) => textContent);
    };
    expect(await headings({})).toContain("Source");
    expect(await headings({ site: undefined })).toContain("Source");
    expect(await headings({ site: undefined, url: undefined })).not.toContain("Source");
    const { document } = await rendered(
      digestOf([entry({ site: undefined, url: undefined })]),
      "brief",
    );
    expect(document.body.textContent).toContain("words, about");
  });
});

test("the year of the date is never alone on its line", async () => {
  for (const name of ["digest", "brief"] as const) {
    const { document, text } = await rendered(issue(1), name);
    expect(document.body.textContent).toMatch(/\p{L}+\u00A0\d{4}/u);
    expect(text).not.toContain("\u00A0");
  }
});

test("the three templates are three pages", async () => {
  const digest = issue(5, { letter: article({ kind: "letter", title: "", text: "Dear reader" }) });
  const heads = await Promise.all(
    (["digest", "brief", "letter"] as const).map(async (name) => {
      const { document } = await rendered(digest, name);
      return [document.querySelector("h1")?.textContent, document.images.length];
    }),
  );
  expect(heads).toEqual([
    ["The Mudlark", 5],
    [expect.stringContaining("Story number 1"), 1],
    ["The Mudlark", 0],
  ]);
});
