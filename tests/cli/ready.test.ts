import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { simpleParser } from "mailparser";
import { expect, onTestFinished, test } from "vitest";
import { flatEntries } from "../../src/digest/digest.ts";
import { parseDigest } from "../../src/digest/digest-json.ts";
import { parseReport } from "../../src/check/finding.ts";
import { BRIDGE } from "../digest/stories/wire.ts";
import { feedOf, Paper, told } from "../sources/collect/paper.ts";
import {
  contented,
  editing,
  type Reply,
  saying,
  startModelServer,
} from "../summary/model/io/model-server.ts";
import type { MailingProject } from "./mailing-project.ts";
import { bench, due, reconfigure, SLOT, slotsOf } from "./scheduled-project.ts";

const GERMAN =
  "Der Hafen von Bradenko bleibt nach dem Sturm neun Wochen lang geschlossen, sagt die Verwaltung. Die Fischer verkaufen ihren Fang jetzt am Nordkai, und die Fähre legt in Wamolsen an. Der Rat hat das Geld für die neue Mole bewilligt.";

type Stories = Parameters<typeof feedOf>[0];

interface Setting {
  readonly schedule?: object;
  readonly model?: Reply;
  readonly [key: string]: unknown;
}

/** A newsletter that collects these stories from a feed on this machine. */
async function collecting(stories: Stories, setting: Setting = {}) {
  return collectingFrom([["The Quay", stories]], setting);
}

/** The same from several papers, each with a feed of its own. */
async function collectingFrom(
  papers: readonly (readonly [name: string, stories: Stories])[],
  { schedule = {}, model, ...config }: Setting = {},
) {
  const sources = await Promise.all(
    papers.map(async ([name, stories]) => {
      const paper = new Paper();
      const base = await paper.open();
      onTestFinished(async () => paper.close());
      paper.pages.set("/feed.xml", feedOf(stories).replace("The Quay", name));
      return { from: `${base}/feed.xml`, allowPrivate: true };
    }),
  );
  const summary = model && {
    provider: "openai-compatible",
    model: "small-1",
    baseURL: (await startModelServer(model)).baseURL,
    retries: 0,
    timeoutMs: 30_000,
  };
  return bench({ schedule, config: { sources, ...(summary && { summary }), ...config } });
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

const EDITOR = "desk@slipway.example";

test("a run that holds an issue sends its editor a copy, and a second run sends nothing", async () => {
  const { server, project } = await collecting([told(1), told(2)], {
    leastReady: 1,
    schedule: { notify: EDITOR },
  });
  expect(await project.run(["run"])).toMatchObject({
    code: 65,
    stderr: expect.stringContaining("leastReady is 100 %"),
  });
  expect(server.taken.map(({ to }) => to)).toEqual([EDITOR]);
  const { text = "" } = await simpleParser(server.taken[0]?.raw ?? "");
  expect(text).toContain(`${SLOT} waits for you, to go to 5 readers.`);
  expect(text).toContain(`broadsheet approve ${SLOT}`);
  expect(text).toContain(told(1).title);
  await project.run(["run"]);
  expect(server.taken).toHaveLength(1);
  expect((await project.run(["approve", SLOT])).code).toBe(0);
  await project.run(["run"]);
  expect(server.taken).toHaveLength(6);
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

const LAWSUIT = {
  ...told(1),
  title: "Ysolde Marrack sues Silas Quint over the lamp oil",
  text: "Ysolde Marrack sued Silas Quint on Tuesday over 240 litres of lamp oil. The keeper of the Skerry light says that the ferryman promised the oil in October and never delivered it. Quint said that the storm had kept his boat in the harbour. The court at Pellow Haven hears the case in December.",
};
const FALSE_GIST = "Ysolde Marrack sued Silas Quint on Tuesday over 900 litres of lamp oil.";

test("a model's gist that contradicts its article is replaced by the article's own", async () => {
  const { server, project } = await collecting([LAWSUIT, told(2)], {
    model: editing(contented, (response, question) => {
      const isAbout = question.raw.includes("Silas Quint");
      const gist = isAbout ? FALSE_GIST : told(2).text.slice(0, told(2).text.indexOf(".") + 1);
      const points = isAbout
        ? [
            "The court at Pellow Haven hears the case in December.",
            "Quint said that the storm had kept his boat in the harbour.",
          ]
        : [];
      saying({ gist, keyPoints: points })(response, question);
    }),
  });
  expect((await project.run(["run"])).code).toBe(0);
  expect(server.taken).toHaveLength(5);
  const { digest, text } = await issueOf(project);
  expect(text).toContain("Silas Quint");
  expect(JSON.stringify(server.taken)).not.toContain("900 litres");
  const story = flatEntries(digest).find(({ article }) => article.title === LAWSUIT.title);
  expect(story?.summary.why).toContain("the model's gist was refused");
  expect(LAWSUIT.text).toContain(story?.summary.gist.text);
});

/** Which subject goes out where a model gives this one, and whether it was taken. */
async function subjectsSent(text: string) {
  const { server, project } = await collecting([LAWSUIT, told(2)], {
    order: "weight",
    model: editing(({ issue, stories }) => {
      const lead = Object.entries(stories).find(([, { headline }]) => headline === LAWSUIT.title);
      const order = [Number(lead?.[0])];
      return saying({ issue, same: [], order, subject: { text, from: order } });
    }),
  });
  expect((await project.run(["run"])).code).toBe(0);
  const { subject = "" } = await simpleParser(server.taken[0]?.raw ?? "");
  return { subject, advice: (await issueOf(project)).digest.advice?.subject };
}

test("a model's subject with the two sides exchanged is not used", async () => {
  const swapped = "Silas Quint sues Ysolde Marrack over the lamp oil";
  const refused = await subjectsSent(swapped);
  expect(refused).toMatchObject({ advice: { used: false } });
  expect(refused.subject).not.toBe(swapped);
  const right = "Ysolde Marrack sues Silas Quint";
  expect(await subjectsSent(right)).toMatchObject({ subject: right, advice: { used: true } });
});

test("an event that three papers tell stands once in the issue that goes out", async () => {
  const third = {
    title: "Orrell's swing bridge waits for its bearing",
    text: "The swing bridge at Orrell is still stuck open after a bearing cracked at 6.40 a.m. on Monday, just as the dredger Patience had passed. The town of 4,200 people stays cut in two, and cars go 31 kilometres round by Lower Wether, harbour master Oona Teal said. The Brack foundry is casting a new bearing, which the harbour board expects on Friday. Ferryman Silas Quint rows the pupils of St Bride's School over the river.",
  };
  const tellings = [BRIDGE.told, BRIDGE.retold, [third.title, third.text]];
  const { server, project } = await collectingFrom(
    tellings.map(([title = "", text = ""], at) => {
      const link = `https://paper-${at}.example/bridge`;
      return [`Paper ${at}`, [told(at, { title, text, guid: link, link })]];
    }),
  );
  expect((await project.run(["run"])).code).toBe(0);
  expect(server.taken).toHaveLength(5);
  const { digest, text } = await issueOf(project);
  const bridges = flatEntries(digest).filter(({ article }) => /Orrell/.test(article.text));
  expect(bridges).toHaveLength(1);
  expect(bridges[0]?.alsoIn).toHaveLength(2);
  const shown = tellings.filter(([title = ""]) => text.includes(title));
  expect(shown.length).toBeGreaterThan(0);
});
