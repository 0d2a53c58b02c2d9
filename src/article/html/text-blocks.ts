import { cleanText, oneLine } from "../clean-text.ts";
import { BLOCK } from "../markup/open-elements.ts";
import { isElement, isText, type PageElement, type PageNode, labelOf } from "../page/page-dom.ts";
import { countWords, endsSentence } from "../plain-text/prose.ts";

/** A run of text between two block boundaries: a paragraph, a heading, a list entry, a cell. */
export interface TextBlock {
  readonly text: string;
  /** The text nodes that it is made of. */
  readonly nodes: readonly PageNode[];
  /** The block element that it stands in, directly or in inline elements. */
  readonly element: PageElement;
  /** How much of the text is links, in characters. */
  readonly linked: number;
  /** How much of the text is set in italics or small letters, in characters. */
  readonly aside: number;
  /** How much of the text is set in bold, in characters. */
  readonly bold: number;
  /** Whether a picture stands between it and the text before it. */
  readonly isUnderPicture: boolean;
}

// What a page shows beside its text: their words are labels and alternatives.
const SILENT: ReadonlySet<string> = new Set(
  "script style noscript template title head svg select textarea button audio video canvas object".split(
    " ",
  ),
);

/** What the inline elements around a piece of text do with it. */
interface Style {
  readonly isLinked: boolean;
  readonly isAside: boolean;
  readonly isBold: boolean;
}

const PLAIN: Style = { isLinked: false, isAside: false, isBold: false };

/**
 * The blocks of text in an element, in order. Unlike `textContent`, it keeps the words of two
 * blocks apart; two line breaks in a row end a block as well.
 */
export function textBlocksIn(root: PageElement): TextBlock[] {
  const walk = new BlockWalk(root);
  walk.inside(root, PLAIN);
  walk.flush(root);
  return joinRows(walk.blocks);
}

// A row of short cells is one line, "Monday | 9 to 5": a cell alone says nothing. Tables that only
// lay out a page have paragraphs in their cells.
function joinRows(blocks: readonly TextBlock[]): TextBlock[] {
  const joined: TextBlock[] = [];
  for (const block of blocks) {
    const row = isCell(block) ? block.element.parentElement : null;
    const last = joined.at(-1);
    if (row && last?.element === row) joined[joined.length - 1] = join(last, block);
    else joined.push(row ? { ...block, element: row } : block);
  }
  return joined;
}

function isCell({ element, text }: TextBlock): boolean {
  return /^t[dh]$/.test(element.localName) && text.length <= LONGEST_CELL;
}

const LONGEST_CELL = 100;

function join(a: TextBlock, b: TextBlock): TextBlock {
  return {
    ...a,
    text: `${a.text} | ${b.text}`,
    nodes: [...a.nodes, ...b.nodes],
    linked: a.linked + b.linked,
    aside: a.aside + b.aside,
    bold: a.bold + b.bold,
  };
}

class BlockWalk {
  readonly blocks: TextBlock[] = [];
  #element: PageElement;
  #run = emptyRun();
  #breaks = 0;
  #isUnderPicture = false;

  constructor(root: PageElement) {
    this.#element = root;
  }

  inside(parent: PageElement, style: Style): void {
    for (let child = parent.firstChild; child; child = child.nextSibling) {
      if (isText(child)) this.#add(child, style);
      else if (isElement(child) && !SILENT.has(child.localName)) this.#enter(child, style);
    }
  }

  flush(next: PageElement): void {
    const { text: written, nodes, ...counts } = this.#run;
    const text = oneLine(cleanText(written));
    if (text !== "") {
      this.blocks.push({
        text,
        nodes,
        element: this.#element,
        isUnderPicture: this.#isUnderPicture,
        ...counts,
      });
      this.#isUnderPicture = false;
    }
    this.#element = next;
    this.#run = emptyRun();
    this.#breaks = 0;
  }

  #enter(element: PageElement, style: Style): void {
    const name = element.localName;
    if (name === "br") this.#break();
    else if (PICTURE.has(name)) this.#isUnderPicture = true;
    else if (BLOCK.has(name)) {
      const outer = this.#element;
      this.flush(element);
      this.inside(element, style);
      this.flush(outer);
    } else this.inside(element, styleIn(name, style));
  }

  #break(): void {
    this.#breaks++;
    this.#run.text += "\n";
    if (this.#breaks > 1) this.flush(this.#element);
  }

  #add(node: PageNode, style: Style): void {
    const { textContent } = node;
    const { length } = textContent.trim();
    if (length > 0) this.#breaks = 0;
    if (style.isLinked) this.#run.linked += length;
    if (style.isAside) this.#run.aside += length;
    if (style.isBold) this.#run.bold += length;
    this.#run.text += textContent;
    this.#run.nodes.push(node);
  }
}

