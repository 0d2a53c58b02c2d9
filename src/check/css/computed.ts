import {
  PX_IN,
  BLACK,
  CLEAR,
  type Colour,
  over,
  parseColour,
  WHITE,
} from "../../platform/css/values.ts";
import { remembering } from "../../platform/remembering.ts";
import type { Declaration } from "../../platform/css/style-sheet.ts";
import {
  attribute,
  type HtmlDocument,
  type MailElement,
  memo,
  named,
  outwards,
  ownText,
} from "../html-document.ts";
import { holds, queriesHold, type Scheme, type SelectorRule, stylesOf } from "./document-styles.ts";
import { type Compound, innerSelectors, type Selector, type Simple } from "./parse-selectors.ts";

/** How an element's own text is set. What the source alone does not show is undefined. */
export interface Computed {
  readonly colour: Colour | undefined;
  /** What is behind its text. */
  readonly ground: Colour | undefined;
  readonly fontSizePx: number | undefined;
  readonly lineHeight: LineHeight;
  readonly fontFamily: string;
  readonly isBold: boolean;
  readonly isUnderlined: boolean;
  /** Whether no reader sees it. */
  readonly isHidden: boolean;
  readonly declared: Declared;
}

export type ComputedStyles = ReadonlyMap<MailElement, Computed | undefined>;

/** Every element's style in the light, where nothing is known of the screen's width. */
export const computedInLight = memo((html: HtmlDocument) => computedStyles(html, "light"));

/** The same in the dark, as far as the email's own dark styles say. */
export const computedInDark = memo((html: HtmlDocument) => computedStyles(html, "dark"));

/** Where nothing is declared: HTML §15.3. The colours of a dark page are each client's own. */
function initial(scheme: Scheme): Computed {
  return {
    colour: scheme === "light" ? BLACK : undefined,
    ground: scheme === "light" ? WHITE : undefined,
    fontSizePx: 16,
    lineHeight: {},
    fontFamily: "",
    isBold: false,
    isUnderlined: false,
    isHidden: false,
    declared: new Map(),
  };
}

function computedStyles(html: HtmlDocument, scheme: Scheme): ComputedStyles {
  const styles = stylesInOrder(html, scheme);
  return new Map(html.elements.slice(0, styles.length).map((one, at) => [one, styles[at]]));
}

/** An edit of a word changes no tag: the styles of the latest document, in the light and in the dark, mostly hold for the next. */
const stylesInOrder = remembering(
  2,
  (html: HtmlDocument, scheme: Scheme) => scheme + tagsOf(html),
  (html, scheme) => [...computedAnew(html, scheme).values()],
);

/** What styles depend on: style sheets, and tags with their attributes, but for the words of those that no style sheet names. */
const tagsOf = memo((html: HtmlDocument) => {
  const css = named(html, "style").map(ownText).join("\n");
  const words = new Set(["aria-label", "alt", "title"].filter((name) => !css.includes(name)));
  const tags = html.elements
    .slice(0, MOST_ELEMENTS)
    .map(({ name, attributes, parent }) => [
      parent?.index,
      name,
      [...attributes].map(([key, value]) => (words.has(key) ? key : [key, value])),
    ]);
  return JSON.stringify([css, tags]);
});

function computedAnew(html: HtmlDocument, scheme: Scheme): ComputedStyles {
  const declared = declaredFor(html, scheme);
  const computed = new Map<MailElement, Computed>();
  for (const [element, own] of declared) {
    const parent = element.parent && computed.get(element.parent);
    computed.set(element, computedOf(element, own, parent ?? initial(scheme)));
  }
  return computed;
}

function computedOf(element: MailElement, own: Declared, parent: Computed): Computed {
  const declared = new Map([...hintsOf(element), ...own]);
  const fontSizePx = sizeOf(declared.get("font-size"), element, parent);
  const family = declared.get("font-family");
  const height = declared.get("line-height");
  return {
    colour: colourOf(declared, parent),
    ground: groundOf(declared, parent),
    fontSizePx,
    lineHeight: isInherited(height) ? parent.lineHeight : lineHeightOf(height, fontSizePx),
    fontFamily: isInherited(family) ? parent.fontFamily : family,
    isBold: isBold(declared.get("font-weight"), element, parent),
    isUnderlined: isUnderlined(declared, element, parent),
    isHidden: parent.isHidden || isHidden(element, declared),
    declared,
  };
}

