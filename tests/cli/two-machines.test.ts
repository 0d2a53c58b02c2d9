import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { openLedger } from "../../src/delivery/io/open-ledger.ts";
import { EditsFile } from "../../src/issue/io/edits-file.ts";
import { storedVersions } from "../../src/issue/io/stored-issue.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { newDatabase } from "../stores.ts";
import { newFolder } from "../temporary.ts";
import { broadsheet, contentsOf, folderWith, HARBOUR, type Run } from "./broadsheet.ts";

const SLOT = "2031-04-02";
const SLUG = "the-slipway";
const CONFIG = {
  name: "The Slipway",
  from: "post@slipway.example",
  transport: "outbox",
  urls: { unsubscribe: "https://slipway.example/u/{token}" },
};

/** A machine with the config and the articles of a newsletter, whose store is in the database. */
class Machine {
  readonly cwd: string;
  readonly #env: Readonly<Record<string, string>>;

  private constructor(cwd: string, env: Readonly<Record<string, string>>) {
    this.cwd = cwd;
    this.#env = env;
  }

  static async of(url: string): Promise<Machine> {
    const text = JSON.stringify(CONFIG);
    const cwd = await folderWith({ "content/1.txt": HARBOUR, "broadsheet.config.json": text });
    const secret = { BROADSHEET_SECRET: "a secret that both machines have" };
    return new Machine(cwd, { DATABASE_URL: url, XDG_STATE_HOME: await newFolder(), ...secret });
  }

