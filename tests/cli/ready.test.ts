import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { flatEntries } from "../../src/digest/digest.ts";
import { parseDigest } from "../../src/digest/digest-json.ts";
import { parseReport } from "../../src/check/finding.ts";
import { feedOf, Paper, told } from "../sources/collect/paper.ts";
import type { MailingProject } from "./mailing-project.ts";
import { bench, due, reconfigure, SLOT, slotsOf } from "./scheduled-project.ts";

const GERMAN =
  "Der Hafen von Bradenko bleibt nach dem Sturm neun Wochen lang geschlossen, sagt die Verwaltung. Die Fischer verkaufen ihren Fang jetzt am Nordkai, und die Fähre legt in Wamolsen an. Der Rat hat das Geld für die neue Mole bewilligt.";

/** A newsletter that collects these stories from a feed on this machine. */
async function collecting(stories: Parameters<typeof feedOf>[0], config: object = {}) {
  const paper = new Paper();
  const base = await paper.open();
  onTestFinished(async () => paper.close());
  paper.pages.set("/feed.xml", feedOf(stories));
  const sources = [{ from: `${base}/feed.xml`, allowPrivate: true }];
  return bench({ config: { sources, ...config } });
}

async function issueOf({ cwd }: MailingProject) {
  const folder = path.join(cwd, "outbox/the-slipway", SLOT);
  const read = async (name: string) => readFile(path.join(folder, name), "utf8");
  return {
    digest: parseDigest(await read("digest.json"), folder),
    report: parseReport(await read("report.json")),
    text: await read("email.txt"),
  };
}

test("an issue that an editor would not send unseen waits, says why, and goes out when it is approved", async () => {
  const { server, project } = await collecting([told(1), told(2)], { leastReady: 1 });
  const held = await due(project);
  expect(held).toMatchObject({ code: 65, said: [expect.stringContaining("leastReady is 100 %")] });
  expect(server.taken).toEqual([]);
  const { report } = await issueOf(project);
  const [worst] = report?.ready?.because ?? [];
  expect(report?.ready?.because).toHaveLength(3);
  const [slot] = await slotsOf(project);
  expect(slot).toMatchObject({ state: "waiting", why: expect.stringContaining(worst?.as ?? "-") });
  expect((await project.run(["status"])).stdout).toContain("leastReady is 100 %");
  expect((await project.run(["approve", SLOT])).code).toBe(0);
  expect(server.taken).toHaveLength(5);
});

test("an issue that is as ready as the config asks goes out by itself", async () => {
  const { server, project } = await collecting([told(1), told(2)], { leastReady: 0.01 });
  expect((await due(project)).code).toBe(0);
  expect(server.taken).toHaveLength(5);
});

test("a collected story in another language is left out, and `languages` keeps it", async () => {
  const german = told(3, { title: "Der Hafen von Bradenko bleibt geschlossen", text: GERMAN });
  const out = await collecting([told(1), told(2), german], { language: "en" });
  await due(out.project);
  const { digest, report, text } = await issueOf(out.project);
  expect(text).not.toContain("Bradenko bleibt");
  expect(flatEntries(digest).filter(({ hidden }) => hidden)).toHaveLength(1);
  expect(report?.findings.filter(({ rule }) => rule === "removed")).toContainEqual(
    expect.objectContaining({
      severity: "info",
      where: expect.objectContaining({
        restores: expect.objectContaining({ op: "hide", value: false }),
      }),
    }),
  );
  const both = await collecting([told(1), told(2), german], { language: "en", languages: ["de"] });
  await due(both.project);
  expect((await issueOf(both.project)).text).toContain("Bradenko bleibt");
});

test("an issue whose report.json is of an older version is judged anew", async () => {
  const { server, project } = await collecting([told(1), told(2)], { leastReady: 1 });
  expect((await due(project)).code).toBe(65);
  const file = path.join(project.cwd, "outbox/the-slipway", SLOT, "report.json");
  const { ready, ...older } = JSON.parse(await readFile(file, "utf8"));
  expect(ready.chance).toBeLessThan(1);
  await writeFile(file, JSON.stringify(older));
  await due(project);
  expect(server.taken).toHaveLength(0);
  expect(await slotsOf(project)).toMatchObject([{ state: "waiting" }]);
  await reconfigure(project, { leastReady: 0 });
  await due(project);
  expect(server.taken).toHaveLength(5);
});
