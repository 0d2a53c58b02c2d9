import path from "node:path";
import type { Digest } from "../digest/digest.ts";
import { type IssueState, refusal } from "../delivery/life.ts";
import { BroadsheetError } from "../errors.ts";
import type { IssueData, Trouble } from "../preview/page-data.ts";
import type { Picture } from "../email/picture.ts";

/** The state of one issue in this run. */
export interface Sheet {
  readonly history: History;
  data: IssueData | null;
  digest: Digest | null;
  trouble: Trouble | null;
  notice: string;
  /** What there is to say as long as it is in this state. */
  stateNotice: { readonly state: IssueState; readonly says: string } | null;
  done: { at: string; ms: number } | null;
  stamp: string | undefined;
}

/** More than an editor steps through and comes back to; each may hold megabytes of pictures. */
const MOST = 50;

/** The sheets of a run. Those that were not looked at for longest are forgotten, unless something can be undone. */
export class Sheets {
  readonly #sheets = new Map<string, Sheet>();

  get(name: string): Sheet | undefined {
    return this.#sheets.get(name);
  }

  /** The sheet of an issue, an empty one where there was none. */
  of(name: string): Sheet {
    const found = this.#sheets.get(name) ?? newSheet();
    this.#sheets.delete(name);
    this.#sheets.set(name, found);
    this.#forgetOldest();
    return found;
  }

  all(): Iterable<[name: string, sheet: Sheet]> {
    return this.#sheets.entries();
  }

  #forgetOldest(): void {
    for (const [name, { history }] of [...this.#sheets].slice(0, -MOST))
      if (!history.canUndo && !history.canRedo) this.#sheets.delete(name);
  }
}

function newSheet(): Sheet {
  return {
    history: new History(),
    data: null,
    digest: null,
    trouble: null,
    notice: "",
    stateNotice: null,
    done: null,
    stamp: undefined,
  };
}

export const PARTED_NOTICE =
  "A story of its own from the next build of this issue on: `broadsheet build` with its articles and --date.";

/** Why an issue that goes out as it is, or went out, is not built. */
export function keptNotice(name: string, state: IssueState): Sheet["stateNotice"] {
  return { state, says: `${refusal(path.basename(name), state, "begin").message}.` };
}

export function lostNotice(lost: readonly string[]): string {
  return `Not all that you edited is in it: ${lost.join("; ")}. Undo brings it back.`;
}

/** @throws BroadsheetError DIGEST_INVALID for a digest in the folder of another issue. */
export function assertInPlace(digest: Digest, name: string, file: string): void {
  const { newsletter, slot } = digest.issue;
  const named = `${newsletter}/${slot}`;
  if (named === name) return;
  throw new BroadsheetError(
    "DIGEST_INVALID",
    `the digest says that it is of ${named}, and lies in the folder of ${name}`,
    {
      where: { file },
      fix: "write there what the folder is called; render the digest elsewhere to copy the issue",
    },
  );
}

export function toJson(digest: Digest): string {
  return JSON.stringify(digest);
}

export function doneIn(started: number): { at: string; ms: number } {
  const at = new Date().toLocaleTimeString("en-GB");
  return { at, ms: Math.round(performance.now() - started) };
}

/** An issue as it was before a change. */
export interface Snapshot {
  /** The text of digest.json. */
  readonly digest: string;
  readonly pictures: readonly Picture[];
  readonly built: string | undefined;
}

const MOST_CHANGES = 100;

/** What an issue was before each change of this run, and what was taken back of them. */
class History {
  #past: Snapshot[] = [];
  #future: Snapshot[] = [];

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  /** What it is now, to come back to where a change fails. */
  mark(): () => void {
    const [past, future] = [[...this.#past], [...this.#future]];
    return () => {
      this.#past = past;
      this.#future = future;
    };
  }

  /** A change is about to be made to this. */
  remember(now: Snapshot): void {
    if (this.#past.at(-1)?.digest === now.digest) return;
    this.#past.push(now);
    this.#past.splice(0, this.#past.length - MOST_CHANGES);
    this.#future.length = 0;
  }

  /** What it was before the last change, which can be done again; undefined where there was none. */
  undo(now: Snapshot): Snapshot | undefined {
    const before = this.#past.pop();
    if (before) this.#future.push(now);
    return before;
  }

  redo(now: Snapshot): Snapshot | undefined {
    const after = this.#future.pop();
    if (after) this.#past.push(now);
    return after;
  }
}
