import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  BroadsheetError,
  buildIssue,
  deliver,
  openNewsletter,
  openSubscribers,
  readSources,
} from "../src/index.ts";
import type { Newsletter } from "../src/newsletter.ts";
import { folderWith, HARBOUR } from "./cli/broadsheet.ts";
import { type FaultServer, startFaultServer } from "./fault-server.ts";
import { newFolder } from "./temporary.ts";

const CONFIG = {
  name: "The Slipway",
  from: "post@slipway.example",
  urls: { unsubscribe: "https://slipway.example/u/{token}" },
};

let server: FaultServer;
let folder: string;
let newsletter: Newsletter;
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  server = await startFaultServer();
  folder = await folderWith({
    "content/1.txt": HARBOUR,
    "broadsheet.config.json": JSON.stringify(CONFIG),
  });
  const state = await newFolder();
  env = {
    BROADSHEET_SECRET: "a secret that only this test knows",
    SMTP_URL: `smtp://127.0.0.1:${server.port}`,
    XDG_STATE_HOME: state,
  };
  newsletter = await openNewsletter(folder, { env });
});

afterAll(async () => server.close());

describe("the library does what the commands do", () => {
  test("it reads files and folders, and says in its place what can't be read", async () => {
    const results = [];
    for await (const result of readSources(newsletter, ["content", "nowhere.md"])) {
      results.push("error" in result ? result.error.code : result.article.title);
    }
    expect(results).toEqual(["The ferry that waits for the post", "INPUT_MISSING"]);
  });

  test("it builds an issue into the outbox", async () => {
    const { digest, folder: place, files } = await buildIssue(newsletter, { date: "2026-11-24" });
    expect(digest.issue).toEqual({ newsletter: "the-slipway", slot: "2026-11-24" });
    expect(await readdir(place)).toEqual(
      expect.arrayContaining(["email.html", ...files.filter((file) => !file.includes("/"))]),
    );
    await expect(buildIssue(newsletter, { names: ["nowhere"] })).rejects.toThrow(BroadsheetError);
    await expect(buildIssue(newsletter, { date: "../../up" })).rejects.toThrow(/not a day/);
    await expect(deliver(newsletter, "latest", { limit: -1 })).rejects.toThrow(/not a whole/);
  });

  test("it keeps the list: who left stays out, and rows that can't be taken are put aside", async () => {
    const list = await openSubscribers(newsletter);
    try {
      expect(await list.add("Ada <ada@quay.example>", { tags: ["harbour"], language: "de" })).toBe(
        "added",
      );
      expect(await list.add("ada@quay.example", { tags: ["boats"] })).toBe("updated");
      await expect(list.add("nonsense")).rejects.toThrow(/no @/);
      await expect(list.add("bo@quay.example", { language: "nonsense" })).rejects.toThrow(
        /not a language/,
      );
      expect(await list.suppress("cy@quay.example")).toBe(true);
      expect(await list.add("cy@quay.example")).toBe("manual");
      const file = path.join(folder, "readers.csv");
      await writeFile(file, "email,name\nbo@quay.example,Bo\nnot an address,Di\n");
      expect(await list.importFile(file)).toMatchObject({ read: 2, added: 1, rejected: 1 });
      expect(await readFile(path.join(folder, "readers.rejects.csv"), "utf8")).toContain("Di");
      const tagged: string[] = [];
      for await (const { address } of list.subscribers("tag:harbour")) tagged.push(address);
      expect(tagged).toEqual(["ada@quay.example"]);
      expect(await list.counts()).toMatchObject({ subscribers: 2, active: 2 });
    } finally {
      await list.close();
    }
  });

  test("it delivers, each reader once, and says where the issue stands", async () => {
    const some = await deliver(newsletter, "2026-11-24", { limit: 1 });
    expect(some).toMatchObject({ accepted: 1, planned: 1 });
    const rest = await deliver(newsletter, "latest");
    expect(rest).toMatchObject({ accepted: 2, planned: 0, uncertain: 0 });
    const again = await deliver(newsletter, "latest");
    expect(again).toEqual(rest);
    expect(server.taken).toHaveLength(2);
    await expect(deliver(newsletter, "2031-01-01")).rejects.toMatchObject({
      code: "ISSUE_MISSING",
    });
  });

  test("a copy of a newsletter is none", async () => {
    await expect(openSubscribers({ ...newsletter })).rejects.toMatchObject({ code: "USAGE" });
  });

  test("a run that is told to end before it began sends nothing", async () => {
    await buildIssue(newsletter, { date: "2026-11-25" });
    const state = await deliver(newsletter, "2026-11-25", { signal: AbortSignal.abort() });
    expect(state).toMatchObject({ accepted: 0, planned: 2 });
  });
});
