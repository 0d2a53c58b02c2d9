import * as fc from "fast-check";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Config } from "../../src/config/config.ts";
import { openProject } from "../../src/config/io/load-config.ts";
import { type Digest, type Entry, flatEntries, idOf } from "../../src/digest/digest.ts";
import { parseBuiltDigest, parseDigest } from "../../src/digest/digest-json.ts";
import { historyOf } from "../../src/digest/operations/history.ts";
import type { NewLine } from "../../src/digest/operations/operation.ts";
import { type BuiltIssue, draftIssue, finishIssue, read } from "../../src/issue/build.ts";
import { EditsFile } from "../../src/issue/io/edits-file.ts";
import { publishEdited } from "../../src/issue/io/render-again.ts";
import { Memory, openBuild } from "../../src/issue/open-build.ts";
import { type Reporter, SILENT } from "../../src/platform/reporter.ts";
import { edited } from "../digest/edited.ts";

const DAY = "2031-04-02";
const ISSUE = { newsletter: "the-mudlark", slot: DAY };

const SUBJECTS = ["ferry", "orchard", "belfry", "library", "sawmill"];

/** An article that is like no other. */
function articleOf(at: number, version = 0): string {
  const what = SUBJECTS[at % SUBJECTS.length] ?? "";
  const more =
    version === 0 ? "" : ` It was counted again in week ${version}, with ${version}0 more.`;
  return `---
title: The ${what} of ${at} streets
---

The ${what} opened on the ${at + 2}nd of March, and ${at + 4}00 people came to see its ${what} keeper.${more}

Its keeper, Wenna ${what}son, says that the ${what} needs ${at + 3} new beams before winter comes.

The council of ${what}ton paid ${at + 7},000 crowns for the ${what}, and wants a report by June.
`;
}

let cwd: string;
let config: Config;
let memory: Memory;

beforeEach(async () => {
  cwd = mkdtempSync(path.join(tmpdir(), "broadsheet-operations-"));
  await writeFile(path.join(cwd, "broadsheet.config.json"), '{ "name": "The Mudlark" }');
  for (const at of [0, 1, 2]) await write(at);
  config = await openProject({}, { cwd });
  memory = new Memory();
});

afterEach(() => rmSync(cwd, { recursive: true }));

async function write(at: number, version = 0): Promise<void> {
  await mkdir(path.join(cwd, "content"), { recursive: true });
  await writeFile(path.join(cwd, "content", `${at}.md`), articleOf(at, version));
}

const fileOf = (name: string) => path.join(cwd, "outbox", ISSUE.newsletter, DAY, name);
const editsFile = () => `${path.dirname(fileOf(""))}/${DAY}.edits.jsonl`;

async function stored(): Promise<Digest> {
  return parseDigest(await readFile(fileOf("digest.json"), "utf8"), "digest.json");
}

/** What can come between the steps of a build. */
interface Between {
  /** After the stories are arranged. */
  readonly arranged?: () => Promise<void>;
  readonly reporter?: Reporter;
}

/** A build as the command makes it; `meanwhile` is called between the last reading of the edits and the writing. */
async function build(
  meanwhile: () => void = () => undefined,
  { arranged, reporter = SILENT }: Between = {},
): Promise<BuiltIssue> {
  const flags = { date: DAY };
  const options = { flags, cwd, reporter, memory };
  const opened = await openBuild(config, options);
  const composed = await draftIssue(async () => read([], config, options), opened);
  await arranged?.();
  const built = await finishIssue(composed, opened, async () => {
    meanwhile();
    return true;
  });
  if (!built) throw new Error("nothing was built");
  return built;
}

/** A step as a page sends it. */
async function step(
  changes: (digest: Digest) => readonly NewLine[],
  back?: "undo" | "redo",
): Promise<void> {
  await using edits = await EditsFile.open(config.outbox, ISSUE);
  const digest = await stored();
  await publishEdited(edits, config, {
    changes: ({ operations }) => {
      const undoes = back && historyOf(operations)[back];
      return back ? (undoes ? [{ op: "undo", undoes }] : []) : changes(digest);
    },
  });
}

async function byHand(change: (digest: Digest) => Digest): Promise<void> {
  await writeFile(fileOf("digest.json"), JSON.stringify(change(await stored()), undefined, 2));
}

/** Saves a text that was read before, with a change. */
async function saveOver(copy: string, change: (digest: Digest) => Digest): Promise<void> {
  const digest = change(parseDigest(copy, "digest.json"));
  await writeFile(fileOf("digest.json"), JSON.stringify(digest, undefined, 2));
  await step(() => []);
}

const copied = async () => readFile(fileOf("digest.json"), "utf8");
const gists = async () => flatEntries(await stored()).map(({ summary }) => summary.gist.text);

