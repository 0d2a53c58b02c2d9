/** Lets a loop sleep until something happens, or a moment comes. What happens together wakes it once. */
export class Wake {
  #isCalled = false;
  #rouse: () => void = () => undefined;

  call(): void {
    this.#isCalled = true;
    this.#rouse();
  }

  /** Resolves after the next call, or after so many milliseconds; at once where it was called meanwhile. */
  async wait(timeoutMs: number): Promise<void> {
    if (!this.#isCalled) await this.#sleep(timeoutMs);
    // What else has arrived is dealt with first: one turn of the ledger costs as much as a hundred rows.
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.#isCalled = false;
  }

  async #sleep(timeoutMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#rouse = resolve;
      if (timeoutMs < Infinity) timer = setTimeout(resolve, Math.max(1, timeoutMs));
    });
    clearTimeout(timer);
  }
}
