import { stat } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";

/** A cache for a process that builds an issue repeatedly. A value is kept as long as its input is the same. */
export class Kept<T> {
  readonly #made = new Map<string, { readonly stamp: string; readonly value: Promise<T> }>();

  /** The cached value of a key with the same stamp; else the result of `make`, which is then cached. */
  async get(key: string, stamp: string, make: () => Promise<T>): Promise<T> {
    const found = this.#made.get(key);
    if (found?.stamp === stamp) return found.value;
    const value = make();
    this.#made.set(key, { stamp, value });
    // A failure isn't cached.
    value.catch(() => this.#made.delete(key));
    return value;
  }

  forget(): void {
    this.#made.clear();
  }
}

/** The longest tick of a file system's clock. */
const TICK_MS = 20;

/** A stamp that changes whenever a file does; undefined where the file can't be read. */
export async function fileStamp(file: string): Promise<string | undefined> {
  const look = async () => stat(file, { bigint: true }).catch(() => undefined);
  const first = await look();
  const ageMs = Date.now() - Number(first?.mtimeMs);
  // A second change within the same tick would have the same time.
  const isFresh = ageMs >= 0 && ageMs < TICK_MS;
  if (isFresh) await setTimeout(TICK_MS);
  const found = isFresh ? await look() : first;
  return found && `${found.mtimeNs}:${found.size}:${found.ino}`;
}
