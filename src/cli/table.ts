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

/** A column of words, by its heading, or of numbers, which stand right. */
export type Column = string | { readonly numbers: string };

function headingOf(column: Column): string {
  return typeof column === "string" ? column : column.numbers;
}

function isOfNumbers(column: Column | undefined): boolean {
  return typeof column === "object";
}

/** What the cells of the last column need to be read as words. */
const READABLE = 20;

/**
 * A table in columns three apart, with a rule above and below its rows, no wider than the terminal: in less room
 * the columns draw nearer, the words of the last one go on below each other, and at last each row is a list.
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

/** The words of the last cell in lines, of which each but the first has a row of its own. */
function brokenRow(row: readonly string[], room: number): string[][] {
  const before = row.slice(0, -1);
  return wrapped(row.at(-1) ?? "", room).map((line, index) =>
    (index === 0 ? before : before.map(() => "")).concat(line),
  );
}

/** Each row as lines of a heading and what stands below it, without those that are empty. */
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

/** How much of a whole is used: a bar ten wide, and the share in per cent. */
export function meter(part: number, whole: number, look: Look): string {
  const share = part / whole;
  return `${meterBar(share, 10, look)}  ${`${Math.round(share * 100)}%`.padStart(4)}`;
}

/** A bar of a width, filled to a share from 0 to 1: whatever isn't nothing shows. */
export function meterBar(share: number, width: number, { paint, isUtf8 }: Look): string {
  const filled = Math.min(width, Math.max(share > 0 ? 1 : 0, Math.round(share * width)));
  const [full, rest] = isUtf8 ? ["━", "─"] : ["=", "-"];
  return `${paint("bold", full.repeat(filled))}${paint("dim", rest.repeat(width - filled))}`;
}

/** Rows of a label and what it labels, the labels in one column. A text may have several lines. */
export function labelled(rows: readonly (readonly [label: string, text: string])[]): string {
  const width = Math.max(...rows.map(([label]) => label.length)) + LABEL_GAP;
  const hung = (text: string) => text.replaceAll("\n", `\n${" ".repeat(width)}`);
  return rows.map(([label, text]) => `${label.padEnd(width)}${hung(text)}`.trimEnd()).join("\n");
}

/** The columns between the longest label and its value. */
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

/** A text with a note beside it, or below it where both are wider than the room there is. */
export function withNote(text: string, note: string, room: number): string {
  return textWidth(text) + 3 + textWidth(note) <= room ? `${text}   ${note}` : `${text}\n${note}`;
}

/** The width of a text in columns of a terminal. Chinese, Japanese and Korean letters take two, combining accents none. */
export function textWidth(text: string): number {
  return stringWidth(stripVTControlCharacters(text));
}

/** Cuts a text to a number of columns and puts a sign at the cut. It may not contain colour codes. */
export function shortened(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  let beginning = "";
  for (const { segment } of graphemes().segment(text)) {
    if (textWidth(beginning + segment) >= columns) break;
    beginning += segment;
  }
  return `${beginning.trimEnd()}…`;
}
