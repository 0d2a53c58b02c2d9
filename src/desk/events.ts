/** Which issues are open in browsers, and what is called when one changes. */
export class Events {
  readonly #listeners = new Map<(name: string) => void, string>();
  #changes = 0;

  /** How many changes were announced. */
  get changes(): number {
    return this.#changes;
  }

  /**
   * `changed` is called with the names of issues that change, and at once for all where there was a change after the
   * first `changes`: a page is made before it listens. What is returned stops that.
   */
  listen(issue: string, changes: number, changed: (name: string) => void): () => void {
    this.#listeners.set(changed, issue);
    if (changes !== this.#changes) changed("");
    return () => this.#listeners.delete(changed);
  }

  /** Calls those that listen; "" stands for all issues. */
  announce(name: string): void {
    this.#changes += 1;
    for (const changed of this.#listeners.keys()) changed(name);
  }

  /** The issues that are open in a browser. */
  get watched(): ReadonlySet<string> {
    return new Set(this.#listeners.values());
  }
}
