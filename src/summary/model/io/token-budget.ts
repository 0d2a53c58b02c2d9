/** The tokens that an issue may cost. What is under way is counted as if it took all it may. */
export class TokenBudget {
  readonly #most: number;
  #spent = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** What was spent, with what is set aside. */
  get spent(): number {
    return this.#spent;
  }

  /** Sets tokens aside; false, and nothing is, where there are no more so many. */
  reserve(tokens: number): boolean {
    if (this.#spent + tokens > this.#most) return false;
    this.#spent += tokens;
    return true;
  }

  /** Puts what was really spent in the place of what was set aside. */
  settle(reserved: number, spent: number): void {
    this.#spent += spent - reserved;
  }
}

/** About how many tokens a text is: four letters of an alphabet to one, and a Chinese character each. */
export function estimatedTokens(text: string): number {
  const dense =
    text.match(/[^\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\P{L}]/gu)?.length ?? 0;
  return Math.ceil(dense + (text.length - dense) / 3.5);
}
