import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Article } from "../../src/article/article.ts";
import { readArticle } from "../../src/article/read-articles.ts";
import { BARE_ENTRY, EVERY_FACT } from "../../bench/bare-article.ts";
import { documentOf } from "../../src/summary/document.ts";
import { pullQuoteOf } from "../../src/summary/pull-quote.ts";
import { summarize } from "../../src/summary/summarize.ts";
import { type Sentence, inOrderOfTime } from "../../src/summary/summary.ts";
import { cpuSecondsOf, growthOf } from "../cpu-time.ts";
import { FERRY_STORY, articleOf } from "./article-of.ts";

function textsOf(article: Article): readonly string[] {
  const { gist, keyPoints } = summarize(article);
  return [gist, ...keyPoints].map(({ text }) => text);
}

describe("a news story", () => {
  const summary = summarize(FERRY_STORY);
  const told = textsOf(FERRY_STORY).join("\n");

  test("its gist is what an editor would put under the headline, with its hedge", () => {
    expect(summary.gist.text).toBe(
      "The harbour town of Porthmoor may bring back its night ferry after nine years, the Harbour Trust said on Monday, if a trial in June draws enough riders.",
    );
    expect(summary.origin).toBe("extract");
  });

  test("its key points cover what the story turns on", () => {
    expect(summary.keyPoints.length).toBeGreaterThanOrEqual(3);
    expect(summary.keyPoints.length).toBeLessThanOrEqual(5);
    // Which of them is the weights' choice; that most of it is told is not.
    const matters = [/Lune estuary/, /county/, /lost its subsidy/, /shuttle|pier/, /June 3/];
    expect(matters.filter((matter) => matter.test(told)).length).toBeGreaterThanOrEqual(3);
  });

  test("each sentence is in the text at its offsets, and key points are in its order", () => {
    for (const { text, start, end } of [summary.gist, ...summary.keyPoints]) {
      expect(FERRY_STORY.text.slice(start, end)).toBe(text);
    }
    const starts = summary.keyPoints.map(({ start = -1 }) => start);
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
  });

  test("nothing in it leans, asks, is cut or is not the story", () => {
    expect(told).not.toMatch(/^(?:She|They|But|As they|On May 12, it|Similarly)\b/m);
    expect(told).not.toMatch(/\?|not only|Photo:|Nobody believed us/);
  });

  test("the people are those the article names", () => {
    const names = summary.people.map(({ name }) => name);
    expect(names).toContain("Ada Pell");
    expect(names.filter((name) => !FERRY_STORY.text.includes(name))).toEqual([]);
  });
});

describe("how many key points", () => {
  const sentences = [
    "The ferry to Porthmoor was late again on Monday.",
    "Captain Ada Pell blamed fog over the Lune estuary.",
    "Bus drivers at the quay waited for an hour.",
  ];

  test.each([1, 2, 3])("an article of %i sentences is not told twice", (count) => {
    const told = textsOf(articleOf(sentences.slice(0, count).join(" ")));
    expect(told).toHaveLength(count);
    expect(new Set(told).size).toBe(count);
  });

  test("the gist is never a key point, even where it has only common words", () => {
    const told = textsOf(
      articleOf("There is no more than this. There was no more after that one."),
    );
    expect(new Set(told).size).toBe(told.length);
  });

  test("the mark of an omission behind a sentence is not shown, one inside it is", () => {
    const text = `${sentences[0]} […] […]\n\n${sentences[1]} [...] ${sentences[2]}`;
    expect(textsOf(articleOf(text)).join(" ")).not.toMatch(/[[\]]/);
    const cut = "The Harbour Trust said that the ferry […] returns to the old quay in June.";
    expect(textsOf(articleOf(cut))).toEqual([cut]);
  });

  test("at most as many as asked for", () => {
    expect(summarize(FERRY_STORY, { keyPoints: 2 }).keyPoints).toHaveLength(2);
    expect(summarize(FERRY_STORY, { keyPoints: 0 }).keyPoints).toEqual([]);
  });

  test("a sentence that says the same in other words is left out", () => {
    const text =
      "The Harbour Trust will buy the old pier from the cannery in June. The ferry runs six times a night. In June, the Trust will buy the old pier of the Harbour cannery. Eighty riders fit on board.";
    expect(textsOf(articleOf(text)).filter((sentence) => sentence.includes("pier"))).toHaveLength(
      1,
    );
  });
});

