import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fittingUnit } from "../../src/email/story-view.ts";
import { loadTemplate } from "../../src/email/io/load-template.ts";
import { LABEL_LANGUAGES, labelsFor, minutesIn } from "../../src/email/labels.ts";
import { boundIn, themeFor } from "../../src/email/theme.ts";
import { bindDays, bindInitials, bindUnits, curl, wrapText } from "../../src/email/typography.ts";
import { columnsOf, folded } from "../../src/platform/text.ts";
import { contrastOf, hexOf, parseColour } from "../../src/platform/css/values.ts";
import { LETTER, PUBLICATION, alsoIn, article, digestOf, entry } from "../fixtures.ts";
import { cpuSecondsOf } from "../cpu-time.ts";
import { documentOf, render, template, textsOf } from "../render.ts";

const { theme } = await template("brief");
/** One that was written when the contents were a line. */
const SHORE = await loadTemplate("shore", "tests/fixtures/newsletter-0.1.0/project/templates");

/** Little more than the date of an issue, as each language is a page of its own for MJML. */
const FOLIO = {
  ...(await template("brief")),
  html: {
    file: "folio.hbs",
    source:
      "<mjml><mj-body><mj-section><mj-column><mj-text>{{lead.title}}</mj-text></mj-column></mj-section></mj-body></mjml>",
  },
  text: { file: "folio.hbs", source: "{{folio.date}}" },
};

async function shown(...given: Parameters<typeof render>) {
  const { html, text } = await render(...given);
  return { html, text, $: documentOf(html) };
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
    const { text } = await shown(digestOf([entry()], { language }), FOLIO);
    expect(text.replaceAll(/[\u2066-\u2069]/g, "").replaceAll("\u00A0", " ")).toContain(date);
  });

  test("the first of a month is an ordinal in French, everywhere", async () => {
    const first = { publishedAt: "2030-12-01", language: "fr" };
    const digest = { ...digestOf([entry(first)], { language: "fr" }), date: "2031-01-01" };
    const { text, $ } = await shown(digest, "brief");
    expect(text).toContain("mercredi 1er janvier 2031");
    expect($("body").text()).toContain("1er décembre 2030");
    expect($("body").text()).not.toMatch(/\b1 (?:janvier|décembre)/);
    const later = await shown({ ...digest, date: "2031-01-21" }, "brief");
    expect(later.text).toContain("mardi 21 janvier 2031");
  });

  test("ideographs have their own marks between a paper and its minutes, a date and what follows", async () => {
    const { $, text } = await shown(
      digestOf([entry({ language: "ja" })], { language: "ja" }),
      "brief",
    );
    expect($("body").text()).toContain("2019年3月12日。約4分。");
    expect($("body").text()).toContain("Ottilie Brand、The Estuary Paper");
    expect(text).toContain("The Estuary Paper\u30004分");
  });

  test.each([
    ["fr", "Se désabonner :"],
    ["ja", "配信停止："],
    ["de", "Abbestellen:"],
  ])("a label of the text part ends with the colon of its language: %s", async (language, line) => {
    const { text } = await shown(digestOf([entry()], { language }), "digest");
    expect(text.split("\n")).toContain(line);
  });

  test("headlines in one line are kept apart as the language does", async () => {
    const titles = ["ا", "ب", "ج"].map((title) => entry({ title, language: "ar" }));
    const { $ } = await shown(digestOf(titles, { language: "ar" }), SHORE);
    expect($(".t-contents").first().text()).toBe("ا؛ ب؛ ج");
  });

  test("the and of Arabic stays with the paper's name", async () => {
    const merged = { ...entry({ language: "ar" }), alsoIn: ["A", "B"].map(alsoIn) };
    const { $ } = await shown(digestOf([merged], { language: "ar" }), "digest");
    expect(textsOf($("a"))).toContain("وB");
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
    expect(html).toContain("h1,h2,h3,.t-toc{word-break:auto-phrase");
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
      const { $ } = await shown(digestOf([entry(), hebrew]), name);
      const heading = $("h2,h3").filter((_, h) => $(h).text() === "המאפייה");
      expect(heading.first().closest("[dir]").attr("dir")).toBe("rtl");
    }
  });

  test("the address and the reason keep their order in a footer that runs the other way", async () => {
    const foot = {
      reason: "You signed up.",
      postalAddress: "2 Quay Street, Orrell",
      footer: { lines: ["Set by hand."] },
    };
    const publication = { ...PUBLICATION, ...foot };
    const arabic = await shown(digestOf([entry()], { language: "ar", publication }), "digest");
    for (const line of [foot.reason, foot.postalAddress, ...foot.footer.lines])
      expect(arabic.html).toContain(`>\u2068${line}\u2069</p>`);
    const english = await shown(digestOf([entry()], { publication }), "digest");
    expect(english.html).not.toContain("\u2068");
  });

  test("stands apart in the line of headlines, and plain in the text part", async () => {
    const { $, text } = await shown(digestOf([entry(), hebrew, entry()]), SHORE);
    expect($(".t-contents").first().text()).toContain("; \u2068המאפייה\u2069; ");
    expect(text).not.toMatch(/[\u2066-\u2069]/);
  });

  test("one that runs the same way says nothing of it", async () => {
    const german = entry({ title: "Die Bäckerei", language: "de" });
    const { $ } = await shown(digestOf([entry(), german]), "digest");
    expect($("h2[dir],h3[dir]")).toHaveLength(0);
  });
});

