import { existsSync } from "node:fs";
import { appendFile, cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Digest, flatEntries } from "../../src/digest/digest.ts";
import { parseDigest } from "../../src/digest/digest-json.ts";
import { edited } from "../digest/edited.ts";
import { BRIDGE, LAMPS } from "../digest/stories/wire.ts";
import { newFolder } from "../temporary.ts";
import {
  broadsheet,
  folderWith,
  HARBOUR,
  issueOf,
  LIGHTHOUSE,
  linesOf,
  type Run,
} from "./broadsheet.ts";

const DAY = "2031-04-02";
const unapplied = z.object({
  edits: z.object({ unapplied: z.array(z.object({ says: z.string() })) }),
});
const notices = z.array(
  z.object({
    about: z.looseObject({ id: z.string().optional(), rule: z.string().optional() }),
    fix: z.looseObject({ operation: z.unknown().optional(), otherwise: z.unknown().optional() }),
  }),
);
const CONTENT = {
  "content/1.md": page(BRIDGE.told),
  "content/2.md": page(LAMPS.told),
  "content/3.txt": HARBOUR,
};

let built: string;
let cwd: string;
let folder: string;

beforeAll(async () => {
  cwd = built = await folderWith({
    "broadsheet.config.json": JSON.stringify({ name: "The Mudlark" }),
    ...CONTENT,
  });
  await build();
});
beforeEach(async () => {
  cwd = await newFolder();
  await cp(built, cwd, { recursive: true });
  folder = path.join(cwd, "outbox/the-mudlark", DAY);
});

function page([title, text]: readonly [string, string]): string {
  return `---\ntitle: ${JSON.stringify(title)}\n---\n\n${text}\n`;
}

async function build(args: readonly string[] = []): Promise<Run> {
  return broadsheet(["build", "--date", DAY, "--json", ...args], { cwd });
}

const digestFile = () => path.join(folder, "digest.json");

async function stored(): Promise<Digest> {
  return parseDigest(await readFile(digestFile(), "utf8"), "digest.json");
}

/** Writes digest.json as a person does with a text editor. */
async function edit(change: (digest: Digest) => Digest): Promise<void> {
  await writeFile(digestFile(), JSON.stringify(change(await stored()), undefined, 2));
}

const gists = (digest: Digest) => flatEntries(digest).map(({ summary }) => summary.gist.text);
/** With another gist of the first story. */
function reworded(digest: Digest, text = "What the editor wrote of it."): Digest {
  return edited(digest, 0, (one) => ({ ...one, summary: { ...one.summary, gist: { text } } }));
}
const editsFile = () => `${folder}.edits.jsonl`;