describe("the author's own description", () => {
  const description =
    "Porthmoor may run its night ferry again after nine years, if a June trial draws riders.";
  const summary = summarize({ ...FERRY_STORY, description });

  test("is the gist, word for word, without offsets", () => {
    expect(summary.gist).toEqual({ text: description });
    expect(summary.origin).toBe("author");
  });

  test("is not said again by a key point", () => {
    expect(summary.keyPoints.length).toBeGreaterThanOrEqual(2);
    expect(summary.keyPoints.map(({ text }) => text).join("\n")).not.toMatch(/may bring back/);
  });

  test("of a few words that are none of the headline's makes nothing surer", () => {
    const text =
      "The ribbon was blue and rather long. Its ends were sewn on both sides with thread.";
    const slogan = summarize({ ...FERRY_STORY, text, description: "The very best sales of all." });
    expect(slogan.origin).toBe("author");
    expect(slogan.confidence).toBeLessThan(0.35);
    expect(summary.confidence).toBeGreaterThanOrEqual(0.7);
  });

  test("of nothing but spaces counts for none", () => {
    expect(summarize({ ...FERRY_STORY, description: " \n" }).origin).toBe("extract");
  });
});

test.each([
  [
    "de",
    "Die Stadt Porthmoor will im Juni wieder eine Nachtfähre über die Lune fahren lassen. Außerdem zahlt der Kreis nichts. Sie soll sechsmal in der Nacht verkehren. Die Hafengesellschaft rechnet mit achtzig Fahrgästen je Fahrt. Stadträtin Ada Pell hält die Kosten von zwei Millionen Euro für zu hoch. Wer soll das bezahlen? Die alte Fähre fuhr zuletzt im Jahr 2015 über die Lune.",
    /^(?:Außerdem|Sie)\b/,
  ],
  [
    "fr",
    "La ville de Porthmoor veut relancer en juin le bac de nuit sur la Lune. En revanche, le canton ne paie rien. Il ferait six traversées par nuit. La société du port attend quatre-vingts passagers par traversée. La conseillère Ada Pell juge trop élevé le coût de deux millions d'euros. Qui va payer ? L'ancien bac a quitté la Lune en 2015.",
    /^(?:En revanche|Il)\b/,
  ],
  [
    "es",
    "La ciudad de Porthmoor quiere recuperar en junio el transbordador nocturno del Lune. Sin embargo, la provincia no paga nada. Ella lo sabe desde marzo. La autoridad del puerto espera ochenta pasajeros en cada viaje. La concejala Ada Pell considera excesivo el coste de dos millones de euros. ¿Quién va a pagar? El antiguo transbordador dejó el Lune en 2015.",
    /^(?:Sin embargo|Ella)\b/,
  ],
])("other languages get the same care: %s", (language, text, refused) => {
  const told = textsOf(articleOf(text, { language }));
  expect(told.length).toBeGreaterThanOrEqual(4);
  expect(told.join("\n")).not.toMatch(/\?/);
  // What leans stands right after what it leans on.
  for (const [at, line] of told.entries())
    if (refused.test(line)) expect(text).toContain(`${told[at - 1] ?? ""} ${line}`);
});

test("a figure that the entry tells is not told again", () => {
  const article = articleOf(
    "The keeper of the weir laid coir mats over it. In the first summer 46,300 young eels climbed the weir. The ferry cost £6,400 a year.",
  );
  expect(textsOf(article).join(" ")).toContain("46,300 young eels");
  expect(summarize(article).figures).toEqual([]);
});

const LEAD =
  "The Harbour Trust of Porthmoor has bought a second night ferry from the county of Lune for the crossing to Marsh End";

function gistOf(text: string) {
  const article = articleOf(text, { title: "Porthmoor night ferry" });
  return { article, gist: summarize(article).gist };
}

