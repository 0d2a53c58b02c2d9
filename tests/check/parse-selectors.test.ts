import { assert, constantFrom, property, string } from "fast-check";
import { expect, test } from "vitest";
import { parseSelectors } from "../../src/check/css/parse-selectors.ts";

test("selectors are read as what they ask for", () => {
  expect(parseSelectors("u + .b1\\:x #c[href^='a b']:not(.d, e)::before , *")).toEqual([
    [
      { combinator: "", simples: [{ kind: "type", name: "u" }] },
      { combinator: "+", simples: [{ kind: "class", name: "b1:x" }] },
      {
        combinator: " ",
        simples: [
          { kind: "id", name: "c" },
          { kind: "attribute", name: "href", operator: "^=", value: "a b" },
          { kind: "pseudo-class", name: "not", value: ".d, e" },
          { kind: "pseudo-element", name: "before" },
        ],
      },
    ],
    [{ combinator: "", simples: [{ kind: "universal", name: "*" }] }],
  ]);
  for (const broken of ["a >", "", ".", "a,,b", "a { b", ":"])
    expect(parseSelectors(broken)).toEqual([]);
});

test("a list of any characters is read", () => {
  const signs = `{}[]();:,.@#&>a-1"'\\/* \n`.split("");
  assert(property(string({ unit: constantFrom(...signs) }), (css) => void parseSelectors(css)));
});
