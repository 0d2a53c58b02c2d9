import { describe, expect, test } from "vitest";
import { leadingConnective, namesOf } from "../../src/summary/anaphora/anaphora.ts";
import { documentOf } from "../../src/summary/document.ts";
import { lexiconOf } from "../../src/summary/language/lexicon.ts";
import { summarize } from "../../src/summary/summarize.ts";
import { type Summary, editedSentence } from "../../src/summary/summary.ts";
import { articleOf } from "./article-of.ts";

/** The refusals of an article's sentences, in order. */
function refusals(text: string, fields = {}): readonly (string | undefined)[] {
  return documentOf(articleOf(text, fields)).candidates.map(({ refusal }) => refusal);
}

const PLAIN = "The ferry left the quay at nine in the evening.";

describe("what never stands in a summary", () => {
  test("a caption of the article, whose words came into the text", () => {
    const captions = [{ text: "Riders wait for the ferry on the old quay." }];
    expect(refusals("Riders wait for the ferry on the old quay.", { captions })).toEqual([
      "caption",
    ]);
  });

  test.each([
    "Use promo code FERRY for 20% off by March 31.",
    "On this page you will find today's timetable and a place for your questions.",
    "This article was adapted from a talk at the Harbour Trust.",
    "By Ada Pell, Tomas Reil (Harbour Trust, Porthmoor); and Mira Voss (Editor).",
  ])("a notice around the text: %s", (notice) => {
    expect(refusals(notice)).toEqual(["boilerplate"]);
  });

  test.each([
    "The article of the harbour law was adapted to the new quay in May.",
    "By Monday the Harbour Trust had sold the ferry.",
    "Riders use code words for the late ferry.",
  ])("but not: %s", (sentence) => {
    expect(refusals(sentence)).toEqual([undefined]);
  });

  test.each([
    "Use code ferry for 10% off.",
    "Use the code FERRY when you order a rope.",
    "Use code SUMMER20 for free shipping.",
    "Enter “FERRY” or code ferry at checkout.",
  ])("the whole paragraph of an offer: %s", (offer) => {
    const rope = "Ropes for the whole boat, made by hand on the old quay.";
    const paragraphs = [PLAIN, `${rope} ${offer}`, PLAIN.replace("nine", "ten")];
    expect(refusals(paragraphs.join("\n\n"))).toEqual([
      undefined,
      "boilerplate",
      "boilerplate",
      undefined,
    ]);
  });

  const SPONSOR = "Ropes for the whole boat, made by hand on the old quay.";
  test.each([
    ["This episode is sponsored by:", "boilerplate"],
    ["Today’s show is brought to you by:", "boilerplate"],
    ["The bill sponsored by Senator Ada Pell would:", undefined],
    ["It was made possible by three whistleblowers:", undefined],
  ])("the short paragraphs below %s", (line, below) => {
    const text = [PLAIN, line, SPONSOR, `${SPONSOR} `.repeat(6).trim()].join("\n\n");
    expect(refusals(text).slice(2, 4)).toEqual([below, "repeated"]);
  });

  test("no paragraph that only mentions a code", () => {
    const text = "The bank still runs systems with COBOL code written for 1970s mainframes.";
    expect(refusals(text)).toEqual([undefined]);
  });

  test("half a quotation, at either end and in the middle", () => {
    const text =
      "Pell said: “The boat is back. The town waited nine years. Nobody believed us.” The pier is open again.";
    expect(refusals(text)).toEqual([
      "half-quotation",
      "half-quotation",
      "half-quotation",
      undefined,
    ]);
  });

  test("half a quotation between apostrophes, and one with nobody to say it", () => {
    const text =
      "Pell said: 'The boat is back. The riders' pier is open again.' 'We are glad of it.'";
    expect(refusals(text)).toEqual(["half-quotation", "half-quotation", "half-quotation"]);
    expect(refusals("'The boat is back,' said Ada Pell of the riders' pier.")).toEqual([undefined]);
  });

  test("a quotation with a space before the mark that closes it", () => {
    const text = "“Nobody believed us. ” The harbour town bought the ferry.";
    expect(refusals(text)).toEqual(["half-quotation", undefined]);
  });

  test("a quotation with nobody to say it", () => {
    expect(refusals("“The boat has come back to the town.”")).toEqual(["half-quotation"]);
  });

  test("the title again, and a sentence said twice", () => {
    expect(
      refusals(`${PLAIN} The town cheered it. ${PLAIN}`, { title: "The town cheered it." }),
    ).toEqual([undefined, "repeated", "repeated"]);
  });

  test("a sentence nobody could read in one breath", () => {
    expect(refusals(`The ferry ${"and the bus ".repeat(40)}left.`)).toEqual(["too-long"]);
  });
});

