import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { edited, withPoint } from "../digest/edited.ts";
import { flatEntries } from "../../src/digest/digest.ts";
import { parseDigest } from "../../src/digest/digest-json.ts";
import { saying, startModelServer } from "../summary/model/io/model-server.ts";
import type { MailingProject } from "./mailing-project.ts";
import { bench, due, SLOT, slotsOf } from "./scheduled-project.ts";

const SHOWN = [
  "The post van climbs Beacon Hill behind the school bus, which stops eleven times.",
  "The council has now printed a new timetable with the old time and a footnote.",
];
/** What the article says, in words of which the check is not sure. */
const MARKED =
  "In March the council offered to move the departure by twenty minutes, and nobody on the island wanted it.";
const MARKED_TOO =
  "The islanders have lived by the late ferry for years and would not change their supper.";
const HELD = "a model wrote lines that nothing shows to be in their articles";

/** A newsletter whose issue is due, and whose model gives these key points. */
async function newsletter(keyPoints: readonly string[] = [...SHOWN, MARKED]) {
  const gist =
    "The evening ferry from Port Carrow waits for the post van, and has been late on 212 days in a row.";
  const { baseURL } = await startModelServer(saying({ gist, keyPoints }));
  const summary = { provider: "openai-compatible", model: "small-1", baseURL, retries: 0 };
  return bench({ config: { summary: { ...summary, timeoutMs: 30_000 } } });
}

/** As an editor changes the story, or its marked line: in the preview or, not rendered, in digest.json alone. */
async function edit(
  { cwd, run }: MailingProject,
  change: "accept" | { readonly text: string },
  isRendered = true,
): Promise<void> {
  const file = path.join(cwd, "outbox/the-slipway", SLOT, "digest.json");
  const digest = parseDigest(await readFile(file, "utf8"), file);
  const [entry] = flatEntries(digest);
  const at = entry?.summary.keyPoints.findIndex(({ text }) => text === MARKED) ?? -1;
  const made = edited(digest, 0, (one) =>
    change === "accept" ? { ...one, accepted: true } : withPoint(one, at, change.text),
  );
  await writeFile(file, JSON.stringify(made));
  if (isRendered) await run(["render", file]);
}

const REWRITTEN = { text: "Nobody asked the commuters." };

describe("a line of a model that the check only marked", () => {
  test("doesn't go out unattended: the run holds its issue for an editor, who approves it", async () => {
    const { server, project } = await newsletter();
    const held = await due(project);
    expect(held).toMatchObject({ code: 65, said: [expect.stringContaining(HELD)] });
    expect(await slotsOf(project)).toEqual([{ slot: SLOT, state: "waiting", why: HELD }]);
    expect(server.taken).toEqual([]);
    expect((await project.run(["status"])).stdout).toContain(`${HELD}: broadsheet approve ${SLOT}`);
    expect(await due(project)).toEqual({ code: 0, said: [] });
    expect(server.taken).toEqual([]);
    expect((await project.run(["approve", SLOT])).code).toBe(0);
    expect(server.taken).toHaveLength(5);
  });

  test.each([
    ["accepts its story", "accept" as const, true],
    [
      "writes it otherwise in digest.json, in words that the article doesn't have",
      REWRITTEN,
      false,
    ],
  ])("goes out with the next run after an editor %s", async (_, change, isRendered) => {
    const { server, project } = await newsletter();
    await due(project);
    expect(server.taken).toEqual([]);
    await edit(project, change, isRendered);
    expect((await due(project)).code).toBe(0);
    expect(server.taken).toHaveLength(5);
    expect(await slotsOf(project)).toMatchObject([{ state: "sent" }]);
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

  test("and one that an editor left, among others that were rewritten, goes on holding it", async () => {
    const { server, project } = await newsletter([...SHOWN, MARKED, MARKED_TOO]);
    await due(project);
    await edit(project, REWRITTEN);
    expect((await due(project)).code).toBe(0);
    expect(server.taken).toEqual([]);
    expect((await project.run(["send", SLOT, "--yes"])).code).toBe(65);
  });
});

test("a model whose lines are all in the article sends unattended", async () => {
  const { server, project } = await newsletter(SHOWN);
  expect((await due(project)).code).toBe(0);
  expect(server.taken).toHaveLength(5);
});
