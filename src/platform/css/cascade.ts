import { holdsWithin, type Screen } from "./conditions.ts";
import {
  keyOf,
  type Matcher,
  matcherOf,
  nestedPrelude,
  parseSelectors,
  specificityOf,
  splitOutside,
  type StyledElement,
} from "./selectors.ts";
import {
  type AtRule,
  type Declaration,
  parseDeclarations,
  type StyleRule,
  type StyleSheet,
} from "./style-sheet.ts";
import { parseColour } from "./values.ts";
import { once } from "../remembering.ts";

/** The winning values of the longhands and variables that styles set on an element. */
export type Declared = ReadonlyMap<string, string>;

/** The value of a property if it is uncertain whether its rule holds. */
export const UNKNOWN = "unknown";

/** The screen, and the assumption about unknown conditions. */
export interface View extends Screen {
  /** Whether unknown conditions are assumed to hold. If undefined, their rules set values to `UNKNOWN`. */
  readonly guess?: boolean;
}

interface Options {
  /** The ids and classes of the page, as `#id` and `.class`. Rules that need others are skipped. */
  readonly names?: ReadonlySet<string>;
  /** The longhands to compute. By default, all of them. */
  readonly properties?: ReadonlySet<string>;
  /** The longhands that scripts may set, so that the values in style sheets are uncertain. */
  readonly unsure?: ReadonlySet<string>;
}

/** A property, its value and its weight. The heavier setting wins, and the later of two equal ones. */
interface Setting {
  readonly property: string;
  readonly value: string;
  readonly weight: number;
  readonly isSure: boolean;
}

/** A rule with one of its selectors. Most rules match no element of a page, so that selectors are parsed late. */
interface Candidate {
  readonly order: number;
  /** Whether it matches every element that has its key, in every view. */
  readonly isPlain: boolean;
  readonly condition: Condition;
  /** The marks that an element and its ancestors must have. */
  readonly marks: Marks;
  readonly settings: readonly Setting[];
  readonly selector: () => { readonly specificity: number; readonly matches: Matcher };
}

/** Weights above any selector: layers, style attributes and importance (CSS Cascade 5 §6.1). */
const LAYER = 1e9;
const MOST_LAYERS = 1000;
const INLINE = 1e13;
const IMPORTANT = 1e15;

/** Limits for the rules of one key and the selectors of one rule, so that no sheet makes a page slow. */
const MOST_OF_A_KEY = 300;
const MOST_SELECTORS = 500;

const NONE: Declared = new Map();

type Truth = boolean | undefined;

/** Nested at-rules, and the views in which they hold. */
interface Condition {
  readonly within: readonly AtRule[];
  readonly known: Map<View, Truth>;
}

/**
 * A filter of sixty bits, each of which stands for a few ids and classes. It excludes most selectors without a full match.
 */
interface Marks {
  readonly low: number;
  readonly high: number;
}

const NO_MARKS: Marks = { low: 0, high: 0 };
const BITS = 30;

/** The rules that may match elements of one name, id and class, and the winning values by matched rules. */
interface Named {
  readonly candidates: readonly Candidate[];
  readonly won: Map<View, Map<string, Declared>>;
}

function emptyList<Item>(): Item[] {
  return [];
}

function emptyMap<Key, Value>(): Map<Key, Value> {
  return new Map();
}

/** Computes the declarations for elements from style sheets and style attributes (CSS Cascade 5 §6, Nesting 1). */
export class Cascade {
  readonly #byKey = new Map<string, Candidate[]>();
  readonly #options: Options;
  readonly #layers: string[];
  readonly #inline = new Map<string, readonly Setting[]>();
  readonly #byNames = new Map<string, Named>();
  readonly #conditions = new Map<string, Condition>();
  readonly #bits = new Map<string, number>();
  readonly #marks = new Map<StyledElement, Marks>();
  readonly #elementsOnly: Named["won"] = new Map();
  #order = 0;
  /** Whether the same styles win in all views. */
  isEverywhere = true;

  constructor(sheets: readonly StyleSheet[], options: Options = {}) {
    this.#options = options;
    this.#layers = layersIn(sheets.flatMap(({ atRules }) => atRules));
    for (const { rules, atRules } of sheets)
      for (const rule of [...rules, ...atRules.flatMap(insideRule)]) this.#add(rule);
  }

