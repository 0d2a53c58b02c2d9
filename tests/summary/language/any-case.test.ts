import * as fc from "fast-check";
import { expect, test } from "vitest";
import { anyCase } from "../../../src/summary/language/any-case.ts";

test("letters match in both cases, escapes and classes stay as they are", () => {
  expect(anyCase(String.raw`mid[- ‑]|\p{Ll}\sété`)).toBe(
    String.raw`[mM][iI][dD][- ‑]|\p{Ll}\s[éÉ][tT][éÉ]`,
  );
});

test("property: any words match however they are written", () => {
  const words = fc.array(fc.constantFrom("since", "été", "l['’]an", "über", "до"), {
    minLength: 1,
  });
  fc.assert(
    fc.property(words, fc.boolean(), (names, isUpper) => {
      const pattern = new RegExp(`^(?:${anyCase(names.join("|"))})$`, "u");
      const [first = ""] = names;
      const word = first.replace("['’]", "’");
      expect(pattern.test(isUpper ? word.toUpperCase() : word)).toBe(true);
    }),
  );
});
