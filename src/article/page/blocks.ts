import { cleanText, oneLine } from "../clean-text.ts";
import { BLOCK } from "../markup/open-elements.ts";
import {
  isElement,
  isHidden,
  isText,
  outwards,
  type PageElement,
  type PageNode,
} from "./page-dom.ts";
import { labelOf, labelBitsOf } from "./element-labels.ts";
import type { Block, BlockKind } from "../block.ts";
import { measureText } from "../measure-text.ts";

/** A run of text between two block boundaries. It need not be in a `<p>`. */
export interface PageBlock extends Block {
  /** Its text nodes, including the white space between words. */
  readonly nodes: readonly PageNode[];
  readonly place: Place;
  /** The numbers of characters in links, in bold, and in italics or small print. */
  readonly linked: number;
  readonly bold: number;
  readonly aside: number;
  /** The number of links that begin in it. */
  readonly links: number;
  /** The label words of its inline elements, one bit for each of `element-labels.ts`. */
  readonly labels: number;
  /** Whether a picture is between it and the text before it. */
  readonly isUnderPicture: boolean;
}

/** A block element of the page, with totals of the text inside. */
export interface Place {
  readonly element: PageElement;
  readonly name: string;
  readonly parent: Place | undefined;
  readonly depth: number;
  /** The label words of its class, id and role, as bits. */
  readonly labels: number;
  /** Its tag and class. Siblings with the same shape are items of a list. */
  readonly shape: string;
  readonly children: Place[];
  chars: number;
  linked: number;
  /** Characters of running text. */
  prose: number;
  blocks: number;
  /** Characters of running text directly in it, or in a paragraph that is its child. */
  ownProse: number;
}

export interface PageBlocks {
  readonly root: Place;
  readonly blocks: readonly PageBlock[];
}

// Elements whose text is not shown as text: labels and alternatives.
const SILENT: ReadonlySet<string> = new Set(
  "script style noscript template title head svg select textarea button audio video canvas object rt rp".split(
    " ",
  ),
);

const PICTURE: ReadonlySet<string> = new Set(["img", "picture", "amp-img", "video", "iframe"]);
const ASIDE: ReadonlySet<string> = new Set(["em", "i", "small", "cite"]);
const BOLD: ReadonlySet<string> = new Set(["b", "strong"]);

/** Returns the blocks of text in an element, in order. Hidden text is excluded. */
export function blocksIn(root: PageElement): PageBlocks {
  const walk = new Walk(root);
  walk.inside(root, PLAIN);
  walk.flush();
  return { root: walk.root, blocks: walk.blocks };
}

interface Style {
  readonly isLinked: boolean;
  readonly isBold: boolean;
  readonly isAside: boolean;
  readonly labels: number;
}

const PLAIN: Style = { isLinked: false, isBold: false, isAside: false, labels: 0 };

interface Run {
  text: string;
  nodes: PageNode[];
  linked: number;
  bold: number;
  aside: number;
  links: number;
  labels: number;
}

function emptyRun(): Run {
  return { text: "", nodes: [], linked: 0, bold: 0, aside: 0, links: 0, labels: 0 };
}

class Walk {
  readonly root: Place;
  readonly blocks: PageBlock[] = [];
  #place: Place;
  #run = emptyRun();
  #breaks = 0;
  #isUnderPicture = false;

  constructor(root: PageElement) {
    this.root = toPlace(root, undefined);
    this.#place = this.root;
  }

  inside(parent: PageElement, style: Style): void {
    for (let child = parent.firstChild; child; child = child.nextSibling) {
      if (isText(child)) this.#add(child, style);
      else if (isElement(child)) this.#enter(child, style);
    }
  }

  /** Ends the current block. */
  flush(): void {
    const run = this.#run;
    this.#breaks = 0;
    if (run.text.trim() === "") return;
    this.#run = emptyRun();
    const kind = kindOf(this.#place);
    const clean = cleanText(run.text);
    const text = kind === "code" ? clean.trim() : oneLine(clean);
    if (text === "") return;
    const row = kind === "row" ? rowOf(this.#place) : undefined;
    const last = this.blocks.at(-1);
    const isUnderPicture = this.#isUnderPicture;
    this.#isUnderPicture = false;
    // A row of short cells is one line, "Monday | 9 to 5", because a cell alone has no meaning.
    if (row && last?.place === row && text.length <= LONGEST_CELL) {
      this.blocks[this.blocks.length - 1] = joinCells(last, run, text);
      return;
    }
    const place = row && text.length <= LONGEST_CELL ? row : this.#place;
    const measure = measureText(text);
    this.blocks.push({ kind, ...run, text, place, measure, isUnderPicture });
  }

  #enter(element: PageElement, style: Style): void {
    const name = element.localName;
    if (name === "br") this.#break();
    else if (PICTURE.has(name)) this.#isUnderPicture = true;
    else if (SILENT.has(name) || isHidden(element)) return;
    else if (BLOCK.has(name)) this.#enterBlock(element, style);
    else this.inside(element, this.#styleIn(element, name, style));
  }

  #enterBlock(element: PageElement, style: Style): void {
    this.flush();
    const outer = this.#place;
    this.#place = toPlace(element, outer);
    this.inside(element, style);
    this.flush();
    this.#place = outer;
  }

  #styleIn(element: PageElement, name: string, outer: Style): Style {
    if (name === "a") this.#run.links++;
    const labels = outer.labels | labelBitsOf(element);
    if (name === "a" || ASIDE.has(name) || BOLD.has(name) || labels !== outer.labels) {
      return {
        isLinked: outer.isLinked || name === "a",
        isBold: outer.isBold || BOLD.has(name),
        isAside: outer.isAside || ASIDE.has(name),
        labels,
      };
    }
    return outer;
  }

