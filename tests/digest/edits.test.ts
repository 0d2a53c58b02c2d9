import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Digest,
  type Entry,
  flatEntries,
  shownDigest,
  withEntries,
} from "../../src/digest/digest.ts";
import { type Edit, editDigest, editSchema, mergeEdits } from "../../src/digest/edits.ts";
import { digestOf, entry, LETTER, roundUp } from "../fixtures.ts";
import { render } from "../render.ts";

const headings = ({ sections }: Digest) => sections.map(({ heading }) => heading);
const titles = (digest: Digest) => flatEntries(digest).map(({ article }) => article.title);

describe("an edit", () => {
  test("of a line changes that line and nothing else", () => {
    const digest = roundUp(3);
    const edited = editDigest(digest, { kind: "subject", text: "Mine" });
    expect(edited).toEqual({ ...digest, subject: "Mine" });
    expect(() => editDigest(digest, { kind: "subject", text: "" })).toThrow(/without a subject/);
  });

  test("that rewords a key point takes its place in the article away, or finds its new one", () => {
    const story = entry({}, { keyPoints: [{ text: "Old words.", start: 3, end: 13 }] });
    const reword = (text: string) =>
      flatEntries(editDigest(digestOf([story]), { kind: "keyPoint", story: 0, at: 0, text }))[0]
        ?.summary.keyPoints;
    expect(reword("New words.")).toEqual([{ text: "New words." }]);
    expect(reword("Old words.")).toEqual([{ text: "Old words.", start: 3, end: 13 }]);
    expect(reword("its ovens")).toEqual([{ text: "its ovens", start: 35, end: 44 }]);
    expect(reword("")).toEqual([]);
  });

  test("that puts another sentence in for a key point sets it where the article has it", () => {
    const text = "One is here. Two is here. Three is here. Four is here.";
    const at = (words: string) => ({
      text: words,
      start: text.indexOf(words),
      end: text.indexOf(words) + words.length,
    });
    const keyPoints = [at("One is here."), at("Three is here.")];
    const digest = digestOf([entry({ text }, { keyPoints })]);
    const swap = (point: number, { start, end }: { start: number; end: number }) =>
      flatEntries(editDigest(digest, { kind: "swap", story: 0, at: point, start, end }))[0]?.summary
        .keyPoints;
    expect(swap(1, at("Two is here."))).toEqual([at("One is here."), at("Two is here.")]);
    expect(swap(0, at("Four is here."))).toEqual([at("Three is here."), at("Four is here.")]);
    for (const bad of [at("Two").start, text.length + 1])
      expect(() => swap(0, { start: at("Two").start, end: bad })).toThrow(/no words there/);
    expect(() => swap(2, at("Two is here."))).toThrow(/no such key point/);
  });

  test("parts what was merged, from the next build on, and joins what was not", () => {
    const built = roundUp(3);
    const [first, second] = flatEntries(built).map(({ article }) => article.id);
    const joined = editDigest(built, { kind: "join", story: 1, into: 0 });
    expect(titles(joined)).toHaveLength(2);
    expect(flatEntries(joined)[0]?.alsoIn).toMatchObject([{ id: second, as: "joined" }]);
    expect(joined.stories).toEqual({ together: [[first, second]] });
    const parted = editDigest(joined, { kind: "part", story: 0, at: 0 });
    expect(flatEntries(parted)[0]?.alsoIn).toBeUndefined();
    expect(parted.stories).toEqual({ apart: [[first, second]], together: [] });
    expect(() => editDigest(built, { kind: "part", story: 0, at: 0 })).toThrow(/no such article/);
    expect(() => editDigest(built, { kind: "join", story: 1, into: 1 })).toThrow(/no two such/);
  });

  test("of what isn't there is refused", () => {
    const digest = roundUp(2);
    const edits: Edit[] = [
      { kind: "move", story: 2, to: 0 },
      { kind: "move", story: 0, to: 2 },
      { kind: "hide", story: 9, isHidden: true },
      { kind: "gist", story: 5, text: "x" },
      { kind: "gist", story: 0, text: "" },
      { kind: "keyPoint", story: 0, at: 7, text: "x" },
    ];
    for (const edit of edits) expect(() => editDigest(digest, edit)).toThrow(/there is no|needs/);
    for (const bad of [{ kind: "x" }, { kind: "move", story: -1, to: 0 }, { kind: "subject" }])
      expect(editSchema.safeParse(bad).success).toBe(false);
  });
});