test.each(["digest", "letter"] as const)(
  "a list in an Arabic letter hangs its marks on the right in the %s",
  async (name) => {
    const letter = article({ kind: "letter", title: "", language: "ar", text: "- الفرن\n- الصف" });
    const digest = digestOf([entry({ language: "ar" })], { language: "ar", letter });
    const { html } = await shown(digest, name);
    expect(html).toMatch(/<ul style="[^"]*padding-right:28px/);
    expect(html).not.toContain("padding-left:20px");
    expect(html).not.toContain("font-style:italic");
    expect((await shown(LETTER, name)).html).toMatch(/<ul style="[^"]*padding-left:28px/);
  },
);

/** Scripts whose labels hold no Latin letter. */
const OTHER_SCRIPTS = LABEL_LANGUAGES.filter((language) => !isLatin(language));

const LATIN = LABEL_LANGUAGES.filter((language) => language !== "en" && isLatin(language));
/** The words that a language has in common with English. */
const SAME_IN_ENGLISH: Readonly<Record<string, readonly string[]>> = {
  de: ["Feed", "Brief"],
  es: ["Feed"],
  fr: ["# minute", "# minutes", "Source"],
  it: ["Feed"],
  nl: ["Feed", "Brief"],
  pt: ["Feed"],
};

function isLatin(language: string): boolean {
  return new Intl.Locale(language).maximize().script === "Latn";
}

function wordsOf(language: string): string[] {
  const labels = labelsFor(language);
  return [
    ...Object.values(labels.minutes),
    ...labels.quotes,
    labels.number("5"),
    labels.andMore("5"),
    labels.paidFor("8"),
    labels.follows("9"),
    labels.reading("5", "6"),
    labels.lengthInFull("5", "6"),
    labels.reason("7"),
    ...Object.values(labels.words),
    ...Object.values(labels.archive).flatMap((word) =>
      typeof word === "string"
        ? [word]
        : Object.values(word).map((form) => form.replace("{year}", "2026")),
    ),
  ];
}

describe.each(LABEL_LANGUAGES)("the labels in %s", (language) => {
  test("are all there, none of them empty", () => {
    expect(wordsOf(language).filter((word) => word.trim() === "")).toEqual([]);
  });

  test("say what they are given", () => {
    const labels = labelsFor(language);
    expect(labels.number("№5")).toContain("№5");
    expect(labels.andMore("‹5›")).toContain("‹5›");
    expect(labels.reading("‹5›", "‹6›")).toMatch(/‹5›.*‹6›/);
    expect(labels.lengthInFull("‹5›", "‹6›")).toContain("‹6›");
    expect(labels.reason("‹7›")).toContain("‹7›");
  });

  test("have a plural for every whole number up to a thousand", () => {
    const labels = labelsFor(language);
    const rules = new Intl.PluralRules(language);
    const used = new Set(Array.from({ length: 1000 }, (_, count) => rules.select(count + 1)));
    const { minutes, archive } = labels;
    for (const forms of [minutes, archive.since, archive.issues])
      expect(
        [...used].filter((rule) => forms[rule] === undefined),
        `the plural forms of ${JSON.stringify(forms)}`,
      ).toEqual([]);
    for (const form of Object.values(archive.since)) expect(form).toContain("{year}");
  });
});

