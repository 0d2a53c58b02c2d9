import { rmSync } from "node:fs";
import { cp, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { onTestFinished, vi } from "vitest";
import { type IssueRecords, openRecords } from "../../src/delivery/io/issue-records.ts";
import { systemClock } from "../../src/platform/clock.ts";
import type { StorePlace } from "../../src/platform/store.ts";
import { type FaultServer, type FaultServerOptions, startFaultServer } from "../fault-server.ts";
import { told } from "../sources/collect/paper.ts";
import { rowsIn } from "../stores.ts";
import { broadsheet, folderWith, writeInto } from "./broadsheet.ts";
import { type MailingProject, mailingProject, people } from "./mailing-project.ts";

/** The slot of Monday, 3 March 2025, and the one after it. */
export const SLOT = "2025-W10";
export const NEXT = "2025-W11";

/** Moments around the slot. All lie in the past, so that no file is older than the clock says. */
export const BEFORE = "2025-03-01T12:00:00Z";
export const AT_SLOT = "2025-03-03T07:00:00Z";
export const AFTER = "2025-03-03T07:05:00Z";
export const AT_NEXT = "2025-03-10T07:00:00Z";

export const EDITOR = "desk@slipway.example";
export const MANUAL = { approval: "manual", notify: EDITOR };
const WEEKLY = { cron: "0 7 * * 1", zone: "UTC" };

/** Sets the clock of this process. Only dates are set: what waits goes on waiting in real time. */
export function setClock(at: string): void {
  vi.setSystemTime(at);
}

interface WeeklyOptions extends FaultServerOptions {
  readonly schedule?: object;
  readonly readers?: number;
  readonly config?: object;
  /** Whether the issue of the slot is in the outbox, as `build` makes it. */
  readonly isBuilt?: boolean;
}

export interface Weekly {
  readonly server: FaultServer;
  readonly project: MailingProject;
  readonly run: MailingProject["run"];
}

/** A newsletter of each Monday at 7, on the Saturday before its slot. */
export async function weekly({
  schedule = {},
  readers = 3,
  config = {},
  isBuilt = false,
  ...options
}: WeeklyOptions = {}): Promise<Weekly> {
  vi.useFakeTimers({ toFake: ["Date"], now: new Date(BEFORE) });
  onTestFinished(() => void vi.useRealTimers());
  const server = await startFaultServer(options);
  const project = await mailingProject({
    port: server.port,
    recipients: people(readers),
    isBuilt: false,
    config: { ...config, schedule: { ...WEEKLY, ...schedule } },
  });
  await addStories(project, 1, 2);
  if (isBuilt) await cp(await builtOutbox(), path.join(project.cwd, "outbox"), { recursive: true });
  return { server, project, run: project.run };
}

let built: Promise<string> | undefined;

/** The outbox of a newsletter whose next issue was built; each test works on a copy of it. */
async function builtOutbox(): Promise<string> {
  built ??= buildOnce();
  return path.join(await built, "outbox");
}

async function buildOnce(): Promise<string> {
  const cwd = await folderWith({
    "content/1.txt": textOf(1),
    "content/2.txt": textOf(2),
    "broadsheet.config.json": JSON.stringify({
      name: "The Slipway",
      from: "post@slipway.example",
      urls: { unsubscribe: "https://slipway.example/u/{token}" },
      schedule: WEEKLY,
    }),
  });
  process.once("exit", () => rmSync(cwd, { recursive: true, force: true }));
  const { code, stderr } = await broadsheet(["build"], { cwd, env: { XDG_STATE_HOME: cwd } });
  if (code !== 0) throw new Error(stderr);
  return cwd;
}

export async function addStories({ cwd }: MailingProject, ...numbers: number[]): Promise<void> {
  await writeInto(
    cwd,
    Object.fromEntries(numbers.map((number) => [`content/${number}.txt`, textOf(number)])),
  );
}

function textOf(number: number): string {
  const { title, text } = told(number);
  return `${title}\n\n${text}\n`;
}

export function folderOf({ cwd }: MailingProject, slot = SLOT): string {
  return path.join(cwd, "outbox/the-slipway", slot);
}

/** Changes the text of an issue's digest.json, as an editor does in a text editor. */
export async function edit(
  project: MailingProject,
  change: (digest: string) => string,
  slot = SLOT,
): Promise<void> {
  const file = path.join(folderOf(project, slot), "digest.json");
  const before = await readFile(file, "utf8");
  const after = change(before);
  if (after === before) throw new Error("the edit changed nothing");
  await writeFile(file, after);
}

export const SUBJECT = "The editor's own subject";

/** Gives an issue another subject. */
export function withSubject(digest: string): string {
  return digest.replace(/"subject": "[^"]*"/, `"subject": "${SUBJECT}"`);
}

/** Works on the records of the newsletter, and closes them. */
export async function withRecords<Result>(
  { place }: MailingProject,
  work: (records: IssueRecords) => Promise<Result>,
): Promise<Result> {
  await using records = await openRecords({ store: place, slug: "the-slipway" }, systemClock);
  return await work(records);
}

/** The state of each issue that has a record. */
export async function statesOf(project: MailingProject): Promise<Record<string, string>> {
  return withRecords(project, async (records) =>
    Object.fromEntries([...(await records.all()).values()].map(({ slot, state }) => [slot, state])),
  );
}

/** All that the store has of issues and of what they have taken, byte by byte. */
export async function rowsOf(place: StorePlace): Promise<unknown> {
  const tables = ["issue", "taken", "taken_key", "delivery"];
  return Promise.all(
    tables.map(async (table) => rowsIn(place, `SELECT * FROM ${table} ORDER BY 1, 2`)),
  );
}

/** Which stories each reader has, a list for each message. */
export function storiesOf({ taken }: Pick<FaultServer, "taken">): Record<string, number[][]> {
  const found: Record<string, number[][]> = {};
  for (const { to, raw } of taken) {
    if (to === EDITOR) continue;
    const text = plain(raw);
    const numbers = [1, 2, 3, 4, 5, 6].filter((number) => text.includes(told(number).title));
    (found[to] ??= []).push(numbers);
  }
  return found;
}

/** The text of a message, without the line ends and escapes of its encoding. */
export function plain(raw: Buffer): string {
  return raw.toString("latin1").replaceAll("=\r\n", "").replaceAll("\r\n", " ");
}

/** As `storiesOf` has it where each reader got these messages. */
export function each(readers: number, ...messages: number[][]): Record<string, number[][]> {
  return Object.fromEntries(people(readers).map((reader) => [reader, messages]));
}
