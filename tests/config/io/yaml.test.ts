import { writeFile } from "node:fs/promises";
import path from "node:path";
import * as fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { loadConfig } from "../../../src/config/io/load-config.ts";
import type { BroadsheetError } from "../../../src/errors.ts";
import { newFolder } from "../../temporary.ts";
import { refusalOf } from "./refusal-of.ts";

let folder: string;

beforeEach(async () => {
  folder = await newFolder();
});

async function load(text: string | Uint8Array, name = "broadsheet.yaml") {
  await writeFile(path.join(folder, name), text);
  return loadConfig({ cwd: folder, env: {} });
}

const refusal = async (text: string | Uint8Array) => refusalOf(load(text));

describe("a config in YAML", () => {
  test.each(["broadsheet.yaml", "broadsheet.yml"])("is found as %s", async (name) => {
    expect((await load("name: The Slipway\n", name)).name).toBe("The Slipway");
  });

  test.each([
    ["is empty", ""],
    ["has comments alone", "# name: X\n\n"],
    ["has a document mark alone", "---\n"],
    ["has a comment of dashes and brackets", `# ${"- [".repeat(80)}\nname: Broadsheet\n`],
    ["is set far to the right", `name:${" ".repeat(200)}Broadsheet\npins: []\n`],
    ["has a byte order mark", "\uFEFFname: Broadsheet\n"],
    ["has Windows' line ends", "name: Broadsheet\r\nmerge: true\r\n"],
    ["names the schema for editors", "$schema: ./config.schema.json\nname: Broadsheet\n"],
    ["has editors' line", "# yaml-language-server: $schema=./config.schema.json\nname: Broadsheet"],
  ])("that %s is one", async (_what, text) => {
    expect((await load(text)).name).toBe("Broadsheet");
  });

  test("has texts where YAML 1.1 has something else", async () => {
    const text = "tagline: No\nreason: 2026-11-24\npostalAddress: on\ntestSubject: 12:30:45\n";
    const texts = {
      tagline: "No",
      reason: "2026-11-24",
      postalAddress: "on",
      testSubject: "12:30:45",
    };
    expect(await load(text)).toMatchObject(texts);
    expect(await load(`%YAML 1.1\n---\n${text}`)).toMatchObject(texts);
  });

  test("may have anchors, and lists and objects on one line", async () => {
    const text =
      "dkim: [{ selector: &it r1, domain: a.example }, { selector: *it, domain: b.example }]\n";
    expect((await load(text)).dkim).toEqual([
      { selector: "r1", domain: "a.example" },
      { selector: "r1", domain: "b.example" },
    ]);
  });

  test("says what an object says that is written in it", async () => {
    const line = fc.string({ minLength: 1, unit: "grapheme" }).filter((text) => /^\S/.test(text));
    await fc.assert(
      fc.asyncProperty(line, fc.boolean(), fc.array(line), async (tagline, merge, pins) => {
        const given = { tagline, merge, pins };
        const asJson = await loadAs("json", JSON.stringify(given));
        expect(await loadAs("yaml", stringify(given))).toEqual(asJson);
      }),
      { numRuns: 30 },
    );
  });
});

/** What comes of a text under another name; how it is refused, without its place. */
async function loadAs(kind: "json" | "yaml", text: string): Promise<unknown> {
  const file = path.join(folder, `letter.${kind}`);
  await writeFile(file, text);
  return loadConfig({ cwd: folder, file, env: {} }).catch(({ message }: BroadsheetError) =>
    message.replaceAll(/line \d+: /g, ""),
  );
}