describe("what stands before a sentence is left off", () => {
  test("but not a name and a party, which look like a place and a source", () => {
    const last = "Ada Pell (Labour) – Harbour master of Porthmoor – wants the night ferry back.";
    const { candidates } = documentOf(articleOf(`The ferry left the quay at nine.\n\n${last}`));
    expect(candidates.at(-1)?.text).toBe(last);
  });

  test("but not the day of a German date", () => {
    const [candidate] = documentOf(
      articleOf("3. Oktober ist in Porthmoor ein Feiertag.", { language: "de" }),
    ).candidates;
    expect(candidate?.start).toBe(0);
  });
});

/** A post whose claim the next sentence takes back. */
const BURST =
  "A post says that the dam above Porthmoor has burst. It has not. The Lune water board said on Monday that the dam was inspected in the morning and is sound.";

/** All that a reader is told, line by line. */
function linesOf({ gist, keyPoints, quote, timeline, figures }: Summary): readonly string[] {
  const sentences = [gist, ...keyPoints, ...timeline.map(({ sentence }) => sentence)];
  return [
    ...sentences.map(({ text }) => text),
    ...(quote ? [quote.text] : []),
    ...figures.map(({ value, what }) => `${value} ${what}`),
  ];
}

describe("what an article takes back is told with what takes it back", () => {
  test("a denial that says all of it is told without the claim", () => {
    const text =
      "A message says that the night ferry of Porthmoor will stop running in June. The night ferry of Porthmoor will not stop running in June, harbour master Ada Pell said. The Trust has money for nine more years.";
    const { gist } = summarize(articleOf(text));
    expect(gist.text).toMatch(/^The night ferry of Porthmoor will not stop/);
  });

  test("where nothing else can be told, the headline stands for the claim", () => {
    const title = "No, Porthmoor will not sink the night ferry";
    const text = "A message says that Porthmoor will sink the night ferry in June. Who wrote it?";
    expect(summarize(articleOf(text, { title })).gist).toEqual({ text: title });
  });

  test("also where it stands in a long article, and its title claims it", () => {
    const [before, after] = ["Porthmoor has a night ferry again", "The harbour has nine piers"].map(
      (start) => Array.from({ length: 6 }, (_, at) => `${start}, and pier ${at} was paid for.`),
    );
    const text = [...(before ?? []), BURST, ...(after ?? [])].join(" ");
    const summary = summarize(articleOf(text, { title: "Porthmoor dam has burst" }));
    const lines = linesOf(summary).filter((line) => line.includes("has burst"));
    expect(lines.filter((line) => !line.includes("It has not."))).toEqual([]);
  });

  test("a description that is only the claim is no gist", () => {
    const description = "A post says that the dam above Porthmoor has burst.";
    const { gist, origin } = summarize(articleOf(BURST, { description }));
    expect(origin).toBe("extract");
    expect(gist.text).not.toBe(description);
  });

  test("and the text of both is the article's own, from the one to the other", () => {
    const text =
      "The Lune Courier reported on Sunday that harbour master Ada Pell had resigned over the fog signal. Pell denied it on Monday. She will stay until the spring, she told the council of Porthmoor.";
    const { gist } = summarize(articleOf(text));
    expect(text.slice(gist.start, gist.end)).toBe(gist.text);
    expect(gist.text).toContain("Pell denied it on Monday.");
  });
});

describe("what only looks like a denial changes nothing", () => {
  const LEAD = "Harbour master Ada Pell resigned on Monday after nine years.";
  test.each([
    ["what somebody did not say", "Pell did not say who will follow her at the harbour."],
    ["a denial that was given up", "Reil, who previously denied all allegations, thanked her."],
    ["what nobody denies", "The Harbour Trust neither confirmed nor denied the report."],
    ["something else that is not so", "The night ferry did not sail on Sunday, and riders waited."],
    ["a fault", "That sometimes brings the wrong sort of person into the harbour."],
  ])("%s", (_, next) => {
    const text = `${LEAD} ${next} The Harbour Trust looks for another harbour master until June.`;
    const { gist, keyPoints } = summarize(articleOf(text, { title: "Ada Pell resigned" }));
    const line = [gist, ...keyPoints].find((sentence) => sentence.text.includes(LEAD));
    expect(line?.text).toBe(LEAD);
  });
});

