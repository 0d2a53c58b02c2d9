import { execFileSync } from "node:child_process";
import { utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { assert, constantFrom, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { likelihood, loadTrees, logOddsOf } from "../../src/platform/boosted-trees.ts";
import { parseDeclarations, parseStyleSheet } from "../../src/platform/css/style-sheet.ts";
import { Kept, fileStamp } from "../../src/platform/kept.ts";
import { newFolder } from "../temporary.ts";

/** Feature 0 up to 2 → 10, else feature 1 up to 0.5 → 20, else 30; and a tree that always says 5. */
const FOREST = loadTrees({
  feature: [0, -1, 1, -1, -1, -1],
  value: [2, 10, 0.5, 20, 30, 5],
  left: [1, 0, 1, 0, 0, 0],
});

describe("trees as they are stored", () => {
  test.each([
    [[2, 9], 15],
    [[3, 0.5], 25],
    [[3, 0.6], 35],
  ])("%j is led to %i", (features, sum) => {
    expect(logOddsOf(FOREST, features)).toBe(sum);
  });

  test("a left branch may be as deep as it likes", () => {
    const forest = loadTrees({
      feature: [0, 0, -1, -1, -1],
      value: [5, 2, 1, 2, 3],
      left: [3, 1, 0, 0, 0],
    });
    expect([1, 4, 6].map((value) => logOddsOf(forest, [value]))).toEqual([1, 2, 3]);
  });

  test("no trees say nothing, which is as likely as not", () => {
    expect(likelihood(loadTrees({ feature: [], value: [], left: [] }), [1])).toBe(0.5);
  });
});

test("what was made of the same is not made again; what failed is", async () => {
  const kept = new Kept<string>();
  const made: string[] = [];
  const make = (text: string) => async () => {
    made.push(text);
    if (text === "bad") throw new Error("bad");
    return text;
  };
  expect(await kept.get("a", "1", make("one"))).toBe("one");
  expect(await kept.get("a", "1", make("two"))).toBe("one");
  expect(await kept.get("a", "2", make("three"))).toBe("three");
  expect(await kept.get("b", "2", make("four"))).toBe("four");
  await expect(kept.get("c", "1", make("bad"))).rejects.toThrow("bad");
  expect(await kept.get("c", "1", make("good"))).toBe("good");
  kept.forget();
  expect(await kept.get("a", "2", make("five"))).toBe("five");
  expect(made).toEqual(["one", "three", "four", "bad", "good", "five"]);
});

test("a file's stamp changes with what is in it, and one that isn't there has none", async () => {
  const folder = await newFolder();
  const file = path.join(folder, "a.txt");
  expect(await fileStamp(file)).toBeUndefined();
  await writeFile(file, "one");
  const first = await fileStamp(file);
  expect(await fileStamp(file)).toBe(first);
  await writeFile(file, "three");
  expect(await fileStamp(file)).not.toBe(first);
  const second = await fileStamp(file);
  await utimes(file, 1, 1);
  expect(await fileStamp(file)).not.toBe(second);
});

const MODULE = new URL("../../src/platform/json-log.ts", import.meta.url).href;

/** What the log writes to stderr in a process of its own. */
function logged(calls: string): Record<string, unknown>[] {
  const code = `import { openJsonLog } from ${JSON.stringify(MODULE)}; const log = openJsonLog("tidewrack"); ${calls}; process.exit();`;
  const text = execFileSync(
    "sh",
    ["-c", '"$0" --input-type=module -e "$1" 2>&1', process.execPath, code],
    { encoding: "utf8" },
  );
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

test("an event is one line of JSON, written before the process can end, with no address in full", () => {
  const [sent, failed] = logged(
    `log("info", "sent", { slot: "2026-W48", accepted: 3, why: undefined });
     log("error", 'RCPT <ada.lovelace@mail.example>: 550 no such user\\nbye', { at: "x", to: "o'neil@a.example" })`,
  );
  expect(sent).toEqual({
    level: "info",
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    name: "tidewrack",
    slot: "2026-W48",
    accepted: 3,
    msg: "sent",
  });
  expect(failed).toMatchObject({
    level: "error",
    msg: "RCPT <a…@mail.example>: 550 no such user\nbye",
    at: "x",
  });
  expect(JSON.stringify(failed)).not.toContain("neil@");
});

const SIGNS = `{}[]();:,.@#&>a-1"'\\/* \n`.split("");

describe("a style sheet", () => {
  test("is read with its at-rules, and rules in rules", () => {
    const { rules, atRules, faults } = parseStyleSheet(
      `@import url(x.css);
@media (prefers-color-scheme: dark) { .a, b > i { color: red !important; background:url(data:a;b) } }
.card { color: red; & .c { color: blue } > i { x: y } @media print { u { x: y } } --own: { a: b } }`,
      10,
    );
    expect(faults).toEqual([]);
    expect(atRules.map(({ name, prelude, line }) => [name, prelude, line])).toEqual([
      ["import", "url(x.css)", 10],
      ["media", "(prefers-color-scheme: dark)", 11],
      ["media", "print", 12],
    ]);
    expect(
      rules.map(({ prelude, nestedIn, line, within }) => [prelude, nestedIn, line, within.length]),
    ).toEqual([
      [".a, b > i", undefined, 11, 1],
      [".card", undefined, 12, 0],
      ["& .c", ".card", 12, 0],
      ["> i", ".card", 12, 0],
      ["u", ".card", 12, 1],
    ]);
    expect(rules[0]?.declarations).toEqual([
      { property: "color", value: "red", isImportant: true, line: 11 },
      { property: "background", value: "url(data:a;b)", isImportant: false, line: 11 },
    ]);
    expect(rules[1]?.declarations.map(({ property }) => property)).toEqual(["color", "--own"]);
  });

  test("says where it is no CSS, and goes on", () => {
    const { rules, faults } = parseStyleSheet("a { color red; b: c }\n} x y\nd { e: f");
    expect(faults).toEqual([
      { line: 1, text: "color red" },
      { line: 2, text: "}" },
    ]);
    expect(rules.map(({ prelude, declarations }) => [prelude, declarations.length])).toEqual([
      ["a", 1],
      ["x y\nd", 1],
    ]);
  });

  test("nested without end is read in time", () => {
    expect(parseStyleSheet("a{".repeat(50_000)).rules.length).toBeLessThan(50);
    expect(parseStyleSheet("((((".repeat(50_000)).rules).toEqual([]);
  });

  test("of any characters is read", () => {
    assert(
      property(string({ unit: constantFrom(...SIGNS) }), (css) => {
        parseStyleSheet(css);
        parseDeclarations(css);
      }),
    );
  });
});

test("an attribute's declarations are read", () => {
  expect(parseDeclarations("COLOR:Red;*zoom:1;font-family:'a;b',c;")).toEqual([
    { property: "color", value: "Red", isImportant: false, line: 1 },
    { property: "font-family", value: "'a;b',c", isImportant: false, line: 1 },
  ]);
});
