import {
  type AtRule,
  type Declaration,
  holdsOnScreens,
  parseDeclarations,
  parseStyleSheet,
  type StyleRule,
} from "../../platform/css/style-sheet.ts";

/** The values, in small letters, of the properties that can hide text. */
export type Declarations = ReadonlyMap<string, string>;

interface Rule {
  /** The element's name; empty for any. */
  readonly tag: string;
  /** The classes and the id that it must have: ".a", "#b". */
  readonly names: readonly string[];
  readonly specificity: number;
  readonly order: number;
  readonly declarations: readonly Declaration[];
}

const PROPERTIES: ReadonlySet<string> = new Set(
  `display visibility opacity font font-size position left right top bottom text-indent margin-left margin-top
   clip clip-path color background background-color background-image background-clip -webkit-background-clip box-shadow
   -webkit-text-fill-color text-shadow width max-width height max-height overflow overflow-x overflow-y padding
   padding-top padding-bottom transform transition animation animation-name will-change zoom`.split(
    /\s+/,
  ),
);

/** What a `style` attribute says of these properties. */
export function inlineStyle(style: string): Declarations {
  return style === "" ? NONE : new Map(hidingIn(parseDeclarations(style)).map(toEntry));
}

/** Those of these properties, in small letters. */
function hidingIn(declarations: readonly Declaration[]): readonly Declaration[] {
  return declarations
    .filter(({ property }) => PROPERTIES.has(property))
    .map(({ property, value, isImportant, line }) => {
      return { property, value: value.toLowerCase(), isImportant, line };
    });
}

const NONE: Declarations = new Map();

/** A declaration with its place among the others: the more specific wins, of equals the later. */
interface Ranked extends Declaration {
  readonly specificity: number;
  readonly order: number;
}

/**
 * What the style sheets in a page say of elements. Only selectors of one element count, made of its
 * name, classes and id. What any other rule may say of an element (under some condition, inside some other element,
 * of all of a name), and what scripts in the page may change, makes that property not known: it hides nothing, and
 * takes back what hides.
 */
export class StyleRules {
  readonly #byName = new Map<string, Rule[]>();
  /** By name, class or id of an element, or `ANY`: what rules may say of it. */
  readonly #unsure = new Map<string, Map<string, Ranked>>();
  readonly #hasScripts: boolean;
  #order = 0;
  #hasRules = false;

  constructor(markup: string) {
    this.#hasScripts = /<script(?![^>]*ld\+json)/i.test(markup);
    for (const css of sheetsIn(markup)) {
      const { rules, atRules } = parseStyleSheet(css);
      for (const rule of [...rules, ...atRules.flatMap(insideRule)]) this.#add(rule);
    }
  }

  /** Whether no rule holds under all conditions. */
  get isEmpty(): boolean {
    return !this.#hasRules;
  }