/** The stories of the digest that the articles gave, and the articles merged into them. */
async function builtStories() {
  const built = parseBuiltDigest(await readFile(fileOf("digest.built.json"), "utf8"));
  return { told: built && flatEntries(built).map(idOf), merged: built?.merged?.map(idOf) };
}

const withGist = (text: string) => (one: Entry) => ({
  ...one,
  summary: { ...one.summary, gist: { text } },
});

const withFirst = (digest: Digest) => edited(digest, 0, withGist("By hand."));

const gist = (id: string, text: string): NewLine => ({
  op: "set",
  id,
  field: "summary.gist",
  value: { text },
});

/** All words of the issue, and those that were set aside. */
async function wordsOf({ edits }: BuiltIssue): Promise<string> {
  return JSON.stringify([await stored(), edits?.setAside, edits?.unapplied]);
}

const editLines = async () => (await readFile(editsFile(), "utf8").catch(() => "")).split("\n");

/** What an editor wrote, and in which version of digest.json where that was by hand. */
interface Words {
  readonly place: string;
  readonly text: string;
  readonly version?: string | undefined;
}

/** Whether words were written after a program had opened digest.json, and not by that program. */
function isNewer(words: Words | undefined, copy: { version?: string; words: readonly Words[] }) {
  return words !== undefined && !copy.words.includes(words) && words.version !== copy.version;
}