test.each(OTHER_SCRIPTS)("in %s no label is left in English", (language) => {
  expect(wordsOf(language).filter((word) => /[a-z]/i.test(word))).toEqual([]);
});

test.each(LATIN)(
  "in %s no label is left in English, but for words that are the same",
  (language) => {
    const english = new Set(wordsOf("en"));
    const quotes = new Set(labelsFor(language).quotes);
    const left = wordsOf(language).filter((word) => english.has(word) && !quotes.has(word));
    expect(left).toEqual(SAME_IN_ENGLISH[language] ?? []);
  },
);

test("no two languages have the same labels", () => {
  const reasons = LABEL_LANGUAGES.map((language) => labelsFor(language).reason("x"));
  expect(new Set(reasons).size).toBe(LABEL_LANGUAGES.length);
});

test.each([
  ["ru", 1, "1 минута"],
  ["ru", 3, "3 минуты"],
  ["ru", 12, "12 минут"],
  ["pl", 22, "22 minuty"],
  ["ar", 2, "دقيقتان"],
  ["he", 2, "שתי דקות"],
  ["en", 1, "1 minute"],
  ["sw", 1, "1 minute"],
])("%s counts %i minutes as %s", (language, count, expected) => {
  expect(minutesIn(language, labelsFor(language), count)).toBe(expected);
});

test("a region or a script chooses its own", () => {
  expect(labelsFor("zh-TW").words.readArticle).toBe("閱讀原文");
  expect(labelsFor("zh-CN").words.readArticle).toBe("阅读原文");
  expect(labelsFor("de-AT")).toBe(labelsFor("de"));
  expect(labelsFor("sw")).toBe(labelsFor("en"));
});

test.each([
  ["centimetres", "cm"],
  ["kilometer", "km"],
  ["square kilometres", "km²"],
  ["Quadratmeter", "m²"],
  ["megawatts", "MW"],
])("%s is too wide for the column of figures: %s", (unit, symbol) => {
  expect(fittingUnit(unit)).toBe(symbol);
});

test.each(["metres", "miles", "nautical miles", "percent", "%", "acres", "constructor"])(
  "%s stays as it is",
  (unit) => {
    expect(fittingUnit(unit)).toBe(unit);
  },
);