const PICTURE: ReadonlySet<string> = new Set(["img", "picture", "amp-img"]);
const LINK: ReadonlySet<string> = new Set(["a"]);
const ASIDE: ReadonlySet<string> = new Set(["em", "i", "small", "cite"]);
const BOLD: ReadonlySet<string> = new Set(["b", "strong"]);

function styleIn(name: string, outer: Style): Style {
  return {
    isLinked: outer.isLinked || LINK.has(name),
    isAside: outer.isAside || ASIDE.has(name),
    isBold: outer.isBold || BOLD.has(name),
  };
}

function emptyRun(): {
  text: string;
  nodes: PageNode[];
  linked: number;
  aside: number;
  bold: number;
} {
  return { text: "", nodes: [], linked: 0, aside: 0, bold: 0 };
}

/** A block of text, with what the rules ask of it. */
export interface StoryLine {
  readonly text: string;
  readonly block: TextBlock;
  readonly words: number;
  readonly isSentence: boolean;
  readonly isHeading: boolean;
  readonly isItem: boolean;
  /** Whether it is a link and next to nothing else. */
  readonly isLink: boolean;
  /** The names of the elements close around it (see labelOf), and of their kind. */
  readonly label: string;
}

/**
 * The lines of some blocks. `labels` are those that the same texts had before the page was changed.
 */
export function toStoryLines(
  blocks: readonly TextBlock[],
  labels: Labels = NO_LABELS,
): StoryLine[] {
  const lengths = new Map<PageElement, number>();
  return blocks.map((block) => {
    const line = toStoryLine(block, lengths);
    return { ...line, label: line.label + (labels.get(block.text) ?? "") };
  });
}

/** The names of the elements around blocks, by the blocks' text. */
export type Labels = ReadonlyMap<string, string>;

const NO_LABELS: Labels = new Map();
const LONGEST_LABELLED = 600;

/** The labels of those blocks that are short enough to be anything but a story's paragraph. */
export function labelsOf(blocks: readonly TextBlock[]): Labels {
  const lengths = new Map<PageElement, number>();
  const labels = new Map<string, string>();
  for (const { text, element } of blocks) {
    if (text.length <= LONGEST_LABELLED)
      labels.set(text, labelAround(element, text.length, lengths));
  }
  return labels;
}

/** `lengths` remembers how long the elements around are, which costs as much as they are long. */
export function toStoryLine(block: TextBlock, lengths: Map<PageElement, number>): StoryLine {
  const { text, element, linked } = block;
  return {
    text,
    block,
    words: countWords(text),
    isSentence: endsSentence(text),
    isHeading: isOrIsIn(element, /^h[1-6]$/),
    isItem: isOrIsIn(element, /^(?:li|d[td])$/),
    isLink: linked > 0 && linked >= text.length * 0.8,
    label: labelAround(element, text.length, lengths),
  };
}

/** Whether a line is a sentence or more of running text. */
export function isProse({ words, isSentence, isHeading, isLink }: StoryLine): boolean {
  if (isLink) return false;
  if (isHeading) return isSentence && words >= 30;
  return (isSentence && words >= 4) || words >= 25;
}

const LEVELS = 4;

// Elements that hold much more than the block are named for something else.
function labelAround(
  element: PageElement,
  length: number,
  lengths: Map<PageElement, number>,
): string {
  let label = " ";
  let at: PageElement | null = element;
  for (let level = 0; level < LEVELS && at && isNamed(at); level++) {
    if (level > 0 && lengthOf(at, lengths) > length * 2 + 200) break;
    label += `${labelOf(at)} ${at.localName} `;
    at = at.parentElement;
  }
  return label;
}

function lengthOf(element: PageElement, lengths: Map<PageElement, number>): number {
  const length = lengths.get(element) ?? element.textContent.length;
  lengths.set(element, length);
  return length;
}

function isOrIsIn(element: PageElement, name: RegExp): boolean {
  const parent = element.parentElement;
  return (
    name.test(element.localName) ||
    (parent !== null && isNamed(parent) && name.test(parent.localName))
  );
}

// A document has no name; and the root that Readability makes is none of the page's own.
function isNamed(element: PageElement): boolean {
  return element.nodeType === 1 && !element.localName.startsWith("html");
}