test("of two that say nearly as much, the one of at most forty-five words", () => {
  const long = `${LEAD} after nine years of talks with every owner of a boat, a pier, a bus or a house on both banks, in the old town hall, in the new one, on the quay and in the rain of three winters.`;
  const { gist } = gistOf(`${long} The Harbour Trust of Porthmoor bought a night ferry from Lune.`);
  expect(gist.text.split(" ").length).toBeLessThanOrEqual(45);
});

const TWO_SENTENCES =
  "Ada Pell, the harbour master of Porthmoor, is out of a job after nine years. She resigned on Monday after the Harbour Trust sold the night ferry.";
const OTHERS = [
  "The Trust has run the crossing to Marsh End since the summer of 1904.",
  "Riders of both banks had asked the county for a later boat.",
  "The county said in June that it had no money for one.",
  "Tomas Reil of the Trust said that nine buyers had made an offer.",
  "The old ferry is thirty years old and has a leak.",
  "A bus will go around the bay at night from the first of July.",
  "The bus takes an hour, and the boat took ten minutes.",
  "The council of Porthmoor meets about it on Friday.",
];

test("a gist may be sentences that follow each other, and no name is put into the second", () => {
  const { article, gist } = gistOf([TWO_SENTENCES, ...OTHERS].join(" "));
  expect(gist.text.startsWith(TWO_SENTENCES)).toBe(true);
  expect(article.text.slice(gist.start, gist.end)).toBe(gist.text);
  expect(gist.added).toBeUndefined();
});

test("one that is hardly good says so, with how sure it is", () => {
  const idle = OTHERS.map((_, at) => `It was ${at + 3} o'clock, and nobody was there to see it.`);
  const summary = summarize(articleOf(idle.join(" "), { title: "" }));
  expect(summary.confidence).toBeLessThan(0.35);
  expect(summary.why).toContain("no sentence clearly says what the article is about");
});

test("a timeline that has nothing but what the entry tells is left out", () => {
  const text = [TWO_SENTENCES, ...OTHERS]
    .join(" ")
    .replace("on Monday", "on May 4, 2026,")
    .replace(" in June", "");
  const { gist, timeline } = summarize(articleOf(text, { title: "Porthmoor night ferry" }));
  expect(gist.text).toContain("May 4");
  expect(timeline).toEqual([]);
});

describe("a German sentence that speaks to its readers", () => {
  const TO_READERS = [
    "Wenn Sie den Leuchtturm besteigen wollen, rufen Sie am Freitag an.",
    "Ihren Schlüssel bekommen Sie im Museum.",
  ];
  const titled = { language: "de", title: "Freitag am Leuchtturm" };

  test("is no gist where another sentence can be", () => {
    const lead = "Der Leuchtturm von Auhafen wurde am Sonntag gestrichen.";
    const text = [lead, "Der Rat zahlte 9.000 Taler für die Farbe.", ...TO_READERS].join(" ");
    expect(summarize(articleOf(text, titled)).gist.text).not.toMatch(/\bSie\b/);
  });

  test("is one in a text that has no other", () => {
    const { gist } = summarize(articleOf(TO_READERS.join(" "), titled));
    expect(gist.start).toBeDefined();
  });
});

test("a quotation is shown: its words are in the text at its offsets, marks left out", () => {
  const quote = pullQuoteOf(FERRY_STORY, documentOf(FERRY_STORY), BARE_ENTRY, [], EVERY_FACT);
  expect(quote).toMatchObject({ text: "We waited nine years for this boat", speaker: "Ada Pell" });
  expect(FERRY_STORY.text.slice(quote?.start, quote?.end)).toBe(quote?.text);
});

/** The speaker that is shown for words of "Pell", in an article that begins with this name. */
function speakerAfter(opening: string): string | undefined {
  const article = articleOf(
    `${opening} runs the bakery on the quay of Porthmoor. The ferry comes back in June after a long winter.\n\n“We waited nine years for this boat,” said Pell on Monday. The trial draws riders from the whole coast.`,
  );
  return pullQuoteOf(article, documentOf(article), BARE_ENTRY, [], EVERY_FACT)?.speaker;
}

test("the speaker of a quotation is shown with the whole name, if only one person has the surname", () => {
  expect(speakerAfter("Ada Pell")).toBe("Ada Pell");
  expect(speakerAfter("Ada Pell, the sister of Tomas Pell,")).toBe("Pell");
});

