/**
 * What one edit in the preview costs beside a full build, in processor time: an issue of ten stories, and edits of five
 * kinds, each with the answer that the page gets. Both are made in one process, which has built other issues before.
 *
 *   node bench/edit.ts              the median of each, and their ratio
 *   node bench/edit.ts --profile    one build and many edits, to be run under --cpu-prof
 *   node bench/edit.ts --keys       what a keystroke in an open text costs the main thread of the page: an issue of 40 stories
 *                                   in an outbox of 300 beside one of 4 in an outbox of 10
 */
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import path from "node:path";
import sharp from "sharp";
import type { Config } from "../src/config/config.ts";
import { openProject } from "../src/config/io/load-config.ts";
import { Desk } from "../src/desk/desk.ts";
import { Events } from "../src/desk/events.ts";
import { issuePage } from "../src/desk/issue-page.ts";
import { type Digest, type Entry, flatEntries, idOf } from "../src/digest/digest.ts";
import type { Change } from "../src/digest/operations/operation.ts";
import { parseDigest } from "../src/digest/digest-json.ts";
import { buildIssue, draftIssue, read } from "../src/issue/build.ts";
import { openBuild } from "../src/issue/open-build.ts";
import { SILENT } from "../src/platform/reporter.ts";
import { openBrowser } from "../tests/browser.ts";
import { startPreview } from "../tests/desk/server.ts";

const CONTENT = path.resolve(import.meta.dirname, "../content");
const STORIES = ["01-foghorn.md", "02-eleven-minutes.txt", "03-eels.md", "04-kirchenbank.md"];
const COUNT = 10;
const ROUNDS = 9;
const DAY = "2031-04-02";
const PICTURE = "images/garrant-head.png";
const TICK_MS = 10;

/** Stories of the issue, and issues of the outbox. */
const SIZES = [
  [4, 10],
  [40, 300],
] as const;
const KEYSTROKES = 200;

const cwd = mkdtempSync(path.join(tmpdir(), "broadsheet-edit-"));
const cache = path.join(cwd, "cache");
process.env["XDG_CACHE_HOME"] = cache;

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
  process.chdir(cwd);
  const config = await openProject({}, { cwd });
  const options = { flags: { date: DAY }, cwd, reporter: SILENT };
  const desk = deskOf(config, options);
  const life = {
    dataFor: () => ({ isSending: false, asks: false, zone: "UTC", slots: [] }),
  };
  const access = { key: "", port: () => 0, onEntered };
  const page = { desk, events: new Events(), cwd, access, life };
  const name = `the-tidewrack/${DAY}`;
  const articles = readdirSync(path.join(cwd, "content")).filter((one) =>
    /\.(?:md|txt)$/.test(one),
  );
  /** Makes other articles and pictures, so that neither memory nor the cache of MJML has anything of the next issue. */
  const change = async (round: number) => {
    for (const one of articles)
      appendFileSync(path.join(cwd, "content", one), `\nIt was counted ${round} times more.\n`);
    const picture = sharp(path.join(CONTENT, PICTURE)).linear(1, round);
    await picture.toFile(path.join(cwd, "content", PICTURE));
    for (const folder of [config.outbox, cache]) rmSync(folder, { recursive: true, force: true });
  };
  const digestNow = (): Digest => {
    const file = path.join(config.outbox, name, "digest.json");
    return parseDigest(readFileSync(file, "utf8"), file);
  };
  /** As a page sends it, with what the page is answered. */
  const edit = async (changes: readonly Change[]) => {
    await desk.edit(name, changes);
    return JSON.stringify(await issuePage(name, page));
  };
  const builds: number[] = [];
  const edits = new Map<string, number[]>();
  const rounds = process.argv.includes("--profile") ? 1 : ROUNDS;
  for (let at = 0; at < rounds; at++) {
    await change(at + 1);
    builds.push(await cpuMs(async () => buildIssue([], config, options)));
    // The page shows the issue before anybody edits it.
    await issuePage(name, page);
    for (let again = 0; again < (rounds === 1 ? 9 : 1); again++) {
      for (const [kind, changesOf] of Object.entries(KINDS)) {
        const changes = changesOf(flatEntries(digestNow()), builds.length + again);
        const spent = await cpuMs(async () => edit(changes));
        edits.set(kind, [...(edits.get(kind) ?? []), spent]);
      }
    }
  }
  const all = [...edits.values()].flat();
  for (const [kind, spent] of edits) console.log(`  ${kind}: ${median(spent)} ms`);
  console.log(`${COUNT} stories: build ${median(builds)} ms, edit ${median(all)} ms`);
  console.log(`ratio ${(median(all) / median(builds)).toFixed(2)}`);
}

