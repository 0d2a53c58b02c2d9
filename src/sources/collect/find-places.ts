import type { Config } from "../../config/config.ts";
import type { Source } from "../../config/sources.ts";
import { BroadsheetError } from "../../errors.ts";
import { findArticles, type Surroundings } from "../find-articles.ts";
import { fileIn, type Place } from "./sift.ts";

interface Found {
  /** Each once, in the order of the sources. */
  readonly places: readonly Place[];
  /** Why a source couldn't be looked into. */
  readonly errors: ReadonlyMap<Source, BroadsheetError>;
}

/** The files and addresses of a newsletter's sources. A folder without articles is one where nothing is new. */
export async function findPlaces(
  { sources, folder }: Config,
  surroundings: Surroundings,
): Promise<Found> {
  const places = new Map<string, Place>();
  const errors = new Map<Source, BroadsheetError>();
  for (const source of sources) {
    for (const name of await filesOf(source, surroundings, errors)) {
      const file = fileIn(folder, name, surroundings.cwd);
      const key = file ?? name;
      if (!places.has(key)) places.set(key, { source, name, file });
    }
  }
  return { places: [...places.values()], errors };
}

async function filesOf(
  source: Source,
  surroundings: Surroundings,
  errors: Map<Source, BroadsheetError>,
): Promise<readonly string[]> {
  try {
    return await findArticles(source.from, surroundings);
  } catch (error) {
    if (!(error instanceof BroadsheetError)) throw error;
    if (error.code !== "CONTENT_NO_STORY") errors.set(source, missing(source, error));
    return [];
  }
}

/** "paper.example/feed.xml" is a path as far as anybody can tell, and no file. */
function missing({ name }: Source, error: BroadsheetError): BroadsheetError {
  if (error.code !== "INPUT_MISSING" || !/^(?:www\.)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\//i.test(name))
    return error;
  return new BroadsheetError(error.code, `there is no file ${name}`, {
    fix: `where it is an address, write it as "https://${name}"`,
    cause: error,
  });
}
