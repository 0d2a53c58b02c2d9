import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { composeDigest } from "../../src/digest/compose-digest.ts";
import { composePreheader, composeSubject } from "../../src/digest/subject/compose-subject.ts";
import { countCharacters } from "../../src/platform/text.ts";
import { article, digestOf, entry, roundUp, TITLES } from "../fixtures.ts";

const ISSUE = { newsletter: "the-mudlark", slot: "2019-03-14" };

function subjectOf(title: string, gist = "A gist that is too long to stand anywhere") {
  return composeSubject(entry({ title }, { gist: { text: gist } }));
}

test("the subject tells of the story that leads the page, not of one before it that is told with doubt", () => {
  const doubted = entry(
    { title: "The heron" },
    { confidence: 0.1, origin: "extract", gist: { text: "It stood.", start: 0, end: 9 } },
  );
  const { subject, title, preheader } = digestOf([
    doubted,
    entry({ title: "Harbour bridge closes for nine weeks" }),
  ]);
  expect([subject, title]).toEqual(Array(2).fill("Harbour bridge closes for nine weeks"));
  expect(preheader).not.toContain("Harbour bridge");
});

describe("the subject", () => {
  test.each([
    "Porthmoor sells the night ferry to the US",
    "Council of Lune gives IT staff nine boats",
  ])("%s: it leans on nobody that is not named", (gist) => {
    expect(subjectOf("Who will take the ferry?", gist).text).toBe(gist);
    const mine = gist.replace(/US|IT/, (word) => word.toLowerCase());
    expect(subjectOf("Who will take the ferry?", mine).text).not.toBe(mine);
  });

  test("tells no claim that the article takes back", () => {
    const claim = "Mayor Ruth Okoro took 40,000 pounds from the harbour fund, a leaflet claims.";
    const denial = "The leaflet is a forgery, the auditor said on Monday.";
    const text = `${claim} ${denial} Nothing is missing from the fund.`;
    const title = "Did the mayor take the money?";
    const story = entry({ title, text }, { gist: { text: `${claim} ${denial}` } });
    const { text: subject, confidence } = composeSubject(story);
    expect(subject).not.toMatch(/took/);
    expect(confidence).toBeLessThan(0.6);
    expect(composePreheader([story], subject).text).not.toMatch(/harbour fund$/);
  });

  test("is the headline, where it fits", () => {
    const text = "The bakery that runs on tides";
    expect(subjectOf(text)).toEqual({ text, confidence: 0.95 });
  });

  test.each(
    Object.entries({
      "The bakery that runs on tides: how one family has kept the hours of the moon since 1794":
        "The bakery that runs on tides",
      "Harbour board closes Staithe Lane after bearing of the 1894 swing bridge cracks at dawn":
        "Harbour board closes Staithe Lane",
      "The swing bridge in Orrell will stay open to ships until Friday, the harbour board says":
        "The swing bridge in Orrell will stay open to ships",
      "Harbour Police: Fourth bearing of the swing bridge found cracked at Orrell":
        "Fourth bearing of the swing bridge found cracked at Orrell",
    }),
  )("is the headline up to a joint of the sentence: %s", (title, text) => {
    expect(subjectOf(title)).toMatchObject({ text });
    expect(subjectOf(title).confidence).toBeGreaterThanOrEqual(0.6);
  });

  test.each([
    "Why does nobody in Orrell cross the river?",
    "Here is what happened to the bridge …",
    "7 things that only people in Orrell know about bridges",
  ])("tells the news of the gist, where the headline asks or teases: %s", (title) => {
    const gist = "On Tuesday, the swing bridge in Orrell was stuck open after a bearing cracked.";
    expect(subjectOf(title, gist)).toEqual({
      text: "The swing bridge in Orrell was stuck open",
      confidence: 0.8,
    });
  });

  test("does not end where a verb waits for what belongs to it, nor within a quotation", () => {
    const title =
      "The house where the last lighthouse keeper was born will be turned into a museum";
    expect(subjectOf(title).text).not.toMatch(/turned$/);
    expect(
      subjectOf("Keeper says, 'We're not going to let it go dark' in a letter to all the papers")
        .text,
    ).not.toMatch(/We're$/);
  });

  test("of a list, takes nothing out as an aside, nor speaks without what comes after an opening", () => {
    const list =
      "Orrell sells three boats, a bell with a crack, two old oars and a dredger, and more";
    expect(subjectOf(list).text).not.toMatch(/boats two/);
    const opening =
      "Since the winter in which the river froze and the bridge was stuck, boats wait";
    expect(subjectOf(opening, "It is what it is").text).not.toMatch(/froze$|river$/);
  });

  test.each([
    [
      "Harbour board orders new bearings for Orrell. Does it mean to pay for them?",
      "Harbour board orders new bearings for Orrell",
    ],
  ])(
    "is the first sentence of a headline of several, where that tells something: %s",
    (title, text) => {
      expect(subjectOf(title)).toEqual({ text, confidence: 0.85 });
    },
  );

  test("calls people by the surname, where the article does and the headline is whole so", () => {
    const title = "Orrell man pleads guilty to threatening to sink Capt. Oona Teal";
    const text =
      "An Orrell man pleaded guilty on Monday. Oona Teal, 50, was aboard. Teal was not hurt.";
    const people = [{ name: "Oona Teal" }];
    const subject = (given: typeof people, said = text) =>
      composeSubject(entry({ title, text: said }, { people: given, gist: { text: said } })).text;
    expect(subject(people)).toBe("Orrell man pleads guilty to threatening to sink Capt. Teal");
    expect(subject(people, text.replace("Teal was", "She was"))).not.toContain("Capt. Teal");
    expect(subject([...people, { name: "Jory Teal" }])).not.toContain("Capt. Teal");
  });

  test("may end at a dash between two clauses", () => {
    const title =
      "The harbour of Orrell is coming back to life—but it is still not open to all ships";
    expect(subjectOf(title)).toEqual({
      text: "The harbour of Orrell is coming back to life",
      confidence: 0.8,
    });
  });

  test("does not end within a list of the gist", () => {
    const gist =
      "The promises to take care of the inner harbour, the quays, and the fish market were not kept.";
    expect(subjectOf("What became of it?", gist).text).not.toMatch(/quays$/);
  });

  test("where no clause ends, stops before what somebody is to do, and is not sure", () => {
    const title = "Harbour board rejects county's request to name the keepers of the old bridge";
    expect(subjectOf(title, "It is what it is")).toEqual({
      text: "Harbour board rejects county's request",
      confidence: 0.5,
    });
  });

  test("ends in whole words without a mark of omission where nothing fits, and is not sure", () => {
    const { text, confidence } = subjectOf(
      "The bakery on Samphire Quay that keeps the hours of the moon and of nobody else",
      "It is what it is, he said to them, and nobody of them knew what it was that he had said.",
    );
    expect(text).not.toMatch(/…$/);
    expect(countCharacters(text)).toBeLessThanOrEqual(60);
    expect(confidence).toBeLessThan(0.6);
  });

  test("never exceeds 60 characters nor holds a line break, whatever the headline", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1, maxLength: 300 }), (title) => {
        const { subject } = composeDigest(ISSUE, [entry({ title })]);
        expect(countCharacters(subject)).toBeLessThanOrEqual(60);
        expect(subject).not.toMatch(/[\r\n\0]/);
      }),
    );
  });

  test("loses the line breaks that would make it two header fields", () => {
    const { subject } = composeDigest(ISSUE, [entry()], {
      subject: "One\r\nBcc: everyone@paper.example",
    });
    expect(subject).toBe("One Bcc: everyone@paper.example");
  });
});

