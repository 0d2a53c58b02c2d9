import { JSDOM } from "jsdom";
import { describe, expect, test } from "vitest";
import { loadTemplate } from "../../src/email/io/load-template.ts";
import { themeFor } from "../../src/email/theme.ts";
import { alsoIn, article, digestOf, entry, LETTER } from "../fixtures.ts";
import { render, template } from "../render.ts";

const { theme } = await template("brief");
/** One that was written when the contents were a line. */
const SHORE = await loadTemplate("shore", "tests/fixtures/newsletter-0.1.0/project/templates");

async function shown(...given: Parameters<typeof render>) {
  const { html, text } = await render(...given);
  return { html, text, document: new JSDOM(html).window.document };
}

describe("dates and marks", () => {
  test.each([
    ["en", "Thursday 14 March 2019"],
    ["en-US", "Thursday March 14 2019"],
    ["de", "Donnerstag, 14. März 2019"],
    ["fr", "jeudi 14 mars 2019"],
    ["es", "jueves, 14 de marzo de 2019"],
    ["ar", "الخميس ١٤ مارس ٢٠١٩"],
    ["he", "יום חמישי, 14 במרץ 2019"],
    ["ja", "2019年3月14日(木)"],
    ["zh", "2019年3月14日星期四"],
    ["ru", "четверг, 14 марта 2019 г."],
  ])("the folio of an issue in %s has the date %s", async (language, date) => {
    const { text } = await shown(digestOf([entry()], { language }), "brief");
    expect(text.replaceAll(/[\u2066-\u2069]/g, "")).toContain(date);
  });

  test("ideographs have their own marks between a paper and its minutes, a date and what follows", async () => {
    const { document, text } = await shown(
      digestOf([entry({ language: "ja" })], { language: "ja" }),
      "brief",
    );
    expect(document.body.textContent).toContain("2019年3月12日。約4分。");
    expect(document.body.textContent).toContain("Ottilie Brand、The Estuary Paper");
    expect(text).toContain("The Estuary Paper\u30004分");
  });

  test("headlines in one line are kept apart as the language does", async () => {
    const titles = ["ا", "ب", "ج"].map((title) => entry({ title, language: "ar" }));
    const { document } = await shown(digestOf(titles, { language: "ar" }), SHORE);
    expect(document.querySelector(".t-contents")?.textContent).toBe("ا؛ ب؛ ج");
  });

  test("the and of Arabic stays with the paper's name", async () => {
    const merged = { ...entry({ language: "ar" }), alsoIn: ["A", "B"].map(alsoIn) };
    const { document } = await shown(digestOf([merged], { language: "ar" }), "digest");
    expect([...document.querySelectorAll("a")].map(({ textContent }) => textContent)).toContain(
      "وB",
    );
  });
});

describe("type", () => {
  test.each(["ar", "he", "ja", "ko", "zh", "hi", "th"])(
    "%s has no italics and no tracking",
    (tag) => {
      const { text } = themeFor(theme, tag);
      const styles = Object.values(text);
      expect(styles.filter(({ italic }) => italic)).toEqual([]);
      expect(styles.filter(({ phone, desktop }) => phone.length + desktop.length > 4)).toEqual([]);
    },
  );

  test("Cyrillic and Greek keep their italics", () => {
    for (const tag of ["ru", "uk", "el"]) {
      expect(themeFor(theme, tag).text["tagline"]?.italic).toBe(true);
    }
  });

  test.each([
    ["ja", "Hiragino Mincho ProN"],
    ["zh", "Songti SC"],
    ["zh-TW", "Songti TC"],
    ["ko", "AppleMyungjo"],
    ["ar", "Geeza Pro"],
    ["he", "Georgia"],
  ])("%s is set in fonts of its own script", (tag, font) => {
    expect(themeFor(theme, tag).fonts["serif"]).toContain(font);
  });

  test("Japanese headlines break between phrases, and others are left as they are", async () => {
    const { html } = await shown(digestOf([entry()], { language: "ja" }), "brief");
    expect(html).toContain("word-break:auto-phrase");
    expect((await shown(digestOf([entry()]), "brief")).html).not.toContain("text-wrap");
  });

  test("long words of languages that write compounds as one are hyphenated, and no others", async () => {
    const { html } = await shown(digestOf([entry()], { language: "de" }), "brief");
    expect(html).toContain("hyphens:auto;hyphenate-limit-chars:14 6 6");
    expect((await shown(digestOf([entry()]), "brief")).html).not.toContain("hyphens");
  });
});

describe("a story that runs the other way than its issue", () => {
  const hebrew = entry({ title: "המאפייה", language: "he" }, { gist: { text: "התנורים." } });

  test("has its own direction, so that its full stops stand at their own end", async () => {
    for (const name of ["digest", "letter"] as const) {
      const { document } = await shown(digestOf([entry(), hebrew]), name);
      const heading = [...document.querySelectorAll("h2,h3")].find(
        ({ textContent }) => textContent === "המאפייה",
      );
      expect(heading?.closest("[dir]")?.getAttribute("dir")).toBe("rtl");
    }
  });

  test("stands apart in the line of headlines, and plain in the text part", async () => {
    const { document, text } = await shown(digestOf([entry(), hebrew, entry()]), SHORE);
    expect(document.querySelector(".t-contents")?.textContent).toContain("; \u2068המאפייה\u2069; ");
    expect(text).not.toMatch(/[\u2066-\u2069]/);
  });

  test("one that runs the same way says nothing of it", async () => {
    const german = entry({ title: "Die Bäckerei", language: "de" });
    const { document } = await shown(digestOf([entry(), german]), "digest");
    expect(document.querySelectorAll("h2[dir],h3[dir]")).toHaveLength(0);
  });
});

test.each(["digest", "letter"] as const)(
  "a list in an Arabic letter hangs its marks on the right in the %s",
  async (name) => {
    const letter = article({ kind: "letter", title: "", language: "ar", text: "- الفرن\n- الصف" });
    const digest = digestOf([entry({ language: "ar" })], { language: "ar", letter });
    const { html } = await shown(digest, name);
    expect(html).toContain("padding-right:28px;text-indent:-28px");
    expect(html).not.toContain("padding-left:20px");
    expect(html).not.toContain("font-style:italic");
    expect((await shown(LETTER, name)).html).toContain("padding-left:28px;text-indent:-28px");
  },
);
