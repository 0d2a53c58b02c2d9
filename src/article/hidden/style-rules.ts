/** The values, in small letters, of the properties that can hide text. */
export type Declarations = ReadonlyMap<string, string>;

interface Rule {
  /** The element's name; empty for any. */
  readonly tag: string;
  /** The classes and the id that it must have: ".a", "#b". */
  readonly names: readonly string[];
  readonly weight: number;
  readonly order: number;
  readonly body: string;
}

interface Declaration {
  readonly property: string;
  readonly value: string;
  readonly isImportant: boolean;
}

const PROPERTIES =
  `display visibility opacity font font-size position left right top bottom text-indent margin-left margin-top
   clip clip-path color background background-color background-image background-clip -webkit-background-clip box-shadow
   -webkit-text-fill-color text-shadow width max-width height max-height overflow overflow-x overflow-y padding
   padding-top padding-bottom transform transition animation animation-name will-change zoom`.split(
    /\s+/,
  );
const DECLARATION = new RegExp(String.raw`(?:^|[;\s])(${PROPERTIES.join("|")})\s*:([^;]*)`, "gi");

/** What a `style` attribute, or the inside of a rule, says of these properties. */
function declarationsIn(css: string): Declaration[] {
  return Array.from(css.matchAll(DECLARATION), ([, property = "", written = ""]) => {
    const value = written.trim().toLowerCase();
    const plain = value.replace(/\s*!\s*important$/, "");
    return { property: property.toLowerCase(), value: plain, isImportant: plain !== value };
  });
}

/** What a `style` attribute says. */
export function inlineStyle(style: string): Declarations {
  if (style === "") return NONE;
  return new Map(declarationsIn(style).map(({ property, value }) => [property, value]));
}

const NONE: Declarations = new Map();

/** A declaration with its place among the others: the heavier wins, of equals the later. */
interface Ranked extends Declaration {
  readonly weight: number;
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
  readonly #parsed = new Map<string, readonly Declaration[]>();
  readonly #shown = new Map<string, ReadonlyMap<string, Declaration>>();
  #order = 0;
  #hasRules = false;

