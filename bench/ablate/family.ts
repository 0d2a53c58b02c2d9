import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { linesOf, type Change, SRC } from "./change.ts";

/** Rules that are switched off together. */
export interface Family {
  readonly name: string;
  readonly changes: readonly Change[];
  /** The first step of the room that it can change: what comes before it is measured once. */
  readonly from: string;
}

/** How many lines of src/ a family takes. */
export function familyLines({ changes }: Family): number {
  return changes.reduce((sum, change) => {
    const source = readFileSync(fileURLToPath(new URL(change.file, SRC)), "utf8");
    return sum + linesOf(source, change);
  }, 0);
}

/** What is measured of one article, by measure. A measure that is missing was not labelled. */
export interface Row {
  readonly id: string;
  /** Articles of one group are drawn together: those of one site, or of one source. */
  readonly group: string;
  readonly figures: Readonly<Record<string, number>>;
}

export interface Effect {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}
