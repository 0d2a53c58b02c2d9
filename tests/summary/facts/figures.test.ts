import { expect, test } from "vitest";
import { documentOf } from "../../../src/summary/document.ts";
import { figuresOf } from "../../../src/summary/facts/figures.ts";
import { articleOf } from "../article-of.ts";

function figures(text: string, language = "en") {
  const article = articleOf(text, { language });
  return figuresOf(article, documentOf(article));
}

test.each([
  [
    "The keeper laid coir mats, and 46,300 young eels climbed the weir.",
    { value: "46,300", what: "young eels climbed the weir" },
  ],
  [
    "By the end of the summer the counter had recorded 311 salmon eggs.",
    { value: "311", what: "salmon eggs" },
  ],
  [
    "The council has heard at least 212 complaints of noise, the mayor said on the quay.",
    { value: "at least 212", what: "complaints of noise" },
  ],
  [
    "More than 3,000 runners came to the island.",
    { value: "More than 3,000", what: "runners came to the island" },
  ],
  [
    "The ferry would cost £6,400 a year.",
    { value: "£6,400", what: "The ferry would cost £6,400 a year" },
  ],
  [
    "The county raised $5.65 million for the quay.",
    { value: "$5.65 million", what: "The county raised $5.65 million for the quay" },
  ],
  [
    "80% of the riders in the harbour towns are women.",
    { value: "80", unit: "%", what: "of the riders in the harbour towns are women" },
  ],
  [
    "The smith screwed a brass ring of 140 grams under the crown.",
    { value: "140", unit: "grams", what: "brass ring" },
  ],
])("%s", (text, figure) => {
  expect(figures(text)).toEqual([figure]);
});

test.each([
  ["The storm left 120 wounded harbour seals on the beach.", "wounded harbour seals on the beach"],
  ["The council counted 15,000 early deaths related to smoke.", "early deaths related to smoke"],
  ["The keeper found 46 moths.", "The keeper found 46 moths"],
  [
    "More than 2,000 boats with U.S. flags have left the harbour.",
    "More than 2,000 boats with U.S. flags have left the harbour",
  ],
])("what narrows a count is told with it: %s", (text, what) => {
  expect(figures(text).map((figure) => figure.what)).toEqual([what]);
});

test.each([
  [
    "a part of what isn't shown",
    "The ferry, which the islanders of the sound had built by hand in a winter, took on its 52 riders and the mail.",
  ],
  [
    "one of two counts",
    "The flood at the weir of Samphire Quay, the worst that anybody remembers, killed 145 keepers and riders.",
  ],
  [
    "ten of whom one is counted",
    "Women are fewer than one in 10 board members of the harbour trusts on the island.",
  ],
  [
    "what may never be",
    "The harbour trust of Porthmoor, which has no money of its own for this, may hire 300 new keepers in the autumn.",
  ],
  [
    "what has not happened",
    "The harbour trust of Porthmoor, which was asked for it in writing twice, did not hire 300 trained keepers.",
  ],
  [
    "what will happen",
    "The harbour trust of Porthmoor, which has been asked for it in writing twice, will hire 300 trained keepers.",
  ],
  [
    "a count without its verb",
    "A lifeboat that came across the sound from the island in the fog rescued 19 young riders on Sunday.",
  ],
  [
    "somebody's words",
    "“The ferry carried 400 tired riders over the sound in the night of the storm,” said the skipper on the quay.",
  ],
  [
    "a share of nobody",
    "Most of the islanders read the plan for the ferry to the end, and almost 80% say that it is good.",
  ],
  ["a sentence that leans on the one before", "One is 13 miles south of the quay."],
  ["a name", "Runway 13 was closed for the whole of the winter."],
])("%s has no figure", (_, text) => {
  expect(figures(text)).toEqual([]);
});

test.each([
  "The pier was closed in 1988 and opened on May 12, 2014.",
  "Ada Pell, 31, left the harbour with the others.",
  "The Boeing 737 stood beside Route 66 at 9.45 p.m. on the quay.",
  "The crew won 3 of 12 races and lost the series 24-17.",
  "The journey from the quay took 45 minutes at most.",
  "There are 4 reasons to take the ferry to work.",
  "The riders know that it was £40 when they bought it.",
  "In all there were 350 of them on the quay that day.",
  "The radar covers only about 2% or 30% of the sea around the whole of the archipelago, as experts have said.",
  "Only 16% thought of it in the year before.",
  "渡轮停航了 46,300 没有人来码头。",
])("nothing to count: %s", (text) => {
  expect(figures(text)).toEqual([]);
});

test("German numbers have their own separators and units", () => {
  expect(figures("Der Rat zählte im Sommer 1.250 Aale am Wehr.", "de")).toEqual([
    { value: "1.250", what: "Aale am Wehr" },
  ]);
  expect(figures("Die alte Brigg war etwa 24,5 Meter lang.", "de")).toEqual([
    { value: "etwa 24,5", unit: "Meter", what: "Die alte Brigg war etwa 24,5 Meter lang" },
  ]);
});

test("a language whose numbers we don't read has none", () => {
  expect(figures("La criée a vendu 1 250 anguilles en juin.", "fr")).toEqual([]);
});

test("at most four, the most telling first, one a sentence", () => {
  const sentences = ["12 mats", "120 mats", "1,200 mats", "12,000 mats", "1.2 million mats"];
  const text = sentences.map((count) => `The keeper laid ${count} on the weir.`).join(" ");
  expect(figures(text).map(({ value }) => value)).toEqual([
    "1.2 million",
    "12,000",
    "1,200",
    "120",
  ]);
});
