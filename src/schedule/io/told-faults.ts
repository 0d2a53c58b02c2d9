import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import { PRIVATE_FILE } from "../../platform/files/make-folders.ts";

/** When somebody was last told of which faults, in milliseconds since 1970. */
export type ToldFaults = Readonly<Record<string, number>>;

const toldFaults = z.record(z.string(), z.number());

/** As they were kept; none where that can't be read, so that whatever comes is told. */
export function parseToldFaults(text: string): ToldFaults {
  try {
    return toldFaults.parse(JSON.parse(text));
  } catch {
    return {};
  }
}

/**
 * Where it is kept what was told of a config or a store that no run could begin with: beside the store that a
 * config has by default, as neither can be asked then.
 */
export function toldFile(config: string): string {
  const name = `${path.basename(config).replace(/\.\w+$/, "")}-told`;
  return path.join(path.dirname(config), ".broadsheet", name);
}

export async function readToldFaults(file: string): Promise<ToldFaults> {
  return parseToldFaults(await readFile(file, "utf8").catch(() => ""));
}

/** No folder is made for it: where none is, or nothing can be written, each run speaks. */
export async function writeToldFaults(file: string, told: ToldFaults): Promise<void> {
  await writeFile(file, JSON.stringify(told), { mode: PRIVATE_FILE }).catch(() => undefined);
}

export async function forgetToldFaults(file: string): Promise<void> {
  await rm(file, { force: true }).catch(() => undefined);
}