test("a quotation is not shown: where the gist has its words already", () => {
  const summary = summarize(articleOf("“We waited nine years for this boat,” said Ada Pell."));
  expect(summary.gist.text).toContain("nine years");
  expect(summary.quote).toBeUndefined();
});

test("a quotation is not shown: where a key point has its words already", () => {
  const { keyPoints } = summarize(FERRY_STORY);
  expect(keyPoints.map(({ text }) => text).join("\n")).toContain("nine years");
  const document = documentOf(FERRY_STORY);
  const quote = pullQuoteOf(FERRY_STORY, document, BARE_ENTRY, keyPoints, EVERY_FACT);
  expect(quote).toBeUndefined();
});

test.each<[what: string, given: string[], ordered: string[]]>([
  ["days, months and years", ["2018-11-09", "1794", "2011-03"], ["1794", "2011-03", "2018-11-09"]],
  [
    "a month and a day in it as they were told",
    ["2018-03", "2018-03-02"],
    ["2018-03", "2018-03-02"],
  ],
  ["a decade before what comes after it", ["1974-05", "1960/1969"], ["1960/1969", "1974-05"]],
  ["a decade and a year of it as they were told", ["1964", "1960/1969"], ["1964", "1960/1969"]],
])("events stand in the order of time: %s", (_what, given, ordered) => {
  const events = given.map((iso) => ({ iso }));
  expect(inOrderOfTime(events).map(({ iso }) => iso)).toEqual(ordered);
});

test("an event without a date follows the one that it was told after, and opens where it came first", () => {
  const events = [
    { what: "before all", iso: undefined },
    { what: "opened", iso: "2018" },
    { what: "praised" },
    { what: "built", iso: "1794" },
    { what: "in the spring", iso: "spring" },
  ];
  expect(inOrderOfTime(events).map(({ what }) => what)).toEqual([
    "before all",
    "built",
    "in the spring",
    "opened",
    "praised",
  ]);
});

function part(from: number, to: number) {
  return fc.integer({ min: from, max: to }).map((number) => String(number).padStart(2, "0"));
}

test("nothing is lost, and whatever is over when another begins stands before it", () => {
  const year = fc.integer({ min: 1995, max: 1999 }).map(String);
  const iso = fc.oneof(
    year,
    fc.tuple(year, part(1, 12)).map((parts) => parts.join("-")),
    fc.tuple(year, part(1, 12), part(1, 28)).map((parts) => parts.join("-")),
    fc.constant(undefined),
  );
  fc.assert(
    fc.property(fc.array(iso, { maxLength: 12 }), (dates) => {
      const events = dates.map((date) => ({ iso: date }));
      const ordered = inOrderOfTime(events);
      expect(new Set(ordered)).toEqual(new Set(events));
      const dated = ordered.flatMap(({ iso }) => iso ?? []);
      for (const [at, first] of dated.entries())
        for (const later of dated.slice(at)) expect(`${later}~` < first).toBe(false);
    }),
  );
});

const ESSAY = `For years I kept my letters in a shoe box under the bed. Every letter that I answered brought me two more.

I tried folders of every colour, and I lost all of them. My sister gave me a drawer with a lock. I lost the key within a week.

Then I threw the box away and I slept well for a month. My letters come to the office now. I read them on Fridays, with a cup of tea. We call it the hour of the post. I have never been happier.`;

