import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { simpleParser } from "mailparser";
import type { Browser, Page } from "playwright-core";
import { afterEach, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import * as z from "zod";
import { ISSUE_STATES, STATE_TEXTS } from "../../src/delivery/life.ts";
import { openBrowser } from "../browser.ts";
import { contentsOf, HARBOUR, LIGHTHOUSE, linesOf } from "../cli/broadsheet.ts";
import { type MailingProject, mailingProject, people } from "../cli/mailing-project.ts";
import { startSmtpServer } from "../smtp-server.ts";
import { settled } from "./places.ts";
import { ask, type Running, startPreview } from "./server.ts";

/** Three days from now, so that no test sees the time of the slot come. */
const WEEKDAY = (new Date().getUTCDay() + 3) % 7;
const WEEKLY = { cron: `0 7 * * ${WEEKDAY}`, zone: "UTC" };
const READERS = people(3);

let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
});

afterEach(() => vi.useRealTimers());

async function newsletter(schedule: object = {}) {
  const server = await startSmtpServer();
  const config = { schedule: { ...WEEKLY, ...schedule } };
  const recipients = READERS;
  const project = await mailingProject({ port: server.port, recipients, isBuilt: false, config });
  return { server, project, slot: (await nextSlot(project)).slot };
}

async function nextSlot({ run }: MailingProject) {
  const shape = z.looseObject({ slot: z.string(), at: z.iso.datetime() });
  return shape.parse(linesOf(await run(["schedule", "explain", "--json"]))[0]);
}

/** What `run` does a minute after the time of the next slot. */
async function runWhenDue(project: MailingProject) {
  const { at } = await nextSlot(project);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.parse(at) + 60_000 });
  const result = await project.run(["run"]);
  vi.useRealTimers();
  expect([result.stderr, result.code]).toEqual(["", 0]);
}

async function preview({ cwd, env }: MailingProject, args: string[] = []): Promise<Running> {
  const running = await startPreview(cwd, args, { env });
  onTestFinished(async () => void (await running.stop()));
  return running;
}

async function open({ url }: Running): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  onTestFinished(async () => page.close());
  await page.goto(url);
  await settled(page);
  return page;
}

const byText = (a: string, b: string) => (a < b ? -1 : 1);
const head = (page: Page) => page.locator(".standing, .frozen h2").first();
const status = (page: Page) => page.locator(".status");
const row = (page: Page) => page.locator('[aria-label="Issues"] .row.chosen');

const statusShape = z.looseObject({
  issues: z.array(z.looseObject({ slot: z.string(), state: z.enum(ISSUE_STATES) })),
});

/** The line that a command begins with says of the issue what the page says, in the same words. */
async function expectSameWords(page: Page, { run }: MailingProject, slot: string): Promise<string> {
  const { stderr } = await run(["build", "--slot", slot]);
  const [line = ""] = stderr.split("\n");
  const words = line.replace(slot, "This issue");
  await expect.poll(() => head(page).textContent()).toContain(words);
  const [, says = "", goes = ""] = /^\S+ is ([^;]+)(?:; i(.+))?$/.exec(line) ?? [];
  const { issues } = statusShape.parse(linesOf(await run(["status", "--json"]))[0]);
  const state = issues.find((issue) => issue.slot === slot)?.state ?? "draft";
  expect(says).toBe(STATE_TEXTS[state]);
  for (const words of [says, goes]) expect(await row(page).textContent()).toContain(words);
  return line;
}

async function editSubject(page: Page, text: string): Promise<void> {
  await page.keyboard.press("e");
  await page.locator(".editor textarea").fill(text);
  await page.keyboard.press("Enter");
  await expect.poll(() => page.locator(".subject").textContent()).toBe(text);
}

test("what is edited in the page is what the schedule sends next, and then comes the issue after it", async () => {
  const { server, project, slot } = await newsletter();
  const running = await preview(project);
  const page = await open(running);
  expect(page.url()).toMatch(new RegExp(`/the-slipway/${slot}$`));
  const line = await expectSameWords(page, project, slot);
  expect(line).toMatch(/^\S+ is a draft; it goes out \w{3} [\d-]{10} 07:00 \+00:00 to 3 readers$/);
  await editSubject(page, "Edited in the page");
  const file = path.join(project.cwd, "outbox/the-slipway", slot, "preview.html");
  expect(await readFile(file, "utf8")).not.toContain("goes out");

  await runWhenDue(project);
  const sent = await Promise.all(server.received.map(async ({ raw }) => simpleParser(raw)));
  expect(sent.map(({ subject }) => subject)).toEqual(READERS.map(() => "Edited in the page"));
  expect(server.received.map(({ to }) => to[0] ?? "").toSorted(byText)).toEqual(
    READERS.toSorted(byText),
  );
  await expect.poll(() => head(page).textContent()).toBe("Read-only: this issue is sent");
  expect(await row(page).textContent()).toMatch(/sentTo 3$/);

  await writeFile(path.join(project.cwd, "content/2.md"), LIGHTHOUSE);
  await expect.poll(async () => (await ask(running, "/")).headers.location).not.toContain(slot);
  await page.goto(running.url);
  await expect.poll(() => head(page).textContent()).toMatch(/is a draft; it goes out/);
});

