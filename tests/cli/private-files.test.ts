import { chmod, mkdir, readdir, stat } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { openDatabase } from "../../src/platform/sqlite/open-store.ts";
import { photo } from "../pictures.ts";
import { broadsheet, folderWith, HARBOUR, LIGHTHOUSE } from "./broadsheet.ts";

const SLOT = "2031-04-02";

/** A newsletter that is about to build, with a picture of its own, all that it keeps being in one folder. */
async function newsletter() {
  const cwd = await folderWith({
    "broadsheet.config.json": JSON.stringify({
      name: "The Slipway",
      from: "post@slipway.example",
      transport: "outbox",
    }),
    "content/1.txt": HARBOUR,
    "content/2.md": `${LIGHTHOUSE}\n![The lamp](lamp.jpg)\n`,
    "people.csv": "email\nmara@harbour.example\njory@harbour.example\nnobody\n",
  });
  await photo(640, 320).jpeg().toFile(path.join(cwd, "content/lamp.jpg"));
  const env = {
    BROADSHEET_SECRET: "a secret that only these tests know",
    XDG_STATE_HOME: path.join(cwd, "state"),
    XDG_CACHE_HOME: path.join(cwd, "cache"),
  };
  const run = async (...args: string[]) => {
    const { code, stderr } = await broadsheet(args, { cwd, env });
    expect([code, stderr].slice(0, code === 0 ? 1 : 2)).toEqual([0]);
  };
  return { cwd, run };
}

async function withUmask(mask: number, work: () => Promise<void>): Promise<void> {
  const former = process.umask(mask);
  try {
    await work();
  } finally {
    process.umask(former);
  }
}

/** What other accounts may do with anything in these folders, and with them. */
async function openToOthers(cwd: string, folders: readonly string[]): Promise<string[]> {
  const names = await Promise.all(
    folders.map(async (folder) => {
      const inside = await readdir(path.join(cwd, folder), { recursive: true });
      return [folder, ...inside.map((name) => path.join(folder, name))];
    }),
  );
  const modes = names.flat().map(async (name) => {
    const found = await stat(path.join(cwd, name));
    const wanted = found.isDirectory() ? 0o700 : 0o600;
    return (found.mode & 0o777) === wanted ? [] : [`${name} ${(found.mode & 0o777).toString(8)}`];
  });
  return (await Promise.all(modes)).flat();
}

test("other accounts of the machine read nothing of an issue or a list, where the umask hides nothing", async () => {
  const { cwd, run } = await newsletter();
  await withUmask(0, async () => {
    await run("build", "--date", SLOT);
    await run("subscribers", "import", "people.csv", "--consent", "signed up");
    await run("render", `outbox/the-slipway/${SLOT}/digest.json`);
    await run("send", SLOT, "--yes");
  });
  const kept = ["outbox", ".broadsheet", "state", "cache"];
  expect(await openToOthers(cwd, kept)).toEqual([]);
  const issue = await readdir(path.join(cwd, "outbox/the-slipway", SLOT), { recursive: true });
  for (const name of ["preview.html", "digest.json", "email.eml"]) expect(issue).toContain(name);
  expect(issue.filter((name) => /^(?:messages|images)\//.test(name))).toHaveLength(4);
});

test("an issue that was built for all to see is closed by its next build, its messages with it", async () => {
  const { cwd, run } = await newsletter();
  const folder = path.join(cwd, "outbox/the-slipway", SLOT);
  await mkdir(path.join(folder, "messages"), { recursive: true });
  for (const name of [folder, path.join(folder, "messages")]) await chmod(name, 0o755);
  await run("build", "--date", SLOT);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
});

test("what a store keeps beside itself while it is open is nobody else's either", async () => {
  const { cwd } = await newsletter();
  const file = path.join(cwd, ".broadsheet/broadsheet.db");
  await withUmask(0, async () => {
    const store = await openDatabase(file);
    store.exec("INSERT INTO list (newsletter, uid) VALUES ('the-slipway', randomblob(6))");
    expect(await readdir(path.dirname(file))).toContain("broadsheet.db-wal");
    expect(await openToOthers(cwd, [".broadsheet"])).toEqual([]);
    store.close();
  });
});

test("a page that is written where its owner says is as readable as what they write themselves", async () => {
  const { cwd, run } = await newsletter();
  await withUmask(0o022, async () => {
    await run("init", "another", "--yes");
    await run("build", "--date", SLOT);
    await run("status", "--html", "past.html");
  });
  const modes = ["another", "another/content", "another/broadsheet.yaml", "past.html"].map(
    async (name) => (await stat(path.join(cwd, name))).mode & 0o777,
  );
  expect(await Promise.all(modes)).toEqual([0o755, 0o755, 0o644, 0o644]);
});
