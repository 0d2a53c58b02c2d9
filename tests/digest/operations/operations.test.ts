import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import {
  type BuiltDigest,
  type Digest,
  type Entry,
  flatEntries,
  idOf,
} from "../../../src/digest/digest.ts";
import { applyOperations, completed } from "../../../src/digest/operations/apply.ts";
import { operationsBetween } from "../../../src/digest/operations/diff.ts";
import { activeOperations, historyOf } from "../../../src/digest/operations/history.ts";
import {
  type Change,
  linesOf,
  type NewLine,
  type Operation,
  operationsText,
  parseOperations,
} from "../../../src/digest/operations/operation.ts";
import { cpuSecondsOf } from "../../cpu-time.ts";
import { entry, roundUp } from "../../fixtures.ts";

const NOW = new Date("2031-04-02T07:00:00Z");
const IDS = ["a", "b", "c", "d", "e"];

/** An issue whose stories have ids and key points of their own. */
function issue(count = 5): Digest {
  const digest = roundUp(count);
  let at = 0;
  const sections = digest.sections.map((section) => ({
    ...section,
    entries: section.entries.map((one): Entry => {
      const id = IDS[at++] ?? "z";
      const keyPoints = [1, 2, 3].map((point) => ({ text: `Point ${point} of ${id}.` }));
      const text = `${one.article.text.slice(0, 60)} Of ${id}.`;
      const article = { ...one.article, id: `article-${id}`, text };
      return { ...one, id, article, summary: { ...one.summary, keyPoints } };
    }),
  }));
  return { ...digest, sections };
}

/** The operations after some changes, each a step of its own. */
function after(
  built: BuiltDigest,
  changes: readonly Change[],
  before: readonly Operation[] = [],
): readonly Operation[] {
  const operations = [...before];
  for (const change of changes)
    operations.push(...linesOf(completed(built, operations, [change]), operations, NOW));
  return operations;
}

const undone = (operations: readonly Operation[], step: "undo" | "redo" = "undo") => [
  ...operations,
  ...linesOf([{ op: "undo", undoes: historyOf(operations)[step] ?? [] }], operations, NOW),
];

const ids = (digest: Digest) => flatEntries(digest).map(idOf);
const entryIn = (digest: Digest, id: string) => flatEntries(digest).find((one) => idOf(one) === id);
function firstTwo(digest: Digest): readonly [Entry, Entry] {
  const [a, b] = flatEntries(digest);
  if (!a || !b) throw new Error("two stories");
  return [a, b];
}
const points = (digest: Digest, id: string) =>
  entryIn(digest, id)?.summary.keyPoints.map(({ text }) => text);
const gist = (digest: Digest, id: string) => entryIn(digest, id)?.summary.gist.text;

/** The digest with another entry in the place of one. */
function withEntry(digest: BuiltDigest, id: string, change: (one: Entry) => Entry): BuiltDigest {
  return {
    ...digest,
    sections: digest.sections.map((section) => ({
      ...section,
      entries: section.entries.map((one) => (idOf(one) === id ? change(one) : one)),
    })),
  };
}

/** The digest with these key points in a story. */
const withPoints = (digest: Digest, id: string, texts: readonly string[]): Digest =>
  withEntry(digest, id, (one) => {
    return { ...one, summary: { ...one.summary, keyPoints: texts.map((text) => ({ text })) } };
  });

/** The issue with another text of the article of a story. */
const retold = (built: BuiltDigest, id: string, text = "Other words.") =>
  withEntry(built, id, (one) => ({ ...one, article: { ...one.article, text } }));

/** The operations after one that a notice offers, as a step of its own. */
const clicked = (
  built: BuiltDigest,
  operations: readonly Operation[],
  line: NewLine | undefined,
): readonly Operation[] => {
  if (line === undefined) throw new Error("nothing is offered");
  const lines = "undoes" in line ? [line] : completed(built, operations, [line]);
  return [...operations, ...linesOf(lines, operations, NOW)];
};