test("an issue that waits is not built again; an edit after its approval makes it a draft again, and the page says so", async () => {
  const manual = { approval: "manual", notify: "desk@slipway.example" };
  const { project, slot } = await newsletter(manual);
  await runWhenDue(project);
  const page = await open(await preview(project));
  const waits = await expectSameWords(page, project, slot);
  expect(waits).toMatch(
    /is waiting for approval; it goes out .*, once it is approved, to 3 readers/,
  );
  const folder = path.join(project.cwd, "outbox/the-slipway", slot);
  const before = await contentsOf(folder);
  await writeFile(path.join(project.cwd, "content/1.txt"), HARBOUR.replace("ferry", "barge"));
  const why = `${slot} can't be built again: it is waiting for approval.`;
  await expect.poll(() => status(page).textContent()).toBe(why);
  await page.keyboard.press("r");
  await expect.poll(() => status(page).textContent()).toBe(why);
  expect(await contentsOf(folder)).toEqual(before);

  await editSubject(page, "Edited while it waits");
  expect(await head(page).textContent()).toContain("is waiting for approval");
  expect((await project.run(["approve", "--changed"])).code).toBe(0);
  await expect
    .poll(() => head(page).textContent())
    .toContain("This issue is approved; it goes out");
  await expect.poll(() => status(page).textContent()).not.toContain("waiting");
  await editSubject(page, "Edited after its approval");
  const again = `${slot} was changed after it had been approved: it is a draft again.`;
  await expect.poll(() => status(page).textContent()).toBe(again);
  await expect.poll(() => head(page).textContent()).toContain("This issue is a draft; it goes out");

  await project.run(["hold"]);
  await expect.poll(() => head(page).textContent()).toContain("a draft, and is held");
  await project.run(["hold", "--off"]);
  await project.run(["hold", slot]);
  await expect.poll(() => head(page).textContent()).toContain("a draft, and is held");
});

test("a draft whose edits no schedule sends is named in the page, and a button makes them in the next issue", async () => {
  const { project, slot } = await newsletter();
  await project.run(["build", "--quiet"]);
  await edit(project, slot, "Left behind");
  await sendDaily(project);
  const page = await open(await preview(project));
  const notice = page.locator(".notice", { hasText: "the draft" });
  expect(await notice.textContent()).toBe(
    `Look the draft ${slot} has edits, and no schedule sends it Have them in the next issue`,
  );
  await notice.getByRole("button").click();
  await expect.poll(() => notice.count()).toBe(0);
  await expect.poll(() => page.locator(".subject").textContent()).toBe("Left behind");
});

test("a draft whose edits no schedule sends keeps them where the next issue has edits of its own", async () => {
  const { project, slot } = await newsletter();
  await project.run(["build", "--quiet"]);
  await edit(project, slot, "Left behind");
  await sendDaily(project);
  const { slot: next } = await nextSlot(project);
  await project.run(["build", "--quiet"]);
  await edit(project, next, "Of its own");
  const { stderr } = await project.run(["build", "--slot", next]);
  expect(stderr).toContain(`${next} has edits of its own, and those of ${slot} stay there`);
  const { stdout } = await project.run(["status"]);
  expect(stdout).toContain(`the draft ${slot} has edits, and no schedule sends it`);
});

async function edit({ cwd }: MailingProject, slot: string, subject: string): Promise<void> {
  await change(path.join(cwd, "outbox/the-slipway", slot, "digest.json"), { subject });
}

async function sendDaily({ cwd }: MailingProject): Promise<void> {
  // So far away that no test sees this time come either.
  const hour = (new Date().getUTCHours() + 12) % 24;
  const schedule = { ...WEEKLY, cron: `0 ${hour} * * *` };
  await change(path.join(cwd, "broadsheet.config.json"), { schedule });
}

async function change(file: string, fields: object): Promise<void> {
  const before: unknown = JSON.parse(await readFile(file, "utf8"));
  await writeFile(file, JSON.stringify(Object.assign({}, before, fields)));
}

const today = () => new Date().toISOString().slice(0, 10);

test("with files the page makes a separate issue, unless a slot is named", async () => {
  const { project, slot } = await newsletter();
  const before = today();
  const separate = await preview(project, ["content/1.txt"]);
  const { location = "" } = (await ask(separate, "/")).headers;
  const [, day = ""] = /\/the-slipway\/([\d-]+)$/.exec(location) ?? [];
  // Midnight may have passed.
  expect([before, today()]).toContain(day);
  const { body } = await ask(separate, `/the-slipway/${day}/state`);
  expect(body).toContain("it goes to 3 readers when you send it");
  expect(separate.said()).toMatch(new RegExp(`^${day} is a draft; it goes out by broadsheet send`));
  const named = await preview(project, ["content/1.txt", "--slot", slot]);
  expect((await ask(named, "/")).headers.location).toMatch(new RegExp(`/the-slipway/${slot}$`));
  expect(named.said()).toMatch(new RegExp(`^${slot} is a draft; it goes out`));
});