function isInherited(value: string | undefined): value is undefined {
  return value === undefined || /^(?:inherit|unset)$/i.test(value);
}

/** What attributes say of the look, weaker than any style (HTML §15.2). */
function hintsOf({ name, attributes }: MailElement): [string, string][] {
  const hints: [string, string | undefined][] = [
    ["background-color", attributes.get("bgcolor")],
    ["background-image", attributes.has("background") ? "image" : undefined],
    ["color", name === "font" ? attributes.get("color") : undefined],
    ["color", name === "body" ? attributes.get("text") : undefined],
    ["color", name === "a" && attributes.has("href") ? LINK : undefined],
  ];
  return hints.flatMap(([property, value]) => (value === undefined ? [] : [[property, value]]));
}

/** HTML §15.3.10: `:link`. */
const LINK = "#0000EE";

function colourOf(declared: Declared, parent: Computed): Colour | undefined {
  const value = declared.get("color");
  return isInherited(value) ? parent.colour : parseColour(value);
}

function groundOf(declared: Declared, parent: Computed): Colour | undefined {
  const image = declared.get("background-image") ?? "none";
  if (!/^(?:none|initial|unset)$/i.test(image)) return undefined;
  const value = declared.get("background-color")?.toLowerCase() ?? "transparent";
  const own = /^(?:initial|unset)$/.test(value) ? CLEAR : parseColour(value);
  if (own?.alpha === 1) return own;
  return own && (own.alpha === 0 ? parent.ground : parent.ground && over(own, parent.ground));
}

/** HTML §15.3: what browsers give headings and small print. */
const SIZES: ReadonlyMap<string, number> = new Map([
  ["h1", 2],
  ["h2", 1.5],
  ["h3", 1.17],
  ["h5", 0.83],
  ["h6", 0.67],
  ["small", 0.83],
  ["sub", 0.83],
  ["sup", 0.83],
]);

function sizeOf(
  value: string | undefined,
  { name, attributes }: MailElement,
  { fontSizePx }: Computed,
): number | undefined {
  if (value !== undefined) return lengthPx(value, fontSizePx, fontSizePx);
  if (name === "font" && attributes.has("size"))
    return [10, 13, 16, 18, 24, 32, 48][Number(attributes.get("size")) - 1];
  return fontSizePx && fontSizePx * (SIZES.get(name) ?? 1);
}

const BOLD: ReadonlySet<string> = new Set("b strong th h1 h2 h3 h4 h5 h6".split(" "));

function isBold(value: string | undefined, { name }: MailElement, parent: Computed): boolean {
  if (isInherited(value)) return parent.isBold || BOLD.has(name);
  return /^(?:bold|bolder|[6-9]\d\d)$/i.test(value);
}

/** It is drawn through all that an element holds (CSS Text Decoration 3 §2.1). */
function isUnderlined(declared: Declared, { name, attributes }: MailElement, parent: Computed) {
  const value = declared.get("text-decoration-line");
  if (isInherited(value))
    return parent.isUnderlined || name === "u" || (name === "a" && attributes.has("href"));
  return parent.isUnderlined || /underline/i.test(value) || value === UNKNOWN;
}

function isHidden({ name, attributes }: MailElement, declared: Declared): boolean {
  const is = (property: string, pattern: RegExp) => pattern.test(declared.get(property) ?? "");
  return (
    UNSEEN.has(name) ||
    attributes.has("hidden") ||
    is("display", /^none$/i) ||
    is("visibility", /^(?:hidden|collapse)$/i) ||
    is("opacity", /^0(?:\.0+)?%?$/) ||
    (is("max-height", /^0(?:px)?$/i) && is("overflow", /^hidden$/i)) ||
    is("mso-hide", /^all$/i)
  );
}

const UNSEEN: ReadonlySet<string> = new Set(["head", "script", "style", "template", "title"]);

/** CSS Fonts 4 §2.5: what the words for sizes are where the medium one is 16 px. */
const WORDS: ReadonlyMap<string, number> = new Map([
  ["xx-small", 9],
  ["x-small", 10],
  ["small", 13],
  ["medium", 16],
  ["large", 18],
  ["x-large", 24],
  ["xx-large", 32],
]);