describe("no word of an editor is lost", () => {
  const action = fc.oneof(
    fc.record({ kind: fc.constantFrom("gist", "point", "add"), story: fc.nat(3) }),
    fc.record({ kind: fc.constantFrom("move", "hide", "join", "part"), story: fc.nat(3) }),
    fc.record({ kind: fc.constantFrom("hand", "rewrite", "remove", "restore"), story: fc.nat(3) }),
    fc.record({ kind: fc.constantFrom("build", "undo", "copy"), story: fc.constant(0) }),
    fc.record({ kind: fc.constant("old"), story: fc.nat(3) }),
  );

  test("in any order of edits, hand edits, undo, and builds with other articles", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 3, maxLength: 8 }), async (actions) => {
        await rm(path.join(cwd, "outbox"), { recursive: true, force: true });
        for (const at of [0, 1, 2]) await write(at);
        await build();
        /** The words of each place that an editor wrote last, and how to get there. */
        const written: (readonly Words[])[] = [[]];
        const say = (place: string, text: string, version?: string) => {
          const now = (written.at(-1) ?? []).filter((one) => one.place !== place);
          written.push([...now, { place, text, version }]);
        };
        /** As a program has it that opens digest.json now. */
        const opened = async () => {
          const { version = "" } = await stored();
          return { text: await copied(), version, words: written.at(-1) ?? [] };
        };
        let copy = await opened();
        for (const [at, { kind, story }] of actions.entries()) {
          const entries = flatEntries(await stored());
          const entry = entries[story % entries.length];
          const other = entries[(story + 1) % entries.length];
          if (!entry || !other) throw new Error("no stories");
          const id = idOf(entry);
          const text = `Words ${at} of the editor.`;
          if (kind === "gist") {
            await step(() => [{ op: "set", id, field: "summary.gist", value: { text } }]);
            say(`${id} gist`, text);
          } else if (kind === "point") {
            const [point] = entry.summary.keyPoints;
            if (!point || written.some((all) => all.some((one) => one.text === point.text)))
              continue;
            const place = { id, field: "keyPoint", sentence: point.text };
            await step(() => [{ op: "set", ...place, after: [], value: { text } }]);
            say(`${id} ${point.text}`, text);
          } else if (kind === "add") {
            await step(() => [{ op: "add", id, field: "keyPoint", after: [], value: { text } }]);
            say(`${id} ${text}`, text);
          } else if (kind === "move") {
            await step(() => [{ op: "move", id, before: [idOf(other)] }]);
            written.push(written.at(-1) ?? []);
          } else if (kind === "hide" && entries.some((one) => one !== entry && !one.hidden)) {
            await step(() => [{ op: "hide", id, value: true }]);
            written.push(written.at(-1) ?? []);
          } else if (kind === "join" && entry !== other && !other.hidden) {
            await step(() => [{ op: "join", id, value: idOf(other) }]);
            written.push(written.at(-1) ?? []);
          } else if (kind === "part") {
            const merged = entry.alsoIn?.[0]?.reading;
            if (merged === undefined) continue;
            await step(() => [{ op: "part", id: merged, value: id }]);
            written.push(written.at(-1) ?? []);
          } else if (kind === "hand") {
            // What was saved before is a step of its own once it is read.
            await step(() => []);
            const { version } = await stored();
            await byHand((digest) => edited(digest, entries.indexOf(entry), withGist(text)));
            say(`${id} gist`, text, version);
          } else if (kind === "copy") {
            await step(() => []);
            copy = await opened();
          } else if (kind === "old") {
            await step(() => []);
            const lines = (await editLines()).length;
            const stories = flatEntries(parseDigest(copy.text, ""));
            const where = story % stories.length;
            const place = `${idOf(stories[where] ?? entry)} gist`;
            const before = written.at(-1)?.find((one) => one.place === place);
            await saveOver(copy.text, (digest) => edited(digest, where, withGist(text)));
            // What the program did not change is no operation.
            expect((await editLines()).length).toBe(lines + 1);
            say(isNewer(before, copy) ? `${place} of step ${at}` : place, text, copy.version);
          } else if (kind === "rewrite") await write(story, at + 1);
          else if (kind === "restore") await write(story);
          else if (kind === "remove" && story > 0)
            await rm(path.join(cwd, "content", `${story}.md`), { force: true });
          else if (kind === "undo" && written.length > 1) {
            await step(() => [], "undo");
            written.pop();
          } else if (kind === "build") await build();
        }
        const built = await build();
        const words = await wordsOf(built);
        for (const { text } of written.at(-1) ?? []) expect(words).toContain(text);
        // A build that changes nothing more gives the same bytes.
        const before = await readFile(fileOf("digest.json"), "utf8");
        await build();
        expect(await readFile(fileOf("digest.json"), "utf8")).toBe(before);
      }),
      { numRuns: 4 },
    );
  });

  test("that was saved into digest.json between the last reading and the writing of a build", async () => {
    await build();
    const text = JSON.stringify(edited(await stored(), 0, withGist("In the last moment.")));
    let saves = 0;
    await build(() => {
      if (saves++ === 0) writeFileSync(fileOf("digest.json"), text);
    });
    expect(saves).toBe(2);
    expect(JSON.stringify(await stored())).toContain("In the last moment.");
    expect(await readFile(fileOf("email.txt"), "utf8")).toContain("In the last moment.");
  });

  test("where a program saves all the time: the next build has the rest", async () => {
    await build();
    const digest = await stored();
    let saves = 0;
    await build(() => {
      const subject = `Saved ${++saves} times`;
      writeFileSync(fileOf("digest.json"), JSON.stringify({ ...digest, subject }));
    });
    expect((await build()).digest.subject).toBe(`Saved ${saves} times`);
  });

  test("where two changes come at once", async () => {
    await build();
    const [one, two] = flatEntries(await stored()).map(idOf);
    await Promise.all([
      step(() => [gist(one ?? "", "From the first.")]),
      step(() => [gist(two ?? "", "From the second.")]),
      build(),
    ]);
    const words = await wordsOf(await build());
    for (const text of ["From the first.", "From the second."]) expect(words).toContain(text);
  });

  test("where the process ended while it wrote a line, or before the issue was rendered", async () => {
    await build();
    const [id = ""] = flatEntries(await stored()).map(idOf);
    const value = { text: "Mine." };
    await step(() => [{ op: "set", id, field: "summary.gist", value }]);
    const [line = ""] = (await readFile(editsFile(), "utf8")).split("\n");
    const next = { ...JSON.parse(line), n: 2, step: 2, field: "article.title", value: "My title" };
    appendFileSync(editsFile(), `${JSON.stringify(next)}\n${line.slice(0, 40)}`);
    await step(() => [{ op: "set", field: "subject", value: "My subject" }]);
    const [first] = flatEntries(await stored());
    expect(first?.article.title).toBe("My title");
    expect(await stored()).toMatchObject({ subject: "My subject" });
    expect(JSON.stringify(await stored())).toContain("Mine.");
  });
});

