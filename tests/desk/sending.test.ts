import { readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { simpleParser } from "mailparser";
import type { Browser, Page } from "playwright-core";
import { afterEach, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import * as z from "zod";
import { openBrowser } from "../browser.ts";
import { LIGHTHOUSE, linesOf } from "../cli/broadsheet.ts";
import { type MailingProject, mailingProject, people, stateOf } from "../cli/mailing-project.ts";
import { faultsInBothLights } from "../preview/faults-in.ts";
import { reply, startSmtpServer } from "../smtp-server.ts";
import { changeIn } from "../stores.ts";
import { settled } from "./places.ts";
import { NOON_ZONE, post, type Running, startPreview } from "./server.ts";

/** Three days from now, so that no test sees the time of the slot come. */
const WEEKDAY = (new Date().getUTCDay() + 3) % 7;
const WEEKLY = { cron: `0 7 * * ${WEEKDAY}`, zone: "UTC" };

let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
});

afterEach(() => vi.useRealTimers());

async function start({ cwd, env }: MailingProject): Promise<Running> {
  const running = await startPreview(cwd, [], { env });
  // A desk that ends leaves its process to the next one. In a test that failed it may wait for ever to send.
  onTestFinished(async ({ task }) => {
    await running.stop(task.result?.state === "fail" ? "SIGKILL" : "SIGINT");
  });
  return running;
}

async function open({ url }: Running): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  onTestFinished(async () => page.close());
  page.on("pageerror", (error) => {
    throw error;
  });
  await page.goto(url);
  await settled(page);
  return page;
}

const head = (page: Page) => page.locator(".standing, .frozen h2").first();
const status = (page: Page) => page.locator(".status");
const steps = (page: Page) => page.getByRole("group", { name: "What to do with this issue" });
const press = async (page: Page, name: string | RegExp) =>
  steps(page).getByRole("button", { name }).click();
const says = async (page: Page, words: string) =>
  expect.poll(async () => head(page).textContent()).toContain(words);
const progress = (page: Page) => page.locator('[data-key="progress"]');

/** A mail server that answers a message only when it is let go on. */
async function slowServer() {
  const waiting: (() => void)[] = [];
  let isOpen = false;
  const received: string[] = [];
  const server = await startSmtpServer({
    onData(stream, { envelope }, callback) {
      stream.resume().on("end", () => {
        const [to] = envelope.rcptTo;
        const answer = () => {
          received.push(to?.address ?? "");
          callback(null, "queued");
        };
        if (isOpen) answer();
        else waiting.push(answer);
      });
    },
  });
  const isHeld = async () => expect.poll(() => waiting.length).toBeGreaterThan(0);
  return {
    ...server,
    received,
    /** Waits until a message waits for its answer. */
    isHeld,
    /** Answers the message that waits. */
    next: async () => {
      await isHeld();
      waiting.shift()?.();
    },
    openUp: () => {
      isOpen = true;
      for (const answer of waiting.splice(0)) answer();
    },
  };
}

async function sendTo(page: Page, button: RegExp, number: string): Promise<void> {
  await press(page, button);
  await page.getByRole("textbox", { name: "A sent mail can’t be taken back" }).fill(number);
  await page.getByRole("dialog").getByRole("button", { name: "Send to" }).click();
}

test("a draft is sent to the number that is typed, watched in two tabs, and stopped; the end of the desk says that it stops", async () => {
  const server = await slowServer();
  const recipients = people(6);
  const config = { smtp: { concurrency: 1 }, timeZone: NOON_ZONE };
  const project = await mailingProject({ port: server.port, recipients, isBuilt: false, config });
  const running = await start(project);
  const page = await open(running);
  expect(await faultsInBothLights(page)).toEqual([]);
  await sendTo(page, /^Send to 6 readers/, "5");
  await expect
    .poll(async () => page.getByRole("dialog").getByRole("alert").textContent())
    .toBe("Not sent: it goes to 6 readers now: type 6 to send it");
  expect(await faultsInBothLights(page)).toEqual([]);
  await page.getByRole("textbox").fill("6");
  await page.keyboard.press("Enter");
  await says(page, "is being sent");
  await server.next();
  await expect.poll(async () => progress(page).textContent()).toMatch(/^1 of 6 have it, 5 left/);
  expect(await faultsInBothLights(page)).toEqual([]);

  // Another tab edits what is being sent: it is refused, and what was written is still there.
  const other = await open(running);
  await expect.poll(async () => progress(other).textContent()).toContain("1 of 6 have it");
  const name = new URL(other.url()).pathname.split("/").slice(-2).join("/");
  const changes = [{ op: "set", field: "subject", value: "Too late" }];
  const answer = await post(running, `/${name}/edit`, { changes });
  expect([answer.status, answer.body]).toEqual([422, expect.stringContaining("ISSUE_FROZEN")]);

  await press(other, "Stop");
  await expect.poll(async () => status(other).textContent()).toContain("Stopping");
  await server.next();
  await steps(page).getByRole("button", { name: "Send to 4 readers" }).waitFor();
  expect(server.received).toHaveLength(2);

  await sendTo(page, /^Send to 4 readers/, "4");
  await server.isHeld();
  const ended = running.stop();
  await expect.poll(() => running.said()).toContain("Stopping to send");
  await server.next();
  expect(await ended).toBe(75);
  expect(running.said()).toMatch(/may have readers left; to send the rest: broadsheet send \d{4}/);
  await expect.poll(async () => status(page).textContent()).toContain("The sending has stopped");
});

