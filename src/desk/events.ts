/** The issues that are open in browsers, with a listener for each. */
export class Events {
  readonly #listeners = new Map<(name: string) => void, string>();
  #changes = 0;

  /** The number of announced changes. */
  get changes(): number {
    return this.#changes;
  }

  /**
   * Calls `changed` with the names of issues that change. It is called at once with "" if there was a change after the
   * first `changes`, because a page is made before it listens. Returns a function that ends it.
   */
  listen(issue: string, changes: number, changed: (name: string) => void): () => void {
    this.#listeners.set(changed, issue);
    if (changes !== this.#changes) changed("");
    return () => this.#listeners.delete(changed);
  }

  /** Calls all listeners; "" stands for all issues. */
  announce(name: string): void {
    this.#changes += 1;
    for (const changed of this.#listeners.keys()) changed(name);
  }

  /** The issues that are open in a browser. */
  get watched(): ReadonlySet<string> {
    return new Set(this.#listeners.values());
  }
}