describe("in a config in YAML is refused, with line and column:", () => {
  test.each<[string, string, string, [line: number, column: number]]>([
    ["an unknown key", "name: X\nsmtp:\n  rat: 1\n", '"smtp.rat" is not a setting', [3, 3]],
    ["a key twice", "name: A\nname: B\n", "this is not YAML: a key is written twice", [2, 1]],
    ["a tab", "smtp:\n\trate: 1\n", "this is not YAML: Tabs are not allowed", [2, 1]],
    ["`no` for false", "name: X\nmerge: no\n", '"merge" must be true or false, not "no"', [2, 1]],
    ["a number for a text", "name: 2026\n", '"name" must be a text in quotes, not 2026', [1, 1]],
    ["a colour that is a comment", "name: X\naccent: #B01E23\n", '"accent" must be a text', [2, 1]],
    ["a date that is none", "expires: 2026-11-24\n", "which is not a time", [1, 1]],
    ["a colon in a text", "name: The letter: weekly\n", "this is not YAML: Nested", [1, 7]],
    ["a cron that is an alias", "schedule:\n  cron: */5 * * * *\n", "this is not YAML", [2, 13]],
    [
      "an alias of nothing",
      "name: *other\n",
      "this is not YAML: there is no anchor &other before it",
      [1, 7],
    ],
    ["an alias of itself", "name: X\npins: &a\n  - *a\n", "the alias *a refers to", [3, 5]],
    ["code", "name: !!js/function 'x'\n", "this is not YAML: Unresolved tag", [1, 7]],
    ["a key that is a list", "name: X\n? [a, b]\n: 1\n", "this is not YAML", [2, 3]],
    ["two documents", "name: A\n---\nname: B\n", "this is not YAML: Source contains", [2, 1]],
    ["a bracket that stays open", "pins: [a, b\n", "this is not YAML: Flow sequence", [2, 1]],
    ["a merge key", "name: X\n<<: { tagline: Y }\n", '"<<" is not a setting', [2, 1]],
    [
      "what is deep inside",
      "sources:\n  - content\n  - from: x\n    weight: 99\n",
      '"sources.1.weight" must be 10 or less, not 99',
      [4, 5],
    ],
    ["an object in a list", "sources:\n  - a\n  - 3\n", '"sources.1" must be', [3, 5]],
  ])("%s", async (_what, text, message, [line, column]) => {
    const error = await refusal(text);
    expect(error.code).toBe("CONFIG_INVALID");
    // The terminal shows "fix" in front of it.
    expect(error.fix).not.toMatch(/^fix\b/);
    expect(error.message).toContain(message);
    expect(error.message).not.toMatch(/\n\s+at /);
    expect(error.where).toEqual({ file: path.join(folder, "broadsheet.yaml"), line, column });
    expect(error.fix).toBeTruthy();
  });

  test.each([
    ["an alias of itself", "pins: &a\n  - *a\n", "replace the alias by its value"],
    ["lists in each other", `pins: ${"[".repeat(99)}${"]".repeat(99)}\n`, "write fewer levels"],
  ])("%s, which is YAML, with a fix that helps", async (_what, text, fix) => {
    const error = await refusal(text);
    expect(error.message).not.toContain("not YAML");
    expect(error.fix).toContain(fix);
  });

  test.each<[string, string | Uint8Array, string]>([
    ["a list", "- a\n", "the config must be an object in { }, not a list"],
    ["a text", "hello\n", 'the config must be an object in { }, not "hello"'],
    ["a bomb of aliases", bomb(), "with *l2 the aliases expand to more than 5,000 values"],
    [
      "an alias of itself",
      "name: &a [*a]\n",
      "the alias *a refers to a value that contains the alias itself",
    ],
    ["brackets without end", "[".repeat(200_000), "nested too deeply"],
    ["dashes without end", "- ".repeat(100_000), "nested too deeply"],
    ["a staircase", staircase(600), '"k" is not a setting'],
    ["1 MB", `name: ${"x".repeat(1_000_000)}\n`, "broadsheet.yaml is larger than 256 KB"],
    ["UTF-16", Buffer.from("\uFEFFname: X\n", "utf16le"), "broadsheet.yaml is not in UTF-8"],
    ["a prototype", "__proto__:\n  name: X\n", '"__proto__" is not a setting'],
  ])("%s", async (_what, text, message) => {
    const error = await refusal(text);
    expect(error.code).toBe("CONFIG_INVALID");
    expect(error.message).toContain(message);
    expect(error.message).not.toMatch(/\n\s+at /);
  });
});

/** Each key in the one before. */
function staircase(steps: number): string {
  return Array.from({ length: steps }, (_, at) => `${" ".repeat(at)}k:`).join("\n");
}

/** Nine levels of ten aliases each: a thousand million texts in 500 bytes. */
function bomb(): string {
  const levels = Array.from({ length: 9 }, (_, at) => {
    const of = at === 0 ? "x" : `*l${at - 1}`;
    return `l${at}: &l${at} [${Array.from({ length: 10 }, () => of).join(", ")}]`;
  });
  return levels.join("\n");
}
