import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { parseReport } from "../../src/check/finding.ts";
import { flatEntries } from "../../src/digest/digest.ts";
import { parseDigest } from "../../src/digest/digest-json.ts";
import { saying, startModelServer } from "../summary/model/io/model-server.ts";
import { bench, due, SLOT, slotsOf } from "./scheduled-project.ts";

const SHOWN = [
  "The post van climbs Beacon Hill behind the school bus, which stops eleven times.",
  "The council has now printed a new timetable with the old time and a footnote.",
];
/** What the article says, in words of which the check is not sure. */
const MARKED =
  "In March the council offered to move the departure by twenty minutes, and nobody on the island wanted it.";
const GIST =
  "The evening ferry from Port Carrow waits for the post van, and has been late on 212 days in a row.";

/** A newsletter whose issue is due, and whose model gives these key points. */
async function newsletter(keyPoints: readonly string[] = [...SHOWN, MARKED], gist = GIST) {
  const { baseURL } = await startModelServer(saying({ gist, keyPoints }));
  const summary = { provider: "openai-compatible", model: "small-1", baseURL, retries: 0 };
  return bench({ config: { summary: { ...summary, timeoutMs: 30_000 } } });
}

describe("a line of a model that the check only marked", () => {
  test("is left out of an issue that goes out unattended, and an editor's operation brings it back", async () => {
    const { server, project } = await newsletter();
    expect(await due(project)).toEqual({ code: 0, said: [] });
    expect(server.taken).toHaveLength(5);
    expect(await slotsOf(project)).toEqual([{ slot: SLOT, state: "sent" }]);
    const folder = path.join(project.cwd, "outbox/the-slipway", SLOT);
    const text = await readFile(path.join(folder, "email.txt"), "utf8");
    expect(text.replace(/\s+/g, " ")).not.toContain(MARKED);
    const report = parseReport(await readFile(path.join(folder, "report.json"), "utf8"));
    expect(report?.findings.filter(({ rule }) => rule === "removed")).toMatchObject([
      { where: { restores: { op: "add", field: "keyPoint", value: { text: MARKED } } } },
    ]);
  });

  test("costs the gist too, where the model's is not shown: the article's own stands there", async () => {
    const { project } = await newsletter(SHOWN, MARKED);
    await due(project);
    const folder = path.join(project.cwd, "outbox/the-slipway", SLOT);
    const digest = parseDigest(await readFile(path.join(folder, "digest.json"), "utf8"), folder);
    const [story] = flatEntries(digest);
    expect(story?.summary.gist.start).toBeTypeOf("number");
    expect(story?.article.text).toContain(story?.summary.gist.text.slice(0, 20));
    expect(digest.removed).toMatchObject([{ field: "summary.gist", text: MARKED }]);
  });

  test("stops `send` until the line is settled, or --force says to send it", async () => {
    const { server, project } = await newsletter();
    await project.run(["build", "--date", SLOT, "--quiet"]);
    const stopped = await project.run(["send", SLOT, "--yes"]);
    expect([stopped.code, stopped.stderr]).toEqual([
      65,
      expect.stringMatching(/CONTENT_DOUBTFUL.*\n.*“In March the council/),
    ]);
    expect(server.taken).toEqual([]);
    expect((await project.run(["send", SLOT, "--yes", "--force", "--limit", "2"])).code).toBe(75);
    // What was begun goes on.
    expect((await project.run(["send", SLOT, "--yes"])).code).toBe(0);
    expect(server.taken).toHaveLength(5);
  });
});

test("a model whose lines are all in the article sends unattended", async () => {
  const { server, project } = await newsletter(SHOWN);
  expect((await due(project)).code).toBe(0);
  expect(server.taken).toHaveLength(5);
});
