/**
 * What one edit in the preview costs beside a full build, in processor time of one process: an issue of ten stories.
 *
 *   node bench/edit.ts              the median of each, and their ratio
 *   node bench/edit.ts --profile    only edits, to be run under --cpu-prof
 */
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { openProject } from "../src/config/io/load-config.ts";
import { Desk } from "../src/desk/desk.ts";
import { flatEntries, idOf } from "../src/digest/digest.ts";
import { parseDigest } from "../src/digest/digest-json.ts";
import { buildIssue, draftIssue, read } from "../src/issue/build.ts";
import { openBuild } from "../src/issue/open-build.ts";
import { SILENT } from "../src/platform/reporter.ts";

const CONTENT = path.resolve(import.meta.dirname, "../content");
const STORIES = ["01-foghorn.md", "02-eleven-minutes.txt", "03-eels.md", "04-kirchenbank.md"];
const COUNT = 10;
const ROUNDS = 9;
const DAY = "2031-04-02";

const cwd = mkdtempSync(path.join(tmpdir(), "broadsheet-edit-"));
try {
  await measure();
} finally {
  rmSync(cwd, { recursive: true });
}

async function measure(): Promise<void> {
  cpSync(CONTENT, path.join(cwd, "content"), { recursive: true });
  for (let at = STORIES.length; at < COUNT; at++) {
    const name = STORIES[at % STORIES.length] ?? "";
    const text = readFileSync(path.join(CONTENT, name), "utf8").replaceAll("the", `the ${at}`);
    writeFileSync(path.join(cwd, "content", `${at}-${name}`), text);
  }
  for (const name of ["00-letter.md", "05-boat.md", "99-whelks.md"])
    rmSync(path.join(cwd, "content", name));
  writeFileSync(
    path.join(cwd, "broadsheet.config.json"),
    JSON.stringify({ name: "The Tidewrack", merge: false }),
  );
  const flags = { date: DAY };
  const config = await openProject({}, { cwd });
  const options = { flags, cwd, reporter: SILENT };
  const articles = readdirSync(path.join(cwd, "content")).filter((one) =>
    /\.(?:md|txt)$/.test(one),
  );
  let round = 0;
  // Each build is of other articles, so that nothing is remembered from the one before.
  const build = async () => {
    round++;
    for (const one of articles)
      appendFileSync(path.join(cwd, "content", one), `\nIt was counted ${round} times more.\n`);
    const before = process.cpuUsage();
    await buildIssue([], config, options);
    return cpuMsSince(before);
  };
  const desk = new Desk(
    {
      cwd,
      config: async () => config,
      meant: async () => Promise.reject(new Error("only edits are measured")),
      draft: async () => {
        const opened = await openBuild(config, options);
        return {
          composed: await draftIssue(async () => read([], config, options), opened),
          build: opened,
        };
      },
      forget: () => undefined,
    },
    config,
    () => undefined,
  );
  await build();
  const name = `the-tidewrack/${DAY}`;
  const file = path.join(config.outbox, name, "digest.json");
  const digest = parseDigest(readFileSync(file, "utf8"), file);
  const entries = flatEntries(digest);
  let at = 0;
  const edit = async () => {
    const entry = entries[at % entries.length];
    const value = { text: `What the editor wrote of it, for the ${++at}th time.` };
    if (entry)
      await desk.edit(name, [{ op: "set", id: idOf(entry), field: "summary.gist", value }]);
    await desk.open(name);
  };
  if (process.argv.includes("--profile")) {
    for (let round = 0; round < 60; round++) await edit();
    return;
  }
  const [builds, edits]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    builds.push(await build());
    const before = process.cpuUsage();
    await edit();
    edits.push(cpuMsSince(before));
  }
  console.log(`${entries.length} stories: build ${median(builds)} ms, edit ${median(edits)} ms`);
  console.log(`ratio ${(median(edits) / median(builds)).toFixed(2)}`);
}

function cpuMsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function median(values: readonly number[]): number {
  return Math.round(values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0);
}