const setGist = (id: string, text: string): Change => ({
  op: "set",
  id,
  field: "summary.gist",
  value: { text },
});
const setPoint = (id: string, sentence: string, text: string, before: string[] = []): Change => ({
  op: "set",
  id,
  field: "keyPoint",
  sentence,
  after: before,
  value: { text },
});

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({
    op: fc.constant("set" as const),
    field: fc.constantFrom("subject", "preheader", "title", "modules.closing"),
    value: fc.constantFrom("One", "Two"),
  }),
  fc.record({
    op: fc.constant("move" as const),
    id: fc.constantFrom(...IDS),
    before: fc.subarray(IDS),
  }),
  fc.record({ op: fc.constant("hide" as const), id: fc.constantFrom(...IDS), value: fc.boolean() }),
  fc
    .tuple(fc.constantFrom(...IDS), fc.constantFrom("Mine.", "Mine too."))
    .map(([id, text]) => setGist(id, text)),
  fc
    .tuple(
      fc.constantFrom(...IDS),
      fc.constantFrom(1, 2, 3),
      fc.constantFrom("My point.", "Other."),
    )
    .map(([id, at, text]) => setPoint(id, `Point ${at} of ${id}.`, text)),
  fc.tuple(fc.constantFrom(...IDS), fc.constantFrom(1, 2, 3)).map(([id, at]): Change => ({
    op: "remove",
    id,
    field: "keyPoint",
    sentence: `Point ${at} of ${id}.`,
  })),
  fc
    .tuple(fc.constantFrom(...IDS), fc.constantFrom(...IDS))
    .filter(([a, b]) => a !== b)
    .map(([id, value]): Change => ({ op: "join", id, value })),
);

test("the picture of a story is left out, and so are the contents, by what a finding of the check offers", () => {
  const digest = issue(5);
  const offered: Change[] = [
    { op: "set", id: "a", field: "article.images", value: [] },
    { op: "set", field: "modules.contents", value: false },
  ];
  const { digest: edited } = applyOperations(digest, after(digest, offered));
  expect(entryIn(digest, "a")?.article.images).toHaveLength(1);
  expect(entryIn(edited, "a")?.article.images).toEqual([]);
  expect(edited.modules?.contents).toBe(false);
});