describe("a text that its author tells as I", () => {
  test("opens with who writes it, which is no part of the source", () => {
    const { gist } = summarize(articleOf(ESSAY, { authors: ["Ada Quill"] }));
    expect(gist.text).toMatch(/^Ada Quill writes: /);
    expect(gist.added?.[0]).toEqual({ at: gist.start, text: "Ada Quill writes: " });
    expect(ESSAY.replace(/\s+/g, " ")).toContain(gist.text.slice("Ada Quill writes: ".length));
  });

  test.each([
    [["Ada Quill", "Tomas Reil"], "en", /^Ada Quill, Tomas Reil: /],
    [["Ada Quill"], "en-GB", /^Ada Quill writes: /],
    [[], "en", /^(?!.*:)/],
    [["ada@quill.example"], "en", /^(?!.*:)/],
    [["Ada", "Mary", "Tomas"], "en", /^(?!.*:)/],
  ])("by %j in %s", (authors, language, expected) => {
    expect(summarize(articleOf(ESSAY, { authors, language })).gist.text).toMatch(expected);
  });

  test.each([
    [
      "de",
      "Ada Quill schreibt: ",
      "Ich habe meine Briefe jahrelang in einem Karton unter dem Bett aufbewahrt.",
    ],
    [
      "fr",
      "Ada Quill écrit\u00A0: ",
      "J’ai gardé mes lettres pendant des années dans une boîte sous mon lit.",
    ],
  ])("in the words of its language: %s", (language, lead, text) => {
    const { gist } = summarize(articleOf(text, { authors: ["Ada Quill"], language }));
    expect(gist.text).toBe(lead + text);
  });

  test("and a report is nobody's but its speakers'", () => {
    const report = articleOf("The ferry was late again. “I waited for an hour,” said Ada Pell.", {
      authors: ["Mary Reil"],
    });
    expect(summarize(report).gist.text).not.toContain("Mary Reil");
  });
});

test("a leading connective that is cut out of a sentence is recorded", () => {
  const text =
    "The Harbour Trust bought the ferry. Meanwhile, Lune Buses has offered a shuttle to the hospital.";
  const { gist, keyPoints } = summarize(articleOf(text));
  const shuttle = [gist, ...keyPoints].find((line) => line.text.startsWith("Lune Buses"));
  const { start = 0, end = 0, cut } = shuttle ?? {};
  expect(text.slice(start, end)).toMatch(/^Meanwhile, Lune .*hospital\.$/);
  expect(cut).toEqual([{ start: 36, end: 47 }]);
  expect(withoutCuts(text, { start, end, cut })).toBe(shuttle?.text);
});

const [first = "", second = "", ...rest] = FERRY_STORY.text.split("\n\n");
const HEADING =
  "The night ferry & the <em>county</em> of Porthmoor cannot both be right, says Ada Pell.";
const CELL = "The county of Porthmoor paid for the night ferry of the Harbour Trust until 2015.";

const page = readArticle({
  format: "html",
  location: "page.html",
  body: `<!doctype html><html lang="en"><head><title>Porthmoor weighs its ferry</title></head><body><article>
<h1>Porthmoor weighs its ferry</h1><p>${first}</p><h2>${HEADING.replace("&", "&amp;")}</h2><p>${second}</p>
<table><tr><th>Who</th><th>What</th></tr><tr><td>${CELL}</td><td>Nine years</td></tr></table>
${rest.map((text) => `<p>${text}</p>`).join("")}</article></body></html>`,
});

const markdown = readArticle({
  format: "markdown",
  location: "page.md",
  body: `# Porthmoor weighs its ferry\n\n${first}\n\n## ${HEADING}\n\n${second}\n\n${rest.join("\n\n")}\n`,
});

test("a heading and the rows of a table are in a page's text, but no sentences of it", () => {
  expect(page.text).toContain("cannot both be right, says Ada Pell.");
  expect(page.text).toContain(CELL);
  const sentences = documentOf(page).candidates.map(({ text }) => text);
  expect(sentences.filter((text) => /cannot both be right|paid for the night/.test(text))).toEqual(
    [],
  );
});

test("and the paragraphs of its sentences are numbered as in Markdown, which has neither in its text", () => {
  const [inPage = [], inMarkdown = []] = [page, markdown].map((article) =>
    documentOf(article).candidates.map(({ paragraph, text }) => `${paragraph} ${text}`),
  );
  // In Markdown the last paragraph is a caption, because it ends with a credit.
  expect(inPage.slice(0, inMarkdown.length)).toEqual(inMarkdown);
  expect(inMarkdown.length).toBeGreaterThan(10);
});

test("so a page and the same story in Markdown are summarised alike", () => {
  expect(textsOf(page)).toEqual(textsOf(markdown));
});

