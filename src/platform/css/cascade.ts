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

/** The longhands and variables that styles set on an element: what wins of each. */
export type Declared = ReadonlyMap<string, string>;

/** What a style that may or may not hold sets. */
export const UNKNOWN = "unknown";

/** The screen for which styles are asked, and what is assumed of unknown conditions. */
export interface View extends Screen {
  /** Whether what may hold does; undefined makes all that it sets `UNKNOWN`. */
  readonly guess?: boolean;
}

interface Options {
  /** The ids and classes of the page, as `#id` and `.class`: rules that ask for others are passed over. */
  readonly names?: ReadonlySet<string>;
  /** The longhands that are asked for; all where it is left out. */
  readonly properties?: ReadonlySet<string>;
  /** The longhands that something else than styles may set, so that what style sheets say of them may not hold. */
  readonly unsure?: ReadonlySet<string>;
}

/** What a declaration sets, and how much that weighs: the heavier wins, of equals the later. */
interface Setting {
  readonly property: string;
  readonly value: string;
  readonly weight: number;
  readonly isSure: boolean;
}

/** A rule, by one of its selectors. Most rules of a page find none of its elements, so that selectors are parsed late. */
interface Candidate {
  readonly order: number;
  /** Whether it finds every element that has its key, in every view. */
  readonly isPlain: boolean;
  readonly condition: Condition;
  /** What must be in the marks of an element and those around it. */
  readonly marks: Marks;
  readonly settings: readonly Setting[];
  readonly selector: () => { readonly specificity: number; readonly matches: Matcher };
}

/** Heavier than any selector: a layer, the style of an element, and what is important (CSS Cascade 5 §6.1). */
const LAYER = 1e9;
const MOST_LAYERS = 1000;
const INLINE = 1e13;
const IMPORTANT = 1e15;

/** The most rules of one key and selectors of one rule, so that no sheet makes a page slow. */
const MOST_OF_A_KEY = 300;
const MOST_SELECTORS = 500;

const NONE: Declared = new Map();

type Truth = boolean | undefined;

/** At-rules in each other, and in which views they hold. */
interface Condition {
  readonly within: readonly AtRule[];
  readonly known: Map<View, Truth>;
}

/** Sixty bits, one for an id or a class or for a few of them, by which most selectors are known not to match. */
interface Marks {
  readonly low: number;
  readonly high: number;
}

const NO_MARKS: Marks = { low: 0, high: 0 };
const BITS = 30;

/** Elements of one name, id and class: the rules that may find them, and what wins of those that do. */
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

/** Some style sheets, and what they and their own styles say of elements (CSS Cascade 5 §6, Nesting 1). */
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

  /** What is declared for an element. The same styles give the same object. */
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

  /** The marks of the names of an element and of all that it is in. */
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

  /** The rules that may find an element, in the order in which they are written. */
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
      // The names of a sibling are not around an element.
      const isInside = !isPlain && !SIBLING.test(text);
      const marks = isInside ? this.#marked(names, NO_MARKS, true) : NO_MARKS;
      list.push({ order: this.#order++, isPlain, condition, marks, settings, selector });
    }
  }

  /** The names in a selector and its key, without parsing a plain one; nothing if the page lacks one of the names. */
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

  /** How much the layer of a rule weighs: with what is important the first one is heaviest. */
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

/** False where rules hold on no screen; undefined where that differs. */
function reachOf(condition: Condition): Truth {
  const [first, ...others] = [SMALL, LARGE, DARK].map((view) => holdsIn(view, condition));
  return others.every((holds) => holds === first) ? first : undefined;
}

/** What wins of each property. */
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

/** The entry of a map, made where it has none. */
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
/** Parts of elements, and what only a pointer or the keyboard makes true. */
const NEVER = /^[^(]*(?:::|:(?:before|after|hover|focus|active|visited|target|checked)\b)/;

/** What an at-rule in a style rule says of that rule's elements (CSS Nesting 1 §4.4). */
function insideRule(atRule: AtRule): StyleRule[] {
  const { nestedIn, declarations, within } = atRule;
  if (nestedIn === undefined || declarations.length === 0) return [];
  return [{ ...atRule, prelude: "&", within: [...within, atRule] }];
}

/** The names of all layers, the weakest first: a layer is stronger than those in it (CSS Cascade 5 §6.4.4). */
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

/** A longhand property that rules ask for, and its value. */
type Longhand = readonly [property: string, value: string];

const SIDES = ["top", "right", "bottom", "left"];

/** Declarations as longhands: a shorthand sets all of its properties, those that it leaves out too. */
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

/** Names of the same property, where text runs from left to right. */
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

/** The one part of a background that is a colour; `transparent` where it has none. */
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