describe("a hidden story", () => {
  test("is in the digest and in no part of the email; the next one leads", async () => {
    const whole = { ...roundUp(3), subject: "Mine" };
    const digest = editDigest(whole, { kind: "hide", story: 0, isHidden: true });
    expect(titles(digest)).toHaveLength(3);
    const { html, text } = await render(digest, "digest");
    for (const part of [html, text]) {
      expect(part.includes("The bakery that runs on tides")).toBe(false);
      expect(part.includes("last librarian")).toBe(true);
    }
    const shown = editDigest(digest, { kind: "hide", story: 0, isHidden: false });
    expect(shown).toEqual(whole);
  });

  test("can't be the only one, unless there is a letter", () => {
    const hide: Edit = { kind: "hide", story: 0, isHidden: true };
    expect(() => shownDigest(editDigest(roundUp(1), hide))).toThrow(
      /every story hidden there is nothing to send/,
    );
    const hidden = flatEntries(LETTER).reduce<Digest>(
      (digest, _entry, story) => editDigest(digest, { kind: "hide", story, isHidden: true }),
      LETTER,
    );
    expect(shownDigest(hidden).sections).toEqual([]);
  });
});

function withArticle(entry: Entry, fields: Partial<Entry["article"]>): Entry {
  return { ...entry, article: { ...entry.article, ...fields } };
}

