import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { edited } from "../digest/edited.ts";
import { parseDigest } from "../../src/digest/digest-json.ts";
import { broadsheet, folderWith, HARBOUR, issueOf, linesOf } from "./broadsheet.ts";
import { bench, due, slotsOf, SLOT } from "./scheduled-project.ts";

const TEASER = `<html><head><title>The lamp that was sold twice</title></head><body><main><h1>The lamp that was sold twice</h1>
<p>A lamp from the lighthouse at Wrack Head was sold at auction in Thornsea on Monday for 900 pounds, to a bidder from inland.</p>
<p>It had been sold there before, in 1974, and to the same family, whose name the auctioneer would not give to the paper.</p>
<p>Subscribe to continue reading</p></main></body></html>`;

const checked = z.looseObject({
  findings: z.array(z.looseObject({ rule: z.string(), severity: z.string(), message: z.string() })),
});

async function doubtsOf(cwd: string) {
  const run = await broadsheet(["check", "latest", "--json"], { cwd });
  const { findings } = checked.parse(linesOf(run)[0]);
  return findings.filter(({ rule }) => rule === "reading-doubted");
}

describe("an article that was read with doubt", () => {
  test("is named by build, never leads, is something to look at, and can be accepted", async () => {
    const cwd = await folderWith({ "1.html": TEASER, "2.txt": HARBOUR });
    const built = await broadsheet(["build", "1.html", "2.txt", "--date", "2026-11-24", "--json"], {
      cwd,
    });
    expect(built.code).toBe(0);
    expect(built.stderr).toContain(
      "Doubted: “The lamp that was sold twice”: the rest is behind a paywall",
    );
    const file = path.join(issueOf(built).dir, "digest.json");
    const digest = parseDigest(await readFile(file, "utf8"), file);
    const titles = digest.sections.flatMap(({ entries }) =>
      entries.map(({ article }) => article.title),
    );
    expect(titles).toEqual(["The ferry that waits for the post", "The lamp that was sold twice"]);
    expect(await doubtsOf(cwd)).toMatchObject([{ severity: "warning" }]);
    await writeFile(file, JSON.stringify(edited(digest, 1, (one) => ({ ...one, accepted: true }))));
    expect((await broadsheet(["render", file], { cwd })).code).toBe(0);
    expect(await doubtsOf(cwd)).toEqual([]);
  });

  test("is an error under --strict", async () => {
    const cwd = await folderWith({ "1.html": TEASER, "2.txt": HARBOUR });
    const built = await broadsheet(["build", "1.html", "2.txt", "--strict"], { cwd });
    expect(built.code).toBe(65);
    expect(built.stderr).toContain("CONTENT_DOUBTFUL");
  });

  test("is told by extract, which leaves with 0", async () => {
    const cwd = await folderWith({ "1.html": TEASER });
    const read = await broadsheet(["extract", "1.html", "--json"], { cwd });
    expect(read.code).toBe(0);
    const fields = { title: expect.any(Number), authors: 0, date: 0, picture: 0 };
    const reading = { partial: "paywall", doubtful: true, fields };
    expect(linesOf(read)[0]).toMatchObject({ reading });
    expect((await broadsheet(["extract", "1.html"], { cwd })).stdout).toContain(
      "Doubted: the rest is behind a paywall",
    );
  });
});

test("a run keeps an issue of nothing but doubt for an editor, and sends what they approve", async () => {
  const { server, project } = await bench();
  await rm(path.join(project.cwd, "content/1.txt"));
  await writeFile(path.join(project.cwd, "content/1.html"), TEASER);
  const held = await due(project);
  expect(held.said.join("\n")).toContain("all its stories were read with doubt");
  expect(await slotsOf(project)).toMatchObject([{ slot: SLOT, state: "waiting" }]);
  expect(server.taken).toEqual([]);
  expect((await project.run(["status"])).stdout).toContain("all its stories were read with doubt");
  expect((await due(project)).code).toBe(0);
  expect(server.taken).toEqual([]);
  await project.run(["approve", SLOT]);
  expect(server.taken).toHaveLength(5);
});