describe("operations", () => {
  test("applied again give the same digest, and taking each back gives the digest before it", () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 6 }), (changes) => {
        const built = issue();
        let operations: readonly Operation[] = [];
        for (const one of changes) {
          const before = applyOperations(built, operations).digest;
          operations = after(built, [one], operations);
          const now = applyOperations(built, operations);
          expect(applyOperations(built, operations)).toEqual(now);
          const back = undone(operations);
          expect(applyOperations(built, back).digest).toEqual(before);
          expect(applyOperations(built, undone(back, "redo"))).toEqual(now);
          expect(applyOperations(built, undone(undone(back, "redo"))).digest).toEqual(before);
        }
        const read = parseOperations(operationsText(operations));
        expect(read).toEqual({ operations, unread: [], isWhole: true });
      }),
      { numRuns: 25 },
    );
  });

  test("join and part leave two stories as they were, with what was edited in both", () => {
    const built = issue();
    const edits = [setGist("a", "Mine of a."), setGist("b", "Mine of b.")];
    const edited = after(built, edits);
    const joined = after(built, [{ op: "join", id: "b", value: "a" }], edited);
    const together = applyOperations(built, joined);
    expect(ids(together.digest)).toEqual(["a", "c", "d", "e"]);
    expect(gist(together.digest, "a")).toBe("Mine of a.");
    expect(entryIn(together.digest, "a")?.alsoIn).toMatchObject([{ reading: "b", as: "joined" }]);
    expect(together.setAside).toMatchObject([{ text: "Mine of b." }]);
    const parted = applyOperations(
      built,
      after(built, [{ op: "part", id: "b", value: "a" }], joined),
    );
    expect(parted.setAside).toEqual([]);
    const { stories, ...digest } = parted.digest;
    expect(digest).toEqual(applyOperations(built, edited).digest);
    expect(stories).toEqual({ apart: [["a", "b"]] });
  });

  test("a merged article is parted with its entry, and undo merges it again", () => {
    const [host, guest] = firstTwo(issue(2));
    const alsoIn = [{ reading: "b", id: "article-b", as: "copy" as const, confidence: 0.9 }];
    const whole = issue();
    const built: BuiltDigest = {
      ...whole,
      sections: [{ heading: "", entries: [{ ...host, alsoIn, told: "fullest" }] }],
      merged: [guest],
    };
    const operations = after(built, [{ op: "part", id: "b", value: "a" }, setGist("b", "Mine.")]);
    const { digest } = applyOperations(built, operations);
    expect(ids(digest)).toEqual(["a", "b"]);
    expect(gist(digest, "b")).toBe("Mine.");
    // The build has parted them too by now.
    const rebuilt = { ...digest, sections: [{ heading: "", entries: [host, guest] }] };
    const back = undone(undone(operations));
    expect(entryIn(applyOperations(rebuilt, back).digest, "a")?.alsoIn).toEqual(alsoIn);
    const { merged: _merged, ...unedited } = built;
    expect(applyOperations(built, back).digest).toEqual(unedited);
  });

  test("words stay where the article has changed, behind the nearest point that is left", () => {
    const built = issue();
    const operations = after(built, [
      setGist("a", "My gist."),
      setPoint("a", "Point 3 of a.", "My third.", ["Point 2 of a.", "Point 1 of a."]),
    ]);
    const rebuilt = withEntry(built, "a", (one) => ({
      ...one,
      article: { ...one.article, text: "Other words." },
      summary: {
        ...one.summary,
        gist: { text: "Other words." },
        keyPoints: [{ text: "New." }, { text: "Point 1 of a." }, { text: "Last." }],
      },
    }));
    const { digest, changed, setAside } = applyOperations(rebuilt, operations);
    expect(gist(digest, "a")).toBe("My gist.");
    expect(points(digest, "a")).toEqual(["New.", "Point 1 of a.", "My third.", "Last."]);
    expect(setAside).toEqual([]);
    expect(changed).toMatchObject([
      { id: "a", field: "summary.gist", was: "My gist.", now: "Other words." },
      { id: "a", field: "keyPoint", was: "My third.", now: "" },
    ]);
  });

  test("reach a story that another article tells by now; of two edits of one field the teller's counts", () => {
    const built = issue(2);
    const [a, b] = firstTwo(built);
    const operations = after(built, [
      setGist("a", "Mine of a."),
      setPoint("a", "Point 1 of a.", "P."),
    ]);
    const alsoIn = [{ reading: "a", id: "article-a", as: "event" as const }];
    const merged: BuiltDigest = {
      ...built,
      sections: [{ heading: "", entries: [{ ...b, alsoIn }] }],
      merged: [a],
    };
    const { digest } = applyOperations(merged, operations);
    expect(gist(digest, "b")).toBe("Mine of a.");
    expect(points(digest, "b")).toContain("P.");
    const both = applyOperations(merged, after(built, [setGist("b", "Mine of b.")], operations));
    expect(gist(both.digest, "b")).toBe("Mine of b.");
    expect(both.setAside).toMatchObject([{ text: "Mine of a.", title: a.article.title }]);
  });

  test("are set aside with their words where their story is gone, and only then", () => {
    const built = issue();
    const operations = after(built, [setGist("e", "Mine."), { op: "hide", id: "e", value: true }]);
    const { digest, setAside } = applyOperations(issue(4), operations);
    expect(ids(digest)).toEqual(IDS.slice(0, 4));
    expect(setAside).toMatchObject([
      { text: "Mine.", title: flatEntries(built)[4]?.article.title },
    ]);
  });

  test("are set aside each for itself where two points were added to a story that is gone", () => {
    const added = ["Mine.", "Mine too."].map((text): Change => {
      return { op: "add", id: "b", field: "keyPoint", after: [], value: { text } };
    });
    const { setAside } = applyOperations(issue(1), after(issue(), added));
    expect(setAside.map(({ text }) => text)).toEqual(["Mine.", "Mine too."]);
  });

  test("are set aside where no section has the heading that an editor wrote", () => {
    const all = IDS.slice(1);
    const value = [
      { heading: "My section", ids: ["e"] },
      { heading: "Mine", ids: ["a", ...all] },
    ];
    const heading = issue().sections[1]?.heading ?? "";
    const renamed: Change = {
      op: "set",
      id: `1 ${heading}`,
      field: "heading",
      value: "My heading",
    };
    const edits = [renamed, { op: "set", field: "layout", value } as const];
    for (const edit of edits) {
      const { digest, setAside } = applyOperations(issue(1), after(issue(), [edit]));
      const [words = ""] = edit === renamed ? ["My heading"] : ["My section"];
      expect(JSON.stringify(digest)).not.toContain(words);
      expect(setAside).toMatchObject([{ title: words, text: words }]);
    }
  });

  test("to a story that was taken out are set aside, and one that can't be read is refused", () => {
    const built = issue();
    const taken = after(built, [{ op: "remove", id: "b" }, setGist("b", "Mine.")]);
    expect(applyOperations(built, taken).setAside).toMatchObject([{ text: "Mine." }]);
    const broken = after(built, [{ op: "add", id: "own", value: { article: "Mine." } }]);
    expect(applyOperations(built, broken).refused).toMatchObject([{ n: 1 }]);
  });

  test("join a story that was typed in", () => {
    const { id: _id, ...typed } = entry({ title: "Typed", id: "typed" });
    const value = z.json().parse(JSON.parse(JSON.stringify(typed)));
    const added: Change = { op: "add", id: "own", before: ["a"], value };
    const operations = after(issue(), [added, { op: "join", id: "own", value: "b" }]);
    const { digest } = applyOperations(issue(), operations);
    expect(ids(digest)).toEqual(IDS);
    expect(entryIn(digest, "b")?.alsoIn).toMatchObject([{ title: "Typed" }]);
  });

  test("an acceptance holds for the text that was accepted and no other", () => {
    const built = issue();
    const operations = after(built, [{ op: "accept", id: "a" }]);
    expect(entryIn(applyOperations(built, operations).digest, "a")?.accepted).toBe(true);
    const other = applyOperations(retold(built, "a"), operations).digest;
    expect(entryIn(other, "a")).not.toHaveProperty("accepted");
  });

  test.for([
    ["a gist", [setGist("a", "First."), setGist("a", "Mine.")], { field: "summary.gist" }],
    [
      "a point",
      [setPoint("a", "Point 2 of a.", "Mine.")],
      { field: "keyPoint", sentence: "Mine." },
    ],
    [
      "a point of one's own",
      [{ op: "add", id: "a", field: "keyPoint", after: [], value: { text: "Mine." } }],
      { field: "keyPoint", sentence: "Mine." },
    ],
    [
      "a headline",
      [{ op: "set", id: "a", field: "article.title", value: "Mine." }],
      { field: "article.title" },
    ],
  ] as const)(
    "%s whose article has changed is kept until it changes again, or dropped",
    ([, edits, place]) => {
      const built = retold(issue(), "a");
      const operations = after(issue(), edits);
      const { digest, changed } = applyOperations(built, operations);
      expect(JSON.stringify(digest)).toContain("Mine.");
      expect(changed).toMatchObject([{ id: "a", story: "a", was: "Mine." }]);

      const kept = clicked(built, operations, { op: "accept", id: "a", ...place });
      expect(applyOperations(built, kept)).toEqual({
        ...applyOperations(built, operations),
        changed: [],
      });
      expect(applyOperations(built, undone(kept)).changed).toEqual(changed);
      expect(applyOperations(retold(built, "a", "Again."), kept).changed).toHaveLength(1);

      const dropped = clicked(built, operations, changed[0]?.drop);
      expect(applyOperations(built, dropped).digest).toEqual(applyOperations(built, []).digest);
      expect(applyOperations(built, undone(dropped)).digest).toEqual(digest);
      expect(applyOperations(built, undone(undone(dropped), "redo")).changed).toEqual([]);
    },
  );

  test("a point that was struck since is not what the article has changed under", () => {
    const operations = after(issue(), [
      setPoint("a", "Point 2 of a.", "Mine."),
      { op: "remove", id: "a", field: "keyPoint", sentence: "Mine." },
    ]);
    expect(applyOperations(retold(issue(), "a"), operations).changed).toEqual([]);
  });

  test("words that are set aside are given their place again, or dropped", () => {
    const built = issue();
    const [a, b] = firstTwo(built);
    const both = after(built, [
      setGist("a", "Mine of a."),
      setGist("b", "First."),
      setGist("b", "Mine of b."),
    ]);
    const alsoIn = [{ reading: "b", id: "article-b", as: "event" as const }];
    const merged = { ...withEntry(issue(1), "a", () => ({ ...a, alsoIn })), merged: [b] };
    const cases = [
      [built, after(built, [{ op: "join", id: "b", value: "a" }], both), "Mine of b."],
      [merged, both, "Mine of b."],
    ] as const;
    for (const [digest, operations, words] of cases) {
      const before = applyOperations(digest, operations);
      expect(before.setAside).toMatchObject([{ text: words }]);
      const [{ back, drop } = {}] = before.setAside;
      const there = applyOperations(digest, clicked(digest, operations, back));
      expect([JSON.stringify(there.digest), there.setAside]).toEqual([
        expect.stringContaining(words),
        [],
      ]);
      const dropped = clicked(digest, operations, drop);
      expect(applyOperations(digest, dropped).setAside).toEqual([]);
      expect(applyOperations(digest, undone(dropped))).toEqual(before);
    }
    const gone = applyOperations(issue(1), both).setAside;
    expect(gone).toMatchObject([{ text: "Mine of b." }]);
    expect(gone[0]).not.toHaveProperty("back");
    const left = clicked(issue(1), both, gone[0]?.drop);
    expect(applyOperations(issue(1), left).setAside).toEqual([]);
    expect(gist(applyOperations(built, left).digest, "a")).toBe("Mine of a.");
  });

  test("to move, hide or accept a story takes a short line, however long the story is", () => {
    const built = withEntry(issue(), "a", (one) => {
      return { ...one, article: { ...one.article, html: "x".repeat(100_000) } };
    });
    const operations = after(built, [
      { op: "hide", id: "a", value: true },
      { op: "accept", id: "a", value: true },
      { op: "move", id: "a", before: ["b"] },
      { op: "join", id: "a", value: "b" },
    ]);
    expect(operationsText(operations).length).toBeLessThan(2_000);
  });

  test("the lines for the inbox that no editor set follow the visible order", () => {
    const built = issue();
    const [, second] = flatEntries(built);
    const moved = applyOperations(built, after(built, [{ op: "move", id: "a", before: [] }]));
    expect(moved.digest.title).toBe(second?.article.title);
    expect(moved.digest.subject).not.toBe(built.subject);
    const hidden = applyOperations(built, after(built, [{ op: "hide", id: "a", value: true }]));
    expect(hidden.digest.subject).toBe(moved.digest.subject);
    const set: Change = { op: "set", field: "subject", value: "Mine" };
    const kept = applyOperations(built, after(built, [set, { op: "hide", id: "a", value: true }]));
    expect(kept.digest.subject).toBe("Mine");
  });

  test("the lines for the inbox that no editor set follow the words of the stories", () => {
    const built = issue();
    const title = "Lanterns return to the old harbour";
    const lead: Change = { op: "set", id: "a", field: "article.title", value: title };
    const { digest } = applyOperations(built, after(built, [lead]));
    expect(digest).toMatchObject({ title, subject: title });
    const other: Change = { ...lead, id: "b" };
    expect(applyOperations(built, after(built, [other])).digest.preheader).toContain(title);
    const set: Change = { op: "set", field: "subject", value: "Mine" };
    expect(applyOperations(built, after(built, [set, lead])).digest.subject).toBe("Mine");
  });

  test("the quote and the number of the issue do not follow the words of the stories", () => {
    const of = { articleId: "article-a" };
    const modules = {
      quote: { text: "Ours.", speaker: "Ada", ...of },
      number: { value: "9", what: "boats", ...of },
    };
    const built = { ...issue(), modules };
    const { digest } = applyOperations(built, after(built, [setGist("a", "Nine boats sail.")]));
    expect(digest.modules).toEqual(modules);
    const none = IDS.map((id): Change => ({ op: "hide", id, value: true }));
    expect(applyOperations(built, after(built, none)).digest.modules).toEqual(modules);
  });

  test("the preheader follows the gist of the leading story", () => {
    const built = issue(1);
    const gist = "The harbour board of Orrell has approved two more ferries for the summer";
    expect(applyOperations(built, after(built, [setGist("a", gist)])).digest.preheader).toBe(gist);
  });

  test("one that would make the digest invalid is refused with its line, and the others count", () => {
    const built = issue();
    const bad: Change = { op: "set", field: "letter.text", value: "x".repeat(5_000_000) };
    const operations = after(built, [setGist("a", "Mine."), bad, setGist("b", "Mine too.")]);
    const { digest, refused } = applyOperations(built, operations);
    expect(refused).toMatchObject([{ n: 2 }]);
    expect([gist(digest, "a"), gist(digest, "b")]).toEqual(["Mine.", "Mine too."]);
    expect(digest).not.toHaveProperty("letter");
  });

  test.each<readonly [string | undefined, string, unknown]>([
    ["a", "summary.gist", "no sentence"],
    ["a", "summary.gist", undefined],
    ["a", "article", {}],
    ["a", "summary", {}],
    ["a", "id", "b"],
    [undefined, "sections.0", {}],
    [undefined, "issue.slot", "2031-04-09"],
    [undefined, "__proto__", { polluted: true }],
  ])(
    "of a file that somebody wrote, a `set` of %s, %s is refused with its line",
    (id, field, given) => {
      const built = issue();
      const value = z.json().optional().parse(given);
      const change = {
        op: "set",
        field,
        ...(id && { id }),
        ...(value !== undefined && { value }),
      } as const;
      // The order of stories that are not as the articles give them is composed again.
      const moved = linesOf([{ op: "move", id: "e", before: ["a"] }], [], NOW);
      const before = applyOperations(built, moved).digest;
      const { digest, refused } = applyOperations(built, [
        ...moved,
        ...linesOf([change], moved, NOW),
      ]);
      expect(refused).toMatchObject([{ n: 2 }]);
      expect(digest).toEqual(before);
    },
  );

  test("ten thousand are applied in a moment", () => {
    const built = issue();
    const changes = Array.from({ length: 10_000 }, (_, at) => setGist("a", `Gist ${at}.`));
    const operations = changes.flatMap((one, at) => linesOf([one], [{ ...stub, n: at }], NOW));
    const seconds = cpuSecondsOf(() => {
      expect(gist(applyOperations(built, operations).digest, "a")).toBe("Gist 9999.");
    });
    expect(seconds).toBeLessThan(5);
  });
});