describe("the preheader", () => {
  test("of one story is a sentence of it that is not the subject", () => {
    const { gist } = entry().summary;
    expect(composePreheader([entry()], "The bakery").text).toBe(gist.text);
    expect(composePreheader([entry()], gist.text).text).not.toBe(gist.text);
  });

  test("does not say again what the subject was cut from", () => {
    const { gist, keyPoints } = entry().summary;
    const { text } = composePreheader([entry({ title: "" })], gist.text.slice(0, 50));
    expect(text).toBe(keyPoints[0]?.text);
  });

  test("has 40 to 130 characters where the stories have such a line, and is never cut between words", () => {
    const words = fc.array(fc.constantFrom("eel", "tide", "sandbank", "whelk"), {
      minLength: 10,
      maxLength: 60,
    });
    fc.assert(
      fc.property(words, fc.constantFrom("Eels", "Two"), (gist, other) => {
        const text = gist.join(" ");
        const entries = [entry({}, { gist: { text }, keyPoints: [] }), entry({ title: other })];
        const preheader = composePreheader(entries, "The bakery", { tagline: "Tides" }).text;
        expect(preheader).toBe(countCharacters(text) <= 130 ? text : "Tides");
      }),
    );
  });

  test("is the newsletter's tagline, and the subject its name and the day, where no line is sure", () => {
    const publication = { name: "The Mudlark", tagline: "What the river leaves" };
    const lead = entry({ title: "Why?" }, { gist: { text: "Who knows?" }, keyPoints: [] });
    const { subject, preheader, composed } = composeDigest(ISSUE, [lead], { publication });
    expect([subject, preheader]).toEqual(["The Mudlark, March 14, 2019", "What the river leaves"]);
    expect(composed?.subject?.confidence).toBe(0.6);
    expect(composeDigest(ISSUE, [lead]).preheader).toBe("");
  });

  test("never mentions a story that stands in brief", () => {
    const lines = TITLES.slice(0, 4).map((title, at) =>
      Object.assign(entry({ title }), at > 0 && { weight: "line" as const }),
    );
    const { preheader } = digestOf(lines);
    for (const title of TITLES.slice(1, 4)) expect(preheader).not.toContain(title.slice(0, 12));
  });

  test("of a round-up is the news of the next two stories, and passes over what only teases", () => {
    const { preheader } = roundUp();
    expect(preheader).toBe(
      "A library of knots finds its last librarian; Nobody owns the sandbank, so everyone mows it",
    );
    expect(countCharacters(preheader)).toBeLessThanOrEqual(130);
  });
});

