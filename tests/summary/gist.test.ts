import { describe, expect, test } from "vitest";
import { summarize } from "../../src/summary/summarize.ts";
import { articleOf } from "./article-of.ts";

const LEAD =
  "The Harbour Trust of Porthmoor has bought a second night ferry from the county of Lune for the crossing to Marsh End";

function gistOf(text: string) {
  const article = articleOf(text, { title: "Porthmoor night ferry" });
  return { article, gist: summarize(article).gist };
}

test("a long gist loses the clause at its end, and says so", () => {
  const tail = ", which opened to riders in the summer of 1904 after nine years of work";
  const { article, gist } = gistOf(`${LEAD}${tail}.`);
  expect(gist.text).toBe(`${LEAD}.`);
  const [cut] = gist.cut ?? [];
  expect(article.text.slice(cut?.start, cut?.end)).toBe(tail);
  expect(article.text.slice(gist.start, gist.end)).toBe(article.text);
});

test.each([
  ["what came of it", ", drawing riders from both banks of the Lune to the quay of Marsh End"],
  ["what came of it, by whom", ", with nine owners of boats selling theirs to the Trust by June"],
])("or %s", (_, tail) => {
  const { article, gist } = gistOf(`${LEAD}${tail}.`);
  expect(gist.text).toBe(`${LEAD}.`);
  expect(gist.cut?.map(({ start, end }) => article.text.slice(start, end))).toEqual([tail]);
});

test("or where it was said", () => {
  const whole = `${LEAD}, Ada Pell of the Trust said on Monday in a news conference.`;
  const { gist } = gistOf(whole);
  expect(gist.text).toBe(whole.replace(" in a news conference", ""));
});

test("or what stands between its commas", () => {
  const inside = ", who bakes for the riders of both banks,";
  const whole = `The Harbour Trust said on Monday that Ada Pell${inside} was given the second night ferry of the county of Lune for the crossing to Marsh End.`;
  const { article, gist } = gistOf(whole);
  expect(gist.text).toBe(whole.replace(inside, ""));
  expect(gist.cut?.map(({ start, end }) => article.text.slice(start, end))).toEqual([inside]);
});

test.each([
  ", assuming that the county and the owners of the boats agree to it in June",
  ", saying that the county and the owners of boats agree to it in June",
  ", buying two buses of the county and selling the old pier of the town in June",
  ", who keep boats on the Lune, selling theirs to it means that nine owners are left",
])(
  "but not what it depends on, who says it, the last of several acts or what a clause stands before: %s",
  (tail) => {
    expect(gistOf(`${LEAD}${tail}.`).gist.cut).toBeUndefined();
  },
);

test("a short one keeps it", () => {
  const text = "The Harbour Trust has bought a ferry for Marsh End, which opened in 1904.";
  expect(gistOf(text).gist).toMatchObject({ text });
  expect(gistOf(text).gist.cut).toBeUndefined();
});

test("what a list or a quotation goes on with is not cut", () => {
  const list = `${LEAD}, which opened in 1904, closed in 1950 and has been waiting for its riders ever since.`;
  expect(gistOf(list).gist.text).toBe(list);
});

test("of two, not the one of a few words", () => {
  const { gist } = gistOf(`Porthmoor has a new night ferry. ${LEAD}.`);
  expect(gist.text).toBe(`${LEAD}.`);
});

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
  expect(summary.why).toContain("no sentence surely tells what the article is about");
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
