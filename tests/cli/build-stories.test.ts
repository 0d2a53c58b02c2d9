import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { flatEntries } from "../../src/digest/digest.ts";
import { parseDigest } from "../../src/digest/digest-json.ts";
import { BRIDGE, LAMPS, unsureReport, wireCopy } from "../digest/stories/wire.ts";
import { broadsheet, folderWith, issueOf } from "./broadsheet.ts";

let cwd: string;

beforeEach(async () => {
  cwd = await folderWith();
});

type Told = readonly [title: string, text: string];

async function put(name: string, [title, text]: Told, fields: Readonly<Record<string, string>>) {
  const front = Object.entries({ title: JSON.stringify(title), ...fields });
  const head = front.map(([key, value]) => `${key}: ${value}`).join("\n");
  await mkdir(path.join(cwd, "content"), { recursive: true });
  await writeFile(path.join(cwd, "content", name), `---\n${head}\n---\n\n${text}\n`);
}

async function build(date: string) {
  const run = await broadsheet(["build", "content", "--date", date, "--json"], { cwd });
  expect(run.code).toBe(0);
  return issueOf(run);
}

function digestFile(date: string): string {
  return path.join(cwd, "outbox/broadsheet", date, "digest.json");
}

function digestFolder(date: string): string {
  return path.dirname(digestFile(date));
}

async function entriesOn(date: string) {
  const file = digestFile(date);
  const digest = parseDigest(await readFile(file, "utf8"), file);
  return { digest, entries: flatEntries(digest) };
}

const NEWS = { date: "2018-11-20", site: "The One", url: "https://the-one.example/bridge" };
const COPY = { date: "2018-11-20", site: "The Other", url: "https://the-other.example/copy" };

describe("one event in several papers", () => {
  beforeEach(async () => {
    await put("1.md", BRIDGE.told, NEWS);
    await put("2.md", wireCopy(BRIDGE.told, "No way across"), COPY);
    await put("3.md", LAMPS.told, { date: "2018-11-20", site: "The Third" });
  });

  test("is one entry, and the model says why it is, why it is told so and why it stands there", async () => {
    const line = await build("2018-11-20");
    expect(line.order).toMatchObject([
      { told: "fullest", place: { by: "given", papers: 2 } },
      { place: { by: "given", papers: 1 } },
    ]);
    const { entries } = await entriesOn("2018-11-20");
    expect(entries[0]?.alsoIn).toMatchObject([{ site: "The Other", as: "copy", confidence: 0.97 }]);
  });

  test("stays parted, and others stay joined, when the issue is built again", async () => {
    await build("2018-11-20");
    const { digest, entries } = await entriesOn("2018-11-20");
    const [bridge, lamps] = entries;
    const stories = {
      apart: [[bridge?.article.id, bridge?.alsoIn?.[0]?.id]],
      together: [[bridge?.article.id, lamps?.article.id]],
    };
    await writeFile(digestFile("2018-11-20"), JSON.stringify({ ...digest, stories }));
    await build("2018-11-20");
    const again = await entriesOn("2018-11-20");
    expect(again.entries.map(({ article }) => article.title)).toEqual([
      BRIDGE.told[0],
      "No way across",
    ]);
    expect(again.entries[0]?.alsoIn).toMatchObject([{ site: "The Third", as: "joined" }]);
    expect(again.digest.stories).toEqual(stories);
  });
});

test("two stories that may be one are offered to the editor, until they are parted", async () => {
  await put("1.md", BRIDGE.told, NEWS);
  await put("2.md", await unsureReport(), COPY);
  await build("2018-11-20");
  const { digest, entries } = await entriesOn("2018-11-20");
  const ids = entries.map(({ id }) => id);
  expect(digest.offered).toMatchObject([{ stories: ids }]);
  const looked = await broadsheet(["check", digestFolder("2018-11-20")], { cwd });
  expect(looked.stdout).toContain("one-story");
  const { chance } = digest.offered?.[0] ?? { chance: 0 };
  const edited = {
    ...digest,
    offered: [{ stories: ["x", "y"], chance }],
    stories: { apart: [ids] },
  };
  await writeFile(digestFile("2018-11-20"), JSON.stringify(edited));
  await build("2018-11-20");
  const again = await entriesOn("2018-11-20");
  expect(again.digest.offered).toBeUndefined();
  expect(again.entries).toHaveLength(2);
  const parted = await broadsheet(["check", digestFolder("2018-11-20")], { cwd });
  expect(parted.stdout).not.toContain("one-story");
});

test("a correction of yesterday's story says which issue it follows", async () => {
  await put("1.md", BRIDGE.told, NEWS);
  await build("2018-11-20");
  const [title, text] = BRIDGE.told;
  const corrected = `Correction: the bridge was last stuck in 1948.\n\n${text.replace("1947", "1948")}`;
  await put("1.md", [title, corrected], { ...NEWS, date: "2018-11-21" });
  await put("2.md", LAMPS.told, { date: "2018-11-21" });
  await build("2018-11-21");
  const { entries } = await entriesOn("2018-11-21");
  expect(entries[0]?.follows).toEqual({
    slot: "2018-11-20",
    date: "2018-11-20",
    id: entries[0]?.article.id,
    title,
    url: NEWS.url,
    as: "again",
  });
  expect(entries[1]?.follows).toBeUndefined();
  const email = path.join(cwd, "outbox/broadsheet/2018-11-21/email.txt");
  expect(await readFile(email, "utf8")).not.toContain("Follows");
  await writeFile(path.join(cwd, "broadsheet.config.json"), '{"parts":{"follows":true}}');
  await build("2018-11-21");
  expect(await readFile(email, "utf8")).toContain(`\nFollows 20 November: ${title}\n${NEWS.url}\n`);
});