describe("a digest", () => {
  test("leads with the first story and puts the others in a section of their own", () => {
    const { sections, title, language } = digestOf([
      entry(),
      entry({ title: "Two" }),
      entry({ title: "Three" }),
    ]);
    expect(sections.map(({ entries }) => entries.map(({ article }) => article.title))).toEqual([
      ["The bakery that runs on tides"],
      ["Two", "Three"],
    ]);
    expect([title, language]).toEqual(["The bakery that runs on tides", "en"]);
  });

  test("groups what follows the lead, and leaves the lead out of it", () => {
    const entries = ["Eels", "Rye", "Oars", "Buns"].map((title, index) =>
      entry({ title, tags: [index % 2 === 0 ? "Water" : "Bread"] }),
    );
    const { sections } = digestOf(entries, { sections: "tag" });
    expect(
      sections.map(({ heading, entries }) => [
        heading,
        entries.map(({ article }) => article.title),
      ]),
    ).toEqual([
      ["", ["Eels"]],
      ["Bread", ["Rye", "Buns"]],
      ["", ["Oars"]],
    ]);
  });

  test("speaks the language of most of its stories", () => {
    const german = entry({ language: "de" });
    expect(composeDigest(ISSUE, [entry(), german, german]).language).toBe("de");
  });

  test("takes subject, preheader and signature from the editor's letter", () => {
    const letter = article({
      kind: "letter",
      title: "Bread, bees and a bell",
      description: "Three stories from the quay, and a word about the flood.",
      text: "Dear reader,",
      authors: ["Nell Pascoe"],
    });
    expect(digestOf([entry()], { letter })).toMatchObject({
      subject: "Bread, bees and a bell",
      preheader: "Three stories from the quay, and a word about the flood.",
      letter: { text: "Dear reader,", signature: "Nell Pascoe" },
    });
  });

  test("without a story is refused", () => {
    expect(() => composeDigest(ISSUE, [])).toThrow(
      expect.objectContaining({ code: "CONTENT_NO_STORY" }),
    );
  });
});
