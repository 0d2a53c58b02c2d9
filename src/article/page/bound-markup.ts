import { lookAt, type HiddenText } from "../hidden/hidden-text.ts";
import { decodeText, decodeValue } from "../../platform/references.ts";
import { tokensOf, type Attributes, type MarkupToken } from "../markup/tokens.ts";
import { BLOCK, VOID, DEEPEST, OpenElements } from "../markup/open-elements.ts";

/** A page in a form that is safe to parse, and the parts that were removed. */
export interface BoundedMarkup {
  /** One document, well-formed as XML. The head contains the metadata, and the body everything else. */
  readonly html: string;
  /** The contents of its `application/ld+json` scripts. */
  readonly jsonLd: readonly string[];
  /** The effort to parse it, in elements. */
  readonly cost: number;
  /** Whether it is a fragment of a page, as in exports and feeds, with only the story. */
  readonly isFragment: boolean;
  /** Markup whose visibility cannot be decided. */
  readonly unsure: readonly string[];
}

const HEAD: ReadonlySet<string> = new Set(["meta", "base"]);
// Elements without text that do not matter for the story.
const MUTE: ReadonlySet<string> = new Set(
  "input source track param embed area wbr col link".split(" "),
);
const FRAME: ReadonlySet<string> = new Set(["html", "head", "body"]);

/**
 * Converts markup to a form that a parser reads in bounded time: without scripts, styles and drawings, well-formed, and
 * with limited nesting. Hidden elements get a `hidden` attribute with the reason. Linear in the length.
 */
export function boundMarkup(markup: string): BoundedMarkup {
  const frame = new Map<string, string>();
  const head: string[] = [];
  const jsonLd: string[] = [];
  const body = new BalancedMarkup();
  const tokens = tokensOf(markup);
  const { hidden: all, unsure } = lookAt(markup, { tokens });
  const hiddenAt = coverer(all);
  for (const token of tokens) {
    const hidden = hiddenAt(token.at);
    if (token.is === "text") {
      const isAlone = hidden !== undefined && !hidden.isElement;
      if (isAlone) body.open("span", rewriteTag("span", NONE, hidden.reason));
      body.text(token.source);
      if (isAlone) body.close("span");
    } else if (FRAME.has(token.name)) {
      if (token.is === "open" && !frame.has(token.name))
        frame.set(token.name, rewriteTag(token.name, token.attributes));
    } else if (token.is === "open" && (HEAD.has(token.name) || isUsefulLink(token.source)))
      head.push(rewriteTag(token.name, token.attributes));
    else if (token.is === "raw") readRaw(token, head, jsonLd, body);
    else if (token.is === "close") body.close(token.name);
    else if (!MUTE.has(token.name))
      body.open(token.name, rewriteTag(token.name, token.attributes, hidden?.reason));
  }
  const html = [
    "<!DOCTYPE html>",
    frame.get("html") ?? "<html>",
    `<head>${head.join("")}</head>`,
    frame.get("body") ?? "<body>",
    body.toString(),
    "</body></html>",
  ].join("");
  return {
    html,
    jsonLd,
    cost: body.cost + head.length,
    isFragment: frame.size === 0 && head.length === 0,
    unsure,
  };
}

// Returns a function that finds the hidden range at a position. Positions must be in ascending order.
function coverer(all: readonly HiddenText[]): (at: number) => HiddenText | undefined {
  let next = 0;
  return (at) => {
    while ((all[next]?.end ?? Infinity) <= at) next++;
    const hidden = all[next];
    return hidden && hidden.start <= at ? hidden : undefined;
  };
}

const NONE: Attributes = new Map();

// Links to the canonical address and to feeds. Other links to files are ignored.
function isUsefulLink(tag: string): boolean {
  return /^<link\s[^>]*(?:canonical|application\/(?:rss|atom|feed)\+)/i.test(tag);
}

type RawToken = Extract<MarkupToken, { is: "raw" }>;

