import path from "node:path";
import type { Article } from "../../article/article.ts";
import { isDatedBefore } from "../../article/dates.ts";
import type { Source } from "../../config/sources.ts";
import { type Fingerprint, fingerprinter } from "../fingerprint.ts";
import { wantedBy, type Candidate } from "./candidates.ts";
import { BroadsheetError } from "../../errors.ts";
import { isOnTheWeb } from "../io/read-sources.ts";
import { tooThin } from "../../summary/too-thin.ts";
import type { Reading, Unfinished } from "../article-reader.ts";
import type { Failure } from "../../platform/reporter.ts";
import { leftOut } from "../sparing.ts";

/** What decides whether an article is new. */
export interface Newness {
  /** What is dated before is old. */
  readonly since?: Date | undefined;
  /** What is dated before may be new, and has no chance: it is only counted. */
  readonly hopeless?: Date | undefined;
  readonly isTaken: (print: Fingerprint) => boolean;
}

/** A file or an address of a source. */
export interface Place {
  readonly source: Source;
  readonly name: string;
  /** The path from the folder of the project, for a file. */
  readonly file?: string | undefined;
}

/** What is new of a place, and what is wrong there. */
interface Sifted {
  /** How many articles it holds. */
  readonly found: number;
  readonly candidates: readonly Candidate[];
  /** How many articles are new, those without a chance included. */
  readonly fresh: number;
  readonly drafts: readonly Article[];
  readonly failures: readonly Failure[];
}

type Failed = Extract<Reading, Failure>;
type Item = Exclude<Reading | Unfinished, { readonly error: unknown }>;

/** What is new and wanted of all that was read at a place. */
export function sift(
  readings: readonly (Reading | Unfinished)[],
  place: Place,
  newness: Newness,
): Sifted {
  const all = readings.map((reading) => usable(reading, place.name));
  const items = all.filter((reading): reading is Item => !("error" in reading));
  const { broken, ...judged } = judge(items, place, newness);
  return {
    found: items.length,
    ...judged,
    drafts: items.map(({ item }) => item.article).filter(({ draft }) => draft),
    failures: [...all.filter((reading): reading is Failed => "error" in reading), ...broken],
  };
}

function judge(
  items: readonly Item[],
  { source, file }: Place,
  { since, hopeless, isTaken }: Newness,
): Pick<Sifted, "candidates" | "fresh"> & { readonly broken: readonly Failure[] } {
  const offer = { source, isCollected: items.some(isCollected), isPinned: source.pin };
  const printOf = printerOf(items, offer, file);
  const isWanted = wantedBy(source);
  const candidates: Candidate[] = [];
  const broken: Failure[] = [];
  let fresh = 0;
  const judgeOne = (next: Item): void => {
    const { article } = next.item;
    if (article.draft || isDatedBefore(article, since) || !isWanted(article, file)) return;
    const hasChance = !isDatedBefore(article, hopeless);
    if (hasChance && !("page" in next) && tooThin(article)) return;
    const print = printOf(article);
    if (isTaken(print)) return;
    fresh++;
    const unfinished = "page" in next ? { unfinished: next } : {};
    if (hasChance) candidates.push({ ...offer, article, print, ...unfinished });
  };
  for (const next of items) {
    try {
      judgeOne(next);
    } catch (error) {
      // The store's errors are about no article.
      if (error instanceof BroadsheetError) throw error;
      broken.push(leftOut({ article: next.item.article, error }));
    }
  }
  return { candidates, fresh, broken };
}

/** What makes a fingerprint of each: the others say what is one's own. */
function printerOf(
  items: readonly Item[],
  { source, isCollected }: Pick<Candidate, "source" | "isCollected">,
  file: string | undefined,
) {
  return fingerprinter(
    items.map(({ item }) => item.article),
    { source: source.name, file, isCollection: isCollected, site: items[0]?.item.feed?.url },
  );
}

/** A page or a file that says nothing is a mistake; an item of a feed that does is a picture, say. */
function usable(reading: Reading | Unfinished, name: string): Reading | Unfinished {
  if ("error" in reading || isCollected(reading)) return reading;
  const error = tooThin(reading.item.article);
  return error ? { error, name } : reading;
}

function isCollected(item: Item): boolean {
  return "page" in item || item.isCollected;
}

/** A file as the project sees it, whatever folder one is in: what it is known by must not depend on that. */
export function fileIn(folder: string, name: string, cwd: string): string | undefined {
  if (isOnTheWeb(name)) return undefined;
  return path.relative(folder, path.resolve(cwd, name)).replaceAll(path.sep, "/");
}