  movedTo(url: string): Machine {
    return new Machine(this.cwd, { ...this.#env, DATABASE_URL: url });
  }

  async run(...args: readonly string[]): Promise<Run> {
    const run = await broadsheet(args, { cwd: this.cwd, env: this.#env });
    if (run.code !== 0) throw new Error(`broadsheet ${args.join(" ")}: ${run.stderr}`);
    return run;
  }

  async render(): Promise<void> {
    await this.run("render", path.join(this.folder, "digest.json"));
  }

  get outbox(): string {
    return path.join(this.cwd, "outbox");
  }

  get folder(): string {
    return path.join(this.outbox, SLUG, SLOT);
  }

  /** As an editor's program saves digest.json. */
  async save(change: (digest: Record<string, unknown>) => object): Promise<void> {
    const file = path.join(this.folder, "digest.json");
    const digest: Record<string, unknown> = JSON.parse(await readFile(file, "utf8"));
    await writeFile(file, JSON.stringify({ ...digest, ...change(digest) }, undefined, 2));
  }

  /** The files of the issue and of its edits. */
  async files(): Promise<Record<string, string>> {
    const all = Object.entries(await contentsOf(path.join(this.outbox, SLUG)));
    return Object.fromEntries(all.filter(([name]) => !/edited|messages|^\./.test(name)));
  }

  async digest(): Promise<Record<string, unknown>> {
    return JSON.parse(await readFile(path.join(this.folder, "digest.json"), "utf8"));
  }

  /** One copy of the issue, without the time at which it was sent. */
  async copy(): Promise<string> {
    await this.run("send", SLOT, "--to", "mara@harbour.example", "--yes");
    const messages = await contentsOf(path.join(this.folder, "messages"));
    const [message = ""] = Object.values(messages);
    return message.replace(/^Date: .*$/m, "");
  }
}

describe("two machines with one database", () => {
  let first: Machine;
  let second: Machine;

  beforeEach(async () => {
    const url = await newDatabase();
    first = await Machine.of(url);
    second = await Machine.of(url);
    await first.run("build", "--date", SLOT);
  });

  test("have the same issue, byte for byte, and send the same message", async () => {
    await first.save(() => ({ subject: "Slack water at noon" }));
    await first.render();
    await second.run("status");
    expect(await second.files()).toEqual(await first.files());
    expect(await second.digest()).toMatchObject({ subject: "Slack water at noon" });
    expect(await second.copy()).toBe(await first.copy());
  });

  test("build it again with the same edits", async () => {
    await first.save(() => ({ subject: "Slack water at noon" }));
    await first.render();
    await second.run("build", "--date", SLOT);
    expect(await second.digest()).toMatchObject({ subject: "Slack water at noon" });
    await first.run("status");
    expect(await first.files()).toEqual(await second.files());
  });

  test("keep what an editor saved on one while the other was at work", async () => {
    await second.run("status");
    await first.save(() => ({ subject: "Slack water at noon" }));
    await second.save(() => ({ preheader: "And what the tide left" }));
    await second.render();
    await first.render();
    await second.run("status");
    const both = { subject: "Slack water at noon", preheader: "And what the tide left" };
    expect(await first.digest()).toMatchObject(both);
    expect(await second.files()).toEqual(await first.files());
  });

  test("bring back a folder that was removed", async () => {
    const before = await first.files();
    await rm(first.outbox, { recursive: true });
    await first.run("status");
    expect(await first.files()).toEqual(before);
  });
});

test("what is built into another outbox stays on its machine, and nothing comes into it", async () => {
  const url = await newDatabase();
  const first = await Machine.of(url);
  await first.run("build", "--date", SLOT);
  const before = await first.files();
  const second = await Machine.of(url);
  await second.run("build", "--date", "2031-05-04", "--out", "drafts");
  expect(await readdir(path.join(second.cwd, "drafts", SLUG))).toEqual(["2031-05-04"]);
  await second.run("build", "--date", SLOT, "--template", "brief", "--out", "drafts");
  const third = await Machine.of(url);
  await third.run("status");
  expect(await third.files()).toEqual(before);
  expect(await readdir(path.join(third.outbox, SLUG))).not.toContain("2031-05-04");
});

test("an issue that was stored in a former database is stored in the new one", async () => {
  const first = await Machine.of(await newDatabase());
  await first.run("build", "--date", SLOT);
  const url = await newDatabase();
  await first.movedTo(url).run("status");
  const second = await Machine.of(url);
  await second.run("status");
  expect(await second.files()).toEqual(await first.files());
});

test("a backup in a file has the issues beside it, in the outbox of its machine", async () => {
  const url = await newDatabase();
  const first = await Machine.of(url);
  await first.run("build", "--date", SLOT);
  const second = await Machine.of(url);
  await second.run("db", "copy", "DATABASE_URL", "backup.sqlite");
  expect(await second.files()).toEqual(await first.files());
});

test("the database forgets an issue that is sent and not one of the latest ten, and keeps drafts", async () => {
  const store = { url: await newDatabase() };
  const env = { XDG_STATE_HOME: await newFolder() };
  const outbox = await folderWith({ [`${SLUG}/.keep`]: "" });
  const keep = async (slot: string): Promise<void> => {
    await using edits = await EditsFile.open(outbox, { newsletter: SLUG, slot }, store);
    await edits.store(new Map([["digest.json", "{}"]]));
  };
  const plan = async (slot: string, recipients: readonly { readonly address: string }[]) => {
    await using ledger = await openLedger(store, { clock: systemClock, env });
    await ledger.plan({ issue: { newsletter: SLUG, slot }, contentHash: "first", recipients });
  };
  for (const slot of ["2031-01-01", "2031-01-02", "2031-01-03"]) await keep(slot);
  await plan("2031-01-01", []);
  await plan("2031-01-02", [{ address: "mara@harbour.example" }]);
  const later = Array.from({ length: 10 }, (_, n) => `2031-02-${n + 10}`);
  for (const slot of later) await keep(slot);
  const versions = await storedVersions(store, SLUG);
  expect([...versions.keys()].toSorted()).toEqual(["2031-01-02", "2031-01-03", ...later]);
});

test("a change that another machine was before with is refused, and nothing is lost", async () => {
  const store = { url: await newDatabase() };
  const issue = { newsletter: SLUG, slot: SLOT };
  const open = async () => {
    const outbox = await folderWith({ [`${SLUG}/.keep`]: "" });
    return EditsFile.open(outbox, issue, store);
  };
  await using slower = await open();
  await using faster = await open();
  await faster.append({ operations: [], base: undefined }, [
    { op: "set", field: "subject", value: "First" },
  ]);
  const late = slower.append({ operations: [], base: undefined }, [
    { op: "set", field: "subject", value: "Second" },
  ]);
  await expect(late).rejects.toMatchObject({ code: "OUTBOX_BUSY" });
  await using third = await open();
  const { operations } = await third.takeUp();
  expect(operations).toMatchObject([{ value: "First" }]);
});
