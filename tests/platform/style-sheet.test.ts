import { assert, constantFrom, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDeclarations, parseStyleSheet } from "../../src/platform/css/style-sheet.ts";

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
