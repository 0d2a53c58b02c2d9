import path from "node:path";
import type { Digest } from "../digest/digest.ts";
import { type IssueState, refusal } from "../delivery/life.ts";
import { BroadsheetError } from "../errors.ts";
import type { IssueData, Trouble } from "../preview/page-data.ts";
import type { History } from "../digest/operations/history.ts";
import type { KeptEdits } from "../issue/stages.ts";

/** The state of one issue in this run. */
export interface Sheet {
  history: History;
  /** What became of its editor's operations. */
  kept: KeptEdits | null;
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

/** The sheets of a run. Those that were not looked at for longest are forgotten. */
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
    for (const [name] of [...this.#sheets].slice(0, -MOST)) this.#sheets.delete(name);
  }
}

function newSheet(): Sheet {
  return {
    history: { undo: undefined, redo: undefined },
    kept: null,
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

export function doneIn(started: number): { at: string; ms: number } {
  const at = new Date().toLocaleTimeString("en-GB");
  return { at, ms: Math.round(performance.now() - started) };
}
