import { styleText } from "node:util";
import { describe, expect, test } from "vitest";
import { labelled, table, shortened, textWidth, withNote } from "../../src/cli/table.ts";

test.each([
  ["Mara Quill", 10],
  ["小雨 Quill", 10],
  ["Zoë", 3],
  ["Zoe\u0308", 3],
  [styleText("bold", "Mara", { validateStream: false }), 4],
])("%j is so many columns wide", (text, columns) => {
  expect(textWidth(text)).toBe(columns);
});

test.each([
  ["Mara Quill", 10, "Mara Quill"],
  ["Mara Quill", 8, "Mara Qu…"],
  ["Mara Quill", 6, "Mara…"],
  ["小雨小雨", 6, "小雨…"],
])("%j is shortened to %i columns", (text, columns, short) => {
  expect(shortened(text, columns)).toBe(short);
  expect(textWidth(short)).toBeLessThanOrEqual(columns);
});

const paint = (_style: string, text: string) => text;

describe("a table", () => {
  const look = { paint, isUtf8: false, rowColumns: 100 };
  const columns = ["Name", { numbers: "Sent" }, "What happens now"];
  const rows = [
    ["小雨", "2,318", "Nothing to do"],
    ["Zoë Quill", "3", "Tried again from 09:10, if the server is there"],
  ];

  test("has its columns below each other in every script", () => {
    const lines = table(columns, rows, look).split("\n");
    const places = lines.map((line) => textWidth(/^.*(?=Nothing|Tried)/.exec(line)?.[0] ?? ""));
    expect(places).toEqual([0, 0, 20, 20, 0]);
  });

  test("draws its columns nearer in less room", () => {
    expect(table(columns, rows, { ...look, rowColumns: 64 })).toContain("Zoë Quill      3  Tried");
  });

  test("goes on below where its last words have no room", () => {
    expect(table(columns, rows, { ...look, rowColumns: 42 }))
      .toBe(`Name        Sent  What happens now
------------------------------------------
小雨       2,318  Nothing to do
Zoë Quill      3  Tried again from 09:10,
                  if the server is there
------------------------------------------`);
  });

  test("is a list where there is hardly any room, without what is empty", () => {
    const narrow = { ...look, rowColumns: 36 };
    expect(table(columns, [...rows, ["Mara", "", "Late"]], narrow))
      .toBe(`------------------------------------
Name               小雨
Sent               2,318
What happens now   Nothing to do

Name               Zoë Quill
Sent               3
What happens now   Tried again from
                   09:10, if the
                   server is there

Name               Mara
What happens now   Late
------------------------------------`);
  });
});

test("a note stands below where it has no room beside", () => {
  expect(withNote("send latest", "to yourself", 25)).toBe("send latest   to yourself");
  expect(labelled([["Next", withNote("send latest", "to yourself", 24)]])).toBe(
    "Next   send latest\n       to yourself",
  );
});