/** The processor time of the page's main thread for each of many keystrokes, the 95th percentile, by the size of the issue. */
async function measureKeys(): Promise<void> {
  const figures: number[] = [];
  for (const [stories, issues] of SIZES) {
    const folder = path.join(cwd, `of-${stories}`);
    await writeIssues(folder, stories, issues);
    const desk = await startPreview(folder, ["--date", DAY]);
    const page = await (await openBrowser()).newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(`${desk.url}?show=desktop`);
    const email = page.frameLocator(".pane:not([hidden]) iframe");
    await email.locator("x-text[data-field$=headline], x-text[data-field$=title]").first().click();
    await page.locator(".edit-bar").waitFor();
    const shown = await page.locator('[aria-label="Stories"] ol > li').count();
    const browser = await page.context().newCDPSession(page);
    await browser.send("Performance.enable", { timeDomain: "threadTicks" });
    const spentMs = async () => {
      const { metrics } = await browser.send("Performance.getMetrics");
      return 1_000 * (metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0);
    };
    const spent: number[] = [];
    for (let key = 0; key < KEYSTROKES; key++) {
      const before = await spentMs();
      await page.keyboard.press("a");
      await page.evaluate(
        async () => new Promise((done) => requestAnimationFrame(() => setTimeout(done))),
      );
      spent.push((await spentMs()) - before);
    }
    const percentile = spent.toSorted((a, b) => a - b)[Math.floor(KEYSTROKES * 0.95)] ?? 0;
    figures.push(percentile);
    console.log(`${shown} stories, ${issues} issues: ${percentile.toFixed(1)} ms a keystroke`);
    await page.close();
    await desk.stop();
  }
  console.log(`ratio ${((figures[1] ?? 0) / (figures[0] ?? 1)).toFixed(2)}`);
}

/** A newsletter whose outbox has the issue of today and others before it. */
async function writeIssues(folder: string, stories: number, issues: number): Promise<void> {
  const content = path.join(folder, "content");
  for (let at = 0; at < stories; at++) {
    const name = STORIES[at % STORIES.length] ?? "";
    cpSync(path.join(CONTENT, name), path.join(content, `${at}-${name}`));
    const text = readFileSync(path.join(CONTENT, name), "utf8").replaceAll("the", `the ${at}`);
    writeFileSync(path.join(content, `${at}-${name}`), text);
  }
  const settings = { name: "The Tidewrack", merge: false, maxItems: stories };
  writeFileSync(path.join(folder, "broadsheet.config.json"), JSON.stringify(settings));
  const config = await openProject({}, { cwd: folder });
  const options = { flags: { date: DAY }, cwd: folder, reporter: SILENT };
  await buildIssue([], config, options);
  const built = path.join(config.outbox, "the-tidewrack", DAY);
  for (let at = 1; at < issues; at++) {
    const slot = new Date(Date.parse(DAY) - at * 86_400_000).toISOString().slice(0, 10);
    const other = path.join(config.outbox, "the-tidewrack", slot);
    cpSync(built, other, { recursive: true });
    const file = path.join(other, "digest.json");
    writeFileSync(
      file,
      readFileSync(file, "utf8").replaceAll(`"slot": "${DAY}"`, `"slot": "${slot}"`),
    );
  }
}

/** What an editor does, the one after the other. Each time other stories are moved and hidden. */
const KINDS: Readonly<Record<string, (entries: readonly Entry[], turn: number) => Change[]>> = {
  subject: (_entries, turn) => [
    { op: "set", field: "subject", value: `What the editor calls it, for the ${turn}th time` },
  ],
  gist: (entries, turn) => {
    const value = { text: `What the editor wrote of it, for the ${turn}th time.` };
    return [{ op: "set", id: idAt(entries, turn), field: "summary.gist", value }];
  },
  "key point": (entries, turn) => {
    const entry = entries.find(({ summary }) => summary.keyPoints.length > 0);
    const sentence = entry?.summary.keyPoints[0]?.text ?? "";
    const value = { text: `What the editor thinks matters, for the ${turn}th time.` };
    const id = entry ? idOf(entry) : "";
    return [{ op: "set", id, field: "keyPoint", sentence, value }];
  },
  move: (entries, turn) => [
    { op: "move", id: idAt(entries, turn + 3), before: [idAt(entries, turn + 1)] },
  ],
  hide: (entries, turn) => [{ op: "hide", id: idAt(entries, 5), value: turn % 2 > 0 }],
};

function idAt(entries: readonly Entry[], at: number): string {
  const entry = entries[at % entries.length];
  return entry ? idOf(entry) : "";
}

function deskOf(config: Config, options: Parameters<typeof buildIssue>[2]): Desk {
  return new Desk(
    {
      cwd,
      config: async () => config,
      isNew: async () => false,
      meant: async () => Promise.reject(new Error("only edits are measured")),
      draft: async () => {
        const opened = await openBuild(config, options);
        return {
          composed: await draftIssue(async () => read([], config, options), opened),
          build: opened,
        };
      },
      story: async () => Promise.reject(new Error("only edits are measured")),
      flags: {},
      forget: () => undefined,
    },
    config,
    () => undefined,
  );
}

function onEntered(): void {
  // Nobody comes in by an address here.
}

async function cpuMs(work: () => Promise<unknown>): Promise<number> {
  const before = cpuMsSoFar();
  await work();
  // Pictures are decoded in a process of their own.
  while (process.getActiveResourcesInfo().includes("ProcessWrap")) await sleep(1);
  return cpuMsSoFar() - before;
}

/** Of this process and, where Linux tells it, of those that it has started and that have ended (proc(5)). */
function cpuMsSoFar(): number {
  const { user, system } = process.cpuUsage();
  const stat = existsSync("/proc/self/stat") ? readFileSync("/proc/self/stat", "utf8") : "";
  const [cutime = 0, cstime = 0] =
    stat.split(") ").at(-1)?.split(" ").slice(13, 15).map(Number) ?? [];
  return (user + system) / 1000 + (cutime + cstime) * TICK_MS;
}

function median(values: readonly number[]): number {
  return Math.round(values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0);
}

try {
  await (process.argv.includes("--keys") ? measureKeys() : measure());
} finally {
  rmSync(cwd, { recursive: true });
}
if (process.argv.includes("--keys")) process.exit(0);
