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
    expect([subject, preheader]).toEqual(["The Mudlark, 14 March 2019", "What the river leaves"]);
    expect(composed?.subject?.confidence).toBe(0.6);
    expect(composeDigest(ISSUE, [lead]).preheader).toBe("");
  });

  test.each([
    [
      "ja",
      "／",
      [
        "潮の満ち引きで焼くパン屋が開店した",
        "灯台の守り人が八十年続いた最後の明かりを消した",
        "港の橋が三年ぶりに歩行者のために開通した",
      ],
    ],
    [
      "ar",
      "؛ ",
      [
        "افتتح المخبز أبوابه مع المد",
        "أطفأ الحارس آخر ضوء في المنارة",
        "فتح جسر الميناء بعد ثلاث سنوات",
      ],
    ],
  ])("keeps two stories apart as the language does: %s", (language, mark, titles) => {
    const entries = titles.map((title) => entry({ title, language }));
    expect(composePreheader(entries, titles[0] ?? "").text).toBe(titles.slice(1).join(mark));
  });

  test("does not end before what it announces", () => {
    const text =
      "Selected Answers from Orrell Harbour Exchange: Orrell Harbour Exchange is one of the first places our skippers look for answers to their questions---or when we have a few spare moments to help curious or confused users.";
    const lead = entry({}, { gist: { text: "" }, keyPoints: [{ text }] });
    expect(composePreheader([lead], "The bakery", { tagline: "Tides" }).text).not.toMatch(
      /^Selected[^:]*$/,
    );
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
