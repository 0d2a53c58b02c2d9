import { createRequire } from "node:module";
import type * as CssSelect from "css-select";
import { parse, type Selector as Part, SelectorType } from "css-what";
import { once } from "../remembering.ts";

/** The parts of an element that selectors need. */
export interface StyledElement {
  /** The name of the element in lower case. */
  readonly name: string;
  /** The attributes by their names in lower case. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly parent: StyledElement | undefined;
  readonly children: readonly (StyledElement | string)[];
}

export { SelectorType };

/** The parts of a selector in order: conditions and combinators. */
export type Selector = readonly Part[];

/** Splits a selector at its combinators into the conditions for each element. */
export function compoundsOf(selector: Selector): Selector[] {
  const compounds: Part[][] = [[]];
  for (const part of selector) {
    if (COMBINATORS.has(part.type)) compounds.push([]);
    else compounds.at(-1)?.push(part);
  }
  return compounds;
}

export function isId(part: Part): boolean {
  return part.type === SelectorType.Attribute && part.name === "id" && part.ignoreCase === "quirks";
}

export function isClass(part: Part): boolean {
  return (
    part.type === SelectorType.Attribute && part.name === "class" && part.ignoreCase === "quirks"
  );
}

/**
 * Parses a list of selectors. As in a browser, the result is empty if one of them is invalid. The `&` of a nested rule is
 * the pseudo-class `nesting`.
 */
export function parseSelectors(prelude: string): readonly Selector[] {
  const plain = prelude.includes("/*") ? prelude.replace(/\/\*[^]*?\*\//g, "") : prelude;
  try {
    const selectors = parse(plain.includes("&") ? plain.replace(NESTING, ":nesting") : plain);
    const isBroken = selectors.some((one) => COMBINATORS.has(one.at(-1)?.type ?? "child"));
    return isBroken ? [] : selectors.map((selector) => selector.map(withElement));
  } catch {
    // Unknown characters, or brackets that are nested too deeply for the parser.
    return [];
  }
}

/** Four pseudo-elements may have one colon (Selectors 4 §3.4). */
function withElement(part: Part): Part {
  const isElement = part.type === SelectorType.Pseudo && OLD_ELEMENTS.has(part.name);
  return isElement ? { type: SelectorType.PseudoElement, name: part.name, data: null } : part;
}

const OLD_ELEMENTS: ReadonlySet<string> = new Set([
  "before",
  "after",
  "first-line",
  "first-letter",
]);

/** Finds the `&` of nested rules outside of attribute brackets. */
const NESTING = /&(?![^[]*\])/g;

/** Replaces `&` in a nested rule's selectors by the outer rule's selectors (CSS Nesting 1 §3.1). */
export function nestedPrelude(prelude: string, outer: string): string {
  const around = `:is(${outer})`;
  if (outer.length + prelude.length > LONGEST_NESTED) return NEVER;
  return splitOutside(prelude, [","])
    .map((one) => (NESTING.test(one) ? one.replace(NESTING, around) : `${around} ${one}`))
    .join(",");
}

/** Each level of nesting could double the length. */
const LONGEST_NESTED = 5000;
const NEVER = ":not(*)";

/** Splits a text at commas, or at words such as `and`, where no bracket is open. */
export function splitOutside(text: string, separators: readonly string[]): string[] {
  if (separators[0] === ",") return splitAtCommas(text);
  const parts = [""];
  let depth = 0;
  for (const [piece] of text.matchAll(/[()]|[\w-]+|[^()\w-]+/g)) {
    if (depth === 0 && separators.includes(piece)) parts.push("");
    else parts[parts.length - 1] += piece;
    depth += piece === "(" ? 1 : piece === ")" ? -1 : 0;
  }
  return parts;
}

function splitAtCommas(text: string): string[] {
  const parts = text.split(",");
  if (parts.length === 1 || !/[([]/.test(text)) return parts;
  const whole: string[] = [];
  let open: string | undefined;
  for (const part of parts) {
    open = open === undefined ? part : `${open},${part}`;
    if (open.length < LONGEST_NESTED && countOf(open, /[([]/g) > countOf(open, /[)\]]/g)) continue;
    whole.push(open);
    open = undefined;
  }
  return open === undefined ? whole : [...whole, open];
}

function countOf(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

const WEIGHTS = { id: 1e6, class: 1e3, type: 1 };

/** The specificity of Selectors 4 §17 as one number. */
export function specificityOf(selector: Selector): number {
  return selector.reduce((sum, part) => sum + weightOf(part), 0);
}

function weightOf(part: Part): number {
  if (part.type === SelectorType.Tag || part.type === SelectorType.PseudoElement)
    return WEIGHTS.type;
  if (part.type === SelectorType.Attribute) return isId(part) ? WEIGHTS.id : WEIGHTS.class;
  if (part.type !== SelectorType.Pseudo || part.name === "where") return 0;
  if (!Array.isArray(part.data)) return WEIGHTS.class;
  return Math.max(0, ...part.data.map(specificityOf));
}

/** Returns a condition that a selector's subject must meet: `#id`, `.class`, a name, or `*`. */
export function keyOf(selector: Selector): string {
  const subject = compoundsOf(selector).at(-1) ?? [];
  const [part] = [isId, isClass].flatMap((is) => subject.filter(is));
  if (part?.type === SelectorType.Attribute) return `${isId(part) ? "#" : "."}${part.value}`;
  const tag = subject.find(({ type }) => type === SelectorType.Tag);
  return tag?.type === SelectorType.Tag ? tag.name.toLowerCase() : "*";
}

export const COMBINATORS: ReadonlyMap<string, string> = new Map([
  ["descendant", "descendant"],
  ["child", "child"],
  ["adjacent", "adjacent-sibling"],
  ["sibling", "general-sibling"],
]);

/** Whether a selector matches an element. Undefined if the markup does not decide it. */
export type Matcher = (element: StyledElement) => boolean | undefined;

/** Twice the number of parts of real selectors. Each part multiplies the work. */
const MOST_PARTS = 40;

/** Makes a matcher of a selector, for elements that meet the condition of the selector's key. */
export function matcherOf(selector: Selector): Matcher {
  if (selector.length === 1 && keyOf(selector) !== "*") return () => true;
  if (selector.some(({ type }) => type === SelectorType.PseudoElement)) return () => false;
  if (selector.length > MOST_PARTS) return () => undefined;
  const unknown = pseudosIn(selector).filter((name) => !KNOWN.has(name));
  const at = compiled(selector, unknown, true);
  if (unknown.length === 0) return at;
  const atLeast = compiled(selector, unknown, false);
  return (element) => {
    const is = at(element);
    return is === atLeast(element) ? is : undefined;
  };
}

function pseudosIn(selector: Selector): string[] {
  return selector.flatMap((part) => {
    if (part.type !== SelectorType.Pseudo) return [];
    return Array.isArray(part.data) ? part.data.flatMap(pseudosIn) : [part.name];
  });
}

/** Pseudo-classes that become true only by an act of the reader. */
const ACTED = "hover active focus focus-within focus-visible checked target visited".split(" ");
const KNOWN: ReadonlySet<string> = new Set([
  ...ACTED,
  ...`any-link link root empty first-child last-child only-child first-of-type last-of-type only-of-type nth-child
      nth-last-child nth-of-type nth-last-of-type`.split(/\s+/),
]);

function no(): boolean {
  return false;
}

function compiled(selector: Selector, unknown: readonly string[], guess: boolean): Matcher {
  const pseudos = Object.fromEntries([
    ...ACTED.map((name) => [name, no] as const),
    ...unknown.map((name) => [name, () => guess] as const),
  ]);
  try {
    return library().compile<Node, StyledElement>([[...selector]], {
      adapter: ADAPTER,
      pseudos,
    });
  } catch {
    return () => undefined;
  }
}

type Node = StyledElement | string;

const isTag = (node: Node): node is StyledElement => typeof node !== "string";

interface Family {
  readonly children: Node[];
  readonly places: ReadonlyMap<Node, number>;
  /** The number of siblings that were visited. */
  work: number;
}

const families = new WeakMap<StyledElement, Family>();

function familyOf(parent: StyledElement): Family {
  const known = families.get(parent);
  if (known) return known;
  const children = parent.children.filter((child) => isTag(child) || child !== "");
  const places = new Map(children.map((child, place) => [child, place]));
  const family = { children, places, work: 0 };
  families.set(parent, family);
  return family;
}

/** A limit, because many selectors may each visit all siblings of an element. Real pages need less than a tenth. */
const MOST_WORK = 3e6;

function siblingsOf(node: Node): Node[] {
  if (!isTag(node) || !node.parent) return [node];
  const family = familyOf(node.parent);
  family.work += family.children.length;
  return family.work > MOST_WORK ? [node] : family.children;
}

function siblingBefore(node: Node): StyledElement | null {
  if (!isTag(node) || !node.parent) return null;
  const { children, places } = familyOf(node.parent);
  for (let at = (places.get(node) ?? 0) - 1; at >= 0; at--) {
    const child = children[at];
    if (child !== undefined && isTag(child)) return child;
  }
  return null;
}

const ADAPTER: CssSelect.Options<Node, StyledElement>["adapter"] & object = {
  isTag,
  existsOne: (test, nodes) => nodes.some((node) => isTag(node) && holdsOne(test, node)),
  getAttributeValue: ({ attributes }, name) => attributes.get(name),
  getChildren: (node) => (isTag(node) ? familyOf(node).children : []),
  getName: ({ name }) => name,
  getParent: ({ parent }) => parent ?? null,
  getSiblings: siblingsOf,
  prevElementSibling: siblingBefore,
  getText: (node) => (isTag(node) ? "" : node),
  hasAttrib: ({ attributes }, name) => attributes.has(name),
  removeSubsets: (nodes) => nodes,
  findAll: () => [],
  findOne: (test, nodes) => nodes.filter(isTag).find((node) => holdsOne(test, node)) ?? null,
};

function holdsOne(test: (element: StyledElement) => boolean, element: StyledElement): boolean {
  return test(element) || element.children.some((child) => isTag(child) && holdsOne(test, child));
}

const library = once((): typeof CssSelect => createRequire(import.meta.url)("css-select"));
