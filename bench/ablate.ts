/**
 * What each family of rules brings: one at a time is switched off, and what comes out is scored on the labelled data, by trees
 * that never saw the article or its site.
 *
 *   npm run ablate summary                all families of a room
 *   npm run ablate article "captions"     those whose name has these words
 *
 * An effect is what changes when the family goes, with its 95 % interval; it is drawn by site or source. A family of which no
 * interval lies apart from 0 has no measurable effect. BROADSHEET_CORPORA names the folder of corpora; leaves with 66 where
 * there is none. What is trained for the folds is kept in node_modules/.cache until the code or the labels change.
 */
import { existsSync } from "node:fs";
import { corpora } from "./judged/examples.ts";
import { openArticle } from "./ablate/article.ts";
import { openDigest } from "./ablate/digest.ts";
import { effectOf } from "./ablate/effects.ts";
import { familyLines, type Family, type Row } from "./ablate/family.ts";
import { openSummary } from "./ablate/summary.ts";

/** A room as it is measured. */
export interface Bench {
  readonly families: readonly Family[];
  /** The rows with a family switched off, or with none. */
  readonly rows: (family?: Family) => Promise<readonly Row[]>;
  /** What is measured, and of how many digits. */
  readonly measures: Readonly<Record<string, number>>;
}

const ROOMS: Readonly<Record<string, () => Promise<Bench>>> = {
  article: openArticle,
  digest: openDigest,
  summary: openSummary,
};

process.exitCode = await main(process.argv[2] ?? "", process.argv[3] ?? "");

async function main(room: string, named: string): Promise<number> {
  const open = ROOMS[room];
  if (!open) {
    console.error(`bench/ablate: the rooms are ${Object.keys(ROOMS).join(", ")}`);
    return 64;
  }
  if (!existsSync(corpora)) {
    console.error(`bench/ablate: ${corpora} does not exist; nothing was measured`);
    return 66;
  }
  const { families, rows, measures } = await open();
  const base = await rows();
  const names = Object.keys(measures);
  console.log(
    `${"family".padEnd(34)}${"lines".padStart(5)}${"changed".padStart(9)}  ${names.map((name) => name.padEnd(24)).join("")}`,
  );
  for (const family of families.filter(({ name }) => name.includes(named))) {
    const without = await rows(family);
    const effects = names.map((name) => {
      const { mean, low, high } = effectOf(name, base, without);
      const [shown, from, to] = [mean, low, high].map((one) => signed(one, measures[name] ?? 0));
      const sign = low > 0 || high < 0 ? "*" : " ";
      return `${shown} [${from}, ${to}]${sign}`.padEnd(24);
    });
    const lines = String(familyLines(family)).padStart(5);
    const changed = String(changedRows(base, without)).padStart(9);
    console.log(`${family.name.padEnd(34)}${lines}${changed}  ${effects.join("")}`.trimEnd());
  }
  return 0;
}

function signed(value: number, digits: number): string {
  const shown = value.toFixed(digits);
  return value > 0 ? `+${shown}` : shown;
}

function changedRows(base: readonly Row[], rows: readonly Row[]): number {
  const before = new Map(base.map(({ id, figures }) => [id, JSON.stringify(figures)]));
  return rows.filter(({ id, figures }) => before.get(id) !== JSON.stringify(figures)).length;
}
