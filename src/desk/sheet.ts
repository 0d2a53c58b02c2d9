import path from "node:path";
import type { Digest } from "../digest/digest.ts";
import { type IssueState, refusal } from "../delivery/life.ts";
import { BroadsheetError } from "../errors.ts";
import type { EditedText, IssueData, Trouble } from "../preview/page-data.ts";
import type { History } from "../digest/operations/history.ts";
import type { KeptEdits } from "../issue/stages.ts";

/** The state of one issue in this run. */
export interface Sheet {
  history: History;
  /** The results of its editor's operations. */
  kept: KeptEdits | null;
  edited: readonly EditedText[];
  /** The HTML with marks, and the same HTML without them. */
  marked: { readonly of: string; readonly html: string } | null;
  data: IssueData | null;
  digest: Digest | null;
  trouble: Trouble | null;
  notice: string;
  /** A message that is valid while the issue is in this state. */
  stateNotice: { readonly state: IssueState; readonly says: string } | null;
  done: string;
  stamp: string | undefined;
}

/** The most sheets in memory, more than an editor returns to. A sheet may have megabytes of pictures. */
const MOST_SHEETS = 50;

/** The sheets of a run. The least recently used ones are removed. */
export class Sheets {
  readonly #sheets = new Map<string, Sheet>();

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
    for (const [name] of [...this.#sheets].slice(0, -MOST_SHEETS)) this.#sheets.delete(name);
  }
}

function newSheet(): Sheet {
  return {
    history: { undo: undefined, redo: undefined },
    kept: null,
    edited: [],
    marked: null,
    data: null,
    digest: null,
    trouble: null,
    notice: "",
    stateNotice: null,
    done: "",
    stamp: undefined,
  };
}

export const PARTED_NOTICE =
  "The parted article becomes a story of its own when this issue is next built from its articles.";

/** Returns the reason why an approved or sent issue is not built. */
export function keptNotice(name: string, state: IssueState): Sheet["stateNotice"] {
  return { state, says: `${refusal(path.basename(name), state, "begin").message}.` };
}

/** @throws BroadsheetError DIGEST_INVALID for a digest in the folder of another issue. */
export function assertInPlace(digest: Digest, name: string, file: string): void {
  const { newsletter, slot } = digest.issue;
  const named = `${newsletter}/${slot}`;
  if (named === name) return;
  throw new BroadsheetError(
    "DIGEST_INVALID",
    `the digest says that it belongs to ${named}, but it is in the folder of ${name}`,
    {
      where: { file },
      fix: "write the name of the folder into the digest; to copy the issue, render the digest elsewhere",
    },
  );
}

/** Returns the time of day, for `done`. */
export function timeNow(): string {
  return new Date().toLocaleTimeString("en-GB");
}