test("kill -9 of a desk that sends leaves what that of send leaves, and the page settles what is in doubt", async () => {
  const server = await slowServer();
  const recipients = people(3);
  const config = { smtp: { concurrency: 1 }, timeZone: NOON_ZONE };
  const project = await mailingProject({ port: server.port, recipients, isBuilt: false, config });
  const killed = await start(project);
  const page = await open(killed);
  await sendTo(page, /^Send to 3 readers/, "3");
  await server.isHeld();
  await killed.stop("SIGKILL");
  server.openUp();
  const rest = await project.run(["send", "--yes", "--json"]);
  expect(stateOf(rest)).toMatchObject({ accepted: 2, uncertain: 1, planned: 0 });
  expect(server.received.toSorted(byText)).toEqual(recipients.toSorted(byText));

  const last = await open(await start(project));
  await press(last, "Settle doubts");
  expect(await faultsInBothLights(last)).toEqual([]);
  await last.getByRole("button", { name: "They have it" }).click();
  await expect.poll(async () => status(last).textContent()).toBe("1 counted as reached.");
  await says(last, "is sent");
  const buttons = await steps(last).getByRole("button").allTextContents();
  expect(buttons.map((name) => name.trim())).toEqual(["New issue", "Send me a test"]);

  // The next one has no story of the last one, and there is none without a story.
  await press(last, "New issue");
  await expect.poll(async () => status(last).textContent()).toMatch(/nothing new: [^.]+$/);
  await writeFile(path.join(project.cwd, "content/2.md"), LIGHTHOUSE);
  await press(last, "New issue");
  await last.waitForURL(/-extra/);
  await says(last, "This issue is a draft; it goes to 3 readers when you send it");
  await says(last, "It needs no other approval");
  expect(await last.locator('[aria-label="Stories"] .row').allTextContents()).toEqual([
    expect.stringContaining("A lamp that counts moths"),
  ]);
  await settleReaders(last, project, recipients);

  // A change of the story comes into it as into any draft.
  const changed = LIGHTHOUSE.replace(/^title: .*$/m, "title: The lamp that was lit again");
  await writeFile(path.join(project.cwd, "content/2.md"), changed);
  await expect
    .poll(async () => last.locator('[aria-label="Stories"] .row').textContent())
    .toContain("The lamp that was lit again");
});

/** A reader who is quarantined and one in whose name a mail asks to leave are found by their notices, and settled. */
async function settleReaders(
  page: Page,
  { place }: MailingProject,
  [first = "", second = ""]: readonly string[],
) {
  await changeIn(
    place,
    `INSERT INTO quarantine (list, key, delivery, since) SELECT list.id, delivery.key, delivery.id, 1 FROM list, delivery WHERE address = '${first}'`,
    `INSERT INTO leave_request (list, key, address, date) SELECT id, '${second}', '${second}', 1 FROM list`,
  );
  for (const [button, reader, how, done] of [
    [/^Look at them/, first, "release", "Gets the next issue"],
    [/^Look at the reader/, second, "keep", "Kept"],
  ] as const) {
    const notice = page
      .locator('[aria-label="Issues"] .notice')
      .getByRole("button", { name: button });
    await notice.click();
    await page.locator(`[data-key="end-${reader}"]`).click();
    await page.locator('[data-key="reader-how"]').selectOption(how);
    await page.locator('[data-key="confirm"]').click();
    await page.getByText(done, { exact: true }).waitFor();
    await page.locator('[data-key="place-issue"]').click();
    await expect.poll(async () => notice.count()).toBe(0);
  }
}