const UNITS: ReadonlyMap<string, number> = new Map([...PX_IN, ["rem", 16]]);

/**
 * A length in CSS pixels; undefined where it cannot be told. An `em` is `emPx` long, and a percentage is
 * of `wholePx`; words such as `smaller` are of that too.
 */
export function lengthPx(
  value: string,
  emPx: number | undefined,
  wholePx: number | undefined,
): number | undefined {
  const text = value.trim().toLowerCase();
  if (text === "0") return 0;
  if (text === "inherit" || text === "unset" || text === "100%") return wholePx;
  if (text === "smaller") return wholePx && wholePx / 1.2;
  if (text === "larger") return wholePx && wholePx * 1.2;
  const [, number = "", unit = ""] = /^([+-]?(?:\d+\.?\d*|\.\d+))([a-z%]+)$/.exec(text) ?? [];
  if (unit === "") return WORDS.get(text);
  const factor = unit === "em" ? emPx : unit === "%" ? wholePx && wholePx / 100 : UNITS.get(unit);
  return factor === undefined ? undefined : Number(number) * factor;
}

/** How far apart lines are: a length, or a multiple of each inheriting element's own font size. */
interface LineHeight {
  readonly px?: number | undefined;
  readonly times?: number | undefined;
}

/** Undefined inside for `normal`, which is as each font has it. */
function lineHeightOf(value: string, fontSizePx: number | undefined): LineHeight {
  if (/^(?:\d+\.?\d*|\.\d+)$/.test(value)) return { times: Number(value) };
  return { px: lengthPx(value, fontSizePx, fontSizePx) };
}

/** What a style that may or may not hold sets. */
const UNKNOWN = "unknown";

/** The longhands that an email's styles set on an element: what wins of each. */
type Declared = ReadonlyMap<string, string>;

/** No real mail has more. Elements beyond this number are checked only in a browser. */
const MOST_ELEMENTS = 20_000;

/**
 * What is declared for each element on a screen in a colour scheme (CSS Cascade 5 §6), without what only
 * holds from some width on.
 */
function declaredFor(html: HtmlDocument, scheme: Scheme): Map<MailElement, Declared> {
  const rules = new RuleIndex(rulesThatHold(html, scheme));
  const { inline } = stylesOf(html);
  const declared = new Map<MailElement, Declared>();
  for (const element of html.elements.slice(0, MOST_ELEMENTS)) {
    declared.set(element, winners(element, rules, inline.get(element) ?? []));
  }
  return declared;
}

function rulesThatHold(html: HtmlDocument, scheme: Scheme): SelectorRule[] {
  return stylesOf(html)
    .sheets.filter(({ element }) => queriesHold(attribute(element, "media"), scheme))
    .flatMap(({ sheet }) => sheet.rules)
    .filter(({ within, nestedIn }) => nestedIn === undefined && holds(within, scheme));
}

interface Candidate {
  readonly selector: Selector;
  readonly rule: SelectorRule;
  readonly specificity: number;
  readonly order: number;
}

/** Rules by what the element must have that they find, since most find few. */
class RuleIndex {
  readonly #byKey = new Map<string, Candidate[]>();

  constructor(rules: readonly SelectorRule[]) {
    for (const [order, rule] of rules.entries()) {
      for (const selector of rule.selectors) {
        const candidates = this.#byKey.get(keyOf(selector)) ?? [];
        candidates.push({ selector, rule, specificity: specificityOf(selector), order });
        this.#byKey.set(keyOf(selector), candidates);
      }
    }
  }

