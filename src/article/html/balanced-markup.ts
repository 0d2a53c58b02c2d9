import { BLOCK, VOID } from "../markup/element-rules.ts";
import { DEEPEST, OpenElements } from "../markup/open-elements.ts";

interface OpenElement {
  readonly name: string;
  readonly source: string;
  readonly isWritten: boolean;
}

// Measured on pages made to be slow; an ordinary page weighs a fifth more than it has elements.
const LEVELS_IN_ELEMENT = 64;
const CHARACTERS_IN_ELEMENT = 800;

// Without a class, these say nothing.
const BARE: ReadonlySet<string> = new Set(["<span>", "<font>"]);

/**
 * Writes markup in which every element is closed where it ends, and none is nested deeper than
 * pages are: what is deeper keeps its text, and loses its tags.
 */
export class BalancedMarkup {
  readonly #open = new OpenElements<OpenElement>((element) => this.#end(element));
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
    this.#open.makeWayFor(name);
    this.#start(name, source);
  }

  close(name: string): void {
    for (const { name: inner, source } of this.#open.close(name)) this.#start(inner, source);
  }

  /** All that was written, with what is still open closed. */
  toString(): string {
    this.#open.closeAll();
    return this.#written.join("");
  }

  get #depth(): number {
    return Math.min(this.#open.depth, DEEPEST);
  }

  #start(name: string, source: string): void {
    const isWritten = this.#open.depth < DEEPEST && !BARE.has(source);
    if (isWritten) {
      this.#written.push(source);
      this.#weight += 1 + this.#depth / LEVELS_IN_ELEMENT;
    } else if (BLOCK.has(name)) this.#written.push(" ");
    this.#isAfterBlock = BLOCK.has(name);
    if (VOID.has(name)) return;
    this.#open.push({ name, source, isWritten });
    if (name === "pre") this.#preformatted++;
  }

  #end({ name, isWritten }: OpenElement): void {
    if (isWritten) this.#written.push(`</${name}>`);
    this.#isAfterBlock = BLOCK.has(name);
    if (name === "pre") this.#preformatted--;
  }
}