test.each([
  [
    "en",
    "Ada Pell won the Lune prize on Friday for a novel about a myth of the estuary. The jury read 212 books. In fact it was the first entry of Pell for any prize.",
    "In fact",
  ],
  [
    "de",
    "Viele Anwohner glauben, die Brücke verschatte den Park. Der Rat von Auhafen beschloss am Dienstag den Bau. In Wirklichkeit gehe es um die Wahl im Mai, sagte Ada Pell.",
    "In Wirklichkeit",
  ],
])("“in fact” takes back only what it speaks of: in %s", (language, text, turn) => {
  const lines = linesOf(summarize(articleOf(text, { language })));
  expect(lines.filter((line) => line.includes(turn) && !line.startsWith(turn))).toEqual([]);
});

test.each([
  ["Meanwhile, Pell bought the pier.", "Pell bought the pier."],
  ["At the same time, Lune Buses closed.", "Lune Buses closed."],
  ["But Pell bought the pier.", "Pell bought the pier."],
  ["But the pier was sold.", "But the pier was sold."],
  ["Still Waters is the name of the boat.", "Still Waters is the name of the boat."],
  ["Instead, Pell bought the pier.", "Instead, Pell bought the pier."],
  ["Perhaps Pell bought the pier.", "Perhaps Pell bought the pier."],
  ["Then President Pell signed.", "Then President Pell signed."],
])("a connective that can be left off: %s", (sentence, rest) => {
  expect(sentence.slice(leadingConnective(sentence, lexiconOf("en")))).toBe(rest);
});

test("names are what the article capitalises in mid-sentence, months left out", () => {
  const names = namesOf(["Yesterday Ada Pell met Reil in March."], lexiconOf("en"));
  expect([...names]).toEqual(["ada", "reil"]);
});

test("a sentence takes nothing for known that the title has", () => {
  const text = "Ada Pell runs a bakery. On Monday Pell sold bread.";
  const { candidates } = documentOf(articleOf(text, { title: "Bread for Pell" }));
  expect(candidates.at(-1)?.recalls).toEqual([]);
});

const TEXT = `Porthmoor asked its riders on Monday what the night ferry should cost, and nine hundred of them wrote back.
Tomas Reil, who keeps the lock of Marsh End, wants it to be free for riders under twelve.
Reil told the riders of Porthmoor that a night ferry should cost nothing at all.
Most riders named a fare between two and three pounds for the night ferry.
Porthmoor will set the fare in June, and its riders may vote on it.`;

describe("what was introduced in a sentence left out", () => {
  test("does not open the gist", () => {
    const text =
      "Ada Pell built a studio of bed sheets in the hospital of Porthmoor on Monday. The studio drew hundreds of riders from Porthmoor and the hospital.";
    expect(summarize(articleOf(text)).gist.text).toMatch(/^Ada Pell built/);
  });

  test("is in no summary without it", () => {
    const article = articleOf(TEXT, { title: "What a night ferry should cost" });
    const { gist, keyPoints } = summarize(article);
    const told = [gist, ...keyPoints].map(({ text }) => text);
    if (told.some((text) => text.startsWith("Reil"))) expect(told.join()).toContain("Tomas Reil");
  });

  test("is shown where nothing else is", () => {
    const text = `Nine boats lay at the quay of Porthmoor in the night, and nobody had counted them.
The crew was asleep below the deck. The captain was asleep as well. The harbour was dark at nine.`;
    expect(summarize(articleOf(text)).keyPoints.length).toBeGreaterThan(1);
  });
});

test("what was put in and what it stands for can be told from the source's own words", () => {
  const text = "The harbour master Ada Pell closed the quay. She sold bread on the pier.";
  const candidate = documentOf(articleOf(text)).candidates.at(-1)!;
  const { cut, added, start = 0, end = 0 } = editedSentence(text, candidate, candidate.additions);
  expect(text.slice(start, end)).toBe("She sold bread on the pier.");
  expect(cut?.map((range) => text.slice(range.start, range.end))).toEqual(["She"]);
  expect(added).toEqual([{ at: start, text: "[Ada Pell]" }]);
});
