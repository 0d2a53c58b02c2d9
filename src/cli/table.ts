import type { Paint } from "./terminal.ts";
import { stripVTControlCharacters } from "node:util";
import stringWidth from "fast-string-width";
import { graphemes } from "../platform/text.ts";

interface Look {
  readonly paint: Paint;
  readonly isUtf8: boolean;
}

interface RowLook {
  /** See `Terminal`. */
  readonly rowColumns: number;
}

/** A column of texts, by its heading, or of numbers, which are aligned right. */
export type Column = string | { readonly numbers: string };

function headingOf(column: Column): string {
  return typeof column === "string" ? column : column.numbers;
}

function isOfNumbers(column: Column | undefined): boolean {
  return typeof column === "object";
}

/** The width at which the last column is readable. */
const READABLE = 20;

/**
 * A table with three spaces between columns and a rule above and below its rows, no wider than the terminal. In a narrow
 * terminal the columns move closer, then the last column is wrapped, and finally each row becomes a list.
 */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  look: Look & RowLook,
): string {
  const widths = columns.map((column, index) =>
    Math.max(textWidth(headingOf(column)), ...rows.map((row) => textWidth(row[index] ?? ""))),
  );
  const room = (gap: number) =>
    look.rowColumns - widths.reduce((sum, width) => sum + width, gap * (widths.length - 1));
  if (room(3) >= 0) return grid(columns, rows, { ...look, widths, gap: 3 });
  if (room(2) >= 0) return grid(columns, rows, { ...look, widths, gap: 2 });
  const last = (widths.at(-1) ?? 0) + room(2);
  if (last < READABLE || isOfNumbers(columns.at(-1))) return list(columns, rows, look);
  const broken = rows.flatMap((row) => brokenRow(row, last));
  return grid(columns, broken, { ...look, widths: [...widths.slice(0, -1), last], gap: 2 });
}

function grid(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  {
    paint,
    isUtf8,
    widths,
    gap,
  }: Look & { readonly widths: readonly number[]; readonly gap: number },
): string {
  const line = (cells: readonly string[]) =>
    columns
      .map((column, index) => pad(cells[index] ?? "", widths[index] ?? 0, isOfNumbers(column)))
      .join(" ".repeat(gap))
      .trimEnd();
  const width = widths.reduce((sum, width) => sum + width + gap, -gap);
  const rule = paint("dim", (isUtf8 ? "─" : "-").repeat(width));
  const head = paint("dim", line(columns.map(headingOf)));
  return [head, rule, ...rows.map(line), rule].join("\n");
}

/** Wraps the last cell of a row. Each further line becomes a row of its own. */
function brokenRow(row: readonly string[], room: number): string[][] {
  const before = row.slice(0, -1);
  return wrapped(row.at(-1) ?? "", room).map((line, index) =>
    (index === 0 ? before : before.map(() => "")).concat(line),
  );
}

/** Each row as lines of a heading and its value, without empty values. */
function list(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  { paint, isUtf8, rowColumns: most }: Look & RowLook,
): string {
  const indent = Math.max(...columns.map((column) => textWidth(headingOf(column)))) + 3;
  const rule = paint("dim", (isUtf8 ? "─" : "-").repeat(most));
  const blocks = rows.map((row) =>
    columns
      .flatMap((column, index) => {
        const cell = row[index] ?? "";
        const label = paint("dim", pad(headingOf(column), indent));
        return cell === "" ? [] : [hanging(label, cell, most)];
      })
      .join("\n"),
  );
  return [rule, blocks.join("\n\n"), rule].join("\n");
}

/** A bar ten columns wide, and the percentage. */
export function meter(part: number, whole: number, look: Look): string {
  const share = part / whole;
  return `${meterBar(share, 10, look)}  ${`${Math.round(share * 100)}%`.padStart(4)}`;
}

/** A bar filled to a share from 0 to 1. Any share above 0 is visible. */
export function meterBar(share: number, width: number, { paint, isUtf8 }: Look): string {
  const filled = Math.min(width, Math.max(share > 0 ? 1 : 0, Math.round(share * width)));
  const [full, rest] = isUtf8 ? ["━", "─"] : ["=", "-"];
  return `${paint("bold", full.repeat(filled))}${paint("dim", rest.repeat(width - filled))}`;
}

/** Rows of a label and a text, with all labels in one column. A text may have several lines. */
export function labelled(rows: readonly (readonly [label: string, text: string])[]): string {
  const width = Math.max(...rows.map(([label]) => label.length)) + LABEL_GAP;
  const hung = (text: string) => text.replaceAll("\n", `\n${" ".repeat(width)}`);
  return rows.map(([label, text]) => `${label.padEnd(width)}${hung(text)}`.trimEnd()).join("\n");
}

/** The number of columns between the longest label and the texts. */
export const LABEL_GAP = 3;

function pad(text: string, width: number, isRight = false): string {
  const space = " ".repeat(Math.max(0, width - textWidth(text)));
  return isRight ? space + text : text + space;
}

/** Breaks a text into lines of at most `columns` columns. A longer word gets a line of its own. */
export function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && textWidth(last) + 1 + textWidth(word) <= columns)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Breaks a text as `wrapped` does. The lines after the first are indented by the width of `before`. */
export function hanging(before: string, text: string, columns: number): string {
  const indent = textWidth(before);
  return before + wrapped(text, columns - indent).join(`\n${" ".repeat(indent)}`);
}

/** A text with a note beside it, or below it if the two do not fit. */
export function withNote(text: string, note: string, room: number): string {
  return textWidth(text) + 3 + textWidth(note) <= room ? `${text}   ${note}` : `${text}\n${note}`;
}

/** The width of a text in terminal columns. Chinese, Japanese and Korean characters take two, combining accents none. */
export function textWidth(text: string): number {
  return stringWidth(stripVTControlCharacters(text));
}

/** Cuts a text to a number of columns and marks the cut. The text must not contain colour codes. */
export function shortened(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  let beginning = "";
  for (const { segment } of graphemes().segment(text)) {
    if (textWidth(beginning + segment) >= columns) break;
    beginning += segment;
  }
  return `${beginning.trimEnd()}…`;
}
