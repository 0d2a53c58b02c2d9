import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Config } from "../../src/config/config.ts";
import { openProject } from "../../src/config/io/load-config.ts";
import { Desk } from "../../src/desk/desk.ts";
import { type Entry, flatEntries, idOf } from "../../src/digest/digest.ts";
import { parseDigest } from "../../src/digest/digest-json.ts";
import type { Change } from "../../src/digest/operations/operation.ts";
import { broadsheet, contentsOf, folderWith, HARBOUR, LIGHTHOUSE } from "../cli/broadsheet.ts";
import { spawnBroadsheet } from "../cli/spawn-broadsheet.ts";
import { photo } from "../pictures.ts";
import { newFolder } from "../temporary.ts";

const DAY = "2031-04-02";
const NAME = `the-mudlark/${DAY}`;
const EDITS = `outbox/${NAME}.edits.jsonl`;

const SUBJECTS = ["orchard", "belfry", "library", "sawmill"];

const PICTURES = SUBJECTS.slice(0, 2);

/** An article that is like no other. The first two have a picture of their own. */
function articleOf(what: string, at: number): string {
  const image = `image: { src: ${what}.jpg, alt: The ${what} at dusk }\n`;
  return `---
title: The ${what} of ${at + 2} streets
site: The Carrow Gazette
url: https://gazette.example/${what}
${PICTURES.includes(what) ? image : ""}---

The ${what} opened on the ${at + 2}nd of March, and ${at + 4}00 people came to see its keeper.

Its keeper, Wenna ${what}son, says that the ${what} needs ${at + 3} new beams before winter comes.

The council of ${what}ton paid ${at + 7},000 crowns for the ${what}, and wants a report by June.
`;
}

let built: string;
let cwd: string;
let config: Config;

beforeAll(async () => {
  built = await folderWith({
    "broadsheet.config.json": '{ "name": "The Mudlark", "merge": false, "order": "given" }',
    ...Object.fromEntries(SUBJECTS.map((what, at) => [`content/${at}.md`, articleOf(what, at)])),
    "content/5.txt": HARBOUR,
    "content/6.md": LIGHTHOUSE,
  });
  for (const [at, what] of PICTURES.entries())
    await photo(1300 + at, 900, 3, at + 1).toFile(path.join(built, "content", `${what}.jpg`));
  await broadsheet(["build", "--date", DAY, "--quiet"], { cwd: built });
});

beforeEach(async () => {
  cwd = await newFolder();
  await cp(built, cwd, { recursive: true, preserveTimestamps: true });
  config = await openProject({}, { cwd });
});

const unasked = async () => Promise.reject(new Error("nothing is built here"));

/** A desk that has just been opened, on which nothing is built. */
function opened(): Desk {
  const made = { config: async () => config, isNew: async () => false, forget: () => undefined };
  return new Desk(
    { cwd, flags: {}, ...made, story: unasked, meant: unasked, draft: unasked },
    config,
    () => undefined,
  );
}

async function stories(): Promise<readonly Entry[]> {
  const file = path.join(cwd, "outbox", NAME, "digest.json");
  return flatEntries(parseDigest(await readFile(file, "utf8"), file));
}

/** Changes the story at a place, counted from 0. */
async function change(desk: Desk, at: number, of: (entry: Entry) => Omit<Change, "id">) {
  const entry = (await stories())[at];
  if (!entry) throw new Error("no such story");
  await desk.edit(NAME, [{ ...of(entry), id: idOf(entry) }]);
}

const set = (field: string, text: string) => () => ({ op: "set" as const, field, value: { text } });
const moved = (before?: Entry) => () => ({
  op: "move" as const,
  before: before ? [idOf(before)] : [],
});

async function editWords(desk: Desk): Promise<void> {
  await desk.edit(NAME, [{ op: "set", field: "subject", value: "A subject of mine" }]);
  await change(desk, 0, set("summary.gist", "Nothing in the article says this."));
  await change(desk, 0, set("summary.gist", "And this is said even less."));
  await change(desk, 1, ({ summary: { keyPoints } }) => ({
    op: "set",
    field: "keyPoint",
    sentence: keyPoints[0]?.text ?? "",
    value: { text: "The keeper has 12 beams." },
  }));
  await change(desk, 2, () => ({
    op: "add",
    field: "keyPoint",
    after: [],
    value: { text: "A point that is new." },
  }));
}

async function editOrder(desk: Desk): Promise<void> {
  const all = await stories();
  await change(desk, 0, moved(all[3]));
  await change(desk, 5, moved(all[0]));
  await change(desk, 3, () => ({ op: "hide", value: true }));
  await change(desk, 4, () => ({ op: "accept" }));
  await desk.step("undo", NAME);
  await change(desk, 1, moved());
}

/** What a page shows of an issue, whichever of its pictures comes first. */
function shown({ data, history, kept, trouble }: Awaited<ReturnType<Desk["open"]>>) {
  const pictures = data?.pictures.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return { data: { ...data, pictures }, history, kept, trouble };
}

/** The files of the issue that a new process builds from the same articles and edits. */
async function builtAnew(): Promise<Record<string, string>> {
  const copy = await newFolder();
  for (const name of ["broadsheet.config.json", "content", EDITS]) {
    await mkdir(path.dirname(path.join(copy, name)), { recursive: true });
    await cp(path.join(cwd, name), path.join(copy, name), { recursive: true });
  }
  const { code } = await spawnBroadsheet(["build", "--date", DAY, "--quiet"], { cwd: copy });
  expect(code).toBe(0);
  return contentsOf(path.join(copy, "outbox", NAME));
}

describe("an issue that is edited in the page", () => {
  test("has the files that a new process builds with the same edits, byte for byte", async () => {
    const desk = opened();
    await editWords(desk);
    await editOrder(desk);
    await change(desk, 0, set("summary.gist", "Once more, of the story that leads by now."));
    expect(await contentsOf(path.join(cwd, "outbox", NAME))).toEqual(await builtAnew());
  });

  test("is shown as one who opens it then reads it from its files", async () => {
    const desk = opened();
    for (const edit of [editWords, editOrder]) {
      await edit(desk);
      expect(shown(await desk.open(NAME))).toEqual(shown(await opened().open(NAME)));
    }
  });

  test("has its digest.json read again where it was changed by hand since", async () => {
    const desk = opened();
    await editWords(desk);
    const file = path.join(cwd, "outbox", NAME, "digest.json");
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replaceAll("A subject of mine", "A subject by another hand"));
    await change(desk, 3, set("summary.gist", "An edit of the page after it."));
    const { data } = await desk.open(NAME);
    expect(data?.digest.subject).toBe("A subject by another hand");
    expect(JSON.stringify(data?.digest)).toContain("An edit of the page after it.");
    expect(data?.html).toContain("An edit of the page after it.");
  });

  test("has a picture cut once for the place that its story was moved to, and not at each edit after that", async () => {
    const desk = opened();
    const all = await stories();
    await change(desk, 0, moved(all[3]));
    expect(Object.keys(await contentsOf(path.join(cwd, "outbox", NAME)))).toContain(
      "images/orchard-row.jpg",
    );
    let processes = 0;
    const count = () => processes++;
    subscribe("child_process", count);
    try {
      await editWords(desk);
    } finally {
      unsubscribe("child_process", count);
    }
    expect(processes).toBe(0);
  });
});