  constructor(markup: string) {
    this.#hasScripts = /<script(?![^>]*ld\+json)/i.test(markup);
    for (const css of sheetsIn(markup)) {
      for (const rule of rulesIn(withoutComments(css))) this.#add(rule);
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
    const own = new Set([
      ...classes.split(/\s+/, MOST_CLASSES).map((name) => `.${name}`),
      `#${id}`,
    ]);
    const keys = [ANY, tag, ...own];
    const sure = keys
      .flatMap((key) => this.#byName.get(key) ?? [])
      .filter((rule) => isOf(rule, tag, own))
      .flatMap((rule) => this.#inside(rule.body).map((said) => this.#ranked(said, rule)));
    const unsure = keys.flatMap((key) => Array.from(this.#unsure.get(key)?.values() ?? []));
    return sure.concat(unsure).sort((a, b) => a.weight - b.weight || a.order - b.order);
  }

  #ranked(said: Declaration, { weight, order }: Rule): Ranked {
    const isShownByScripts = this.#hasScripts && SHOWN_BY_SCRIPTS.has(said.property);
    return { ...said, value: isShownByScripts ? NOT_KNOWN : said.value, weight, order };
  }

  #inside(body: string): readonly Declaration[] {
    const declarations = this.#parsed.get(body) ?? declarationsIn(body);
    this.#parsed.set(body, declarations);
    return declarations;
  }

  #add({ selectors, body, isConditional }: WrittenRule): void {
    for (const selector of withoutArguments(selectors).split(",")) {
      const [, tag = "", names = ""] = SIMPLE.exec(selector.trim()) ?? [];
      const list = names.match(NAME) ?? [];
      const key = list[0] ?? tag.toLowerCase();
      const isOfPage = /^(?:html|body)$/i.test(tag);
      const order = this.#order++;
      const weight = weightOf(selector);
      this.#hasRules ||= key !== "" && !isConditional;
      const isKnown = !isConditional && (list.length > 0 || isOfPage);
      const rule = { tag: tag.toLowerCase(), names: list, weight, order, body };
      if (!isKnown || !append(this.#byName, key, rule)) {
        this.#note(selector.trim(), rule);
      }
    }
  }

  #note(selector: string, { weight, order, body }: Rule): void {
    // A pointer or the keyboard shows it for a moment only.
    if (/:(?:hover|focus|active|target|before|after|:)/.test(selector)) return;
    const said = this.#unsureInside(body);
    if (said.size === 0) return;
    const subject = selector.split(/[\s>+~]+/).at(-1) ?? "";
    const isOfName = /^[a-z][\w-]*$/i.test(selector);
    for (const key of subjectKeys(subject)) {
      const all = this.#unsure.get(key) ?? new Map<string, Ranked>();
      this.#unsure.set(key, all);
      for (const [place, declaration] of said) {
        if (isOfName && isReset(declaration)) continue;
        const other = all.get(place);
        if (other && other.weight > weight) continue;
        all.set(place, { ...declaration, value: NOT_KNOWN, weight, order });
      }
    }
  }

  // One of each property, however often the rule names it.
  #unsureInside(body: string): ReadonlyMap<string, Declaration> {
    const known = this.#shown.get(body);
    if (known) return known;
    const said = this.#inside(body).filter(canShow).flatMap(withLonghand);
    const ofEach = new Map(
      said.map((one) => [`${one.property}${one.isImportant ? "!" : ""}`, one] as const),
    );
    this.#shown.set(body, ofEach);
    return ofEach;
  }
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

function weightOf(selector: string): number {
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
    const isForScreens = /^\s*(?:all|screen)\s*$/i.test(media);
    if (isForScreens && !/<noscript[^>]*>\s*$/i.test(before)) {
      yield markup.slice(start.lastIndex, end);
    }
    start.lastIndex = end;
  }
}

function endOf(mark: string, text: string, from: number): number | undefined {
  const pattern = new RegExp(mark, "gi");
  pattern.lastIndex = from;
  return pattern.exec(text)?.index;
}

function withoutComments(css: string): string {
  if (!css.includes("/*")) return css;
  const parts: string[] = [];
  let from = 0;
  for (let start = css.indexOf("/*"); start !== -1; start = css.indexOf("/*", from)) {
    parts.push(css.slice(from, start));
    const end = css.indexOf("*/", start + 2);
    from = end === -1 ? css.length : end + 2;
  }
  return parts.join(" ") + css.slice(from);
}

interface WrittenRule {
  readonly selectors: string;
  readonly body: string;
  /** Whether it holds only for some screens or browsers. */
  readonly isConditional: boolean;
}

// What holds on screens, and what never does.
const ON_SCREENS = /^@media\s+(?:only\s+)?(?:screen|all)$/i;
const IN_PRINT = /^@media\s+(?:only\s+)?print$/i;

interface OpenBlock {
  readonly prelude: string;
  readonly from: number;
  readonly isRule: boolean;
  /** What holds for the rules in it, by itself and by the blocks around it. */
  readonly isConditional: boolean;
  readonly isPrint: boolean;
}

const CONDITION = /^@(?:media|supports|container|layer|scope)\b/i;

// The rules of a sheet; those inside of others, key frames and fonts left out.
function* rulesIn(css: string): Generator<WrittenRule> {
  const open: OpenBlock[] = [];
  let rules = 0;
  let from = 0;
  for (const { 0: sign, index } of css.matchAll(/[{};]/g)) {
    if (sign === "{") {
      const prelude = css.slice(from, index).trim();
      const isRule = !CONDITION.test(prelude);
      const { isConditional = false, isPrint = false } = open.at(-1) ?? {};
      open.push({
        prelude,
        from: index + 1,
        isRule,
        isConditional: isConditional || (!isRule && !ON_SCREENS.test(prelude)),
        isPrint: isPrint || IN_PRINT.test(prelude),
      });
      if (isRule) rules++;
    }
    const ended = sign === "}" ? open.pop() : undefined;
    if (ended?.isRule) rules--;
    if (ended?.isRule && rules === 0 && !ended.prelude.startsWith("@") && !ended.isPrint) {
      const { isConditional } = ended;
      yield { selectors: ended.prelude, body: css.slice(ended.from, index), isConditional };
    }
    if (sign !== ";" || rules === 0) from = index + 1;
  }
}
