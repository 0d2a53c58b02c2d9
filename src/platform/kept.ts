import { stat } from "node:fs/promises";

/**
 * Things that were made before, each kept for as long as what it was made of is the same: for a process
 * that builds an issue again and again.
 */
export class Kept<T> {
  readonly #made = new Map<string, { readonly stamp: string; readonly value: Promise<T> }>();

  /** What stands under a key and was made of the same; else what `make` gives, which is then kept. */
  async get(key: string, stamp: string, make: () => Promise<T>): Promise<T> {
    const found = this.#made.get(key);
    if (found?.stamp === stamp) return found.value;
    const value = make();
    this.#made.set(key, { stamp, value });
    // What failed may go well the next time.
    value.catch(() => this.#made.delete(key));
    return value;
  }

  forget(): void {
    this.#made.clear();
  }
}

/** What changes whenever a file does; undefined where it can't be looked at. */
export async function fileStamp(file: string): Promise<string | undefined> {
  const found = await stat(file, { bigint: true }).catch(() => undefined);
  return found && `${found.mtimeNs}:${found.size}:${found.ino}`;
}
