import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { linesOf, type Change, SRC } from "./change.ts";

/** Rules that are switched off together. */
export interface Family {
  readonly name: string;
  readonly changes: readonly Change[];
  /** The first step of the room that it can change. Earlier steps are measured once. */
  readonly from: string;
}

/** A pattern that matches nothing. */
export const NEVER = "/(?!)/";

/** Makes families of one changed declaration of a room. `usual` is the default of `from`. */
export function rulesOf(room: string, usual = room) {
  const rule = (name: string, file: string, declared: string, to: string, from = usual): Family => {
    return { name, from, changes: [{ file: `${room}/${file}`, name: declared, to }] };
  };
  /** A function that always returns the given answer. */
  const says = (name: string, file: string, declared: string, answer: string, from = usual) =>
    rule(name, file, declared, `{ return ${answer}; }`, from);
  return { rule, says };
}

/** The number of lines of src/ in a family. */
export function familyLines({ changes }: Family): number {
  return changes.reduce((sum, change) => {
    const source = readFileSync(fileURLToPath(new URL(change.file, SRC)), "utf8");
    return sum + linesOf(source, change);
  }, 0);
}

/** The figures of one article, by measure. A missing measure was not labelled. */
export interface Row {
  readonly id: string;
  /** The site or source of the article. Articles of one group are drawn together. */
  readonly group: string;
  readonly figures: Readonly<Record<string, number>>;
}

export interface Effect {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}