describe("setting text", () => {
  test("binds a number to its unit, and to nothing else", () => {
    expect(bindUnits("1 °C, 40 min, 12 boats, 5 per cent")).toBe(
      "1\u00A0°C, 40\u00A0min, 12 boats, 5\u00A0per cent",
    );
  });

  test.each([
    ["en", "Review: July 31, 2016, and Aug. 2", "Review: July_31, 2016, and Aug._2"],
    ["en", "On 5 May he may 5 times", "On 5_May he may 5 times"],
    ["en", "In March 2011", "In March 2011"],
    ["de", "Am 1. Dezember", "Am 1._Dezember"],
    ["fr", "mardi 5 mai et 1er mai", "mardi 5_mai et 1er_mai"],
    ["en", "the 5th May, the 5th may go", "the 5th_May, the 5th may go"],
    ["es", "el 31 de julio", "el 31_de julio"],
    ["ru", "с 3 декабря", "с 3_декабря"],
    ["ja", "12月1日 ABC 2", "12月1日 ABC 2"],
  ])("binds a day to its month: %s, %s", (language, text, bound) => {
    expect(bindDays(text, language).replaceAll("\u00A0", "_")).toBe(bound);
  });

  test("binds an initial to its name", () => {
    expect(bindInitials("J. K. Rowling on the U.S. Navy")).toBe(
      "J.\u00A0K.\u00A0Rowling on the U.S. Navy",
    );
  });

  test.each([
    ["de", 'Er sagte "ja".', "Er sagte „ja“."],
    ["fr", 'Elle dit "oui", et "non".', "Elle dit «\u00A0oui\u00A0», et «\u00A0non\u00A0»."],
    ["ar", 'قال "نعم".', "قال «نعم»."],
    ["ja", '客の"おもいで"を刺激する', "客の「おもいで」を刺激する"],
    ["en", `It's "quite" so`, "It’s “quite” so"],
  ])("gives straight quotation marks the shape of the language: %s", (language, text, set) => {
    expect(curl(text, language)).toBe(set);
  });

  test.each(["en", "fr", "de", "ar", "ja", "he"])(
    "a text is found by its typed form: %s",
    (language) => {
      for (const text of ['Elle dit "oui"---et "non"', "It's 'so' -- 両立？--Apple", 'a "b" --c'])
        expect(folded(curl(text, language))).toBe(folded(text));
    },
  );

  test("a text between »…« is found by its typed form, and a long gap costs no time", () => {
    expect(folded("Er sagte »ja« oder »nein«.")).toBe('er sagte "ja" oder "nein".');
    expect(folded("Elle dit « oui », et « non ».")).toBe('elle dit "oui", et "non".');
    const long = `a${" ".repeat(100_000)}b${"«".repeat(100_000)}`;
    expect(cpuSecondsOf(() => folded(long))).toBeLessThan(1);
  });

  test.each([
    ["answers to their questions---or when", "answers to their questions—or when"],
    ["Steam -- the Linux client -- is here", "Steam — the Linux client — is here"],
    ["両立なるか？--Appleニュース", "両立なるか？――Appleニュース"],
    ["10選---「Vault」", "10選――「Vault」"],
    ["git push --force, card--wide and ----", "git push --force, card--wide and ----"],
    ["npm run build -- --watch", "npm run build -- --watch"],
    [
      "see https://a.example/it's---a and o'dell@a.example",
      "see https://a.example/it's---a and o'dell@a.example",
    ],
  ])("typed hyphens are dashes where they can mean nothing else: %s", (text, set) => {
    expect(curl(text, "en")).toBe(set);
  });

  test("curls quotation marks only where they can mean one thing", () => {
    expect(curl(`It's "quite" so`, "en")).toBe("It’s “quite” so");
    expect(curl('A 5" pipe', "en")).toBe('A 5" pipe');
    expect(curl('Pipes of 5" and 6"', "en")).toBe('Pipes of 5" and 6"');
    expect(curl('A panel of 5"x6"', "en")).toBe('A panel of 5"x6"');
    expect(curl('צה"ל וארה"ב', "he")).toBe('צה"ל וארה"ב');
    expect(curl('Alisema "ndiyo"', "sw")).toBe('Alisema "ndiyo"');
  });
});

describe("the text part", () => {
  const long = "word ".repeat(40).trim();

  test.each(["の「港」で", "を（東）へ", "で(西)、", "キャッシュー", "A“港”で", "B(東)へ"])(
    "begins no line with a closing mark and ends none with a bracket: %s",
    (words) => {
      for (let before = 30; before < 40; before++) {
        const lines = wrapText("港".repeat(before) + words.repeat(20))
          .trimEnd()
          .split("\n");
        expect(lines.join("")).toBe("港".repeat(before) + words.repeat(20));
        expect(lines.filter((line) => /^[」）)”、ャッュー]|[「（(“]$/u.test(line))).toEqual([]);
      }
    },
  );

  test("has one rule between two parts", () => {
    const [double, single] = ["=".repeat(72), "-".repeat(72)];
    expect(wrapText(`a\n\n${double}\n\n${single}\n\nb\n\n${single}\n\n\n${single}\nc`)).toBe(
      `a\n\n${double}\n\nb\n\n${single}\nc\n`,
    );
  });

  test.each(["1.", "٣."])(
    "wraps at 72 columns, and hangs what follows a numeral: %s",
    (numeral) => {
      const lines = wrapText(`${numeral} ${long}`).trimEnd().split("\n");
      expect(Math.max(...lines.map(columnsOf))).toBeLessThanOrEqual(72);
      expect(lines.length).toBeGreaterThan(2);
      expect(lines.slice(1).every((line) => /^ {3}\S/.test(line))).toBe(true);
    },
  );

  test("never breaks a URL that stands alone", () => {
    const url = `https://paper.example/${"a".repeat(100)}`;
    expect(wrapText(url)).toBe(`${url}\n`);
  });

  test("wraps Japanese, whose characters are two columns wide and need no spaces", () => {
    const lines = wrapText("潮の満ち引きで焼くパン屋。".repeat(12)).trimEnd().split("\n");
    expect(lines.length).toBeGreaterThan(3);
    expect(Math.max(...lines.map(columnsOf))).toBeLessThanOrEqual(74);
    expect(lines.some((line) => line.startsWith("。"))).toBe(false);
  });

  test("loses nothing but white space", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 400 }), (text) => {
        expect(wrapText(text).replace(/\s+/g, "")).toBe(text.replace(/\s+/g, ""));
      }),
    );
  });
});

