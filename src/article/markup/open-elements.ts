import { BLOCK, ENDED_BY, PARAGRAPH, scopeOf, type EndedBy } from "./element-rules.ts";

// Pages nest some 40 deep. A parser's and Readability's functions call themselves a level at a
// time, so 20,000 levels overflow the stack, and cost time with the square of the depth long
// before.
export const DEEPEST = 128;

interface Named {
  readonly name: string;
}

/**
 * The elements that are open at a place in markup. End tags that were left out, or stand in the
 * wrong order, are put where browsers would see them (HTML standard §13.2.6, in so far as it
 * matters for text). Never looks further up than elements are written, so that no input makes this
 * slow.
 */
export class OpenElements<Element extends Named> {
  readonly #open: Element[] = [];
  readonly #onEnd: (element: Element) => void;

  /** `onEnd` is called for each element where it ends, the innermost first. */
  constructor(onEnd: (element: Element) => void) {
    this.#onEnd = onEnd;
  }

  get depth(): number {
    return this.#open.length;
  }

  get innermost(): Element | undefined {
    return this.#open.at(-1);
  }

  /** The innermost that is wanted, of those that are looked at. */
  findLast(isWanted: (element: Element) => boolean): Element | undefined {
    const last = Math.max(0, this.#open.length - DEEPEST);
    for (let index = this.#open.length - 1; index >= last; index--) {
      const element = this.#open[index];
      if (element && isWanted(element)) return element;
    }
    return undefined;
  }

  /** Ends what the start tag of such an element ends. */
  makeWayFor(name: string): void {
    if (BLOCK.has(name)) this.#endAny(PARAGRAPH);
    const rule = ENDED_BY.get(name);
    if (rule) this.#endAny(rule);
  }

  push(element: Element): void {
    this.#open.push(element);
  }

  /** Ends an element, and gives the blocks in it that go on, the outermost first. */
  close(name: string): Element[] {
    const index = this.#find((open) => open === name, scopeOf(name));
    if (index === -1) return [];
    const inside = this.#endTo(index).slice(0, -1);
    if (BLOCK.has(name)) return [];
    // <b><div></b> text</div>: the block goes on where an inline element ends (§13.2.6.4.7,
    // adoption agency).
    return inside.toReversed().filter((element) => BLOCK.has(element.name));
  }

  closeAll(): void {
    this.#endTo(0);
  }

  #endAny({ ends, within }: EndedBy): void {
    const index = this.#find((name) => ends.has(name), within);
    if (index !== -1) this.#endTo(index);
  }

  #find(isWanted: (name: string) => boolean, scope: ReadonlySet<string>): number {
    const last = Math.max(0, this.#open.length - DEEPEST);
    for (let index = this.#open.length - 1; index >= last; index--) {
      const name = this.#open[index]?.name ?? "";
      if (isWanted(name)) return index;
      if (scope.has(name)) return -1;
    }
    return -1;
  }

  #endTo(index: number): Element[] {
    const ended = this.#open.splice(index).toReversed();
    for (const element of ended) this.#onEnd(element);
    return ended;
  }
}
