import { once } from "node:events";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import * as z from "zod";
import { run } from "../../src/cli/run.ts";
import { borrowProcess } from "./borrow-process.ts";
import { settingIn } from "../stores.ts";
import { newFolder } from "../temporary.ts";

const PROJECT = path.resolve(".");

/** The command line as a file that Node runs. */
export const MAIN = path.join(PROJECT, "src/cli/main.ts");

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Circumstances {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What it is given on stdin. */
  readonly input?: string | Uint8Array;
}

/**
 * What a command finds around it besides what a test gives. What it remembers outside of a project is not kept in
 * the home of who runs the tests.
 */
export const ENVIRONMENT: NodeJS.ProcessEnv = {
  XDG_STATE_HOME: path.join(tmpdir(), "broadsheet-state"),
  PATH: process.env["PATH"],
  NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
  LANG: "C.UTF-8",
  TZ: "UTC",
};

/** The command that has the process. */
interface Tenant {
  /** As it was typed, and by which test. */
  readonly name: string;
  readonly test: string;
  readonly ended: Promise<unknown>;
  giveBack(): void;
}

let tenant: Tenant | undefined;

/** The soak and the benches run commands too, and have no tests. */
const vitest = process.env["VITEST"] === undefined ? undefined : await import("vitest");

/** So long a command that its own test no longer waits for is waited for by the next one. */
const LONGEST_AFTERWARDS_MS = 10_000;

/**
 * What the command line does with these arguments, without a process of its own: where that isn't what a test is
 * about. What Node itself says on stderr isn't in the output.
 */
export async function broadsheet(
  args: readonly string[],
  circumstances: Circumstances,
): Promise<Run> {
  const { cwd, input = "" } = circumstances;
  const env = { ...(await settingIn(cwd)), ...circumstances.env };
  for (let other = tenant; other; other = tenant) await freed(other);
  const argv = [MAIN, ...args];
  const loan = { cwd, env: { ...ENVIRONMENT, ...env }, argv, input };
  const { output, giveBack } = borrowProcess(loan);
  const ended = Promise.withResolvers<void>();
  const test = testNow();
  const name = `"broadsheet ${args.join(" ")}" of ${test}`;
  const own: Tenant = { name, test, ended: ended.promise, giveBack };
  tenant = own;
  try {
    const code = await run(args);
    return { code, ...output };
  } finally {
    leave(own);
    ended.resolve();
  }
}

/** Once the process is another's: one process has one working folder, one environment and one stdout. */
async function freed(other: Tenant): Promise<void> {
  const { name, test, ended } = other;
  if (test === testNow())
    throw new Error(
      `${name} is still running: commands that run at the same time take spawnBroadsheet`,
    );
  const late = AbortSignal.timeout(LONGEST_AFTERWARDS_MS);
  const timeout = once(late, "abort");
  await Promise.race([ended, timeout]);
  if (tenant !== other) return;
  leave(other);
  console.error(`${name} has not ended; the process was taken from it`);
}

/** No tenant gives back twice: what it would give back may be another's by then. */
function leave(own: Tenant): void {
  if (tenant !== own) return;
  own.giveBack();
  tenant = undefined;
}

function testNow(): string {
  if (!vitest) return "this process";
  const { testPath = "", currentTestName = "its hooks" } = vitest.expect.getState();
  return `${path.relative(PROJECT, testPath)}, ${currentTestName}`;
}

/** A new folder that holds these files. */
export async function folderWith(
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<string> {
  const folder = await newFolder();
  await writeInto(folder, files);
  return folder;
}

/** Writes files, with the folders in which they lie. */
export async function writeInto(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), content);
  }
}

/** Every file under a folder with what is in it. */
export async function contentsOf(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Object.fromEntries(
    await Promise.all(
      files.map(async ({ parentPath, name }) => {
        const file = path.join(parentPath, name);
        return [path.relative(folder, file), await readFile(file, "utf8")] as const;
      }),
    ),
  );
}

/** The lines of JSON that a run printed. */
export function linesOf({ stdout }: Run): unknown[] {
  return stdout
    .trimEnd()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
}

/** What `build` and `render` print with `--json`, as far as tests go on from it. */
export function issueOf(run: Run) {
  return issueLine.parse(linesOf(run)[0]);
}

/** What `extract` and `summarize` print with `--json`, as far as tests go on from it. */
export function articleOf(run: Run) {
  return articleLine.parse(linesOf(run)[0]);
}

const issueLine = z.looseObject({
  dir: z.string(),
  files: z.array(z.string()),
  issue: z.looseObject({ slot: z.string() }),
  bytes: z.object({ html: z.number(), text: z.number(), eml: z.number() }),
});

const sentence = z.object({ text: z.string(), start: z.number(), end: z.number() });

const articleLine = z.looseObject({
  text: z.string().default(""),
  keyPoints: z.array(sentence).default([]),
  sentences: z.array(sentence).default([]),
});

/** A story with a caption and a tail, in the shape in which stories are copied from pages. */
export const HARBOUR = `The ferry that waits for the post

By Wenna Tregear

The evening ferry from Port Carrow leaves when the post van has come, and it has been late on 212 days in a row.

The van climbs Beacon Hill behind the school bus, which stops eleven times. The ferry's skipper, Jory Pellow, can see its lamp from the wheelhouse and has learned to boil the kettle when it passes the chapel.

The Maid of Carrow at the slip, with her engine running. Photo | Carrow Gazette

"The timetable is a hope, and the post is a promise," said Jory Pellow, who has crossed the sound 31,000 times.

In March the council offered to move the departure by twenty minutes. Nobody on the island wanted it. The islanders had set their own clocks by the late ferry for years, and the inn had moved its supper.

The council has now printed a new timetable with the old time and a footnote. It reads: or when the post is aboard.

Leave a Reply
`;

export const LIGHTHOUSE = `---
title: A lamp that counts moths
author: Denzil Roskear
date: 2021-05-02
---

The keeper of Pen Voose lighthouse has counted the moths on its lantern every night for nine years, and the count has doubled.

Ysella Chegwin began with a tally on the back of a tide table. She now has 3,285 nights in eleven ledgers, and 46 species that no book lists for the coast.

"I was asked to watch for ships, and nobody said that I couldn't watch for anything else," said Ysella Chegwin.

The university at Lanner has copied the ledgers. It found that the moths come early in the years when the heather is late, and it has asked for ten more years.
`;
