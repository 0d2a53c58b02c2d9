import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  composeDigest,
  composePreheader,
  composeSubject,
} from "../../src/digest/compose-digest.ts";
import { countCharacters } from "../../src/digest/one-line.ts";
import { parseDigest } from "../../src/digest/digest.ts";
import { article, digestOf, entry, roundUp } from "../fixtures.ts";

const ISSUE = { newsletter: "the-mudlark", slot: "2019-03-14" };

describe("the subject", () => {
  test("is the headline, where it fits", () => {
    expect(composeSubject("The bakery that runs on tides")).toBe("The bakery that runs on tides");
  });

  test("is the headline's first clause, where the whole is too long", () => {
    expect(
      composeSubject(
        "The bakery that runs on tides: how one family has kept the hours of the moon since 1794",
      ),
    ).toBe("The bakery that runs on tides");
  });

  test("is cut between words, where there is no clause", () => {
    const subject = composeSubject(
      "The bakery on Samphire Quay that keeps the hours of the moon and of nobody else",
    );
    expect(subject).toBe("The bakery on Samphire Quay that keeps the hours of the…");
    expect(countCharacters(subject)).toBeLessThanOrEqual(60);
  });

  test("is never a question without what answers it", () => {
    const subject = composeSubject(
      "Would you row a school across a river? In Orrell they do, every morning at seven",
    );
    expect(subject).toBe("Would you row a school across a river? In Orrell they do…");
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
    expect(composePreheader([entry()], "The bakery")).toBe(gist.text);
    expect(composePreheader([entry()], gist.text)).not.toBe(gist.text);
  });

  test("does not say again what the subject was cut from", () => {
    const { gist, keyPoints } = entry().summary;
    const { subject, preheader } = digestOf([entry({ title: "" })]);
    expect(gist.text.startsWith(subject.replace("…", ""))).toBe(true);
    expect(preheader).toBe(keyPoints[0]?.text);
  });

  test("has 40 to 130 characters and ends between words, where the stories have that many", () => {
    const words = fc.array(fc.constantFrom("eel", "tide", "sandbank", "whelk"), {
      minLength: 10,
      maxLength: 60,
    });
    fc.assert(
      fc.property(words, fc.constantFrom("Eels", "Two"), (gist, other) => {
        const text = gist.join(" ");
        const entries = [entry({}, { gist: { text }, keyPoints: [] }), entry({ title: other })];
        const preheader = composePreheader(entries, "The bakery");
        const length = countCharacters(preheader);
        expect(length).toBeGreaterThanOrEqual(40);
        expect(length).toBeLessThanOrEqual(130);
        expect(`${text} `).toContain(`${preheader.replace("…", "")} `);
      }),
    );
  });

  test("of a round-up is as many of the other headlines as fit, whole", () => {
    const { preheader } = roundUp();
    expect(preheader).toBe(
      "A library of knots finds its last librarian; Why the night ferry carries bees; Nobody owns the sandbank, so everyone mows it",
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

  test("goes through digest.json unchanged", () => {
    expect(parseDigest(JSON.stringify(roundUp()), "digest.json")).toEqual(roundUp());
  });
});
