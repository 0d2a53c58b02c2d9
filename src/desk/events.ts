/** Who is looking at which issue, and is to hear when it changes. */
export class Events {
  readonly #listeners = new Map<(name: string) => void, string>();
  #told = 0;

  /** How many changes there were. */
  get told(): number {
    return this.#told;
  }

  /**
   * `changed` hears names of issues, and at once of all where something was told after the first `told` times: a page
   * is made before it listens. What it returns stops that.
   */
  listen(issue: string, told: number, changed: (name: string) => void): () => void {
    this.#listeners.set(changed, issue);
    if (told !== this.#told) changed("");
    return () => this.#listeners.delete(changed);
  }

  /** An issue, or "" for all. */
  tell(name: string): void {
    this.#told += 1;
    for (const changed of this.#listeners.keys()) changed(name);
  }

  /** The issues that are open in a browser. */
  get watched(): ReadonlySet<string> {
    return new Set(this.#listeners.values());
  }
}