const stub: Operation = { op: "undo", undoes: [], n: 1, step: 1, at: NOW.toISOString() };

describe("the file", () => {
  test("keeps lines of a later version and damaged lines, names them, and applies the others", () => {
    const operations = after(issue(), [setGist("a", "Mine.")]);
    const [line = ""] = operationsText(operations).split("\n");
    const later = line.replace('"op":"set"', '"op":"rotate"');
    const strange = line.replace('"op":"set"', '"op":"set","colour":"red"');
    const text = [line, later, strange, "", line.slice(0, 30)].join("\n");
    expect(parseOperations(text)).toEqual({
      operations,
      unread: [
        { line: 2, why: "is no operation of this version: rotate" },
        { line: 3, why: "is no operation of this version: set" },
        { line: 5, why: "is no whole line of JSON" },
      ],
      isWhole: false,
    });
  });

  test("a step of several lines is taken back as one", () => {
    const built = issue();
    const one = after(built, [setGist("a", "First.")]);
    const step = [setGist("b", "Mine."), setGist("c", "Mine.")];
    const two = [...one, ...linesOf(completed(built, one, step), one, NOW)];
    expect(activeOperations(undone(two))).toEqual(one);
    expect(historyOf(undone(undone(two)))).toMatchObject({ undo: undefined });
    expect(activeOperations(undone(undone(undone(two)), "redo"))).toEqual(one);
  });
});

