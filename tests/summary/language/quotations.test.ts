import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { quotationsOf } from "../../../src/summary/language/quotations.ts";

function found(text: string): readonly (readonly [string, boolean])[] {
  return quotationsOf(text).map(({ start, end, isWhole }) => [text.slice(start, end), isWhole]);
}

describe("quotations", () => {
  test.each([
    ['She said "we waited" twice.', '"we waited"'],
    ["She said “we waited” twice.", "“we waited”"],
    ["Sie sagte: „Wir warten“, mehr nicht.", "„Wir warten“"],
    ["Sie sagte: »Wir warten«, mehr nicht.", "»Wir warten«"],
    ["Elle dit « nous attendons » deux fois.", "« nous attendons »"],
    ["Hon sa ”vi väntar” två gånger.", "”vi väntar”"],
    ["彼は「待った」と言った。", "「待った」"],
    ["She said ‘we don’t wait’ twice.", "‘we don’t wait’"],
    ['He said "it read “closed” today" then.', '"it read “closed” today"'],
  ])("%s", (text, quotation) => {
    expect(found(text)).toEqual([[quotation, true]]);
  });

  test("a paragraph ends an open quotation", () => {
    expect(found("“We waited.\n\n“Nobody came.”")).toEqual([
      ["“We waited.", false],
      ["“Nobody came.”", true],
    ]);
  });

  test("a closing mark with nothing open is half a quotation; inches and apostrophes are not", () => {
    expect(found("nobody came.” Then")).toEqual([["”", false]]);
    expect(found('a 6" nail and the riders’ boat')).toEqual([]);
  });

  test("a mark left open does not swallow the quotation after it", () => {
    expect(found('He said "we waited. Then "nobody came" too.')).toEqual([
      ['"we waited. Then ', false],
      ['"nobody came"', true],
    ]);
  });

  test("property: quotations are in order and do not overlap", () => {
    const pieces = fc.constantFrom(
      '"',
      "“",
      "”",
      "„",
      "«",
      "»",
      "‘",
      "’",
      "「",
      "」",
      "a",
      " ",
      ".",
      "\n\n",
    );
    fc.assert(
      fc.property(fc.array(pieces), (list) => {
        let from = 0;
        for (const { start, end } of quotationsOf(list.join(""))) {
          expect(start).toBeGreaterThanOrEqual(from);
          expect(end).toBeGreaterThan(start);
          from = end;
        }
      }),
    );
  });
});
