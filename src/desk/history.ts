import type { Picture } from "../email/email.ts";

/** An issue as it was before a change. */
export interface Snapshot {
  /** The text of digest.json. */
  readonly digest: string;
  readonly pictures: readonly Picture[];
  readonly built: string | undefined;
}

const MOST = 100;

/** What an issue was before each change of this run, and what was taken back of them. */
export class History {
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
    this.#past.splice(0, this.#past.length - MOST);
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