const withoutId = ({ id: _id, ...one }: Entry) => one;

const bare = (digest: Digest) =>
  digest.sections.map((one) => ({ ...one, entries: one.entries.map(withoutId) }));

describe("what was changed by hand", () => {
  const written = issue();
  const [lead, rest] = written.sections;
  if (!lead || !rest) throw new Error("two sections");

  function replayed(edited: Digest, before = written): Digest {
    const changes = completed(before, [], operationsBetween(before, edited));
    return applyOperations(before, linesOf(changes, [], NOW)).digest;
  }

  test("becomes operations that make the same digest", () => {
    const entryChange = fc.constantFrom<(one: Entry) => Entry>(
      (one) => one,
      (one) => ({ ...one, hidden: true }),
      (one) => ({ ...one, accepted: true }),
      (one) => ({ ...one, weight: "line" }),
      (one) => ({ ...one, article: { ...one.article, title: "My title", kicker: "Mine" } }),
      (one) => ({ ...one, summary: { ...one.summary, gist: { text: "My gist." } } }),
      (one) => ({
        ...one,
        summary: { ...one.summary, keyPoints: one.summary.keyPoints.toReversed() },
      }),
      (one) => ({
        ...one,
        summary: {
          ...one.summary,
          keyPoints: [{ text: "New." }, ...one.summary.keyPoints.slice(1), { text: "Newer." }],
        },
      }),
      (one) => ({ ...one, summary: { ...one.summary, people: [{ name: "Ada" }] } }),
    );
    const edit = fc.record({
      changes: fc.array(entryChange, { minLength: 6, maxLength: 6 }),
      order: fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 1 }),
      cuts: fc.subarray([1, 2, 3, 4]),
      heading: fc.constantFrom("", "Mine"),
      subject: fc.constantFrom(written.subject, "By hand"),
    });
    const typed = entry({ title: "Typed in", id: "typed" }, { gist: { text: "Typed." } });
    fc.assert(
      fc.property(edit, ({ changes, order, cuts, heading, subject }) => {
        const all = [...flatEntries(written), typed];
        const entries = order.flatMap((at) => {
          const one = all[at];
          return one ? [(changes[at] ?? ((same: Entry) => same))(one)] : [];
        });
        const bounds = [0, ...cuts.filter((cut) => cut < entries.length), entries.length];
        const sections = bounds.slice(1).map((end, at) => ({
          heading: at === 1 ? heading : "",
          entries: entries.slice(bounds[at], end),
        }));
        const edited = { ...written, subject, sections };
        const now = replayed(edited);
        expect(bare(now)).toEqual(bare(edited));
        if (subject === "By hand") expect(now.subject).toBe(subject);
      }),
      { numRuns: 60 },
    );
  });

  test("a story that is typed in gets an id once, and is told again where it is typed twice", () => {
    const { id: _id, ...typed } = entry({ title: "Typed", id: "typed" });
    const entries = [typed, ...rest.entries, typed];
    const now = replayed({ ...written, sections: [lead, { ...rest, entries }] });
    const own = ids(now).filter((id) => id.startsWith("own-"));
    expect(new Set(own).size).toBe(2);
    expect(operationsBetween(now, now)).toEqual([]);
  });

  test("goes on where it was edited before: a point, a heading", () => {
    const first = { ...written, sections: [lead, { ...rest, heading: "One" }] };
    const operations = linesOf(operationsBetween(written, first), [], NOW);
    const second = { ...first, sections: [lead, { ...rest, heading: "Two" }] };
    const more = linesOf(operationsBetween(first, second), operations, NOW);
    const { digest } = applyOperations(written, [...operations, ...more]);
    expect(digest.sections[1]?.heading).toBe("Two");
  });

  test("key points in another order, taken out and put back stand where the editor put them", () => {
    const all = ["Point 1 of a.", "Point 2 of a.", "Point 3 of a.", "Mine.", "Other.", "Last."];
    fc.assert(
      fc.property(fc.array(fc.shuffledSubarray(all), { maxLength: 3 }), (orders) => {
        const operations: Operation[] = [];
        for (const wanted of orders) {
          const { digest } = applyOperations(written, operations);
          const changes = operationsBetween(digest, withPoints(digest, "a", wanted));
          const known = completed(written, operations, changes);
          operations.push(...linesOf(known, operations, NOW));
          expect(points(applyOperations(written, operations).digest, "a")).toEqual(wanted);
        }
      }),
    );
  });

  test("a story that is cut out and pasted in again later is told where it was pasted", () => {
    const [first, ...others] = rest.entries;
    if (!first) throw new Error("a story");
    const mine = withEntry(written, "b", (one) => {
      return { ...one, summary: { ...one.summary, gist: { text: "Mine." } } };
    });
    const cut = { ...mine, sections: [lead, { ...rest, entries: others }] };
    const pasted = { ...cut, sections: [lead, { ...rest, entries: [...others, first] }] };
    const operations: Operation[] = [];
    for (const next of [mine, cut, pasted]) {
      const { digest } = applyOperations(written, operations);
      const known = completed(written, operations, operationsBetween(digest, next));
      operations.push(...linesOf(known, operations, NOW));
    }
    const more = after(written, [setGist("b", "Mine again.")], operations);
    const { digest } = applyOperations(written, more);
    expect(ids(digest)).toEqual(["a", "c", "d", "e", "b"]);
    expect(gist(digest, "b")).toBe("Mine again.");
  });

  test("an article that is parted is not in a list of others that was shortened by hand", () => {
    const joined = ["b", "c"].map((id): Change => ({ op: "join", id, value: "a" }));
    const operations = after(written, joined);
    const shown = applyOperations(written, operations).digest;
    const shorter = withEntry(shown, "a", (one) => ({
      ...one,
      alsoIn: one.alsoIn?.slice(0, 1) ?? [],
    }));
    const cut = [...operations, ...linesOf(operationsBetween(shown, shorter), operations, NOW)];
    const { digest } = applyOperations(
      written,
      after(written, [{ op: "part", id: "b", value: "a" }], cut),
    );
    expect(ids(digest)).toContain("b");
    expect(entryIn(digest, "a")).not.toHaveProperty("alsoIn");
  });

  test("stories joined by hand are joined, and not taken out", () => {
    const entries = flatEntries(written).filter(({ id }) => id !== "b");
    const sections = [{ heading: "", entries }];
    const edited = { ...written, stories: { together: [["a", "b"] as const] }, sections };
    const kinds = operationsBetween(written, edited).map(({ op, id, value }) => [op, id, value]);
    expect(kinds).toContainEqual(["join", "b", "a"]);
    expect(kinds).not.toContainEqual(["remove", "b", undefined]);
  });
});
