import type { Paint } from "./terminal.ts";
import { textWidth } from "./text-width.ts";

interface Look {
  readonly paint: Paint;
  readonly isUtf8: boolean;
}

export interface Column {
  readonly heading: string;
  /** Numbers stand right, words left. */
  readonly align: "left" | "right";
}

/** A table in columns three apart, with a rule above and below its rows. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  { paint, isUtf8 }: Look,
): string {
  const widths = columns.map(({ heading }, index) =>
    Math.max(heading.length, ...rows.map((row) => textWidth(row[index] ?? ""))),
  );
  const line = (cells: readonly string[]) =>
    columns
      .map(({ align }, index) => pad(cells[index] ?? "", widths[index] ?? 0, align))
      .join("   ")
      .trimEnd();
  const width = widths.reduce((sum, width) => sum + width + 3, -3);
  const rule = paint("dim", (isUtf8 ? "─" : "-").repeat(width));
  const head = paint("dim", line(columns.map(({ heading }) => heading)));
  return [head, rule, ...rows.map(line), rule].join("\n");
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

/** Rows of a label and what it labels, the labels in one column. */
export function labelled(rows: readonly (readonly [label: string, text: string])[]): string {
  const width = Math.max(...rows.map(([label]) => label.length)) + 3;
  return rows.map(([label, text]) => `${label.padEnd(width)}${text}`.trimEnd()).join("\n");
}

function pad(text: string, width: number, align: Column["align"]): string {
  const space = " ".repeat(Math.max(0, width - textWidth(text)));
  return align === "right" ? space + text : text + space;
}
