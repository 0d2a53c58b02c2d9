import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { copyFor, fittedGist, fittedHeadline } from "../../../src/digest/copy/fit-copy.ts";
import { fits } from "../../../src/digest/copy/slots.ts";
import { without } from "../../../src/digest/subject/shorten.ts";
import type { Entry } from "../../../src/digest/digest.ts";
import { slotsOf } from "../../../src/email/theme.ts";
import { editedSentence } from "../../../src/summary/summary.ts";
import { entry } from "../../fixtures.ts";
import { template } from "../../render.ts";

const SLOTS = slotsOf((await template("digest")).theme);

const headlineIn = (title: string, slot: keyof typeof SLOTS, over: Partial<Entry> = {}) =>
  fittedHeadline({ ...entry({ title }), ...over }, SLOTS, slot).text;

/** A story whose gist stands in its article, after a first sentence. */
function told(gist: string, { keyPoints = [] as string[], text = gist, title = "The quay" } = {}) {
  const before = "Rain fell on Orrell. ";
  return entry(
    { title, text: `${before}${text}` },
    {
      gist: { text: gist, start: before.length, end: before.length + gist.length },
      keyPoints: keyPoints.map((point) => ({ text: point })),
    },
  );
}

describe("a headline in a place with little room", () => {
  test("is whole where it has room", () => {
    expect(headlineIn("The quay that moved", "pair-headline")).toBe("The quay that moved");
  });

  test("keeps the middle of a list", () => {
    const title =
      "Keeping Rust projects secure with the audit 0.9: dependency trees, core advisories, unmaintained crates";
    const boat =
      "The old night ferry of Orrell, built in a shed in 1904, sinks off the quay in a storm";
    const slots = ["pair-headline", "row-headline", "brief", "contents"] as const;
    for (const slot of slots) expect(headlineIn(title, slot)).not.toContain("trees unmaintained");
    const boats = slots.map((slot) => headlineIn(boat, slot));
    expect(boats).toContain("The old night ferry of Orrell sinks off the quay in a storm");
    const sale =
      "Orrell: The night ferry, built in a shed in 1904, is sold off the quay in a storm";
    const sales = slots.map((slot) => headlineIn(sale, slot));
    expect(sales).toContain("Orrell: The night ferry is sold off the quay in a storm");
  });

  test("is the editor's own where digest.json has one", () => {
    const short = { headline: "Ferries approved" };
    const title = "The harbour board of Orrell approves new ferries after a long night of talks";
    expect(headlineIn(title, "pair-headline", { short })).toBe("Ferries approved");
  });
});

describe("a gist in a place with little room", () => {
  const LONG =
    "The harbour board of Orrell has approved four new ferries for the crossing to Skerry Rock";

  test("has only as many of its sentences as have room", () => {
    const gist = `${LONG}. The first of them sails in May, and the others follow when the quay is mended.`;
    const fitted = fittedGist(told(gist), SLOTS, "pair-gist");
    expect(fitted).toMatchObject({ text: `${LONG}.`, fits: true });
  });

  test("ends at a joint with its full stop, and says which part of the article was cut", () => {
    const gist = `${LONG} after a night of talks in which nobody spoke of the bees that the old boats carry.`;
    const story = told(gist);
    const { text, sentence } = fittedGist(story, SLOTS, "pair-gist");
    expect(text).toBe(`${LONG}.`);
    const { start = 0, end = 0, cut = [] } = sentence;
    const edits = cut.map(({ start, end }) => ({ start, end, text: "" }));
    expect(editedSentence(story.article.text, { start, end }, edits).text).toBe(text);
  });

  test("gives way to a key point that can be read alone, and to none that leans on another", () => {
    const gist = `${LONG} if the parish council of Orrell Sands, which has met nine times, and the owners of the old boats agree`;
    const keyPoints = [
      "He said that they were late.",
      "The first one sails in May.",
      "Ada Quill of the harbour board counts on 900 passengers a day.",
    ];
    const fitted = fittedGist(told(gist, { keyPoints }), SLOTS, "pair-gist");
    expect(fitted).toMatchObject({ text: keyPoints[2], fits: true });
    const lead = fittedGist(told(gist, { keyPoints }), SLOTS, "pair-gist", { hasPoints: true });
    expect(lead).toMatchObject({ text: gist, fits: false });
  });

  test("is never the part that its article takes back", () => {
    const claim = "A report said that the harbour board has sold the pier to a man from Whitby.";
    const gist = `${claim} The board denies it, and has shown the town the papers that say who owns the pier.`;
    expect(fittedGist(told(gist), SLOTS, "pair-gist").text).toBe(gist);
  });

  test.each([
    "Due to the rise of boats that carry bees and demand a quay — boats that surprisingly please people of all ages and of both shores — ferries seem to be part of the plan.",
    "Odd as that might sound in a town of bees — the harbour board wrote about boats of the same kind in its own book of the winter of 1904 — the pilot was not stung.",
  ])("does not end at either dash of an aside: %s", (gist) => {
    expect(fittedGist(told(gist), SLOTS, "pair-gist").text).toBe(gist);
  });

  test("ends at a dash after which the source only says more", () => {
    const gist = `${LONG} — a crossing that no boat of the town has made since the winter of the year 1904.`;
    expect(fittedGist(told(gist), SLOTS, "pair-gist").text).toBe(`${LONG}.`);
  });

  test.each(["Ada Pell", "Ada Pell (34)"])("does not end before what it announces: %s", (who) => {
    const gist = `${who} has quite a scoop for the Observer: A recording of an internal briefing at the harbour this month obtained by the Observer sheds new light on how far the most careful board of the whole coast will go to prevent leaks about new ferries.`;
    expect(fittedGist(told(gist), SLOTS, "row-gist").text).toMatch(
      /^Ada Pell .* Observer: A recording/,
    );
  });

  test("is not parted from a sentence that begins with a contrast", () => {
    const gist = `${LONG}. But none of them will sail before the parish council has met nine more times.`;
    expect(fittedGist(told(gist), SLOTS, "pair-gist").text).toBe(gist);
  });
});