  /** Returns the declarations for an element. The same styles give the same object. */
  declaredFor(element: StyledElement, view: View): Declared {
    const style = element.attributes.get("style") ?? "";
    const { candidates, won } = this.#named(element);
    if (candidates.length === 0 && style === "") return NONE;
    const found: (readonly [rule: Candidate, isSure: boolean])[] = [];
    let key = style;
    for (const rule of candidates) {
      const is = rule.isPlain || this.#isFor(rule, element, view);
      if (is === false) continue;
      found.push([rule, is === true]);
      if (!rule.isPlain) key += `\n${rule.order}${is ? "" : "?"}`;
    }
    return entryOf(entryOf(won, view, emptyMap<string, Declared>), key, () => {
      const winners = new Winners(view);
      for (const [{ settings, selector }, isSure] of found)
        for (const one of settings) winners.offer(one, selector().specificity, isSure);
      for (const one of this.#inlineOf(style)) winners.offer(one, 0, true);
      return winners.declared;
    });
  }

  #isFor({ condition, marks, selector }: Candidate, element: StyledElement, view: View): Truth {
    const { low, high } = this.#marksOf(element);
    if ((low & marks.low) !== marks.low || (high & marks.high) !== marks.high) return false;
    const holds = holdsIn(view, condition);
    if (holds === false) return false;
    const is = selector().matches(element);
    if (is === undefined) this.isEverywhere = false;
    return is === true ? holds : is;
  }