test("what the server said of a refused reader is shown, and a button has the reader tried again", async () => {
  const recipients = people(3);
  const [first = ""] = recipients;
  let isFull = true;
  const server = await startSmtpServer({
    onRcptTo: ({ address }, _session, callback) =>
      callback(isFull && address === first ? reply(552, "5.2.2 mailbox full") : null),
  });
  const project = await mailingProject({ port: server.port, recipients, isBuilt: false });
  const running = await start(project);
  const page = await open(running);
  await sendTo(page, /^Send to 3 readers/, "3");
  await says(page, "is sent");
  await page.getByRole("button", { name: "Readers", exact: true }).click();
  await page.getByLabel("Find by address or name").fill(first);
  await page.getByText(/: refused, 552 5\.2\.2 mailbox full/).waitFor();
  isFull = false;
  await page.getByRole("button", { name: "Issue", exact: true }).click();
  await press(page, "Try the refused again");
  await sendTo(page, /^Send to 1 reader/, "1");
  await expect.poll(() => server.received.map(({ to }) => to.join())).toContain(first);
  await says(page, "is sent");
});

test("words that are written while the issue is sent elsewhere are kept, and the page says what happened", async () => {
  const server = await startSmtpServer();
  const config = { timeZone: NOON_ZONE };
  const options = { port: server.port, recipients: people(2), isBuilt: false, config };
  const project = await mailingProject(options);
  const page = await open(await start(project));
  const text = page
    .frameLocator(".pane:not([hidden]) iframe >> nth=0")
    .locator("h1 x-text")
    .first();
  await text.click();
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.insertText("Written too late");
  expect(await project.run(["send", "--yes"])).toMatchObject({ code: 0 });
  await says(page, "this issue is sent");
  const alert = page.locator(".edit-bar [role=alert]");
  await expect.poll(async () => alert.textContent()).toContain("without these words");
  expect(await text.textContent()).toBe("Written too late");
  expect(await faultsInBothLights(page)).toEqual([]);
  await page.keyboard.press("Enter");
  const editor = page.locator(".editor");
  await expect.poll(async () => editor.textContent()).toContain("press “New issue”");
  expect(await editor.locator("textarea").inputValue()).toBe("Written too late");
  expect(server.received.map(({ raw }) => raw.toString()).join()).not.toContain("too late");
});

const slotShape = z.looseObject({ slot: z.string() });

async function slotsOf({ run }: MailingProject): Promise<string[]> {
  return linesOf(await run(["schedule", "explain", "--json"])).map(
    (line) => slotShape.parse(line).slot,
  );
}

/** Goes on with Tab to the button of that name, and presses it. */
async function pressByKeys(page: Page, name: string): Promise<void> {
  for (let tries = 0; tries < 120; tries++) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => document.activeElement?.textContent?.trim() ?? "");
    if (focused !== name) continue;
    await page.keyboard.press("Enter");
    return;
  }
  throw new Error(`no Tab leads to ${name}`);
}