function readRaw(
  { name, source, inside }: RawToken,
  head: string[],
  jsonLd: string[],
  body: BalancedMarkup,
): void {
  if (name === "title") head.push(`<title>${plainText(inside)}</title>`);
  else if (name === "script" && /ld\+json/i.test(source)) jsonLd.push(inside);
  else body.text(" ");
}

interface OpenElement {
  readonly name: string;
  readonly source: string;
  readonly isWritten: boolean;
}

// The nesting levels and the characters that cost as much as one element, measured on pages that were made to be slow. An
// ordinary page costs a fifth more than its number of elements.
const LEVELS_IN_ELEMENT = 64;
const CHARACTERS_IN_ELEMENT = 800;

// Without attributes, these elements have no effect on their text.
const BARE: ReadonlySet<string> = new Set(["<span>", "<font>"]);

/** Writes well-formed markup with limited nesting. Elements that are too deep lose their tags, not their text. */
class BalancedMarkup {
  readonly #open = new OpenElements<OpenElement>((element) => this.#end(element));
  readonly #written: string[] = [];
  #cost = 0;
  #isAfterBlock = true;
  #preformatted = 0;

  /**
   * The effort to read it, in elements of an ordinary page. Readability searches inside each element, so that deep elements
   * are searched again at every level.
   */
  get cost(): number {
    return Math.ceil(this.#cost);
  }

  /** White space between two blocks is omitted. It would be half of a page's text nodes. */
  text(source: string): void {
    if (this.#isAfterBlock && this.#preformatted === 0 && source.trim() === "") return;
    this.#written.push(plainText(source));
    this.#cost += (source.length * (this.#depth + 2)) / CHARACTERS_IN_ELEMENT;
    this.#isAfterBlock = false;
  }

  open(name: string, source: string): void {
    this.#open.makeWayFor(name);
    this.#start(name, source);
  }

  close(name: string): void {
    for (const { name: inner, source } of this.#open.close(name)) this.#start(inner, source);
  }

  /** Returns the complete markup, with open elements closed. */
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
      this.#cost += 1 + this.#depth / LEVELS_IN_ELEMENT;
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

// The attributes that are used later. All others are removed: scripts, styles and tracking are half of a page's attributes.
const WANTED: ReadonlySet<string> = new Set(
  `class id role href src srcset alt lang rel datetime content name property http-equiv width height itemprop aria-hidden
   data-component data-module data-testid data-type`.split(/\s+/),
);

const MOST_ATTRIBUTES = 60;

/**
 * Writes a start tag again with the attributes that are used later, so that no parser can see a different tag. `hidden` is
 * the reason why the element is hidden, and the value of its `hidden` attribute.
 */
function rewriteTag(name: string, written: Attributes, hidden?: string): string {
  const attributes = new Map<string, string>();
  if (hidden !== undefined) attributes.set("hidden", hidden);
  for (const [attribute, value] of written) {
    const isType = name === "link" && attribute === "type";
    if ((!isType && !isWanted(attribute, value)) || attributes.has(attribute)) continue;
    attributes.set(attribute, value);
    if (attributes.size >= MOST_ATTRIBUTES) break;
  }
  let tag = `<${name}`;
  for (const [attribute, value] of attributes)
    tag += ` ${attribute}="${escaped(decodeValue(value)).replaceAll('"', "&quot;")}"`;
  return `${tag}${VOID.has(name) ? "/" : ""}>`;
}

// The parser knows only the character references of XML. A "<" that is not a tag must not become one when text is removed.
function plainText(source: string): string {
  return escaped(decodeText(source));
}

function escaped(text: string): string {
  return /[&<]/.test(text) ? text.replaceAll("&", "&amp;").replaceAll("<", "&lt;") : text;
}

// Sites store the address of a picture that is loaded later in an attribute of their own.
function isWanted(attribute: string, value: string): boolean {
  if (WANTED.has(attribute)) return true;
  return (
    /^data-[\w.:-]+$/.test(attribute) &&
    value.length < 4000 &&
    /\.(?:jpe?g|png|webp|gif|avif)(?:[?#&\s]|$)/i.test(value)
  );
}