  /** Returns the marks of the ids and classes of an element and its ancestors. */
  #marksOf(element: StyledElement): Marks {
    const known = this.#marks.get(element);
    if (known) return known;
    const outer = element.parent ? this.#marksOf(element.parent) : NO_MARKS;
    const [id, classes = ""] = [element.attributes.get("id"), element.attributes.get("class")];
    const names = classes === "" ? [] : classes.split(/\s+/, MOST_CLASSES).map((one) => `.${one}`);
    const marks = this.#marked(id === undefined ? names : [...names, `#${id}`], outer, false);
    this.#marks.set(element, marks);
    return marks;
  }

  #marked(names: readonly string[], outer: Marks, isNew: boolean): Marks {
    let { low, high } = outer;
    for (const name of names) {
      if (isNew && !this.#bits.has(name)) this.#bits.set(name, this.#bits.size % (2 * BITS));
      const bit = this.#bits.get(name);
      if (bit === undefined) continue;
      if (bit < BITS) low |= 1 << bit;
      else high |= 1 << (bit - BITS);
    }
    return low === outer.low && high === outer.high ? outer : { low, high };
  }

  /** Returns the rules that may match an element, in the order in which they are written. */
  #named({ name, attributes }: StyledElement): Named {
    if (this.#byKey.size === 0) return { candidates: [], won: this.#elementsOnly };
    const [id, classes] = [attributes.get("id"), attributes.get("class")];
    return entryOf(this.#byNames, `${name}#${id} ${classes}`, () => {
      const names = classes?.split(/\s+/, MOST_CLASSES).map((one) => `.${one}`) ?? [];
      const candidates = [...new Set(["*", name, `#${id}`, ...names])]
        .flatMap((key) => this.#byKey.get(key) ?? [])
        .sort((a, b) => a.order - b.order);
      return { candidates, won: new Map() };
    });
  }

  #inlineOf(style: string): readonly Setting[] {
    return entryOf(this.#inline, style, () => {
      return style === "" ? [] : this.#settingsIn(parseDeclarations(style), [INLINE, INLINE], true);
    });
  }

  #add(rule: StyleRule): void {
    const { declarations, within } = rule;
    if (!declarations.some(({ property }) => this.#isAsked(property))) return;
    const texts = selectorsOf(rule).slice(0, MOST_SELECTORS);
    const found = texts.flatMap((text) => (NEVER.test(text) ? [] : this.#readQuickly(text)));
    if (found.length === 0) return;
    const path = within.map(({ name, prelude }) => `${name} ${prelude}`).join("\n");
    const condition = entryOf(this.#conditions, path, () => ({ within, known: new Map() }));
    const reach = reachOf(condition);
    if (reach === false) return;
    const settings = this.#settingsIn(declarations, this.#layerWeights(within), false);
    if (settings.length === 0) return;
    if (reach === undefined) this.isEverywhere = false;
    for (const { text, names, key } of found) {
      const list = entryOf(this.#byKey, key, emptyList<Candidate>);
      if (list.length >= MOST_OF_A_KEY) continue;
      const selector = once(() => {
        const [parsed = []] = parseSelectors(text);
        const matches = parsed.length > 0 ? matcherOf(parsed) : () => false;
        return { specificity: specificityOf(parsed), matches };
      });
      const isPlain = within.length === 0 && text.trim().toLowerCase() === key.toLowerCase();
      // Marks do not include the names of siblings.
      const isInside = !isPlain && !SIBLING.test(text);
      const marks = isInside ? this.#marked(names, NO_MARKS, true) : NO_MARKS;
      list.push({ order: this.#order++, isPlain, condition, marks, settings, selector });
    }
  }

  /** Finds a selector's names and key, without parsing a plain one. Returns nothing if the page lacks a name. */
  #readQuickly(text: string): { text: string; names: readonly string[]; key: string }[] {
    // Names in brackets need not be on the page.
    if (BRACKETS.test(text))
      return [{ text, names: [], key: keyOf(parseSelectors(text)[0] ?? []) }];
    const names = text.match(NAME) ?? [];
    const { names: onPage } = this.#options;
    if (onPage && !names.every((one) => onPage.has(one))) return [];
    const [subject = ""] = SUBJECT.exec(text.trimEnd()) ?? [];
    const own = subject.match(NAME) ?? [];
    const name = own.find((one) => one.startsWith("#")) ?? own[0];
    return [{ text, names, key: name ?? /^[a-z][\w-]*/i.exec(subject)?.[0].toLowerCase() ?? "*" }];
  }

  #isAsked(property: string): boolean {
    const { properties } = this.#options;
    const isShort = SHORTHAND.test(property) || SAME.has(property) || property.startsWith("--");
    return !properties || properties.has(property) || isShort;
  }

  /** Returns the weights of a rule's layer. Among important declarations, the first layer is the heaviest. */
  #layerWeights(within: readonly AtRule[]): readonly [normal: number, important: number] {
    const layer = within.some(({ name }) => name === "layer") ? layerOf(within) : undefined;
    const at = layer === undefined ? MOST_LAYERS : this.#layers.indexOf(layer);
    return [at * LAYER, (MOST_LAYERS - at) * LAYER];
  }

  #settingsIn(
    declarations: readonly Declaration[],
    [normal, important]: readonly [normal: number, important: number],
    isInline: boolean,
  ): Setting[] {
    const { properties, unsure } = this.#options;
    const settings = new Map<string, Setting>();
    for (const declaration of declarations) {
      const weight = declaration.isImportant ? IMPORTANT + important : normal;
      for (const [property, value] of expand(declaration)) {
        if (properties && !properties.has(property) && !property.startsWith("--")) continue;
        const isSure = isInline || unsure === undefined || !unsure.has(property);
        if (!isSure) this.isEverywhere = false;
        settings.set(`${property} ${weight}`, { property, value, weight, isSure });
      }
    }
    return [...settings.values()];
  }
}

const MOST_CLASSES = 60;
const SMALL: View = { widthPx: 375, scheme: "light" };
const LARGE: View = { widthPx: 1280, scheme: "light" };
const DARK: View = { scheme: "dark" };

function holdsIn(view: View, { within, known }: Condition): Truth {
  if (within.length === 0) return true;
  if (!known.has(view)) known.set(view, holdsWithin(within, view));
  return known.get(view);
}

/** Whether a condition holds on all screens or on none. Undefined if screens differ. */
function reachOf(condition: Condition): Truth {
  const [first, ...others] = [SMALL, LARGE, DARK].map((view) => holdsIn(view, condition));
  return others.every((holds) => holds === first) ? first : undefined;
}

/** The winning value of each property. */
class Winners {
  readonly #won = new Map<string, Pick<Setting, "value" | "weight">>();
  readonly #guess: boolean | undefined;

  constructor({ guess }: View) {
    this.#guess = guess;
  }

  offer(setting: Setting, specificity: number, mayMatch: boolean): void {
    const isSure = setting.isSure && mayMatch;
    if (!isSure && this.#guess === false) return;
    const { property, value } = setting;
    const weight = setting.weight + specificity;
    const won = this.#won.get(property);
    if (won && won.weight > weight) return;
    const isKnown = isSure || this.#guess === true || won?.value === value;
    this.#won.set(property, { value: isKnown ? value : UNKNOWN, weight });
  }

  get declared(): Declared {
    return new Map([...this.#won].map(([property, { value }]) => [property, value]));
  }
}

/** Returns the entry of a map, and makes it if it is missing. */
export function entryOf<Key, Value>(entries: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = entries.get(key);
  if (known !== undefined) return known;
  const made = make();
  entries.set(key, made);
  return made;
}

function selectorsOf({ prelude, nestedIn }: StyleRule): readonly string[] {
  const list = nestedIn === undefined ? prelude : nestedPrelude(prelude, nestedIn);
  return splitOutside(list.includes("/*") ? list.replace(/\/\*[^]*?\*\//g, " ") : list, [","]);
}

const BRACKETS = /[([\\]/;
const SIBLING = /[+~]/;
const SUBJECT = /[^\s>+~]*$/;
const NAME = /[.#][\w\u0080-\uffff-]+/g;
/** Pseudo-elements, and pseudo-classes that need a pointer or a keyboard. */
const NEVER = /^[^(]*(?:::|:(?:before|after|hover|focus|active|visited|target|checked)\b)/;

/** The declarations of an at-rule inside of a style rule, as a rule (CSS Nesting 1 §4.4). */
function insideRule(atRule: AtRule): StyleRule[] {
  const { nestedIn, declarations, within } = atRule;
  if (nestedIn === undefined || declarations.length === 0) return [];
  return [{ ...atRule, prelude: "&", within: [...within, atRule] }];
}

/** Returns the names of all layers, the weakest first. A layer is stronger than its inner layers (CSS Cascade 5 §6.4.4). */
function layersIn(atRules: readonly AtRule[]): string[] {
  const layers: string[] = [];
  for (const rule of atRules.filter(({ name }) => name === "layer")) {
    for (const name of rule.prelude.split(",")) {
      const path = layerOf([...rule.within, { ...rule, prelude: name.trim() }]).split(".");
      for (let length = 1; length <= path.length && layers.length < MOST_LAYERS; length++) {
        const layer = path.slice(0, length).join(".");
        if (layers.includes(layer)) continue;
        const outer = layers.indexOf(path.slice(0, length - 1).join("."));
        layers.splice(outer === -1 ? layers.length : outer, 0, layer);
      }
    }
  }
  return layers;
}

function layerOf(within: readonly AtRule[]): string {
  const layers = within.filter(({ name }) => name === "layer");
  return layers.map(({ prelude, line }) => prelude || `:${line}`).join(".");
}

type Longhand = readonly [property: string, value: string];

const SIDES = ["top", "right", "bottom", "left"];

/** Converts a declaration to longhands. A shorthand also sets the properties that it leaves out. */
function expand({ property, value }: Declaration): readonly Longhand[] {
  const same = SAME.get(property);
  if (same !== undefined) return [[same, value]];
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
    case "inset":
      return quartet(value).map((one, at) => [SIDES[at] ?? "", one]);
    case "margin":
    case "padding":
      return [
        [property, value],
        ...quartet(value).map((one, at): Longhand => [`${property}-${SIDES[at]}`, one]),
      ];
    default:
      return [[property, value]];
  }
}

/** Other names of a property, if text runs from left to right. */
const SAME: ReadonlyMap<string, string> = new Map([
  ["inset-inline-start", "left"],
  ["inset-inline-end", "right"],
  ["inset-block-start", "top"],
  ["inset-block-end", "bottom"],
  ["margin-inline-start", "margin-left"],
  ["margin-block-start", "margin-top"],
  ["block-size", "height"],
  ["inline-size", "width"],
  ["max-block-size", "max-height"],
  ["max-inline-size", "max-width"],
  ["-webkit-clip-path", "clip-path"],
  ["-webkit-background-clip", "background-clip"],
  ["-webkit-mask-image", "mask-image"],
  ["-webkit-mask", "mask-image"],
  ["mask", "mask-image"],
  ["-webkit-transform", "transform"],
]);

const SHORTHAND = /^(?:background|font|inset|margin|padding)$/;

function quartet(value: string): string[] {
  const [top = "", right = top, bottom = top, left = right] =
    value.match(/[^\s()]*\((?:[^()]|\([^()]*\))*\)|[^\s()]+/g) ?? [];
  return [top, right, bottom, left];
}

/** Returns the colour in a background. `transparent` if it contains none. */
function colourIn(value: string): string {
  if (/^(?:inherit|initial|unset|revert)$/i.test(value)) return value;
  const parts = value.match(/[\w#-]+(?:\([^()]*(?:\([^()]*\)[^()]*)*\))?/g) ?? [];
  const colour = parts.findLast((part) => parseColour(part) !== undefined && !/^\d/.test(part));
  return colour ?? (parts.some(isUnknownColour) ? UNKNOWN : "transparent");
}

function isUnknownColour(part: string): boolean {
  return /^(?:var|color|color-mix|light-dark)\(/i.test(part);
}

function font(value: string): Longhand[] {
  if (/^(?:inherit|unset)$/i.test(value)) return [["font-size", value]];
  const [, before = "", size, height, family = ""] =
    /^(.*?)(?:^|\s)([\d.]+(?:px|pt|em|rem|%)?)(?:\s*\/\s*([\w.%]+))?\s+(.+)$/i.exec(value) ?? [];
  if (size === undefined) return [["font-size", UNKNOWN]];
  return [
    ["font-size", size],
    ["line-height", height ?? "normal"],
    ["font-weight", /\b(?:bold|bolder|[6-9]00)\b/i.test(before) ? "bold" : "normal"],
    ["font-family", family],
  ];
}
