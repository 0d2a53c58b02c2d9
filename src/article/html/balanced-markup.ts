import { BLOCK, ENDED_BY, PARAGRAPH, scopeOf, VOID, type EndedBy } from "./element-rules.ts";

interface OpenElement {
  readonly name: string;
  readonly source: string;
  readonly isWritten: boolean;
}

// Pages nest some 40 deep. The parser's and Readability's functions call themselves a level at a
// time, so 20,000 levels overflow the stack, and cost time with the square of the depth long
// before.
const DEEPEST = 128;

// Measured on pages made to be slow; an ordinary page weighs a fifth more than it has elements.
const LEVELS_IN_ELEMENT = 64;
const CHARACTERS_IN_ELEMENT = 800;

// Without a class, these say nothing.
const BARE: ReadonlySet<string> = new Set(["<span>", "<font>"]);

/**
 * Writes markup in which every element is closed where it ends, and none is nested deeper than
 * pages are: what is deeper keeps its text, and loses its tags. End tags that were left out, or
 * stand in the wrong order, are put where browsers would see them (HTML standard §13.2.6, in so far
 * as it matters for text).
 */
export class BalancedMarkup {
  readonly #open: OpenElement[] = [];
  readonly #written: string[] = [];
  #weight = 0;
  #isAfterBlock = true;
  #preformatted = 0;

  /**
   * How much work it is to read, in elements of an ordinary page: Readability asks each element for
   * all that is inside, so what is deep is looked at again for every level.
   */
  get weight(): number {
    return Math.ceil(this.#weight);
  }

  /** Blanks between two blocks are not written: they are half of a page's text nodes. */
  text(source: string): void {
    if (this.#isAfterBlock && this.#preformatted === 0 && source.trim() === "") return;
    this.#written.push(source);
    this.#weight += (source.length * (this.#depth + 2)) / CHARACTERS_IN_ELEMENT;
    this.#isAfterBlock = false;
  }

  open(name: string, source: string): void {
    if (BLOCK.has(name)) this.#endAny(PARAGRAPH);
    const rule = ENDED_BY.get(name);
    if (rule) this.#endAny(rule);
    this.#start(name, source);
  }

  close(name: string): void {
    const index = this.#find((open) => open === name, scopeOf(name));
    if (index === -1) return;
    const inside = this.#endTo(index).slice(0, -1);
    if (BLOCK.has(name)) return;
    // <b><div></b> text</div>: the block goes on where an inline element ends (§13.2.6.4.7,
    // adoption agency).
    for (const { name: inner, source } of inside.toReversed())
      if (BLOCK.has(inner)) this.#start(inner, source);
  }

  /** All that was written, with what is still open closed. */
  toString(): string {
    this.#endTo(0);
    return this.#written.join("");
  }

  get #depth(): number {
    return Math.min(this.#open.length, DEEPEST);
  }

  #start(name: string, source: string): void {
    const isWritten = this.#open.length < DEEPEST && !BARE.has(source);
    if (isWritten) {
      this.#written.push(source);
      this.#weight += 1 + this.#depth / LEVELS_IN_ELEMENT;
    } else if (BLOCK.has(name)) this.#written.push(" ");
    this.#isAfterBlock = BLOCK.has(name);
    if (VOID.has(name)) return;
    this.#open.push({ name, source, isWritten });
    if (name === "pre") this.#preformatted++;
  }

  #endAny({ ends, within }: EndedBy): void {
    const index = this.#find((name) => ends.has(name), within);
    if (index !== -1) this.#endTo(index);
  }

  // Never looks further up than elements are written, so that no input makes this slow.
  #find(isWanted: (name: string) => boolean, scope: ReadonlySet<string>): number {
    const last = Math.max(0, this.#open.length - DEEPEST);
    for (let index = this.#open.length - 1; index >= last; index--) {
      const name = this.#open[index]?.name ?? "";
      if (isWanted(name)) return index;
      if (scope.has(name)) return -1;
    }
    return -1;
  }

  #endTo(index: number): OpenElement[] {
    const ended = this.#open.splice(index).toReversed();
    for (const { name, isWritten } of ended) {
      if (isWritten) this.#written.push(`</${name}>`);
      this.#isAfterBlock = BLOCK.has(name);
      if (name === "pre") this.#preformatted--;
    }
    return ended;
  }
}
