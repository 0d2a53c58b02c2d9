import { randomFrom } from "../training/random.ts";
import type { Effect, Row } from "./family.ts";

const DRAWS = 2000;
/** The share of draws cut at each end, for an interval of 95 %. */
const TAIL = 0.025;

/** The change of a measure when a family is switched off, with a bootstrap interval over groups. */
export function effectOf(measure: string, base: readonly Row[], rows: readonly Row[]): Effect {
  const before = new Map(base.map((row) => [row.id, row.figures[measure]]));
  const groups = new Map<string, number[]>();
  for (const { id, group, figures } of rows) {
    const [was, is] = [before.get(id), figures[measure]];
    if (was === undefined || is === undefined) continue;
    groups.set(group, [...(groups.get(group) ?? []), is - was]);
  }
  const sums = [...groups.values()].map((changes) => ({
    sum: changes.reduce((all, change) => all + change, 0),
    number: changes.length,
  }));
  const random = randomFrom(7);
  const means = Array.from({ length: DRAWS }, () =>
    meanOf(sums.map(() => sums[Math.floor(random() * sums.length)] ?? NOTHING)),
  ).toSorted((a, b) => a - b);
  return {
    mean: meanOf(sums),
    low: means[Math.floor(DRAWS * TAIL)] ?? 0,
    high: means[Math.ceil(DRAWS * (1 - TAIL)) - 1] ?? 0,
  };
}

const NOTHING = { sum: 0, number: 0 };

function meanOf(sums: readonly (typeof NOTHING)[]): number {
  let [all, number] = [0, 0];
  for (const one of sums) {
    all += one.sum;
    number += one.number;
  }
  return number === 0 ? 0 : all / number;
}