describe("edits in an issue that is built again", () => {
  const edit = fc.oneof(
    fc.record({ kind: fc.constant("subject" as const), text: fc.constant("Mine") }),
    fc.record({ kind: fc.constant("preheader" as const), text: fc.constant("Also mine") }),
    fc.record({ kind: fc.constant("hide" as const), story: fc.nat(4), isHidden: fc.boolean() }),
    fc.record({ kind: fc.constant("move" as const), story: fc.nat(4), to: fc.nat(4) }),
    fc.record({ kind: fc.constant("gist" as const), story: fc.nat(4), text: fc.constant("Gist") }),
  );

  test("are all there where nothing else has changed, and nothing is where none was made", () => {
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 6 }), (edits) => {
        const built = roundUp(5);
        const edited = edits.reduce(editDigest, built);
        expect(mergeEdits({ built, edited, rebuilt: built })).toEqual({ digest: edited, lost: [] });
        const rebuilt = roundUp(7);
        const untouched = mergeEdits({ built, edited: built, rebuilt });
        expect(untouched).toEqual({ digest: rebuilt, lost: [] });
      }),
      { numRuns: 60 },
    );
  });

  test("wins over what a model says at the next build", () => {
    const built = roundUp(3);
    const [first, second, third] = flatEntries(built);
    if (!first || !second || !third) throw new Error("a story is missing");
    const edited = editDigest(editDigest(built, { kind: "subject", text: "Mine" }), {
      kind: "move",
      story: 2,
      to: 0,
    });
    const order = { stories: [second, first, third].map(({ article }) => article.id), used: true };
    const rebuilt = {
      ...editDigest(built, { kind: "move", story: 1, to: 0 }),
      subject: "The model's",
      advice: { order },
    };
    const { digest } = mergeEdits({ built, edited, rebuilt });
    expect([digest.subject, titles(digest)]).toEqual(["Mine", titles(edited)]);
  });

  test("go on with a new story in its place, and without one that has gone", () => {
    const built = roundUp(4);
    const hidden = editDigest(built, { kind: "hide", story: 1, isHidden: true });
    const edited = editDigest(hidden, { kind: "move", story: 3, to: 0 });
    const rebuilt = roundUp(6);
    const { digest } = mergeEdits({ built, edited, rebuilt });
    const [one, two, three, four, five, six] = titles(rebuilt);
    expect(titles(digest)).toEqual([four, five, six, one, two, three]);
    expect(flatEntries(digest).find(({ hidden }) => hidden)?.article.title).toBe(two);
    const fewer = mergeEdits({ built, edited, rebuilt: roundUp(2) });
    expect(titles(fewer.digest)).toEqual([one, two]);
  });

  test("of a story that is another by now are told, and not kept", () => {
    const built = digestOf([entry()]);
    const edited = editDigest(built, { kind: "gist", story: 0, text: "Mine" });
    const [story] = flatEntries(built);
    if (!story) throw new Error("no story");
    const article = { ...story.article, text: "Another text." };
    const rebuilt = digestOf([{ ...story, article }]);
    expect(mergeEdits({ built, edited, rebuilt })).toEqual({
      digest: rebuilt,
      lost: [article.title],
    });
  });

  test("of a file that was rewritten since, and so has another id, are kept but for its words", () => {
    const bare = roundUp(3);
    const filed = flatEntries(bare).map((one, at) =>
      withArticle(one, { source: `content/${at}.txt` }),
    );
    const built = withEntries(bare, filed);
    const edited = [
      { kind: "hide", story: 1, isHidden: true } as const,
      { kind: "gist", story: 2, text: "Mine" } as const,
    ].reduce(editDigest, built);
    const rewritten = filed.map((one, at) =>
      withArticle(one, { id: `rewritten-${at}`, text: "Another text." }),
    );
    const rebuilt = withEntries(built, rewritten);
    const { digest, lost } = mergeEdits({ built, edited, rebuilt });
    expect(flatEntries(digest).map(({ hidden = false }) => hidden)).toEqual([false, true, false]);
    expect(lost).toEqual([titles(built)[2]]);
  });

  test("of a heading stay with its section, though there is a new one before it; an added one is told", () => {
    const stories = flatEntries(roundUp(4));
    const sectionsOf = (
      ...sizes: readonly (readonly [heading: string, from: number, to: number])[]
    ) => ({
      ...roundUp(4),
      sections: sizes.map(([heading, from, to]) => ({ heading, entries: stories.slice(from, to) })),
    });
    const built = sectionsOf(["Harbours", 0, 2], ["Mills", 2, 3]);
    const edited = sectionsOf(["On the water", 0, 2], ["Mills", 2, 3]);
    const rebuilt = sectionsOf(["Jobs", 3, 4], ["Harbours", 0, 2], ["Mills", 2, 3]);
    expect(headings(mergeEdits({ built, edited, rebuilt }).digest)).toEqual([
      "Jobs",
      "On the water",
      "Mills",
    ]);
    const added = sectionsOf(["Harbours", 0, 1], ["Piers", 1, 2], ["Mills", 2, 3]);
    expect(mergeEdits({ built, edited: added, rebuilt }).lost).toEqual(["Piers", titles(added)[1]]);
  });

  test("are not made in an issue of other stories only", () => {
    const built = roundUp(2);
    const edited = { ...built, subject: "Mine" };
    const rebuilt = digestOf([entry({ id: "another", source: "another.txt" })]);
    expect(mergeEdits({ built, edited, rebuilt })).toEqual({
      digest: rebuilt,
      lost: titles(built),
    });
  });

  test("made by hand count too: a story taken out, a headline, a heading", () => {
    const built = roundUp(3);
    const [lead, rest] = built.sections;
    const [second] = rest?.entries ?? [];
    if (!lead || !rest || !second) throw new Error("no stories");
    const renamed = { ...second, article: { ...second.article, title: "My headline" } };
    const edited = { ...built, sections: [lead, { heading: "My heading", entries: [renamed] }] };
    const { digest } = mergeEdits({ built, edited, rebuilt: roundUp(4) });
    expect(titles(digest)).toEqual([titles(built)[0], "My headline", titles(roundUp(4))[3]]);
    expect(digest.sections[1]?.heading).toBe("My heading");
  });
});