  // One line break is a space; two in a row end a paragraph.
  #break(): void {
    this.#breaks++;
    this.#run.text += "\n";
    if (this.#breaks > 1) this.flush();
  }

  #add(node: PageNode, style: Style): void {
    const { textContent } = node;
    const length = textContent.trim().length;
    const run = this.#run;
    run.text += textContent;
    run.nodes.push(node);
    if (length === 0) return;
    this.#breaks = 0;
    if (style.isLinked) run.linked += length;
    if (style.isBold) run.bold += length;
    if (style.isAside) run.aside += length;
    run.labels |= style.labels;
  }
}

const LONGEST_CELL = 100;

function joinCells(row: PageBlock, cell: Run, text: string): PageBlock {
  const joined = `${row.text} | ${text}`;
  return {
    ...row,
    text: joined,
    nodes: [...row.nodes, ...cell.nodes],
    measure: measureText(joined),
    linked: row.linked + cell.linked,
    bold: row.bold + cell.bold,
    aside: row.aside + cell.aside,
    links: row.links + cell.links,
    labels: row.labels | cell.labels,
  };
}

function rowOf(place: Place): Place | undefined {
  return place.name === "td" || place.name === "th" ? place.parent : undefined;
}

function toPlace(element: PageElement, parent: Place | undefined): Place {
  const name = element.localName;
  const place: Place = {
    element,
    name,
    parent,
    depth: parent ? parent.depth + 1 : 0,
    labels: labelBitsOf(element),
    shape: `${name}.${element.getAttribute("class") ?? ""}`,
    children: [],
    chars: 0,
    linked: 0,
    prose: 0,
    blocks: 0,
    ownProse: 0,
  };
  parent?.children.push(place);
  return place;
}

const KINDS: ReadonlyMap<string, BlockKind> = new Map([
  ["p", "paragraph"],
  ["li", "item"],
  ["dt", "item"],
  ["dd", "item"],
  ["blockquote", "quotation"],
  ["figcaption", "caption"],
  ["caption", "caption"],
  ["td", "row"],
  ["th", "row"],
  ["tr", "row"],
  ["pre", "code"],
  ...["h1", "h2", "h3", "h4", "h5", "h6"].map((name): [string, BlockKind] => [name, "heading"]),
]);

// Elements that define the kind of a paragraph inside.
const WRAPS: ReadonlySet<string> = new Set(["li", "blockquote", "figcaption", "pre"]);

function kindOf(place: Place): BlockKind {
  const own = KINDS.get(place.name) ?? "text";
  if (own !== "paragraph" && own !== "text") return own;
  const { parent } = place;
  return parent && WRAPS.has(parent.name) ? (KINDS.get(parent.name) ?? own) : own;
}

/** Returns a place and the places around it, the innermost first. */
export function placesAround(place: Place): Place[] {
  const places: Place[] = [];
  for (let at: Place | undefined = place; at; at = at.parent) places.push(at);
  return places;
}

/** Adds up the totals of each place. Must be called once, after all blocks are known. */
export function measurePlaces({ blocks }: PageBlocks): void {
  for (const block of blocks) {
    const { chars } = block.measure;
    const prose = proseOf(block);
    block.place.ownProse += prose;
    if (block.kind === "paragraph" && block.place.parent) block.place.parent.ownProse += prose;
    for (const at of placesAround(block.place)) {
      at.chars += chars;
      at.linked += block.linked;
      at.prose += prose;
      at.blocks++;
    }
  }
}

const LEAST_WORDS = 8;

/** Returns the number of characters of running text in a block. */
export function proseOf({ measure, linked, kind }: PageBlock): number {
  if (kind === "heading" || measure.words < LEAST_WORDS || linked > measure.chars / 2) return 0;
  return measure.chars - linked;
}

const HEADING = /^h[1-6]$/;
const ITEM = /^(?:li|d[td])$/;

export function isHeading({ place }: PageBlock): boolean {
  return isOrIsIn(place, HEADING);
}

export function isItem({ place }: PageBlock): boolean {
  return isOrIsIn(place, ITEM);
}

function isOrIsIn({ name, parent }: Place, pattern: RegExp): boolean {
  return pattern.test(name) || (parent !== undefined && pattern.test(parent.name));
}

/** Whether a block consists almost only of a link. */
export function isLink({ linked, text }: PageBlock): boolean {
  return linked > 0 && linked >= text.length * 0.8;
}

/** Whether a block is at least a sentence of running text. */
export function isProse(block: PageBlock): boolean {
  const { words, endsSentence } = block.measure;
  if (isLink(block)) return false;
  if (isHeading(block)) return endsSentence && words >= 30;
  return (endsSentence && words >= 4) || words >= 25;
}

const LEVELS = 4;
const labels = new WeakMap<PageBlock, string>();

/**
 * Returns the labels (see `labelOf`) and tag names of the elements close around a block. An element that contains much more
 * text is excluded, because its label describes other text. The places must have been measured.
 */
export function labelAround(block: PageBlock): string {
  const known = labels.get(block);
  if (known !== undefined) return known;
  const most = block.measure.chars * 2 + MARGIN_CHARACTERS;
  let label = " ";
  let place: Place = block.place;
  for (const at of outwards(block.place.element, LEVELS)) {
    if (at === place.parent?.element) place = place.parent;
    if (at !== block.place.element && place.chars > most) break;
    label += `${labelOf(at)} ${at.localName} `;
  }
  labels.set(block, label);
  return label;
}

const MARGIN_CHARACTERS = 160;
