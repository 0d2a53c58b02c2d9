import path from "node:path";
import type { Environment } from "../environment.ts";
import { type Queries, textIn } from "../database.ts";
import { homeText } from "../sqlite/home.ts";
import {
  HighWater,
  markOfPlace,
  notePlace,
  PLANNED,
  stateFolder,
  tellsOfData,
} from "../sqlite/watermarks.ts";
import type { Standing } from "./postgres-store.ts";
import { attempt } from "../attempt.ts";

/** A reason why a database may not be the one that was used last. */
export type Doubt =
  "arrived" | "behind" | "copied" | "elsewhere" | "moved" | "promoted" | "replaced";

/**
 * Nothing is sent from these stores before `reconcile --accept-store`. `copied`: a copy of a store that is still used.
 * `arrived`: a copy that took the place of its store. `moved`: a store whose copy took its place.
 */
type Elsewhere = "copied" | "arrived" | "moved";

function isElsewhere(word: string | undefined): word is Elsewhere {
  return word === "copied" || word === "arrived" || word === "moved";
}

/** The losses of a store. */
export interface Loss {
  readonly isOlder: boolean;
  /** `<newsletter>/<slot>` of planned issues that are missing in the store. */
  readonly lost: readonly string[];
  /** The store that it was copied from. */
  readonly movedFrom?: string;
}

/** The mark of a store in the user's state folder: the position of the server's log after the last change. */
export class PostgresMarks {
  readonly #state: string;
  readonly #name: string;
  readonly #mark: HighWater;
  #highest = 0;

  constructor(uid: string, { name, env }: { readonly name: string; readonly env: Environment }) {
    this.#state = stateFolder(env);
    this.#name = name;
    this.#mark = new HighWater(path.join(this.#state, `${uid}.mark`));
  }

  /** The position in the marks. Read it before the position of the server, because other processes raise the mark all the time. */
  reached(): number {
    return Math.max(this.#highest, this.#mark.read()?.epoch ?? 0);
  }

  /** The highest position that this process has seen. */
  get seen(): number {
    return this.#highest;
  }

  /** Compares the store with its marks; undefined if they agree. `reached` was read before the position of the store. */
  doubtOf({ uid, home, place = "", position = 0 }: Standing, reached: number): Doubt | undefined {
    const lives = home === undefined ? undefined : placeOf(home);
    if (isElsewhere(lives)) return lives;
    const mark = this.#mark.read();
    const marked = mark && placeOf(mark.home ?? "");
    for (const before of [lives, marked]) {
      if (before === undefined || before === place) continue;
      return withoutTimeline(before) === withoutTimeline(place) ? "promoted" : "elsewhere";
    }
    if (reached > position) return "behind";
    const ofPlace = markOfPlace(this.#state, this.#name);
    return ofPlace && ofPlace.uid !== uid && tellsOfData(ofPlace) ? "replaced" : undefined;
  }

  /** The losses of a store that is being accepted. `planned`: its issues. */
  lossOf({ home = "" }: Standing, doubt: Doubt, planned: readonly string[]): Loss {
    const marks = [this.#mark.read(), markOfPlace(this.#state, this.#name)];
    const here = new Set(planned);
    const lost = marks.flatMap((mark) => mark?.issues ?? []).filter((issue) => !here.has(issue));
    // The original was not used after the copy, so nothing is lost.
    return doubt === "arrived"
      ? { isOlder: false, lost: [], movedFrom: homeText(home) }
      : { isOlder: true, lost };
  }

  /** Raises the mark. Sending continues if the home folder can't be written to. */
  raise(position: number): void {
    if (position <= this.#highest) return;
    this.#highest = position;
    attempt(() => this.#mark.raise(position));
  }

  /** Writes the position, the home and the planned issues of the store into the mark. The database has the same home. */
  note({ uid, home, position = 0 }: Standing, issues: readonly string[]): void {
    this.#highest = position;
    attempt(() => {
      this.#mark.replace({ uid, epoch: position, home, issues });
      notePlace(this.#state, this.#name, uid);
    });
  }

  /** Whether the mark has the home and all planned issues of the store. */
  isNoted({ home }: Standing, issues: readonly string[]): boolean {
    const mark = this.#mark.read();
    return mark !== undefined && mark.home === home && mark.issues.length === issues.length;
  }

  close(): void {
    this.#mark.close();
  }
}

/** `<newsletter>/<slot>` of the issues that readers may have. */
export async function plannedIssues(database: Queries): Promise<string[]> {
  const rows = await database.all(PLANNED);
  return rows.map((row) => textIn(row, "name"));
}

/** The first word of a home. The name of the host may differ from worker to worker. */
function placeOf(home: string): string {
  return home.slice(0, Math.max(0, home.indexOf(" ")));
}

/** A promoted standby, or a backup with replayed logs, differs in its timeline only. */
function withoutTimeline(place: string): string {
  return place.replace(/\/\w+\//, "/");
}