test.each([
  ["hero-headline", "The quay that moved"],
  [
    "hero-headline-medium",
    "The harbour board of Orrell Sands has asked all skippers about bees, twice",
  ],
  [
    "hero-headline-long",
    "The harbour board of Orrell Sands has asked all of its skippers and pilots about the bees on the quay",
  ],
])("the headline of a lead is whole in the size in which it has room: %s", (slot, title) => {
  const { headline } = copyFor(entry({ title }), "lead", SLOTS, true);
  expect(headline).toMatchObject({ slot, text: title, fits: true });
});

test("a lead that has no room whole in any size stands in a shorter form in a large one", () => {
  const title =
    "The harbour board of Orrell Sands approves four new ferries after a long night of talks about bees, boats and the quay";
  const { headline } = copyFor(entry({ title }), "lead", SLOTS, true);
  expect(headline).toMatchObject({ fits: true });
  expect(headline.text).not.toBe(title);
  expect(headline.slot).not.toBe("hero-headline-long");
});

test("a line of the contents that no form fits has the form with the fewest lines", () => {
  const title =
    "The harbour board of Orrell Sands approves four new ferries and two piers after a long night of talks about bees";
  const { contents } = copyFor(entry({ title }), "row", SLOTS, false);
  expect(contents).toMatchObject({ fits: false });
  expect(contents.text).toBe(
    "The harbour board of Orrell Sands approves four new ferries and two piers",
  );
});

test("a word that is wider than half of the page keeps a story out of the pair", () => {
  const story = entry({
    title: "Die Donaudampfschifffahrtsgesellschaftskapitänsmütze",
    language: "de",
  });
  expect(copyFor(story, "pair", SLOTS, false).headline.fits).toBe(false);
  expect(copyFor(story, "row", SLOTS, false).headline.fits).toBe(false);
});

test("every fitted text is its source without its cuts, and has room where it says so", () => {
  const word = fc.constantFrom(
    ..."the board approves ferries after rain, which (as ever) fell; Orrell: and because Ada said. no “quay” 12 if – while not he Donaudampfschifffahrt מים 港 🚢".split(
      " ",
    ),
  );
  const words = fc.array(word, { minLength: 1, maxLength: 60 }).map((list) => list.join(" "));
  const languages = fc.constantFrom("en", "de", "fr", "he", "ja");
  const weights = fc.constantFrom("lead", "pair", "row", "line");
  fc.assert(
    fc.property(
      words,
      words,
      words,
      languages,
      weights,
      fc.boolean(),
      (title, gist, point, language, weight, isBeside) => {
        const story = told(gist, { keyPoints: [point], title });
        const spoken = { ...story, article: { ...story.article, language } };
        const copy = copyFor(spoken, weight, SLOTS, isBeside);
        for (const { text, of, cut, fits: hasRoom, slot, setting } of [
          copy.headline,
          copy.gist,
          copy.contents,
        ]) {
          expect(without(of, cut)).toBe(text);
          expect([title, gist, point]).toContain(of);
          const isHeadlineAgain = of === gist && gist === title;
          if (hasRoom && !isHeadlineAgain) expect(fits(SLOTS[slot], text, setting)).toBe(true);
          if (!hasRoom) expect(text).toBe(of);
        }
        const { start, end, cut = [] } = copy.gist.sentence;
        if (start === undefined || end === undefined) return;
        const edits = cut.map(({ start, end }) => ({ start, end, text: "" }));
        const shown = editedSentence(spoken.article.text, { start, end }, edits).text;
        expect(shown).toBe(copy.gist.text);
      },
    ),
  );
});
