/**
 * What each family of rules brings: one at a time is switched off, and what comes out is scored on the labelled data, by trees
 * that never saw the article or its site.
 *
 *   npm run ablate summary                                   all families of a room: article, digest or summary
 *   npm run ablate article "captions"                        those whose name has these words
 *   npm run ablate summary -- --retrain "veto: taken back"   one family, and the same after a training without it
 *
 * An effect is what changes when the family goes, with its 95 % interval; it is drawn by site or source. A family of which no
 * interval lies apart from 0 has no measurable effect. BROADSHEET_CORPORA names the folder of corpora; leaves with 66 where
 * there is none, and with 64 if the command is wrong. What is trained for the folds is kept in node_modules/.cache until the
 * code or the labels change, for the whole program and for each family apart.
 *
 * `--retrain` also trains the folds without the family, which takes about two minutes, and as long again for the whole program
 * if its folds are not cached. It says so if the weights are the same. It is for summary alone: the rules of article/ and digest/
 * work beside their trees, and none changes what these learn from.
 */
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { corpora } from "./judged/examples.ts";
import { ARTICLE } from "./ablate/article.ts";
import { DIGEST } from "./ablate/digest.ts";
import { effectOf } from "./ablate/effects.ts";
import { familyLines, type Family, type Row } from "./ablate/family.ts";
import { SUMMARY } from "./ablate/summary.ts";

/** A room as it is measured. */
export interface Room {
  readonly families: readonly Family[];
  /** What is measured, and of how many digits. */
  readonly measures: Readonly<Record<string, number>>;
  readonly open: () => Bench;
}

/** A room with the weights of its folds. */
export interface Bench {
  /** The rows with a family switched off, or with none. */
  readonly rows: (family?: Family) => Promise<readonly Row[]>;
  /** The same by weights that were trained without the family. Undefined if these are the same weights. */
  readonly rowsTrainedWithout?: (family: Family) => Promise<readonly Row[] | undefined>;
}

const ROOMS: ReadonlyMap<string, Room> = new Map([
  ["article", ARTICLE],
  ["digest", DIGEST],
  ["summary", SUMMARY],
]);

/** What a command asks for. */
interface Task {
  readonly room: Room;
  readonly families: readonly Family[];
  readonly isRetrained: boolean;
}

process.exitCode = await main();

async function main(): Promise<number> {
  const task = taskOf(process.argv.slice(2));
  if (typeof task === "string") {
    console.error(`bench/ablate: ${task}`);
    return 64;
  }
  if (!existsSync(corpora)) {
    console.error(`bench/ablate: ${corpora} does not exist; nothing was measured`);
    return 66;
  }
  await measure(task);
  return 0;
}

/** The task, or the fault of the command. */
function taskOf(args: string[]): Task | string {
  const parsed = parsedOf(args);
  if (typeof parsed === "string") return parsed;
  const [name = "", words = "", ...others] = parsed.positionals;
  const { retrain } = parsed.values;
  const room = ROOMS.get(name);
  if (!room) return `there is no room "${name}"; the rooms are ${[...ROOMS.keys()].join(", ")}`;
  if (others.length > 0 || (retrain !== undefined && words !== ""))
    return "one name of families is expected; put it in quotation marks";
  const families = retrain === undefined ? familiesWith(room, words) : familiesOf(room, retrain);
  if (families.length === 0)
    return `${name} has no family "${retrain ?? words}"; its families are\n  ${namesOf(room.families)}`;
  if (retrain === undefined) return { room, families, isRetrained: false };
  if (families.length > 1) return `--retrain takes one family of these\n  ${namesOf(families)}`;
  if (room !== SUMMARY)
    return `no rule of ${name} changes what its trees learn from; nothing is trained again`;
  return { room, families, isRetrained: true };
}

function parsedOf(args: string[]) {
  try {
    return parseArgs({ args, allowPositionals: true, options: { retrain: { type: "string" } } });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function familiesWith({ families }: Room, words: string): readonly Family[] {
  return families.filter(({ name }) => name.includes(words));
}

/** The family of a name. Otherwise those whose name has these words. */
function familiesOf(room: Room, name: string): readonly Family[] {
  const named = room.families.find((family) => family.name === name);
  return named ? [named] : familiesWith(room, name);
}

function namesOf(families: readonly Family[]): string {
  return families.map(({ name }) => name).join("\n  ");
}

async function measure({ room, families, isRetrained }: Task): Promise<void> {
  const { rows, rowsTrainedWithout } = room.open();
  const base = await rows();
  const names = Object.keys(room.measures);
  console.log(
    `${"family".padEnd(34)}${"lines".padStart(5)}${"changed".padStart(9)}  ${names.map((name) => name.padEnd(26)).join("")}`,
  );
  const print = (family: Family, name: string, without: readonly Row[]) => {
    const effects = names.map((measured) => {
      const { mean, low, high } = effectOf(measured, base, without);
      const [shown, from, to] = [mean, low, high].map((one) =>
        signed(one, room.measures[measured] ?? 0),
      );
      const sign = low > 0 || high < 0 ? "*" : " ";
      return `${shown} [${from}, ${to}]${sign}`.padEnd(26);
    });
    const lines = String(familyLines(family)).padStart(5);
    const changed = String(changedRows(base, without)).padStart(9);
    console.log(`${name.padEnd(34)}${lines}${changed}  ${effects.join("")}`.trimEnd());
  };
  for (const family of families) {
    print(family, family.name, await rows(family));
    if (!isRetrained) continue;
    const trained = await rowsTrainedWithout?.(family);
    if (trained) print(family, "  trained without it", trained);
    else console.log("  trained without it, the weights are the same");
  }
}

function signed(value: number, digits: number): string {
  const shown = value.toFixed(digits);
  return value > 0 ? `+${shown}` : shown;
}

function changedRows(base: readonly Row[], rows: readonly Row[]): number {
  const before = new Map(base.map(({ id, figures }) => [id, JSON.stringify(figures)]));
  return rows.filter(({ id, figures }) => before.get(id) !== JSON.stringify(figures)).length;
}
