import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { parseDigest } from "../../src/digest/digest-json.ts";
import { photo } from "../pictures.ts";
import { broadsheet, folderWith, HARBOUR, issueOf, LIGHTHOUSE, writeInto } from "./broadsheet.ts";

const DAY = "2026-11-24";

/** A newsletter in the template of the letter, with two stories and a letter. */
async function project(letter: string, config: object = {}): Promise<string> {
  const cwd = await folderWith({
    "broadsheet.config.json": JSON.stringify({
      name: "The Slipway",
      template: "letter",
      ...config,
    }),
    "content/1.txt": HARBOUR,
    "content/2.md": LIGHTHOUSE,
    ...(letter !== "" && { "content/letter.md": `---\nkind: letter\n---\n${letter}` }),
  });
  return cwd;
}

async function built(cwd: string) {
  const run = await broadsheet(["build", "--json", "--date", DAY], { cwd });
  expect(run.stdout).not.toBe("");
  const { dir } = issueOf(run);
  const file = path.resolve(cwd, dir, "digest.json");
  const digest = parseDigest(await readFile(file, "utf8"), file);
  return { run, file, digest };
}

/** What the rules about letters say of the issue, each with the name of its rule. */
async function found(cwd: string): Promise<string[]> {
  const run = await broadsheet(["check", DAY, "--json"], { cwd });
  const { findings }: { findings: { rule: string; message: string }[] } = JSON.parse(run.stdout);
  return findings
    .filter(({ rule }) => rule.startsWith("letter-"))
    .map(({ rule, message }) => `${rule}: ${message}`);
}

test("each picture of a letter is placed in the issue, converted, and travels in the message", async () => {
  const cwd = await project(
    "Dear reader,\n\n![A quay](quay.jpg)\n\n- one\n\n  ![A lamp](lamp.webp)\n\n![A quay](quay.jpg)",
  );
  await writeFile(path.join(cwd, "content/quay.jpg"), await photo(1400, 900).jpeg().toBuffer());
  await writeFile(path.join(cwd, "content/lamp.webp"), await photo(300, 200).webp().toBuffer());
  const { digest, file } = await built(cwd);
  expect(digest.letter?.blocks).toMatchObject([
    { kind: "paragraph" },
    { kind: "picture", src: "images/quay.jpg", alt: "A quay", widthPx: 1200, line: 6 },
    {
      kind: "list",
      items: [{ blocks: [{ kind: "picture", src: "images/lamp.jpg", widthPx: 300 }] }],
    },
    { kind: "picture", src: "images/quay.jpg" },
  ]);
  const message = await readFile(path.join(path.dirname(file), "email.eml"), "utf8");
  expect(message).toContain("Content-ID: <quay.jpg@broadsheet>");
  expect(message).toContain("Content-ID: <lamp.jpg@broadsheet>");
  const again = await broadsheet(["render", file], { cwd });
  expect(again.code).toBe(0);
});

test("a note in a letter stays a note beside what Obsidian writes", async () => {
  const { digest } = await built(
    await project("Dear reader,\n\n> [!NOTE]\n> The buoy is red.\n\nSee [[The buoy]]."),
  );
  expect(digest.letter?.blocks).toMatchObject([
    { text: "Dear reader," },
    { kind: "note", text: "The buoy is red." },
    { text: "See The buoy." },
  ]);
});

test("a sponsor's picture is placed in the issue", async () => {
  const sponsor = {
    name: "Halyard & Tow",
    title: "Rope",
    url: "https://rope.example/",
    link: "See the rope",
    image: { src: "art/rope.png", alt: "A coil" },
  };
  const cwd = await project("Dear reader,", { modules: { sponsor } });
  await writeInto(cwd, { "art/rope.txt": "" });
  await writeFile(path.join(cwd, "art/rope.png"), await photo(880, 300).png().toBuffer());
  expect((await built(cwd)).digest.modules?.sponsor?.image).toEqual({
    src: expect.stringMatching(/^images\/rope\./),
    alt: "A coil",
    widthPx: 880,
    heightPx: 300,
  });
});