const PHRASES = [
  "The harbour town of Porthmoor bought the night ferry in June.",
  "Ada Pell told the council: “We waited nine years for this boat.”",
  "But the county has not promised its share.",
  "They asked for a later bus.",
  "On May 12, it votes on the money.",
  "“Nobody believed us.",
  "Will the boat pay for itself?",
  "Photo: Lune Courier.",
  "Councillor Tomas Reil warned that the county could not pay.",
  "渡轮停航了，没有人来码头。",
  "constructor",
  "__proto__",
  "\n\n",
  "\n",
  "1. ",
  "(",
  "”",
];

const texts = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 300 }),
  fc.array(fc.constantFrom(...PHRASES), { maxLength: 30 }).map((phrases) => phrases.join(" ")),
);
const articles: fc.Arbitrary<Article> = fc
  .record({
    text: texts,
    title: texts,
    language: fc.constantFrom("en", "de", "fr", "zh", "th", "el", "pt-BR", "x"),
  })
  .map(({ text, ...fields }) => articleOf(text, fields));

/** What stands between two sentences of a gist is cut, and is one space there. */
function withoutCuts(
  text: string,
  { start, end, cut = [] }: Required<Place> & Pick<Sentence, "cut">,
) {
  let kept = "";
  let at = start;
  for (const edit of cut) {
    kept += `${text.slice(at, edit.start)} `;
    at = edit.end;
  }
  const whole = kept + text.slice(at, end);
  return cut.length > 0 ? whole.replace(/\s+/g, " ").trim() : whole;
}

type Place = Pick<Sentence, "start" | "end">;

function expectFromSource(sentences: readonly Sentence[], { text }: Article): void {
  let from = 0;
  for (const { text: words, start = -1, end = -1, cut } of sentences) {
    expect(words).toBe(withoutCuts(text, { start, end, cut }));
    expect(start).toBeGreaterThanOrEqual(from);
    expect(end).toBeGreaterThan(start);
    from = end;
  }
  expect(new Set(sentences.map(({ text }) => text)).size).toBe(sentences.length);
}

test("property: key points are the source's own words, in its order, no two alike, the gist not among them", () => {
  fc.assert(
    fc.property(articles, (article) => {
      const { gist, keyPoints, quote, minutes } = summarize(article);
      expectFromSource(keyPoints, article);
      expect(keyPoints.length).toBeLessThanOrEqual(5);
      expect(keyPoints.map(({ text }) => text)).not.toContain(gist.text);
      if (gist.start !== undefined) expectFromSource([gist], article);
      if (quote) expectFromSource([quote], article);
      expect(minutes).toBeGreaterThanOrEqual(1);
    }),
  );
});

test("property: no key point leans on what is not shown right before it, asks or credits", () => {
  fc.assert(
    fc.property(articles, (article) => {
      const { gist, keyPoints } = summarize({ ...article, language: "en" });
      for (const [at, { text, start = 0 }] of keyPoints.entries()) {
        expect(text).not.toMatch(/^Photo|\?|“Nobody believed us[^”]*$/);
        // One that leans follows what it leans on.
        const before = keyPoints[at - 1] ?? gist;
        if (/^(?:They|But|On May 12, it)/.test(text))
          expect(article.text.slice(before.end, start).trim()).toBe("");
      }
    }),
  );
});

test("property: the same article gives the same summary", () => {
  fc.assert(
    fc.property(articles, (article) => {
      expect(summarize(article)).toEqual(summarize(structuredClone(article)));
    }),
  );
});

