import { constants } from "node:fs";
import { access } from "node:fs/promises";
import path from "node:path";
import type { Config } from "../../config/config.ts";
import { type Diagnosis, ok, toFix } from "../diagnosis.ts";
import { errnoReason, isErrno } from "../../platform/file-error.ts";

/** Whether what issues are made of by themselves is there; nothing is said where they are made by hand. */
export async function diagnoseSources({
  sources,
  schedule,
  content,
  folder,
}: Config): Promise<Diagnosis[]> {
  if (!schedule && sources.every(({ from }) => from === content)) return [];
  const places = sources.filter(({ from }) => !/^https?:/i.test(from)).map(({ from }) => from);
  for (const place of places) {
    const reason = await whyUnreadable(place);
    if (reason === undefined) continue;
    const shown = path.relative(folder, place) || ".";
    const fix = "make it, or name another in `sources` of the config";
    return [toFix("Sources", `${shown} can't be read: ${reason}`, { fix, code: "INPUT_MISSING" })];
  }
  return [ok("Sources", seen(places.length, sources.length - places.length))];
}

async function whyUnreadable(place: string): Promise<string | undefined> {
  try {
    await access(place, constants.R_OK);
    return undefined;
  } catch (error) {
    return isErrno(error, "ENOENT") ? "it isn't there" : errnoReason(error);
  }
}

function seen(local: number, onWeb: number): string {
  const files = `${local} can be read`;
  if (onWeb === 0) return files;
  const web = `${onWeb} on the web`;
  return local === 0 ? `${web}, asked when an issue is made` : `${files}, ${web}`;
}