describe("an older copy of digest.json that a program saves", () => {
  test("takes back nothing that was edited since it was opened", async () => {
    await build();
    const [one = "", two = ""] = flatEntries(await stored()).map(idOf);
    await step(() => [gist(two, "Before the copy.")]);
    const copy = await copied();
    await step(() => [{ op: "set", field: "subject", value: "From the page" }, gist(one, "Mine.")]);
    await step(() => [gist(two, "After the copy."), { op: "hide", id: two, value: true }]);
    await saveOver(copy, (digest) => edited(digest, 2, withGist("By hand.")));
    expect(await stored()).toMatchObject({ subject: "From the page" });
    expect(await gists()).toEqual(["Mine.", "After the copy.", "By hand."]);
    expect(flatEntries(await stored())[1]?.hidden).toBe(true);
    await step(() => [], "undo");
    expect((await gists()).slice(0, 2)).toEqual(["Mine.", "After the copy."]);
    expect(await gists()).not.toContain("By hand.");
  });

  test("takes back nothing where the articles have changed since, and their summaries stay new", async () => {
    await build();
    const copy = await copied();
    await write(0, 3);
    await write(3);
    await build();
    const [first = "", , , added = ""] = flatEntries(await stored()).map(idOf);
    await step(() => [gist(added, "Of the new one.")]);
    const now = await gists();
    await saveOver(copy, (digest) => edited(digest, 1, withGist("By hand.")));
    expect(await gists()).toEqual(now.with(1, "By hand."));
    expect(JSON.stringify(await stored())).toContain("week 3");
    await saveOver(copy, (digest) => edited(digest, 0, withGist("On the old text.")));
    const { edits } = await build();
    expect(edits?.changed).toMatchObject([{ id: first, was: "On the old text." }]);
  });

  test("and saves again counts with what is new in it, also where that was undone in the page", async () => {
    await build();
    const [one = ""] = flatEntries(await stored()).map(idOf);
    const copy = await copied();
    await saveOver(copy, withFirst);
    await step(() => [gist(one, "From the page.")]);
    await saveOver(copy, (digest) => edited(withFirst(digest), 1, withGist("By hand too.")));
    expect((await gists()).slice(0, 2)).toEqual(["From the page.", "By hand too."]);
    await step(() => [], "undo");
    await saveOver(copy, (digest) => edited(withFirst(digest), 1, withGist("By hand too.")));
    expect((await gists())[1]).not.toBe("By hand too.");
    await saveOver(copy, (digest) => edited(withFirst(digest), 1, withGist("By hand again.")));
    expect((await gists())[1]).toBe("By hand again.");
  });

  test("with other words in a field that was edited since leaves the newer ones, and names both", async () => {
    await build();
    const [one = ""] = flatEntries(await stored()).map(idOf);
    const copy = await copied();
    await step(() => [gist(one, "From the page.")]);
    await saveOver(copy, (digest) => edited(digest, 0, withGist("By hand.")));
    expect((await gists())[0]).toBe("From the page.");
    const [named] = (await build()).edits?.unapplied ?? [];
    expect(named?.says).toContain("“By hand.” (summary.gist of “The ferry of 0 streets”)");
    await step(() => [], "undo");
    expect((await build()).edits?.unapplied).toEqual([]);
    await byHand((digest) => edited(digest, 0, withGist("By hand.")));
    expect((await build()).edits).toMatchObject({ lost: [] });
    expect((await gists())[0]).toBe("By hand.");
  });

  test("of an unknown version, or as it was opened, is kept whole and named, and changes nothing", async () => {
    await build();
    const copy = await copied();
    const digest = parseDigest(copy, "digest.json");
    const version = "9-0123456789abcdef";
    await saveOver(copy, () => ({ ...digest, version, subject: "By hand" }));
    expect(await copied()).toContain(digest.subject);
    const { edits } = await build();
    const [, kept = ""] = /kept as (\S+)$/.exec(edits?.unapplied[0]?.says ?? "") ?? [];
    expect(await readFile(path.join(cwd, "outbox", ISSUE.newsletter, kept), "utf8")).toContain(
      "By hand",
    );
  });

  test("without its operations has the words that were edited", async () => {
    await build();
    const [one = ""] = flatEntries(await stored()).map(idOf);
    await step(() => [gist(one, "Mine.")]);
    await rm(editsFile());
    await build();
    expect(await gists()).toContain("Mine.");
  });
});

describe("two stories that are joined after a build has arranged them", () => {
  test.each(["in the page", "by hand"])(
    "%s are arranged again, and nothing is said twice",
    async (where) => {
      await write(3);
      await writeFile(
        path.join(cwd, "content", "draft.md"),
        `---\ndraft: true\n---\n\n${articleOf(4)}`,
      );
      await build();
      const [one = "", two = "", ...others] = flatEntries(await stored()).map(idOf);
      const notes: string[] = [];
      const join = async () =>
        where === "by hand"
          ? byHand((digest) => ({ ...digest, stories: { together: [[one, two]] } }))
          : step(() => [gist(two, "Mine of the second."), { op: "join", id: two, value: one }]);
      const reporter = { ...SILENT, note: (text: string) => notes.push(text) };
      const { edits } = await build(undefined, { arranged: join, reporter });
      expect(await builtStories()).toEqual({ told: [one, ...others], merged: [two] });
      expect(flatEntries(await stored())[0]).toMatchObject({ place: { papers: 2 } });
      expect(notes).toEqual([expect.stringContaining("draft.md")]);
      if (where !== "by hand")
        expect(edits?.setAside).toMatchObject([{ text: "Mine of the second." }]);
      await build(undefined, { arranged: async () => step(() => [], "undo") });
      expect(await builtStories()).toEqual({ told: [one, two, ...others], merged: undefined });
    },
  );
});