describe("a text that is no news story still gets its line", () => {
  test("no sentence end: the opening words, cut between two of them", () => {
    const text = "the ferry left the quay and the bus came ".repeat(50).trim();
    const { gist, keyPoints } = summarize(articleOf(text));
    expect(gist.text.split(" ")).toHaveLength(30);
    expect(text.slice(gist.start, gist.end)).toBe(gist.text);
    expect(keyPoints).toEqual([]);
  });

  test("no space either", () => {
    expect(summarize(articleOf("😀".repeat(5000))).gist.text).toBe("😀".repeat(40));
    expect(summarize(articleOf("渡轮停航".repeat(500), { language: "zh" })).gist.text).toHaveLength(
      80,
    );
  });

  test("a list of sentences, without its marks", () => {
    const text =
      "1. Bring a warm coat to the harbour.\n2. Buy the blue ticket at the kiosk.\n3. Stand on the left side of the deck.";
    expect(textsOf(articleOf(text)).toSorted()).toEqual([
      "Bring a warm coat to the harbour.",
      "Buy the blue ticket at the kiosk.",
      "Stand on the left side of the deck.",
    ]);
  });

  test.each([
    ["a table", "Year | Riders\n2014 | 4,000\n2015 | 5,000\n2016 | 6,500"],
    ["a list of scores", "Porthmoor 3 Lune 1\nMarsh End 2 Quay Town 2\nPell Rovers 0 Reil City 14"],
  ])("%s: none of its numbers is a figure or a date of the story", (_, text) => {
    const { gist, figures, timeline } = summarize(
      articleOf(text, { title: "Ferries of the year" }),
    );
    expect(gist.text).not.toBe("");
    expect({ figures, timeline }).toEqual({ figures: [], timeline: [] });
  });

  test("a poem: words of it, no line of it twice", () => {
    const poem =
      "The boats go out at morning\nWhen all the quay is still,\nThe boats come home at evening\nAnd light is on the hill.\n\nThe boats go out at morning\nAnd one of them stays out;\nThe bell is rung at evening,\nAnd nobody asks about.";
    const told = textsOf(articleOf(poem, { title: "The quay" }));
    const whole = `The quay ${poem}`.replace(/\s+/g, " ");
    for (const line of told) expect(whole).toContain(line.replace(/\s+/g, " "));
    expect(new Set(told).size).toBe(told.length);
  });

  test("ten languages: sentences of it, each once", () => {
    const text =
      "The museum opened on Monday. Das Museum wurde am Montag eröffnet. Le musée a ouvert lundi. El museo abrió el lunes. Il museo ha aperto lunedì. O museu abriu na segunda. Het museum is maandag geopend. Музей открылся в понедельник. 博物館は月曜日に開館した。 متحف افتتح يوم الاثنين.";
    const told = textsOf(articleOf(text));
    for (const line of told) expect(text).toContain(line);
    expect(new Set(told).size).toBe(told.length);
  });

  test("a live blog: its news, each once, without the hours of its entries", () => {
    const text =
      "10:45 The ferry Lune Star ran aground off Porthmoor on Monday morning with eighty riders.\n\n11:05 All eighty riders were taken off the Lune Star by two lifeboats.\n\n11:30 The Harbour Trust closed the quay until Tuesday and sent divers to the ferry.\n\n11:30 The Harbour Trust closed the quay until Tuesday and sent divers to the ferry.";
    const told = textsOf(articleOf(text));
    expect(told.join(" ").match(/closed the quay/g)).toHaveLength(1);
    for (const line of told) expect(text).toContain(line);
  });
});

function ferry(index: number): string {
  const place = ["Porthmoor", "Lune", "Marsh End"][index % 3] ?? "";
  return `Ferry ${index} left quay ${index % 97} with ${(index * 7) % 1000} riders for ${place}.`;
}

/** Summarises a text that no other call has had, since what an article is worth is remembered. */
function summaryOf(text: string): () => unknown {
  let calls = 0;
  return () => summarize(articleOf(`${text}\n\nLog ${(calls += 1)}.`));
}

describe("time is bounded", () => {
  test("1500 sentences take about ten times as long as 150", () => {
    const sentences = Array.from({ length: 1500 }, (_, index) => ferry(index));
    const [few, many] = [sentences.slice(0, 150).join(" "), sentences.join(" ")];
    const limit = 30;
    expect(growthOf([summaryOf(few), summaryOf(many)], { limit })).toBeLessThan(limit);
  });

  test.each([
    ["one word of 100,000 letters", "a".repeat(100_000)],
    ["100,000 letters of addresses", "a.b+c@".repeat(16_000)],
    ["100,000 opening brackets", "(".repeat(100_000)],
    ["10,000 opening quotation marks", "“A b. ".repeat(10_000)],
    ["100,000 line breaks", "\n".repeat(100_000)],
    ["10,000 short lines", "Photo: a\n".repeat(10_000)],
    ["10,000 commas", "In May, ".repeat(10_000)],
  ])("%s", (_, text) => {
    // The square of this takes a minute.
    expect(cpuSecondsOf(summaryOf(text))).toBeLessThan(10);
  });
});