test("what a letter can't show is a finding with its line, and the rest is shown", async () => {
  const cwd = await project(
    [
      "![Gone](gone.png)",
      "![Data](data:image/png;base64,iVBORw0KGgo=)",
      "[[story: Nobody's]]",
      "[[sponsor]]",
      "<iframe src=x></iframe>",
      "A <b>word</b>[^1] and <sub>x",
      "[^1]:",
      "![[map.png]]",
    ].join("\n\n"),
  );
  const { digest } = await built(cwd);
  expect(digest.letter?.blocks).toHaveLength(7);
  expect(await found(cwd)).toEqual([
    "letter-story: The letter names a story that isn't in the issue: “Nobody's” (line 8)",
    "letter-block: A picture of the letter can't be loaded or shown (line 4): “gone.png”",
    "letter-block: A picture of the letter can't be loaded or shown (line 6): “data:image/png;base64,iVBORw0KGgo=”",
    "letter-block: The letter has a place for a sponsor, and the issue has none (line 10)",
    "letter-block: A picture of the letter can't be loaded or shown (line 18): “map.png”",
    "letter-block: The letter shows this as it is written (line 12): “<iframe src=x></iframe>”",
    "letter-block: The letter shows this as it is written (line 14): “<b>”",
    "letter-block: The letter shows this as it is written (line 14): “</b>”",
    "letter-block: The letter shows this as it is written (line 14): “[^1]”",
    "letter-block: The letter shows this as it is written (line 14): “<sub>”",
  ]);
});

test("the template of the letter without a letter is an error that offers the digest", async () => {
  const cwd = await project("");
  await built(cwd);
  expect(await found(cwd)).toEqual(["letter-text: The letter has no text"]);
  const run = await broadsheet(["build", "--json", "--date", DAY], { cwd });
  expect(run.stdout).toContain('"field":"template","value":"digest"');
});

test("a block of an unknown kind is refused with its path and the nearest kind", async () => {
  const cwd = await project("Dear reader,\n\n> Quoth");
  const { file, digest } = await built(cwd);
  const blocks = [{ kind: "paragraf", text: "Dear all," }];
  const copy = path.join(cwd, "copy.json");
  await writeFile(copy, JSON.stringify({ ...digest, version: undefined, letter: { blocks } }));
  const refused = await broadsheet(["render", copy], { cwd });
  expect(refused.code).toBe(65);
  expect(refused.stderr).toContain("letter.blocks.0.kind should be one of heading, paragraph,");
  expect(refused.stderr).toContain("did you mean paragraph?");

  // In the issue's own file the letter stays as it was, and what was written is kept and named.
  await writeFile(file, JSON.stringify({ ...digest, letter: { blocks } }));
  const rendered = await broadsheet(["render", file], { cwd });
  expect(rendered.stdout).toContain(`not all kept: see ${DAY}.edits.jsonl`);
  expect(rendered.stderr).toContain("letter.blocks.0.kind should be one of heading, paragraph,");
  expect(rendered.stderr).toContain("did you mean paragraph?");
  const { digest: after, run } = await built(cwd);
  expect(after.letter).toEqual(digest.letter);
  expect(run.stdout + run.stderr).toContain("did you mean paragraph?");
});

test("an edited block outlives the next build", async () => {
  const cwd = await project("Dear reader,\n\n> Quoth");
  const { file, digest } = await built(cwd);
  const blocks = [{ kind: "paragraph", text: "Dear *all*," }];
  await writeFile(file, JSON.stringify({ ...digest, letter: { blocks } }));
  expect((await built(cwd)).digest.letter?.blocks).toEqual(blocks);
});

test("a letter in Markdown in digest.json is read, and stands in the place of the blocks", async () => {
  const cwd = await project("Dear reader,");
  const { file, digest } = await built(cwd);
  await writeFile(
    file,
    JSON.stringify({ ...digest, letter: { ...digest.letter, text: "## Lamps" } }),
  );
  await built(cwd);
  expect(await readFile(path.join(path.dirname(file), "email.txt"), "utf8")).toContain(
    "Lamps\n-----",
  );
});