/** Each reader's own link is another one. */
function withoutLinks(html: string): string {
  return html.trim().replaceAll(/https:\/\/slipway\.example\/u\/[^"]*/g, "");
}

const byText = (a = "", b = "") => (a < b ? -1 : 1);

/** What `run` does a minute after the time of a slot. */
async function runAt({ run }: MailingProject, at: Date): Promise<void> {
  vi.useFakeTimers({ toFake: ["Date"], now: at });
  const result = await run(["run"]);
  vi.useRealTimers();
  expect([result.stderr, result.code]).toEqual(["", 0]);
}

test("by keyboard alone: held, let go on, left out, taken in, moved, asked about, approved; then a run sends it", async () => {
  const server = await startSmtpServer();
  const recipients = people(3);
  const schedule = { ...WEEKLY, approval: "manual", notify: "desk@slipway.example" };
  const options = { port: server.port, recipients, isBuilt: false, config: { schedule } };
  const project = await mailingProject(options);
  const [slot = "", next = ""] = await slotsOf(project);
  const page = await open(await start(project));
  await says(page, "This issue is a draft; it goes out");
  await pressByKeys(page, "Hold");
  await says(page, "is a draft, and is held");
  await pressByKeys(page, "Release the issue");
  await says(page, "This issue is a draft; it goes out");
  await pressByKeys(page, "Leave it out");
  await says(page, "This issue is skipped");
  await pressByKeys(page, "Take it in again");
  await says(page, "This issue is a draft; it goes out");

  await page.keyboard.press("e");
  await page.locator(".editor textarea").fill("Edited at the desk");
  await page.keyboard.press("Enter");
  await expect.poll(async () => page.locator(".subject").textContent()).toBe("Edited at the desk");
  await pressByKeys(page, "Another time");
  await page.getByRole("dialog").getByRole("combobox").waitFor();
  await pressByKeys(page, "Schedule");
  await page.waitForURL(`**/the-slipway/${next}*`);
  await says(page, "This issue is a draft; it goes out");
  expect(await page.locator(".subject").textContent()).toBe("Edited at the desk");
  const { stdout } = await project.run(["status", "--json"]);
  expect(stdout).toContain(`{"slot":"${slot}","state":"merged"}`);

  await pressByKeys(page, "Ask for approval");
  await says(page, "This issue is waiting for approval");
  const asked = await simpleParser(server.received[0]?.raw ?? "");
  expect(asked.text).toContain(`in the browser: broadsheet desk --slot ${next}`);
  await pressByKeys(page, "Approve");
  await says(page, "This issue is approved; it goes out");
  expect(await faultsInBothLights(page)).toEqual([]);
  const approved = await readFile(
    path.join(project.cwd, "outbox/the-slipway", next, "email.html"),
    "utf8",
  );

  const [, at = ""] = /goes out \w+ ([\d-]+) /.exec((await head(page).textContent()) ?? "") ?? [];
  await runAt(project, new Date(`${at}T07:01:00Z`));
  await says(page, "this issue is sent");
  expect(await page.textContent(".verdict h2")).toMatch(/problems? found$/);
  const sent = server.received.slice(1);
  expect(sent.map(({ to }) => to[0]).toSorted(byText)).toEqual(recipients.toSorted(byText));
  const mail = await simpleParser(sent[0]?.raw ?? "");
  expect(mail.subject).toBe("Edited at the desk");
  expect(withoutLinks(String(mail.html))).toBe(withoutLinks(approved));
});

test("a newsletter without a schedule gets one from the page, with the comments of its config kept", async () => {
  const server = await startSmtpServer();
  const project = await mailingProject({
    port: server.port,
    recipients: people(2),
    isBuilt: false,
    config: { timeZone: "Europe/Berlin" },
  });
  const json = path.join(project.cwd, "broadsheet.config.json");
  const yaml = path.join(project.cwd, "broadsheet.yaml");
  const fields = Object.entries(
    z.record(z.string(), z.unknown()).parse(JSON.parse(await readFile(json, "utf8"))),
  );
  await rename(json, path.join(project.cwd, "kept.json"));
  const lines = fields.map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  await writeFile(yaml, `# The newsletter of the slipway\n${lines.join("\n")}\n`);
  const page = await open(await start(project));
  await page.keyboard.press("e");
  await page.locator(".editor textarea").fill("Edited before the schedule");
  await page.keyboard.press("Enter");
  await expect
    .poll(async () => page.locator(".subject").textContent())
    .toBe("Edited before the schedule");
  await press(page, "Schedule");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Day").selectOption("Friday");
  await dialog.getByLabel("Hour, in Europe/Berlin").fill("06:30");
  await dialog.getByRole("button", { name: "Write the schedule" }).click();
  await expect
    .poll(async () => head(page).textContent())
    .toMatch(/goes out Fri [\d-]+ 06:30 \+0[12]:00 to 2/);
  expect(await page.locator(".subject").textContent()).toBe("Edited before the schedule");
  const written = await readFile(yaml, "utf8");
  expect(written).toContain("# The newsletter of the slipway");
  expect(written).toMatch(/schedule:\n +cron: "?30 6 \* \* 5"?/);
});

test("an issue whose time has passed is approved with the number of its readers, and goes out at once", async () => {
  const server = await startSmtpServer();
  const due = new Date(Date.now() - 3_600_000);
  due.setUTCMinutes(0, 30, 0);
  const cron = `0 ${due.getUTCHours()} * * *`;
  const schedule = { cron, zone: "UTC", approval: "manual", notify: "desk@slipway.example" };
  const options = {
    port: server.port,
    recipients: people(2),
    isBuilt: false,
    config: { schedule },
  };
  const project = await mailingProject(options);
  await runAt(project, due);
  const page = await open(await start(project));
  await says(page, "is waiting for approval; it was due");
  await press(page, "Approve and send to 2 readers");
  const number = page.getByRole("textbox", { name: "A sent mail can’t be taken back" });
  await number.fill("3");
  await page.keyboard.press("Enter");
  const refused = page.getByRole("dialog").getByRole("alert");
  await expect.poll(async () => refused.textContent()).toContain("type 2 to send it");
  expect(server.received).toHaveLength(1);
  await number.fill("2");
  await page.keyboard.press("Enter");
  await says(page, "is sent");
  await expect.poll(async () => status(page).textContent()).toMatch(/: sent to 2\.$/);
  await writeFile(path.join(project.cwd, "content/2.md"), LIGHTHOUSE);
  await press(page, "New issue");
  await says(page, "This issue is a draft; it goes out");
  expect(
    server.received
      .slice(1)
      .map(({ to }) => to[0])
      .toSorted(byText),
  ).toEqual(people(2));
});