test("a headline is measured in the size of its style, and a quote in its own face", async () => {
  const { theme } = await template("digest");
  const set = (style: string, text: string) =>
    boundIn(theme, style, text).replaceAll("\u00A0", "_");
  expect(set("headline", "Russia and China for gain?")).toBe("Russia and China for_gain?");
  expect(set("toc", "Russia and China for gain?")).toBe("Russia and China for gain?");
});

describe("colours", () => {
  test("every text colour of the theme reads on its paper, light and dark (WCAG AA)", () => {
    const { page, ...colours } = theme.colours;
    const names = new Set(Object.values(theme.text).map(({ colour }) => colour));
    for (const name of names) {
      if (name === "page") continue;
      expect(contrastOf(colours[name]?.light ?? "", page?.light ?? "")).toBeGreaterThanOrEqual(4.5);
      expect(contrastOf(colours[name]?.dark ?? "", page?.dark ?? "")).toBeGreaterThanOrEqual(4.5);
    }
    expect(names.size).toBeGreaterThan(4);
  });

  test("a publication's accent brings a dark one that reads", () => {
    const { accent } = themeFor(theme, "en", { accent: "#1B4F8A" }).colours;
    expect(accent?.light).toBe("#1B4F8A");
    expect(contrastOf(accent?.dark ?? "", "#141413")).toBeGreaterThanOrEqual(7);
  });

  test("a faint accent is refused, with the nearest that passes", async () => {
    const faint = digestOf([entry()], { publication: { ...PUBLICATION, accent: "#E0A030" } });
    const error = await render(faint, "brief").catch((caught) => caught);
    expect(error).toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining("accent #E0A030"),
    });
    const [nearest] = /#[0-9A-F]{6}/.exec(error.fix) ?? [];
    expect(contrastOf(nearest ?? "", "#FBFAF7")).toBeGreaterThanOrEqual(4.5);
  });
});

describe("a colour as CSS writes it", () => {
  test.each([
    ["rgb(10% 20% 30% / 50%)", "#1A334D"],
    ["rgba(300, -2, 3.5, 2)", "#FF0004"],
    ["hsl(.5turn 50% 50%)", "#40BFBF"],
    ["HWB(120 10% 20%)", "#1ACC1A"],
    ["oklch(60% .1 20)", "#B46767"],
    ["rgb(none 2 3)", "#000203"],
    ["color(display-p3 1 0 0)", "#FF0000"],
    ["rebeccapurple", "#663399"],
    ["ffcc00", "#FFCC00"],
  ])("%s is %s", (written, hex) => {
    const colour = parseColour(written);
    expect(colour && hexOf(colour)).toBe(hex);
  });

  test("is not taken from a word, nor from what hangs on the page", () => {
    for (const value of [
      "abc",
      "inherit",
      "currentcolor",
      "var(--ink)",
      `rgb(${"1 ".repeat(1e6)})`,
    ]) {
      expect(parseColour(value)).toBeUndefined();
    }
  });
});