  /** What holds for an element: the style sheets' words, and its own where theirs are not important. */
  styleOf(tag: string, classes: string, id: string, own: Declarations): Declarations {
    if (this.#byName.size + this.#unsure.size === 0) return own;
    const found = this.#declarationsFor(tag, classes, id);
    if (found.length === 0) return own;
    const lasting = found.filter(({ isImportant }) => isImportant).map(toEntry);
    return new Map([...found.map(toEntry), ...own, ...lasting]);
  }

  #declarationsFor(tag: string, classes: string, id: string): readonly Declaration[] {
    const names = classes === "" ? [] : classes.split(/\s+/, MOST_CLASSES);
    const own = new Set(names.map((name) => `.${name}`).concat(`#${id}`));
    const found: Ranked[] = [];
    for (const key of [ANY, tag, ...own]) {
      for (const rule of this.#byName.get(key) ?? [])
        if (isOf(rule, tag, own))
          found.push(...rule.declarations.map((said) => this.#ranked(said, rule)));
      for (const said of this.#unsure.get(key)?.values() ?? []) found.push(said);
    }
    return found.sort((a, b) => a.specificity - b.specificity || a.order - b.order);
  }

  #ranked(said: Declaration, { specificity, order }: Rule): Ranked {
    const isShownByScripts = this.#hasScripts && SHOWN_BY_SCRIPTS.has(said.property);
    return { ...said, value: isShownByScripts ? NOT_KNOWN : said.value, specificity, order };
  }

  #add({ prelude, declarations: all, within, nestedIn }: StyleRule): void {
    const reach = reachOf(within);
    const declarations = hidingIn(all);
    if (reach === "none" || (declarations.length === 0 && this.#hasRules)) return;
    let shown: Said | undefined;
    for (const selector of selectorsIn(prelude, nestedIn)) {
      const [, tag = "", names = ""] = SIMPLE.exec(selector) ?? [];
      const list = names.match(NAME) ?? [];
      const key = list[0] ?? tag.toLowerCase();
      const isOfPage = /^(?:html|body)$/i.test(tag);
      const order = this.#order++;
      const specificity = specificityOf(selector);
      const isConditional = reach === "some" || nestedIn !== undefined;
      this.#hasRules ||= key !== "" && !isConditional;
      const isKnown = !isConditional && (list.length > 0 || isOfPage);
      const rule = { tag: tag.toLowerCase(), names: list, specificity, order, declarations };
      if (!isKnown || !append(this.#byName, key, rule))
        this.#note(selector, rule, (shown ??= unsureOf(declarations)));
    }
  }

  #note(selector: string, { specificity, order }: Rule, said: Said): void {
    // A pointer or the keyboard shows it for a moment only.
    if (said.size === 0 || /:(?:hover|focus|active|target|before|after|:)/.test(selector)) return;
    const subject = selector.split(/[\s>+~]+/).at(-1) ?? "";
    const isOfName = /^[a-z][\w-]*$/i.test(selector);
    for (const key of subjectKeys(subject)) {
      const all = this.#unsure.get(key) ?? new Map<string, Ranked>();
      this.#unsure.set(key, all);
      for (const [place, declaration] of said) {
        if (isOfName && isReset(declaration)) continue;
        const other = all.get(place);
        if (other && other.specificity > specificity) continue;
        all.set(place, { ...declaration, value: NOT_KNOWN, specificity, order });
      }
    }
  }
}

/** Of each property that may show a text one declaration, however often the rule names it. */
type Said = ReadonlyMap<string, Declaration>;

function unsureOf(declarations: readonly Declaration[]): Said {
  const said = declarations.filter(canShow).flatMap(withLonghand);
  return new Map(said.map((one) => [`${one.property}${one.isImportant ? "!" : ""}`, one] as const));
}

const ANY = "*";
// A value that no property has.
const NOT_KNOWN = "var(--any)";

/** The names under which an element is found that a selector's last part may mean. */
function subjectKeys(subject: string): readonly string[] {
  const names = subject.match(ANY_NAME)?.map((name) => name.replace(/\\(.)/g, "$1"));
  return names ?? [/^[a-z][\w-]*/i.exec(subject)?.[0].toLowerCase() ?? ANY];
}

// Those of attributes, too. ":is(p, li)" may mean anything, and ":not(.a)" all but a few.
function withoutArguments(selectors: string): string {
  let text = selectors.replace(/(?<!\\)\[[^[\]]*\]/g, "[]");
  for (let depth = 0; depth < MOST_DEPTH && text.includes("("); depth++) {
    text = text.replace(/\([^()]*\)/g, (inside) => (inside.includes("#") ? ":id" : ""));
  }
  return text;
}

const MOST_DEPTH = 5;

function specificityOf(selector: string): number {
  const count = (pattern: RegExp) => selector.match(pattern)?.length ?? 0;
  const ids = count(/#|:id\b/g);
  return ids * 1_000_000 + count(/[.[:]/g) * 1000 + count(/(?:^|[\s>+~])[a-z]/gi);
}

const HIDES: ReadonlyMap<string, RegExp> = new Map([
  ["display", /^none$/],
  ["visibility", /^(?:hidden|collapse|inherit)$/],
  ["opacity", /^0*\.?0+%?$/],
  // What is relative to nothing is nothing.
  ["font-size", /^(?:inherit|unset|(?:\d*\.)?\d+(?:em|%))$/],
  ["font", /^(?:inherit|unset)$/],
  ["color", /^(?:inherit|unset|currentcolor)$/],
  ["padding", /^[^1-9]*$/],
  ["padding-top", /^[^1-9]*$/],
  ["padding-bottom", /^[^1-9]*$/],
  ["text-shadow", /^none$/],
  ["box-shadow", /^(?!.*(?:inset|var\())/],
  ["transition", /^none$/],
  ["animation", /^none$/],
]);

/** Whether a declaration, if it holds, may show what another one hides. */
function canShow({ property, value }: Declaration): boolean {
  return !HIDES.get(property)?.test(value);
}

// A reset of all elements gives none a background.
function isReset({ property, value }: Declaration): boolean {
  return (
    property.startsWith("background") &&
    /^(?:none|transparent|inherit|initial|unset|0)$/.test(value)
  );
}

const LONGHAND: ReadonlyMap<string, string> = new Map([
  ["font", "font-size"],
  ["background", "background-color"],
]);

function withLonghand(said: Declaration): Declaration[] {
  const longhand = LONGHAND.get(said.property);
  return longhand === undefined ? [said] : [said, { ...said, property: longhand }];
}

// So that no sheet makes a page slow.
const MOST_CLASSES = 20;
const MOST_RULES = 50;

/** Whether there was room for it. */
function append<T>(lists: Map<string, T[]>, key: string, value: T): boolean {
  const list = lists.get(key) ?? [];
  if (list.length >= MOST_RULES) return false;
  list.push(value);
  lists.set(key, list);
  return true;
}

const SHOWN_BY_SCRIPTS: ReadonlySet<string> = new Set(
  "display visibility opacity transform zoom width max-width height max-height".split(" "),
);

const SIMPLE = /^([a-z][\w-]*)?((?:[.#][\w-]+)*)$/i;
const NAME = /[.#][\w-]+/g;
// With signs behind a backslash (".md\:flex"), and letters of all scripts.
const ANY_NAME = /[.#](?:[\w\u0080-\uffff-]|\\.)+/g;

function isOf({ tag, names }: Rule, elementTag: string, own: ReadonlySet<string>): boolean {
  return (tag === "" || tag === elementTag) && names.every((name) => own.has(name));
}

function toEntry({ property, value }: Declaration): [string, string] {
  return [property, value];
}

// Sheets for screens, of browsers that run scripts.
function* sheetsIn(markup: string): Generator<string> {
  const start = /<style(?:\s([^>]*))?>/gi;
  for (let match = start.exec(markup); match; match = start.exec(markup)) {
    const end = endOf("</style", markup, start.lastIndex);
    if (end === undefined) return;
    const media = /(?:^|\s)media\s*=\s*["']?([^"'>]*)/i.exec(match[1] ?? "")?.[1] ?? "all";
    const before = markup.slice(Math.max(0, match.index - 100), match.index);
    if (holdsOnScreens(media) && !/<noscript[^>]*>\s*$/i.test(before)) {
      yield markup.slice(start.lastIndex, end).replace(SECTION_MARK, "");
    }
    start.lastIndex = end;
  }
}

// What makes a text of a style sheet in XHTML.
const SECTION_MARK = /^\s*<!\[CDATA\[|\]\]>\s*$/g;

function endOf(mark: string, text: string, from: number): number | undefined {
  const pattern = new RegExp(mark, "gi");
  pattern.lastIndex = from;
  return pattern.exec(text)?.index;
}

/** What an at-rule in a style rule says of that rule's elements (CSS Nesting 1 §4.4). */
function insideRule(atRule: AtRule): StyleRule[] {
  const { nestedIn, declarations, within } = atRule;
  if (nestedIn === undefined || declarations.length === 0) return [];
  return [{ ...atRule, prelude: "&", within: [...within, atRule] }];
}

/** At-rules whose rules hold for some screens or browsers; those of others, such as key frames, are no styles. */
const CONDITIONS: ReadonlySet<string> = new Set([
  "media",
  "supports",
  "container",
  "layer",
  "scope",
]);

/** On which screens a rule holds. */
function reachOf(within: readonly AtRule[]): "all" | "some" | "none" {
  const isNone = within.some(
    ({ name, prelude }) =>
      !CONDITIONS.has(name) || (name === "media" && /^(?:only\s+)?print$/i.test(prelude)),
  );
  if (isNone) return "none";
  const isAll = within.every(({ name, prelude }) => name === "media" && holdsOnScreens(prelude));
  return isAll ? "all" : "some";
}

/** The selectors of a rule, of a nested one with those around it. */
function selectorsIn(prelude: string, nestedIn: string | undefined): readonly string[] {
  const own = listed(prelude);
  if (nestedIn === undefined) return own;
  const outer = listed(nestedIn).slice(0, MOST_RULES);
  return outer.flatMap((around) =>
    own.map((one) => (one.includes("&") ? one.replaceAll("&", around) : `${around} ${one}`)),
  );
}

function listed(selectors: string): readonly string[] {
  const plain = selectors.replace(/\/\*[^]*?\*\//g, " ");
  return withoutArguments(plain)
    .split(",")
    .map((selector) => selector.trim());
}
