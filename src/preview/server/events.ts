/** Who is looking at which issue, and is to hear when it changes. */
export class Events {
  readonly #listeners = new Map<(name: string) => void, string>();

  /** `changed` hears names of issues; what it returns stops that. */
  listen(issue: string, changed: (name: string) => void): () => void {
    this.#listeners.set(changed, issue);
    return () => this.#listeners.delete(changed);
  }

  /** An issue, or "" for all. */
  tell(name: string): void {
    for (const changed of this.#listeners.keys()) changed(name);
  }

  /** The issues that somebody looks at. */
  get watched(): ReadonlySet<string> {
    return new Set(this.#listeners.values());
  }
}
