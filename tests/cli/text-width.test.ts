import { styleText } from "node:util";
import { expect, test } from "vitest";
import { table } from "../../src/cli/table.ts";
import { shortened, textWidth } from "../../src/cli/text-width.ts";

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

test("columns of a table stand below each other in every script", () => {
  const columns = ["Name", "Status"].map((heading) => ({ heading, align: "left" }) as const);
  const look = { paint: (_style: string, text: string) => text, isUtf8: true };
  const lines = table(
    columns,
    [
      ["小雨", "x"],
      ["Zoë Quill", "x"],
    ],
    look,
  ).split("\n");
  const places = lines.filter((line) => line.endsWith("x")).map((line) => textWidth(line));
  expect(places).toEqual([13, 13]);
});