  /** In the order in which they are written: of two that weigh the same the later one wins. */
  candidates(element: MailElement): Candidate[] {
    const classes = classesOf(element).map((name) => `.${name}`);
    const keys = new Set(["*", element.name, `#${element.attributes.get("id")}`, ...classes]);
    const found = [...keys].flatMap((key) => this.#byKey.get(key) ?? []);
    return found.sort((a, b) => a.order - b.order);
  }
}

function keyOf(selector: Selector): string {
  const simples = selector.at(-1)?.simples ?? [];
  const find = (wanted: string) => simples.find(({ kind }) => kind === wanted)?.name;
  const [id, name, type] = [find("id"), find("class"), find("type")];
  if (id !== undefined) return `#${id}`;
  return name === undefined ? (type ?? "*") : `.${name}`;
}

const WEIGHTS: ReadonlyMap<Simple["kind"], number> = new Map([
  ["id", 1e6],
  ["class", 1e3],
  ["attribute", 1e3],
  ["pseudo-class", 1e3],
  ["type", 1],
]);

/** Selectors 4 §17, in one number. */
function specificityOf(selector: Selector): number {
  const simples = selector.flatMap((compound) => compound.simples);
  return simples.reduce((sum, { kind }) => sum + (WEIGHTS.get(kind) ?? 0), 0);
}

/** More than any selector has. */
const INLINE = 1e12;
const IMPORTANT = 1e15;

function winners(element: MailElement, rules: RuleIndex, inline: readonly Declaration[]): Declared {
  const won = new Map<string, { readonly value: string; readonly weight: number }>();
  const offer = (declaration: Declaration, specificity: number, isSure: boolean) => {
    const weight = specificity + (declaration.isImportant ? IMPORTANT : 0);
    for (const [property, value] of expand(declaration)) {
      if (weight >= (won.get(property)?.weight ?? 0))
        won.set(property, { value: isSure ? value : UNKNOWN, weight });
    }
  };
  for (const { selector, rule, specificity } of rules.candidates(element)) {
    const match = matches(selector, element);
    if (match === "no") continue;
    for (const declaration of rule.declarations) offer(declaration, specificity, match === "yes");
  }
  for (const declaration of inline) offer(declaration, INLINE, true);
  return new Map([...won].map(([property, { value }]) => [property, value]));
}

/** A longhand property that rules ask for, and its value. */
type Longhand = readonly [property: string, value: string];

/** Declarations as longhands: a shorthand sets all of its properties, those that it leaves out too. */
function expand({ property, value }: Declaration): readonly Longhand[] {
  switch (property) {
    case "background":
      return [
        ["background-color", colourIn(value)],
        ["background-image", /url\(|gradient\(/i.test(value) ? "image" : "none"],
      ];
    case "font":
      return font(value);
    case "text-decoration":
      return [["text-decoration-line", /\b(?:underline|none)\b/i.exec(value)?.[0] ?? value]];
    default:
      return [[property, value]];
  }
}

/** The one part of a background that is a colour; `transparent` where it has none. */
function colourIn(value: string): string {
  if (/^(?:inherit|initial|unset|revert)$/i.test(value)) return value;
  const parts = value.match(/[\w#-]+(?:\([^()]*(?:\([^()]*\)[^()]*)*\))?/g) ?? [];
  const colour = parts.findLast((part) => parseColour(part) !== undefined && !/^\d/.test(part));
  return colour ?? (parts.some(isUnknownColour) ? "unknown" : "transparent");
}

function isUnknownColour(part: string): boolean {
  return /^(?:var|color|color-mix|light-dark)\(/i.test(part);
}

function font(value: string): Longhand[] {
  const [, before = "", size, height, family = ""] =
    /^(.*?)(?:^|\s)([\d.]+(?:px|pt|em|rem|%))(?:\s*\/\s*([\w.%]+))?\s+(.+)$/i.exec(value) ?? [];
  if (size === undefined) return [["font-size", "unknown"]];
  return [
    ["font-size", size],
    ["line-height", height ?? "normal"],
    ["font-weight", /\b(?:bold|bolder|[6-9]00)\b/i.test(before) ? "bold" : "normal"],
    ["font-family", family],
  ];
}

/** Whether a selector finds an element; "maybe" where that hangs on what is not looked at here. */
type Match = "yes" | "no" | "maybe";

/** Remembered by place and element, or a selector of many parts would be tried in every combination. */
const known = memo((_selector: Selector) => new Map<string, Match>());

/** Twice as many as a selector has in practice; each multiplies the work. */
const MOST_PARTS = 16;

function matches(selector: Selector, element: MailElement): Match {
  if (selector.length > MOST_PARTS) return "maybe";
  return matchFrom(selector, selector.length - 1, element);
}

function matchFrom(selector: Selector, at: number, element: MailElement): Match {
  const compound = selector[at];
  if (!compound) return "yes";
  const here = matchCompound(compound, element);
  if (here === "no" || at === 0) return here;
  const key = `${at} ${element.index}`;
  const before = known(selector).get(key) ?? matchBefore(selector, at, element);
  known(selector).set(key, before);
  return both(here, before);
}

/** Whether what stands before a combinator finds something that the element is in, or comes after. */
function matchBefore(selector: Selector, at: number, element: MailElement): Match {
  const { combinator } = selector[at] ?? {};
  const { parent } = element;
  if (combinator === "+" || combinator === "~") {
    const before = siblingsBefore(element);
    const asked = combinator === "+" ? before.slice(-1) : before;
    return any(asked, (sibling) => matchFrom(selector, at - 1, sibling));
  }
  if (!parent) return "no";
  const parents = combinator === ">" ? [parent] : outwards(parent);
  return any(parents, (above) => matchFrom(selector, at - 1, above));
}

function siblingsBefore({ parent, index }: MailElement): MailElement[] {
  return (parent?.children ?? [])
    .filter((child) => typeof child !== "string")
    .filter((child) => child.index < index);
}

function matchCompound({ simples }: Compound, element: MailElement): Match {
  let found: Match = "yes";
  for (const simple of simples) {
    found = both(found, matchSimple(simple, element));
    if (found === "no") break;
  }
  return found;
}

function matchSimple(simple: Simple, element: MailElement): Match {
  switch (simple.kind) {
    case "universal":
      return "yes";
    case "type":
      return truth(element.name === simple.name);
    case "id":
      return truth(element.attributes.get("id") === simple.name);
    case "class":
      return truth(classesOf(element).includes(simple.name));
    case "attribute":
      return truth(hasAttribute(simple, element));
    case "pseudo-class":
      return matchPseudo(simple, element);
    case "pseudo-element":
      return "no";
    default:
      return "maybe";
  }
}

function classesOf({ attributes }: MailElement): string[] {
  return (attributes.get("class") ?? "").split(/\s+/).filter(Boolean);
}

function hasAttribute(
  { name, operator, value = "" }: Simple,
  { attributes }: MailElement,
): boolean {
  const actual = attributes.get(name);
  if (actual === undefined) return false;
  switch (operator) {
    case undefined:
      return true;
    case "~=":
      return actual.split(/\s+/).includes(value);
    case "|=":
      return actual === value || actual.startsWith(`${value}-`);
    case "^=":
      return value !== "" && actual.startsWith(value);
    case "$=":
      return value !== "" && actual.endsWith(value);
    case "*=":
      return value !== "" && actual.includes(value);
    default:
      return actual === value;
  }
}

/** What a reader does makes these true; a mail that is only looked at has none of them. */
const ACTED: ReadonlySet<string> = new Set(
  "hover active focus focus-within focus-visible checked target visited".split(" "),
);

function matchPseudo({ name, value = "" }: Simple, element: MailElement): Match {
  if (ACTED.has(name)) return "no";
  if (name === "root") return truth(element.parent === undefined);
  if (name === "link" || name === "any-link")
    return truth(element.name === "a" && element.attributes.has("href"));
  if (name === "first-child") return truth(siblingsBefore(element).length === 0);
  if (name === "not") return not(anyOf(value, element));
  if (name === "is" || name === "where") return anyOf(value, element);
  return "maybe";
}

function anyOf(list: string, element: MailElement): Match {
  return any(innerSelectors(list), (selector) => matches(selector, element));
}

function any<Item>(items: Iterable<Item>, match: (item: Item) => Match): Match {
  let best: Match = "no";
  for (const item of items) {
    const found = match(item);
    if (found === "yes") return "yes";
    if (found === "maybe") best = "maybe";
  }
  return best;
}

function both(a: Match, b: Match): Match {
  if (a === "no" || b === "no") return "no";
  return a === "maybe" || b === "maybe" ? "maybe" : "yes";
}

function not(match: Match): Match {
  if (match === "maybe") return "maybe";
  return match === "yes" ? "no" : "yes";
}

function truth(isTrue: boolean): Match {
  return isTrue ? "yes" : "no";
}
