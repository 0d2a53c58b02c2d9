import { existsSync } from "node:fs";
import { cp, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect } from "vitest";
import * as z from "zod";
import type { Digest } from "../../src/digest/digest.ts";
import { parseDigest } from "../../src/digest/digest-json.ts";
import { edited } from "../digest/edited.ts";
import { newFolder } from "../temporary.ts";
import { broadsheet, contentsOf, folderWith, HARBOUR, issueOf, LIGHTHOUSE } from "./broadsheet.ts";
import { spawnBroadsheet } from "./spawn-broadsheet.ts";

const DAY = "2031-04-02";
const FOLDER = path.join("outbox", "the-mudlark", DAY);
const BUILD = ["build", "--date", DAY];

/** Where a process is killed: at a write into the outbox, before it or, of a file, in its middle. */
export interface Death {
  /** Which one of those that match, from 1. */
  readonly nth: number;
  /** A pattern of the call and its paths in the outbox, such as `rename .2031-04-02.new`. */
  readonly match?: string;
  readonly isTorn?: boolean;
  /** The text that a program saves into digest.json at the last moment before its folder is set aside. */
  readonly saved?: string;
}

/** Kills the process with SIGKILL, as a machine that is switched off does. Of the files of a new folder only the first counts. */
const SCRIPT = `
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
const { nth, match, isTorn, saved } = JSON.parse(process.env.DIES_AT);
const inOutbox = (file) => String(file).split("/outbox/")[1]?.replace(/-[0-9a-f]{8}-\\d+-\\d+/, "");
let count = 0;
let isSeen = false;
function isThen(call, files, canBeTorn) {
  const shown = files.map(inOutbox).filter((file) => file !== undefined);
  if (shown.length === 0 || (isTorn && !canBeTorn)) return false;
  const isInNew = /\\.new\\/./.test(shown[0]);
  if (isInNew && isSeen) return false;
  isSeen ||= isInNew;
  if (!new RegExp(match ?? "").test([call, ...shown].join(" "))) return false;
  return ++count === nth;
}
const die = () => process.kill(process.pid, "SIGKILL");
const half = (content) => content.slice(0, content.length / 2);
for (const call of ["rename", "mkdir", "rm", "writeFile", "open"]) {
  const original = fs.promises[call];
  fs.promises[call] = async (...given) => {
    const [file, second] = given;
    const isRead = call === "open" && (second === undefined || second === "r" || typeof second === "number");
    const isFile = call === "writeFile";
    if (saved && call === "rename" && inOutbox(second).endsWith(".old")) {
      fs.writeFileSync(file + "/digest.json", saved);
      fs.writeFileSync("saved", "");
    }
    if (!isRead && isThen(call, call === "rename" ? [file, second] : [file], isFile)) {
      if (isTorn) fs.writeFileSync(file, half(second));
      die();
    }
    const result = await original.apply(fs.promises, given);
    if (call === "open" && !isRead) wrap(result, file);
    return result;
  };
}
function wrap(handle, file) {
  for (const call of ["writeFile", "sync"]) {
    const original = handle[call].bind(handle);
    handle[call] = async (...given) => {
      if (isThen(call, [file], call === "writeFile")) {
        if (isTorn) fs.writeSync(handle.fd, half(given[0]));
        die();
      }
      return original(...given);
    };
  }
}
syncBuiltinESMExports();
`;

/** What an editor did before a command, and which words must not be lost whenever it is killed. */
interface Work {
  readonly name: string;
  readonly before: (project: Project) => Promise<void>;
  /** The command that is killed. */
  readonly args: readonly string[];
  readonly words: readonly string[];
  /** Whether the words are taken out of the issue, and only kept. */
  readonly isDiscarded?: true;
  /** Whether the change is saved while the command is at work. */
  readonly isLate?: true;
}

class Project {
  readonly cwd: string;

  constructor(cwd: string) {
    this.cwd = cwd;
  }

  static #built: Promise<Project> | undefined;

  static async make(): Promise<Project> {
    this.#built ??= this.#build();
    return (await this.#built).copy();
  }

  static async #build(): Promise<Project> {
    const project = new Project(
      await folderWith({
        "broadsheet.config.json": JSON.stringify({ name: "The Mudlark" }),
        "content/1.txt": HARBOUR,
        "content/2.md": LIGHTHOUSE,
      }),
    );
    await project.run(BUILD);
    return project;
  }

  async copy(): Promise<Project> {
    const folder = await newFolder();
    await cp(this.cwd, folder, { recursive: true });
    return new Project(folder);
  }

  file(name: string): string {
    return path.join(this.cwd, FOLDER, name);
  }

  async run(args: readonly string[]) {
    const run = await broadsheet([...args, "--json"], { cwd: this.cwd });
    expect(run).toMatchObject({ code: 0 });
    return issueOf(run);
  }

