// Pages nest about 40 levels. The parser and Readability are recursive, so 20,000 levels overflow the stack. Long
// before that, their time grows with the square of the depth.
export const DEEPEST = 128;

interface Named {
  readonly name: string;
}

/**
 * The open elements at a position in markup. Missing and misplaced end tags are handled like in browsers, as far as
 * it matters for text (HTML standard §13.2.6). The search depth is limited, so no input is slow.
 */
export class OpenElements<Element extends Named> {
  readonly #open: Element[] = [];
  readonly #onEnd: (element: Element) => void;

  /** `onEnd` is called at the end of each element, the innermost first. */
  constructor(onEnd: (element: Element) => void) {
    this.#onEnd = onEnd;
  }

  get depth(): number {
    return this.#open.length;
  }

  get innermost(): Element | undefined {
    return this.#open.at(-1);
  }

  /** The innermost matching element within the search depth. */
  findLast(isWanted: (element: Element) => boolean): Element | undefined {
    const last = Math.max(0, this.#open.length - DEEPEST);
    for (let index = this.#open.length - 1; index >= last; index--) {
      const element = this.#open[index];
      if (element && isWanted(element)) return element;
    }
    return undefined;
  }

  /** Ends the elements that a start tag ends. */
  makeWayFor(name: string): void {
    if (BLOCK.has(name)) this.#endAny(PARAGRAPH);
    const rule = ENDED_BY.get(name);
    if (rule) this.#endAny(rule);
  }

  push(element: Element): void {
    this.#open.push(element);
  }

  /** Ends an element, and returns the blocks in it that continue after it, the outermost first. */
  close(name: string): Element[] {
    const index = this.#find((open) => open === name, scopeOf(name));
    if (index === -1) return [];
    const inside = this.#endTo(index).slice(0, -1);
    if (BLOCK.has(name)) return [];
    // <b><div></b> text</div>: the block continues after the end of an inline element (§13.2.6.4.7, adoption agency).
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

/** Elements without content. */
export const VOID: ReadonlySet<string> = words(
  "area base br col embed hr img input link meta param source track wbr",
);

/** Elements that separate their content from the text around them. */
export const BLOCK: ReadonlySet<string> = words(
  `address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure
   footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol optgroup option p pre search section
   select summary table tbody td tfoot th thead tr ul`,
);

/** Parts of a table. An end tag inside one has no effect outside it. */
const TABLE_PART: ReadonlySet<string> = words("table caption thead tbody tfoot tr td th");

const CELL = words("table caption td th");
const LIST = words("ul ol menu dir table td th");
const LIST_OR_DL = words("dl table td th");
const ROW = words("tr table");
const TABLE = words("table");

/** The open elements that a start tag ends, and the elements that limit the search for them. */
interface EndedBy {
  readonly ends: ReadonlySet<string>;
  readonly within: ReadonlySet<string>;
}

/**
 * Start tags that end other elements (HTML standard §13.1.2.4, optional tags): half of the web omits end tags. A link
 * inside a link ends the outer one (§13.2.6.4.7).
 */
const ENDED_BY: ReadonlyMap<string, EndedBy> = new Map([
  ["li", { ends: words("li"), within: LIST }],
  ["dt", { ends: words("dt dd"), within: LIST_OR_DL }],
  ["dd", { ends: words("dt dd"), within: LIST_OR_DL }],
  ["td", { ends: words("td th"), within: ROW }],
  ["th", { ends: words("td th"), within: ROW }],
  ["tr", { ends: words("tr"), within: TABLE }],
  ["thead", { ends: words("thead tbody tfoot"), within: TABLE }],
  ["tbody", { ends: words("thead tbody tfoot"), within: TABLE }],
  ["tfoot", { ends: words("thead tbody tfoot"), within: TABLE }],
  ["rt", { ends: words("rt rp"), within: words("ruby") }],
  ["rp", { ends: words("rt rp"), within: words("ruby") }],
  ["option", { ends: words("option"), within: words("select") }],
  ["a", { ends: words("a"), within: BLOCK }],
]);

/** A block ends the paragraph around it, if no other block is between them. */
const PARAGRAPH: EndedBy = {
  ends: words("p"),
  within: new Set([...BLOCK].filter((name) => name !== "p")),
};

/** The elements that limit the search for an end tag's element. */
function scopeOf(name: string): ReadonlySet<string> {
  if (name === "table") return NOTHING;
  if (name === "td" || name === "th" || name === "tr") return ROW_SCOPE.get(name) ?? TABLE;
  if (TABLE_PART.has(name)) return TABLE;
  return name === "li" ? LIST : CELL;
}

const NOTHING: ReadonlySet<string> = new Set();
const ROW_SCOPE: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["td", ROW],
  ["th", ROW],
  ["tr", TABLE],
]);

function words(list: string): ReadonlySet<string> {
  return new Set(list.trim().split(/\s+/));
}