describe("what was edited in digest.json", () => {
  test("is in the issue again when it is built anew, with the articles that are new", async () => {
    await edit((digest) => {
      const [lead, ...rest] = digest.sections;
      if (!lead) throw new Error("no lead");
      const fewer = rest.map(({ heading, entries }) => ({ heading, entries: entries.slice(1) }));
      return reworded({ ...digest, subject: "A subject by hand", sections: [lead, ...fewer] });
    });
    const edited = await stored();
    await writeFile(path.join(cwd, "content/4.txt"), LIGHTHOUSE);
    const run = await build();
    expect(run).toMatchObject({ code: 0 });
    expect(issueOf(run)).toMatchObject({ subject: "A subject by hand", edits: { lost: [] } });
    const rebuilt = await stored();
    expect(gists(rebuilt)).toContain("What the editor wrote of it.");
    expect(flatEntries(rebuilt)).toHaveLength(flatEntries(edited).length + 1);
    expect(await readFile(path.join(folder, "email.html"), "utf8")).toContain(
      "What the editor wrote of it.",
    );
    // A build that changes nothing more loses nothing either.
    expect(issueOf(await build())).toMatchObject({ edits: { lost: [] } });
    expect(await stored()).toEqual(rebuilt);
  });

  test("counts where it was rendered before, and in the view of the terminal", async () => {
    await edit((digest) => ({ ...digest, preheader: "A preheader by hand" }));
    expect(await broadsheet(["render", digestFile()], { cwd })).toMatchObject({ code: 0 });
    const run = await broadsheet(["build", "--date", DAY], { cwd });
    expect(run.stdout).toMatch(/^Edits +kept/mu);
    expect((await stored()).preheader).toBe("A preheader by hand");
  });

  test("of a story whose article has changed stays, and the build says so", async () => {
    await edit((digest) => ({ ...reworded(digest), subject: "A subject by hand" }));
    const [first] = flatEntries(await stored());
    const { source = "", title = "" } = first?.article ?? {};
    const file = path.join(cwd, source);
    await writeFile(file, (await readFile(file, "utf8")).replace(/\.\s*$/u, ", it is said.\n"));
    const run = await build();
    expect(issueOf(run)).toMatchObject({
      subject: "A subject by hand",
      edits: { lost: [], changed: [{ title, was: "What the editor wrote of it." }] },
    });
    expect(gists(await stored())).toContain("What the editor wrote of it.");
    expect(await readFile(path.join(folder, "email.html"), "utf8")).toContain(
      "What the editor wrote of it.",
    );
  });

  test("of a story that is gone is set aside with its words, and is there again with its story", async () => {
    await edit(reworded);
    const [first] = flatEntries(await stored());
    const { source = "", title = "" } = first?.article ?? {};
    const file = path.join(cwd, source);
    const text = await readFile(file, "utf8");
    await rm(file);
    const run = await build();
    const setAside = [{ title, text: "What the editor wrote of it." }];
    expect(issueOf(run)).toMatchObject({ edits: { lost: [title], setAside } });
    const words = `“${title}”: your text has no place in the issue now and is set aside: “What the editor wrote of it.”`;
    for (const args of [["check"], ["status"]]) {
      expect((await broadsheet(args, { cwd })).stdout.replaceAll(/\s+/g, " ")).toContain(words);
      const { stdout } = await broadsheet([...args, "--json"], { cwd });
      expect(stdout.split(JSON.stringify(words).slice(1, -1))).toHaveLength(2);
    }
    const shown = await broadsheet(["build", "--date", DAY], { cwd });
    expect(shown.stderr.split(words)).toHaveLength(2);
    await writeFile(file, text);
    expect(issueOf(await build())).toMatchObject({ edits: { lost: [], setAside: [] } });
    expect(gists(await stored())).toContain("What the editor wrote of it.");
  });

  test("is offered to be kept or dropped by each command, with the operation that does", async () => {
    await edit(reworded);
    const [{ id, article } = {}] = flatEntries(await stored());
    const file = path.join(cwd, article?.source ?? "");
    await writeFile(file, (await readFile(file, "utf8")).replace(/\.\s*$/u, ", it is said.\n"));
    const built = issueOf(await build());
    const printed = async (command: string) =>
      z.object({ notices }).parse(linesOf(await broadsheet([command, "--json"], { cwd }))[0]);
    for (const from of [built, await printed("check"), await printed("status")]) {
      const offered = z
        .object({ notices })
        .parse(from)
        .notices.flatMap(({ about, fix }) =>
          about.id === id ? [[about.rule, fix.operation, fix.otherwise]] : [],
        );
      expect(offered).toContainEqual([
        undefined,
        { label: "Keep mine", op: "accept", id, field: "summary.gist" },
        { label: "Take the new text", op: "drop", undoes: [1] },
      ]);
      const accept = { label: "Accept", op: "accept", id, value: true };
      const asks = "The address of the article";
      const link = { label: "Add the link", op: "set", id, field: "article.url", asks };
      expect(offered).toContainEqual(["dead-end", link, accept]);
    }
  });

  test("yields to what the command says, field by field", async () => {
    await edit((digest) => ({ ...digest, subject: "By hand", preheader: "By hand too" }));
    expect(issueOf(await build(["--subject", "By flag"]))).toMatchObject({
      subject: "By flag",
      preheader: "By hand too",
      edits: { lost: ["By hand"] },
    });
  });

  test("is left out with --discard-edits, and so is what was joined", async () => {
    const plain = await readFile(digestFile(), "utf8");
    const [one, other] = flatEntries(await stored()).map(({ id }) => id);
    await edit((digest) => ({
      ...reworded(digest),
      stories: { together: [[one ?? "", other ?? ""]] },
    }));
    expect(issueOf(await build(["--discard-edits"]))).not.toHaveProperty("edits");
    expect(await readFile(digestFile(), "utf8")).toBe(plain);
    const kept =
      (await readdir(path.join(folder, "edited"))).find((name) => name.endsWith(".json")) ?? "";
    expect(await readFile(path.join(folder, "edited", kept), "utf8")).toContain("What the editor");
    expect(existsSync(editsFile())).toBe(false);
  });

  test("is kept with --discard-edits where an older version wrote the issue", async () => {
    await edit(reworded);
    await rm(path.join(folder, "digest.written.json"));
    expect(issueOf(await build(["--discard-edits"]))).not.toHaveProperty("edits");
    const [kept = ""] = await readdir(path.join(folder, "edited"));
    expect(await readFile(path.join(folder, "edited", kept), "utf8")).toContain("What the editor");
  });

  test("is named by status where it can't be read", async () => {
    await writeFile(digestFile(), "{\n  oh");
    const { code, stdout } = await broadsheet(["status", "--json"], { cwd });
    expect(code).toBe(65);
    expect(JSON.parse(stdout).notices.slice(0, 1)).toMatchObject([
      { severity: "stop", code: "DIGEST_INVALID", about: { slot: DAY } },
    ]);
  });

  test("of its slot is where the issue lies, whatever is written there", async () => {
    await edit((digest) => ({ ...digest, issue: { ...digest.issue, slot: "2031-04-09" } }));
    expect(issueOf(await build()).issue).toMatchObject({ slot: DAY });
  });

  test("is kept where nothing says what was built, and the whole text in a file", async () => {
    await edit((digest) => ({ ...reworded(digest), subject: "By hand" }));
    for (const name of ["built", "written"]) await rm(path.join(folder, `digest.${name}.json`));
    const run = await build();
    expect(issueOf(run)).toMatchObject({ subject: "By hand" });
    expect(gists(await stored())).toContain("What the editor wrote of it.");
    const [kept = ""] = /edited\/digest-\w+\.json/.exec(run.stderr) ?? [];
    expect(await readFile(path.join(folder, kept), "utf8")).toContain("By hand");
  });

  test("is kept where the text that was written last is damaged", async () => {
    await edit((digest) => ({ ...reworded(digest), subject: "By hand" }));
    await writeFile(path.join(folder, "digest.written.json"), "{");
    expect(issueOf(await build())).toMatchObject({ subject: "By hand", edits: { lost: [] } });
    expect(gists(await stored())).toContain("What the editor wrote of it.");
  });

  test("as a section and a story that is typed in stays in later builds", async () => {
    await edit((digest) => {
      const [lead, ...rest] = flatEntries(digest);
      const [other] = rest;
      if (!lead || !other) throw new Error("no stories");
      const { id: _id, ...typed } = { ...other, article: { ...other.article, id: "typed" } };
      const own = { ...typed, article: { ...typed.article, title: "Typed in" } };
      return {
        ...digest,
        sections: [
          { heading: "", entries: [lead] },
          { heading: "Mine", entries: [own, ...rest.toReversed()] },
        ],
      };
    });
    await writeFile(path.join(cwd, "content/4.txt"), LIGHTHOUSE);
    expect(issueOf(await build())).toMatchObject({ edits: { lost: [] } });
    const once = await stored();
    expect(once.sections.map(({ heading }) => heading)).toEqual(["", "Mine"]);
    const titles = flatEntries(once).map(({ article }) => article.title);
    expect(titles).toHaveLength(5);
    expect(titles[1]).toBe("Typed in");
    await build();
    expect(await stored()).toEqual(once);
  });

  test("is kept where the email beside it is damaged", async () => {
    await edit((digest) => ({ ...digest, subject: "By hand" }));
    await writeFile(path.join(folder, "email.json"), "{");
    expect(issueOf(await build())).toMatchObject({ subject: "By hand" });
    await rm(path.join(folder, "email.json"));
    await edit((digest) => ({ ...digest, subject: "By hand again" }));
    expect(issueOf(await build())).toMatchObject({ subject: "By hand again" });
  });

  test("and is no digest any more stops the build, which overwrites nothing", async () => {
    const broken = (await readFile(digestFile(), "utf8")).replace('"subject":', '"subject"');
    await writeFile(digestFile(), broken);
    const run = await build();
    expect(run).toMatchObject({ code: 65 });
    expect(run.stderr).toContain("DIGEST_INVALID");
    expect(await readFile(digestFile(), "utf8")).toBe(broken);
    expect(await build(["--discard-edits"])).toMatchObject({ code: 0 });
  });

  test("and has parts that can't be read counts without these, which are named and kept", async () => {
    await edit((digest) => reworded({ ...digest, subject: "By hand" }));
    const raw = JSON.parse(await readFile(digestFile(), "utf8"));
    const [lead, other] = raw.sections.flatMap(({ entries }: { entries: unknown[] }) => entries);
    raw.subjct = "Misspelt";
    delete raw.title;
    lead.artcle = "Mine too";
    other.weight = "huge";
    other.summary.keyPoints[0] = { text: "A point of mine.", weather: "fair" };
    other.summary.keyPoints[1] = 5;
    raw.sections.push({ heading: "Nothing here", entries: [] });
    raw.sections[0].entries.push({ article: { title: "Half a story" } });
    raw.sections[0].entries.push(7);
    await writeFile(digestFile(), JSON.stringify(raw, undefined, 2));
    for (const command of ["status", "check"])
      expect(await broadsheet([command], { cwd })).toMatchObject({ code: 0 });
    const run = await build();
    expect(run).toMatchObject({ code: 0 });
    expect(issueOf(run)).toMatchObject({ subject: "By hand" });
    const { edits } = unapplied.parse(issueOf(run));
    const faults = edits.unapplied.map(({ says }) =>
      says.replace(/^operation \d+: digest.json: /, ""),
    );
    expect(faults.toSorted()).toEqual([
      "sections.0.entries.0.artcle is not a field: did you mean article?",
      "sections.0.entries.1.summary is missing",
      "sections.0.entries.2 should be an object",
      "sections.1.entries.0.summary.keyPoints.0.weather is not a field",
      "sections.1.entries.0.summary.keyPoints.1 should be an object",
      "sections.1.entries.0.weight should be one of lead, pair, row, line",
      "sections.2.entries is empty or too small",
      "subjct is not a field: did you mean subject?",
      "title is missing",
    ]);
    expect(gists(await stored())).toContain("What the editor wrote of it.");
    const points = flatEntries(await stored())[1]?.summary.keyPoints ?? [];
    expect(points[0]).toEqual({ text: "A point of mine." });
    for (const words of ["Misspelt", "Mine too", "Nothing here", "Half a story"])
      expect(await readFile(editsFile(), "utf8")).toContain(words);
    const said = await broadsheet(["status"], { cwd });
    expect(said.stdout.replaceAll(/\s+/g, " ")).toContain("subjct is not a field");
    // Once is enough.
    const before = await readFile(editsFile(), "utf8");
    await build();
    expect(await readFile(editsFile(), "utf8")).toBe(before);
  });

  test("with an issue of a version before operations becomes operations at the next build", async () => {
    const { merged: _merged, ...built } = JSON.parse(
      await readFile(path.join(folder, "digest.built.json"), "utf8"),
    );
    for (const { entries } of built.sections) for (const entry of entries) delete entry.id;
    const plain = JSON.stringify(built, undefined, 2);
    await writeFile(path.join(folder, "digest.built.json"), plain);
    await rm(path.join(folder, "digest.written.json"));
    const digest = reworded(parseDigest(plain, ""));
    await writeFile(digestFile(), JSON.stringify({ ...digest, subject: "By hand" }));
    const source = flatEntries(digest)[0]?.article.source ?? "";
    const file = path.join(cwd, source);
    await writeFile(file, (await readFile(file, "utf8")).replace(/\.\s*$/u, ", it is said.\n"));
    expect(issueOf(await build())).toMatchObject({ subject: "By hand", edits: { lost: [] } });
    expect(gists(await stored())).toContain("What the editor wrote of it.");
  });

  test("stands beside a line that was cut, one of a later version and one that would spoil the issue", async () => {
    await edit((digest) => ({ ...digest, subject: "By hand" }));
    await build();
    const [line = ""] = (await readFile(editsFile(), "utf8")).split("\n");
    const later = line.replace('"set"', '"rotate"');
    const heavy = JSON.stringify({
      ...JSON.parse(line),
      n: 2,
      step: 2,
      field: "letter.text",
      value: "x".repeat(5_000_000),
    });
    await appendFile(editsFile(), [later, heavy, line.slice(0, 20)].join("\n"));
    await edit(reworded);
    const run = await build();
    expect(run.code).toBe(0);
    expect(issueOf(run)).toMatchObject({
      subject: "By hand",
      edits: {
        lost: [
          "operation 2: letter.text has 5,000,000 characters, and 100,000 are the most",
          "line 2 is no operation of this version: rotate",
          "line 4 is no whole line of JSON",
        ],
      },
    });
    expect(gists(await stored())).toContain("What the editor wrote of it.");
    expect(await readFile(editsFile(), "utf8")).toContain(later);
  });
});