  /** Whether the command was killed. */
  async isKilled(args: readonly string[], death: Death): Promise<boolean> {
    const script = path.join(this.cwd, "dies.mjs");
    await writeFile(script, SCRIPT);
    const env = { NODE_OPTIONS: `--import=${script}`, DIES_AT: JSON.stringify(death) };
    const { code, stderr } = await spawnBroadsheet(args, { cwd: this.cwd, env });
    if (code !== null) expect({ code, stderr }).toMatchObject({ code: 0 });
    return code === null;
  }

  async digestText(): Promise<string> {
    return readFile(this.file("digest.json"), "utf8");
  }

  async edit(change: (digest: Digest) => Digest, text?: string): Promise<void> {
    const digest = change(parseDigest(text ?? (await this.digestText()), "digest.json"));
    await writeFile(this.file("digest.json"), JSON.stringify(digest, undefined, 2));
  }
}

const withGist = (digest: Digest) =>
  edited(digest, 0, (one) => ({ ...one, summary: { ...one.summary, gist: { text: "By hand." } } }));
const withSubject = (digest: Digest) => ({ ...digest, subject: "My subject" });

export const WORKS: readonly Work[] = [
  {
    name: "a change by hand",
    before: async (project) => project.edit(withGist),
    args: ["render", path.join(FOLDER, "digest.json")],
    words: ["By hand."],
  },
  {
    name: "an older copy, with other articles",
    async before(project) {
      const copy = await project.digestText();
      await project.edit(withSubject);
      await project.run(BUILD);
      await writeFile(path.join(project.cwd, "content/2.md"), `${LIGHTHOUSE}\nIt was lit again.\n`);
      await project.edit(withGist, copy);
    },
    args: BUILD,
    words: ["By hand.", "My subject"],
  },
  {
    name: "the conversion of an older issue",
    async before(project) {
      const text = await readFile(project.file("digest.built.json"), "utf8");
      const { merged: _merged, ...built } = jsonSchema.parse(JSON.parse(text));
      for (const { entries } of built.sections) for (const entry of entries) delete entry["id"];
      await writeFile(project.file("digest.built.json"), JSON.stringify(built));
      await rm(project.file("digest.written.json"));
      await project.edit((digest) => withSubject(withGist(digest)), JSON.stringify(built));
    },
    args: BUILD,
    words: ["By hand.", "My subject"],
  },
  {
    name: "the conversion of an unknown issue",
    async before(project) {
      for (const name of ["built", "written"]) await rm(project.file(`digest.${name}.json`));
      await project.edit((digest) => withSubject(withGist(digest)));
    },
    args: BUILD,
    words: ["By hand.", "My subject"],
  },
  {
    name: "a change by hand at the last moment",
    before: async (project) =>
      writeFile(path.join(project.cwd, "content/2.md"), `${LIGHTHOUSE}\nIt was lit again.\n`),
    args: BUILD,
    words: ["By hand."],
    isLate: true,
  },
  {
    name: "discarding edits",
    async before(project) {
      await project.edit(withSubject);
      await project.run(BUILD);
      await project.edit(withGist);
    },
    args: [...BUILD, "--discard-edits"],
    words: ["By hand.", "My subject"],
    isDiscarded: true,
  },
];

const jsonSchema = z.looseObject({
  sections: z.array(z.looseObject({ entries: z.array(z.record(z.string(), z.unknown())) })),
});

/** The newsletter as an editor leaves it. */
export async function worked({ before }: Work): Promise<Project> {
  const project = await Project.make();
  await before(project);
  return project;
}

/** Kills the command once, and checks that the next one has all words. Whether it got so far. */
export async function survives(left: Project, work: Work, death: Death): Promise<boolean> {
  const [isKilled = false] = await surviveAll(left, work, [death]);
  return isKilled;
}

/** As `survives`, of commands that are killed at the same time, each in a copy of its own. */
export async function surviveAll(
  left: Project,
  work: Work,
  deaths: readonly Death[],
): Promise<readonly boolean[]> {
  const killed = await Promise.all(deaths.map((death) => kill(left, work, death)));
  // The checks run in this process, which runs one command at a time.
  for (const { project } of killed) await expectWords(project, work);
  return killed.map(({ isKilled }) => isKilled);
}

async function kill(left: Project, { args, isLate }: Work, death: Death) {
  const project = await left.copy();
  const saved = isLate && JSON.stringify(withGist(parseDigest(await project.digestText(), "")));
  return { project, isKilled: await project.isKilled(args, { ...death, ...(saved && { saved }) }) };
}

async function expectWords(project: Project, work: Work): Promise<void> {
  const { args, isDiscarded, isLate } = work;
  const words = isLate && !existsSync(path.join(project.cwd, "saved")) ? [] : work.words;
  await project.run(isDiscarded ? args : BUILD);
  const text = await project.digestText();
  await project.run(BUILD);
  expect(await project.digestText()).toBe(text);
  const files = await contentsOf(path.join(project.cwd, "outbox"));
  const kept = isDiscarded ? Object.values(files).join("\n") : text;
  for (const one of words) expect(kept).toContain(one);
  if (isDiscarded) for (const one of words) expect(text).not.toContain(one);
  expect(Object.keys(files).filter((name) => /\.(?:new|old)-/.test(name))).toEqual([]);
  await rm(project.cwd, { recursive: true });
}
